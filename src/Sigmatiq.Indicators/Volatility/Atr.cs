using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Volatility;

/// <summary>Whether the first bar, which has no close before it, has a range.</summary>
public enum FirstRange
{
    /// <summary>It has none.</summary>
    Skipped,

    /// <summary>Its own, H − L.</summary>
    Counted,
}

/// <summary>Average True Range (Wilder, 1978): Wilder's mean of the true range, which starts at bar 1.</summary>
public static class Atr
{
    /// <summary>Fills the average true range.</summary>
    /// <param name="high">Highest prices, oldest first, shape [n].</param>
    /// <param name="low">Lowest prices, shape [n].</param>
    /// <param name="close">Closing prices, shape [n].</param>
    /// <param name="period">Number of ranges averaged, at least 1.</param>
    /// <param name="atr">Receives the average, shape [n]; NaN for the first <paramref name="period"/> seen bars, one less if the first counts.</param>
    /// <param name="firstBar">Whether the first bar's own range counts.</param>
    public static void Compute(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int period, Span<double> atr,
        FirstRange firstBar = FirstRange.Skipped)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.SameLength(close.Length, high.Length, low.Length, atr.Length);
        if (Gaps.AllSeen(high, low, close))
        {
            Dense(high, low, close, period, firstBar, atr);
            return;
        }

        int[] seen = Gaps.Seen(high, low, close);
        double[] dense = new double[seen.Length];
        Dense(Gaps.Take(high, seen), Gaps.Take(low, seen), Gaps.Take(close, seen), period, firstBar, dense);
        Gaps.Put(dense, seen, atr);
    }

    /// <summary>The average of columns without gaps.</summary>
    internal static void Dense(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int period, FirstRange firstBar, Span<double> atr)
    {
        int from = firstBar == FirstRange.Counted ? 0 : 1;
        if (close.Length < from + period)
        {
            atr.Fill(double.NaN);
            return;
        }

        int first = from + period - 1;
        atr[0] = high[0] - low[0];
        TrueRange.Fill(high[..(first + 1)], low[..(first + 1)], close[..(first + 1)], atr[..(first + 1)]);
        double mean = Windows.Mean(atr.Slice(from, period));
        atr[..first].Fill(double.NaN);
        atr[first] = mean;
        var wilder = new Wilder(period);

        // The recursion waits for its multiplication and its addition; the next range is found meanwhile, so one loop does both.
        ref double highs = ref MemoryMarshal.GetReference(high), lows = ref MemoryMarshal.GetReference(low), closes = ref MemoryMarshal.GetReference(close);
        ref double target = ref MemoryMarshal.GetReference(atr);
        double before = Unsafe.Add(ref closes, first);
        for (int t = first + 1; t < close.Length; t++)
        {
            mean = wilder.Next(mean, TrueRange.Of(Unsafe.Add(ref highs, t), Unsafe.Add(ref lows, t), before));
            before = Unsafe.Add(ref closes, t);
            Unsafe.Add(ref target, t) = mean;
        }
    }
}

/// <summary>The streaming twin of <see cref="Atr"/>.</summary>
internal sealed class AtrStream(int period, FirstRange firstBar) : IIndicatorStream
{
    private AtrState state = new(period, firstBar);

    public void Next(in Bar bar, Span<double> outputs) => outputs[0] = state.Next(bar);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        AtrState copy = state;
        outputs[0] = copy.Next(bar);
    }
}

/// <summary>One average true range in progress; a copy of it is a look ahead.</summary>
internal struct AtrState(int period, FirstRange firstBar)
{
    private readonly int period = period, from = firstBar == FirstRange.Counted ? 0 : 1;
    private readonly Wilder wilder = new(period);
    private int taken;
    private double previousClose, mean;

    internal double Next(in Bar bar)
    {
        if (!Gaps.IsSeen(bar.High) || !Gaps.IsSeen(bar.Low) || !Gaps.IsSeen(bar.Close))
        {
            return double.NaN;
        }

        double range = taken == 0 ? bar.High - bar.Low : TrueRange.Of(bar.High, bar.Low, previousClose);
        previousClose = bar.Close;
        if (taken >= from + period)
        {
            mean = wilder.Next(mean, range);
            return mean;
        }

        // The first ranges are summed for the seed.
        if (taken++ >= from)
        {
            mean += range;
        }

        if (taken < from + period)
        {
            return double.NaN;
        }

        mean /= period;
        return mean;
    }
}
