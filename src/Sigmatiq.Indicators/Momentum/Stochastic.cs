using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Momentum;

/// <summary>Stochastic oscillator (George Lane): raw %K = 100·(C − LL)/(HH − LL), 50 (or what is asked for) where HH = LL; %K and %D are simple averages.</summary>
public static class Stochastic
{
    /// <summary>Fills %K and %D.</summary>
    /// <param name="high">Highest prices, oldest first, shape [n].</param>
    /// <param name="low">Lowest prices, shape [n].</param>
    /// <param name="close">Closing prices, shape [n].</param>
    /// <param name="kPeriod">Bars of the range HH to LL.</param>
    /// <param name="dPeriod">Length of the average that makes %D of %K.</param>
    /// <param name="smoothK">Length of the average that makes %K of raw %K; 1 for the fast oscillator.</param>
    /// <param name="k">Receives %K, shape [n]; NaN for the first kPeriod + smoothK − 2 seen bars.</param>
    /// <param name="d">Receives %D, shape [n]; NaN for dPeriod − 1 further seen bars.</param>
    /// <param name="flat">Raw %K where HH = LL.</param>
    public static void Compute(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close,
        int kPeriod, int dPeriod, int smoothK, Span<double> k, Span<double> d, double flat = 50)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kPeriod, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dPeriod, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(smoothK, 1);
        Gaps.SameLength(close.Length, high.Length, low.Length, k.Length, d.Length);
        if (Gaps.AllSeen(high, low, close))
        {
            Dense(high, low, close, kPeriod, dPeriod, smoothK, flat, k, d);
            return;
        }

        int[] seen = Gaps.Seen(high, low, close);
        double[] denseK = new double[seen.Length], denseD = new double[seen.Length];
        Dense(Gaps.Take(high, seen), Gaps.Take(low, seen), Gaps.Take(close, seen), kPeriod, dPeriod, smoothK, flat, denseK, denseD);
        Gaps.Put(denseK, seen, k);
        Gaps.Put(denseD, seen, d);
    }

    /// <summary>Raw %K of one window.</summary>
    internal static double Raw(ReadOnlySpan<double> highs, ReadOnlySpan<double> lows, double close, double flat)
    {
        double highest = highs[0], lowest = lows[0];
        for (int i = 1; i < highs.Length; i++)
        {
            highest = Math.Max(highest, highs[i]);
            lowest = Math.Min(lowest, lows[i]);
        }

        double range = highest - lowest;
        return range == 0 ? flat : 100 * (close - lowest) / range;
    }

    private static void Dense(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close,
        int kPeriod, int dPeriod, int smoothK, double flat, Span<double> k, Span<double> d)
    {
        int first = Math.Min(kPeriod - 1, close.Length);
        k[..first].Fill(double.NaN);

        // d holds raw %K until it receives its own values.
        FillRaw(high, low, close, kPeriod, flat, d);
        Windows.Means(d[first..], smoothK, k[first..]);
        int second = Math.Min(first + smoothK - 1, close.Length);
        d[..second].Fill(double.NaN);
        Windows.Means(k[second..], dPeriod, d[second..]);
        Gaps.KeepFinite(k[second..]);
        Gaps.KeepFinite(d[second..]);
    }

    private static void FillRaw(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int kPeriod, double flat, Span<double> raw)
    {
        ref double highs = ref MemoryMarshal.GetReference(high);
        ref double lows = ref MemoryMarshal.GetReference(low);
        ref double closes = ref MemoryMarshal.GetReference(close);
        ref double target = ref MemoryMarshal.GetReference(raw);
        Vector256<double> hundred = Vector256.Create(100.0), still = Vector256.Create(flat);
        int t = kPeriod - 1;
        for (; t + 8 <= close.Length; t += 8)
        {
            int i = t - kPeriod + 1;
            Vector256<double> highestA = Vector256.LoadUnsafe(ref highs, (nuint)i), highestB = Vector256.LoadUnsafe(ref highs, (nuint)i + 4);
            Vector256<double> lowestA = Vector256.LoadUnsafe(ref lows, (nuint)i), lowestB = Vector256.LoadUnsafe(ref lows, (nuint)i + 4);
            for (i++; i <= t; i++)
            {
                highestA = Vector256.Max(highestA, Vector256.LoadUnsafe(ref highs, (nuint)i));
                highestB = Vector256.Max(highestB, Vector256.LoadUnsafe(ref highs, (nuint)i + 4));
                lowestA = Vector256.Min(lowestA, Vector256.LoadUnsafe(ref lows, (nuint)i));
                lowestB = Vector256.Min(lowestB, Vector256.LoadUnsafe(ref lows, (nuint)i + 4));
            }

            Vector256<double> rangeA = highestA - lowestA, rangeB = highestB - lowestB;
            Vector256<double> rawA = hundred * (Vector256.LoadUnsafe(ref closes, (nuint)t) - lowestA) / rangeA;
            Vector256<double> rawB = hundred * (Vector256.LoadUnsafe(ref closes, (nuint)t + 4) - lowestB) / rangeB;
            Vector256.ConditionalSelect(Vector256.Equals(rangeA, Vector256<double>.Zero), still, rawA).StoreUnsafe(ref target, (nuint)t);
            Vector256.ConditionalSelect(Vector256.Equals(rangeB, Vector256<double>.Zero), still, rawB).StoreUnsafe(ref target, (nuint)t + 4);
        }

        for (; t < close.Length; t++)
        {
            int from = t - kPeriod + 1;
            raw[t] = Raw(high.Slice(from, kPeriod), low.Slice(from, kPeriod), close[t], flat);
        }
    }
}

/// <summary>The streaming twin of <see cref="Stochastic"/>.</summary>
internal sealed class StochasticStream(int kPeriod, int dPeriod, int smoothK, double flat) : IIndicatorStream
{
    private readonly TrailingWindow highs = new(kPeriod), lows = new(kPeriod), raws = new(smoothK), ks = new(dPeriod);

    public void Next(in Bar bar, Span<double> outputs) => Step(bar, outputs);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        int pushed = Step(bar, outputs);
        if (pushed > 0)
        {
            highs.Undo();
            lows.Undo();
        }

        if (pushed > 1)
        {
            raws.Undo();
        }

        if (pushed > 2)
        {
            ks.Undo();
        }
    }

    /// <summary>Takes the bar; returns how many stages of the chain took a value.</summary>
    private int Step(in Bar bar, Span<double> outputs)
    {
        outputs[..2].Fill(double.NaN);
        if (!Gaps.IsSeen(bar.High) || !Gaps.IsSeen(bar.Low) || !Gaps.IsSeen(bar.Close))
        {
            return 0;
        }

        highs.Push(bar.High);
        lows.Push(bar.Low);
        if (!highs.IsFull)
        {
            return 1;
        }

        raws.Push(Stochastic.Raw(highs.Values, lows.Values, bar.Close, flat));
        if (!raws.IsFull)
        {
            return 2;
        }

        double k = Windows.Mean(raws.Values);
        ks.Push(k);
        outputs[0] = Gaps.Finite(k);
        outputs[1] = ks.IsFull ? Gaps.Finite(Windows.Mean(ks.Values)) : double.NaN;
        return 3;
    }
}
