namespace Sigmatiq.Learning.Splits;

/// <summary>One step of a forward-chaining validation: rows to fit on and later rows to score.</summary>
/// <param name="Train">Positions of the training rows, ascending, all purged.</param>
/// <param name="Score">Positions of the scored rows, ascending.</param>
/// <param name="FromBar">First bar of the scored block.</param>
/// <param name="ToBar">End of the scored block, exclusive.</param>
public sealed record Fold(int[] Train, int[] Score, int FromBar, int ToBar);

/// <summary>Splits by time in which no row's label reaches into what the model will score (spec 03 §3.2, §3.4).</summary>
/// <remarks>Rows are given by their decision bar, ascending, and the closing bar of their label. No shuffling, and nothing here reads a
/// feature or a label: an altered future moves no row.</remarks>
public static class TimeSeriesSplit
{
    /// <summary>Folds of the classifier that a threshold is compared with.</summary>
    public const int FoldCount = 5;

    /// <summary>First bar of the hold-out: the last share of a range by time, cut along trading days as a sweep cuts it.</summary>
    /// <param name="days">Trading days of the bars.</param>
    /// <param name="fromBar">First bar of the range, which ends with the bars.</param>
    /// <param name="share">Hold-out's share of the range's days, 0 &lt; x &lt; 1; 0.2 by default.</param>
    public static int HoldoutStart(TradingDays days, int fromBar, double share)
    {
        // The share is meant in decimal: 0.2 of 500 days is 100 days, not 99 and a rounding.
        int held = (int)Math.Floor(((days.Count - days.DayOf[fromBar]) * share) + 1e-9);
        return held == 0 ? days.DayOf.Length : days.FirstBar(days.Count - held);
    }

    /// <summary>Positions of the rows in [<paramref name="fromBar"/>, <paramref name="blockStartBar"/>) that may train a model which
    /// scores a block: those whose label ended at the latest one trading day before the block's first bar.</summary>
    /// <param name="decisionBars">Decision bar per row, ascending, shape [rows].</param>
    /// <param name="endBars">Closing bar of the label per row, shape [rows].</param>
    /// <param name="days">Trading days of the bars.</param>
    /// <param name="fromBar">First bar that may train.</param>
    /// <param name="blockStartBar">First bar of the block that will be scored or calibrated.</param>
    public static int[] Purged(ReadOnlySpan<int> decisionBars, ReadOnlySpan<int> endBars, TradingDays days, int fromBar, int blockStartBar)
    {
        int latestEnd = days.OneDayBefore(blockStartBar);
        List<int> kept = [];
        for (int row = 0; row < decisionBars.Length && decisionBars[row] < blockStartBar; row++)
        {
            if (decisionBars[row] >= fromBar && endBars[row] <= latestEnd)
            {
                kept.Add(row);
            }
        }

        return [.. kept];
    }

    /// <summary>Five forward-chaining folds over the bars [<paramref name="fromBar"/>, <paramref name="toBar"/>): six blocks of equal
    /// time, of which block k = 2…6 is scored by a model of the blocks before it.</summary>
    public static IReadOnlyList<Fold> Folds(ReadOnlySpan<int> decisionBars, ReadOnlySpan<int> endBars, TradingDays days, int fromBar, int toBar)
    {
        long bars = toBar - fromBar;
        List<Fold> folds = [];
        for (int k = 1; k <= FoldCount; k++)
        {
            int start = fromBar + (int)(bars * k / (FoldCount + 1)), end = fromBar + (int)(bars * (k + 1) / (FoldCount + 1));
            if (start < end)
            {
                folds.Add(new(Purged(decisionBars, endBars, days, fromBar, start), Between(decisionBars, start, end), start, end));
            }
        }

        return folds;
    }

    /// <summary>Positions of the rows whose decision bar is in [<paramref name="fromBar"/>, <paramref name="toBar"/>).</summary>
    public static int[] Between(ReadOnlySpan<int> decisionBars, int fromBar, int toBar)
    {
        List<int> rows = [];
        for (int row = 0; row < decisionBars.Length; row++)
        {
            if (decisionBars[row] >= fromBar && decisionBars[row] < toBar)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}
