using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Average;

/// <summary>Simple moving average: the mean of the last <c>period</c> values.</summary>
public static class Sma
{
    /// <summary>Fills the simple moving average, summed left to right over each window.</summary>
    /// <param name="column">Values, oldest first, shape [n].</param>
    /// <param name="period">Length of the window, at least 1.</param>
    /// <param name="sma">Receives the average, shape [n]; NaN for the first period − 1 seen bars. Must not overlap the column.</param>
    public static void Compute(ReadOnlySpan<double> column, int period, Span<double> sma)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.SameLength(column.Length, sma.Length);
        if (Gaps.AllSeen(column))
        {
            Windows.Means(column, period, sma);
            return;
        }

        int[] seen = Gaps.Seen(column, column, column);
        double[] dense = new double[seen.Length];
        Windows.Means(Gaps.Take(column, seen), period, dense);
        Gaps.Put(dense, seen, sma);
    }
}

/// <summary>The streaming twin of <see cref="Sma"/> over one field of the bar.</summary>
internal sealed class SmaStream(int period, bool ofVolume) : IIndicatorStream
{
    private readonly TrailingWindow window = new(period);

    public void Next(in Bar bar, Span<double> outputs)
    {
        double value = ofVolume ? bar.Volume : bar.Close;
        if (!Gaps.IsSeen(value))
        {
            outputs[0] = double.NaN;
            return;
        }

        window.Push(value);
        outputs[0] = window.IsFull ? Windows.Mean(window.Values) : double.NaN;
    }

    public void Peek(in Bar bar, Span<double> outputs)
    {
        Next(bar, outputs);
        if (Gaps.IsSeen(ofVolume ? bar.Volume : bar.Close))
        {
            window.Undo();
        }
    }
}
