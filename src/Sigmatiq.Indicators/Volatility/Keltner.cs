using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Volatility;

/// <summary>Keltner channel in Linda Raschke's form: EMA of the close ± a multiple of the average true range.</summary>
public static class Keltner
{
    /// <summary>Fills the three lines.</summary>
    /// <param name="high">Highest prices, oldest first, shape [n].</param>
    /// <param name="low">Lowest prices, shape [n].</param>
    /// <param name="close">Closing prices, shape [n].</param>
    /// <param name="period">Length of the exponential average, at least 1.</param>
    /// <param name="atrPeriod">Length of the average true range, at least 1.</param>
    /// <param name="multiplier">Average true ranges between the middle and an outer line.</param>
    /// <param name="seed">How the exponential average begins.</param>
    /// <param name="firstBar">Whether the first bar's own range counts.</param>
    /// <param name="upper">Receives the upper line, shape [n]; NaN until both averages are there.</param>
    /// <param name="middle">Receives the exponential average, shape [n].</param>
    /// <param name="lower">Receives the lower line, shape [n].</param>
    public static void Compute(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int period, int atrPeriod, double multiplier,
        EmaSeed seed, FirstRange firstBar, Span<double> upper, Span<double> middle, Span<double> lower)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(atrPeriod, 1);
        Gaps.SameLength(close.Length, high.Length, low.Length, upper.Length, middle.Length, lower.Length);
        int[]? seen = null;
        if (!Gaps.AllSeen(high, low, close))
        {
            seen = Gaps.Seen(high, low, close);
            high = Gaps.Take(high, seen);
            low = Gaps.Take(low, seen);
            close = Gaps.Take(close, seen);
        }

        double[] average = new double[close.Length], range = new double[close.Length];
        Ema.Dense(close, period, seed, average);
        Atr.Dense(high, low, close, atrPeriod, firstBar, range);
        upper.Fill(double.NaN);
        middle.Fill(double.NaN);
        lower.Fill(double.NaN);
        for (int i = 0; i < average.Length; i++)
        {
            int t = seen is null ? i : seen[i];
            Lines(average[i], range[i], multiplier, out upper[t], out middle[t], out lower[t]);
        }
    }

    /// <summary>The lines of the two averages.</summary>
    internal static void Lines(double average, double range, double multiplier, out double upper, out double middle, out double lower)
    {
        double half = multiplier * range;
        upper = Gaps.Finite(average + half);
        middle = average;
        lower = Gaps.Finite(average - half);
    }
}

/// <summary>The streaming twin of <see cref="Keltner"/>.</summary>
internal sealed class KeltnerStream(int period, int atrPeriod, double multiplier, EmaSeed seed, FirstRange firstBar) : IIndicatorStream
{
    private EmaState average = new(period, seed);
    private AtrState range = new(atrPeriod, firstBar);

    public void Next(in Bar bar, Span<double> outputs) => Step(ref average, ref range, bar, outputs);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        EmaState averageCopy = average;
        AtrState rangeCopy = range;
        Step(ref averageCopy, ref rangeCopy, bar, outputs);
    }

    private void Step(ref EmaState average, ref AtrState range, in Bar bar, Span<double> outputs)
    {
        outputs[..3].Fill(double.NaN);
        if (!double.IsNaN(TypicalPrice.Of(bar)))
        {
            Keltner.Lines(average.Next(bar.Close), range.Next(bar), multiplier, out outputs[0], out outputs[1], out outputs[2]);
        }
    }
}
