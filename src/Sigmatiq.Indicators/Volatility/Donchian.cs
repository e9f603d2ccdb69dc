using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Volatility;

/// <summary>Donchian channel (Richard Donchian): highest high and lowest low of n bars, and the middle between them.</summary>
/// <remarks>A channel that holds the running bar can be touched but never broken by it; the channel of the bars before can.</remarks>
public static class Donchian
{
    /// <summary>Fills the three lines.</summary>
    /// <param name="high">Highest prices, oldest first, shape [n].</param>
    /// <param name="low">Lowest prices, shape [n].</param>
    /// <param name="period">Bars of the channel, at least 1.</param>
    /// <param name="holdsThisBar">Whether the running bar is one of them; if not they are the bars before it.</param>
    /// <param name="upper">Receives the highest high, shape [n]; NaN for the first period seen bars, one less if the running bar counts.</param>
    /// <param name="middle">Receives (upper + lower)/2, shape [n].</param>
    /// <param name="lower">Receives the lowest low, shape [n].</param>
    public static void Compute(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, int period, bool holdsThisBar, Span<double> upper, Span<double> middle, Span<double> lower)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.SameLength(high.Length, low.Length, upper.Length, middle.Length, lower.Length);
        if (Gaps.AllSeen(high) && Gaps.AllSeen(low))
        {
            Dense(high, low, period, holdsThisBar, upper, middle, lower);
            return;
        }

        int[] seen = Gaps.Seen(high, low, low);
        double[] a = new double[seen.Length], b = new double[seen.Length], c = new double[seen.Length];
        Dense(Gaps.Take(high, seen), Gaps.Take(low, seen), period, holdsThisBar, a, b, c);
        Gaps.Put(a, seen, upper);
        Gaps.Put(b, seen, middle);
        Gaps.Put(c, seen, lower);
    }

    /// <summary>The middle of a channel.</summary>
    internal static double Middle(double upper, double lower) => (upper + lower) / 2;

    private static void Dense(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, int period, bool holdsThisBar, Span<double> upper, Span<double> middle, Span<double> lower)
    {
        if (high.IsEmpty)
        {
            return;
        }

        if (holdsThisBar)
        {
            Extremes.Highest(high, period, upper);
            Extremes.Lowest(low, period, lower);
        }
        else
        {
            upper[0] = lower[0] = double.NaN;
            Extremes.Highest(high[..^1], period, upper[1..]);
            Extremes.Lowest(low[..^1], period, lower[1..]);
        }

        for (int t = 0; t < high.Length; t++)
        {
            middle[t] = Middle(upper[t], lower[t]);
        }
    }
}

/// <summary>The streaming twin of <see cref="Donchian"/>.</summary>
internal sealed class DonchianStream(int period, bool holdsThisBar) : IIndicatorStream
{
    private readonly TrailingWindow highs = new(period), lows = new(period);

    public void Next(in Bar bar, Span<double> outputs) => Take(bar, outputs);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        if (Take(bar, outputs))
        {
            highs.Undo();
            lows.Undo();
        }
    }

    private bool Take(in Bar bar, Span<double> outputs)
    {
        outputs[..3].Fill(double.NaN);
        if (!Gaps.IsSeen(bar.High) || !Gaps.IsSeen(bar.Low))
        {
            return false;
        }

        if (!holdsThisBar)
        {
            Write(outputs);
        }

        highs.Push(bar.High);
        lows.Push(bar.Low);
        if (holdsThisBar)
        {
            Write(outputs);
        }

        return true;
    }

    private void Write(Span<double> outputs)
    {
        if (highs.IsFull)
        {
            outputs[0] = Extremes.Highest(highs.Values);
            outputs[2] = Extremes.Lowest(lows.Values);
            outputs[1] = Donchian.Middle(outputs[0], outputs[2]);
        }
    }
}
