using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Volatility;

/// <summary>Bollinger bands (John Bollinger): simple average ± a multiple of the standard deviation of the same window, as of a population.</summary>
public static class BollingerBands
{
    /// <summary>Fills the three bands.</summary>
    /// <param name="close">Closing prices, oldest first, shape [n].</param>
    /// <param name="period">Length of the window, at least 1.</param>
    /// <param name="deviations">How many standard deviations the outer bands lie from the middle.</param>
    /// <param name="upper">Receives the upper band, shape [n]; NaN for the first period − 1 seen bars.</param>
    /// <param name="middle">Receives the simple average, shape [n].</param>
    /// <param name="lower">Receives the lower band, shape [n].</param>
    /// <param name="kind">Population or sample; a sample needs a period of 2.</param>
    public static void Compute(
        ReadOnlySpan<double> close, int period, double deviations, Span<double> upper, Span<double> middle, Span<double> lower,
        DeviationKind kind = DeviationKind.Population)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, kind == DeviationKind.Sample ? 2 : 1);
        double divisor = StandardDeviation.Divisor(period, kind);
        Gaps.SameLength(close.Length, upper.Length, middle.Length, lower.Length);
        if (Gaps.AllSeen(close))
        {
            Dense(close, period, deviations, divisor, upper, middle, lower);
            return;
        }

        int[] seen = Gaps.Seen(close, close, close);
        double[] a = new double[seen.Length], b = new double[seen.Length], c = new double[seen.Length];
        Dense(Gaps.Take(close, seen), period, deviations, divisor, a, b, c);
        Gaps.Put(a, seen, upper);
        Gaps.Put(b, seen, middle);
        Gaps.Put(c, seen, lower);
    }

    private static void Dense(
        ReadOnlySpan<double> close, int period, double deviations, double divisor, Span<double> upper, Span<double> middle, Span<double> lower)
    {
        Windows.Means(close, period, middle);
        int n = close.Length;
        int t = Math.Min(period - 1, n);
        upper[..t].Fill(double.NaN);
        lower[..t].Fill(double.NaN);
        ref double source = ref MemoryMarshal.GetReference(close);
        ref double middles = ref MemoryMarshal.GetReference(middle);
        Vector256<double> divisors = Vector256.Create(divisor), width = Vector256.Create(deviations);
        for (; t + 8 <= n; t += 8)
        {
            Vector256<double> meanA = Vector256.LoadUnsafe(ref middles, (nuint)t), meanB = Vector256.LoadUnsafe(ref middles, (nuint)t + 4);
            Vector256<double> squaresA = default, squaresB = default;
            for (int i = t - period + 1; i <= t; i++)
            {
                Vector256<double> a = Vector256.LoadUnsafe(ref source, (nuint)i) - meanA;
                Vector256<double> b = Vector256.LoadUnsafe(ref source, (nuint)i + 4) - meanB;
                squaresA += a * a;
                squaresB += b * b;
            }

            if (Deviation.AreSafe(squaresA) && Deviation.AreSafe(squaresB))
            {
                Vector256<double> a = width * Vector256.Sqrt(squaresA / divisors), b = width * Vector256.Sqrt(squaresB / divisors);
                (meanA + a).StoreUnsafe(ref MemoryMarshal.GetReference(upper), (nuint)t);
                (meanB + b).StoreUnsafe(ref MemoryMarshal.GetReference(upper), (nuint)t + 4);
                (meanA - a).StoreUnsafe(ref MemoryMarshal.GetReference(lower), (nuint)t);
                (meanB - b).StoreUnsafe(ref MemoryMarshal.GetReference(lower), (nuint)t + 4);
                continue;
            }

            for (int i = t; i < t + 8; i++)
            {
                Bands(close.Slice(i - period + 1, period), middle[i], deviations, divisor, out upper[i], out lower[i]);
            }
        }

        for (; t < n; t++)
        {
            Bands(close.Slice(t - period + 1, period), middle[t], deviations, divisor, out upper[t], out lower[t]);
        }
    }

    /// <summary>The outer bands of one window.</summary>
    internal static void Bands(ReadOnlySpan<double> window, double mean, double deviations, double divisor, out double upper, out double lower)
    {
        double half = deviations * Deviation.Of(window, mean, divisor);
        upper = mean + half;
        lower = mean - half;
    }
}

/// <summary>The streaming twin of <see cref="BollingerBands"/>.</summary>
internal sealed class BollingerBandsStream(int period, double deviations, DeviationKind kind) : IIndicatorStream
{
    private readonly double divisor = StandardDeviation.Divisor(period, kind);
    private readonly TrailingWindow window = new(period);

    public void Next(in Bar bar, Span<double> outputs)
    {
        outputs[..3].Fill(double.NaN);
        if (!Gaps.IsSeen(bar.Close))
        {
            return;
        }

        window.Push(bar.Close);
        if (window.IsFull)
        {
            outputs[1] = Windows.Mean(window.Values);
            BollingerBands.Bands(window.Values, outputs[1], deviations, divisor, out outputs[0], out outputs[2]);
        }
    }

    public void Peek(in Bar bar, Span<double> outputs)
    {
        Next(bar, outputs);
        if (Gaps.IsSeen(bar.Close))
        {
            window.Undo();
        }
    }
}
