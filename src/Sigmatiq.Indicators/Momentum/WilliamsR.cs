using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Momentum;

/// <summary>Williams %R (Larry Williams, 1973): −100·(HH − C)/(HH − LL), from −100 at the low of the range to 0 at its high.</summary>
public static class WilliamsR
{
    /// <summary>Fills %R.</summary>
    /// <param name="high">Highest prices, oldest first, shape [n].</param>
    /// <param name="low">Lowest prices, shape [n].</param>
    /// <param name="close">Closing prices, shape [n].</param>
    /// <param name="period">Bars of the range HH to LL, at least 1.</param>
    /// <param name="flat">Value where HH = LL.</param>
    /// <param name="williamsR">Receives %R, shape [n]; NaN for the first period − 1 seen bars.</param>
    public static void Compute(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int period, double flat, Span<double> williamsR)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.Run(high, low, close, williamsR, (h, l, c, output) =>
        {
            double[] lowest = new double[c.Length];
            Extremes.Highest(h, period, output);
            Extremes.Lowest(l, period, lowest);
            for (int t = period - 1; t < c.Length; t++)
            {
                output[t] = Of(output[t], lowest[t], c[t], flat);
            }
        });
    }

    /// <summary>%R of a range and a close.</summary>
    internal static double Of(double highest, double lowest, double close, double flat)
    {
        double range = highest - lowest;
        return range == 0 ? flat : Gaps.Finite(-100 * (highest - close) / range);
    }
}

/// <summary>The streaming twin of <see cref="WilliamsR"/>.</summary>
internal sealed class WilliamsRStream(int period, double flat) : IIndicatorStream
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
        outputs[0] = double.NaN;
        if (double.IsNaN(TypicalPrice.Of(bar)))
        {
            return false;
        }

        highs.Push(bar.High);
        lows.Push(bar.Low);
        if (highs.IsFull)
        {
            outputs[0] = WilliamsR.Of(Extremes.Highest(highs.Values), Extremes.Lowest(lows.Values), bar.Close, flat);
        }

        return true;
    }
}
