using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning.Splits;

namespace Sigmatiq.Learning.Confidence;

/// <summary>The six blocks of equal time that give a sweep its out-of-fold confidence (spec 02 §2.6), cut along trading days.</summary>
/// <remarks>Blocks 1 and 2 only teach and calibrate. Where the bars stored before the range hold two blocks of a quarter of the selection window each,
/// they are those two, and the whole selection window trades; else the window itself is cut in six and its first third stays idle.</remarks>
/// <param name="Starts">First bar of each block and the end of the last, shape [7].</param>
/// <param name="UsesEarlierBars">Whether blocks 1 and 2 lie before the range.</param>
public sealed record ConfidenceBlocks(IReadOnlyList<int> Starts, bool UsesEarlierBars)
{
    /// <summary>Number of blocks.</summary>
    public const int Count = 6;

    /// <summary>Blocks that never have a confidence: the first has no past, the second none to calibrate on.</summary>
    public const int Unscored = 2;

    /// <summary>First bar that may teach.</summary>
    public int From => Starts[0];

    /// <summary>End of the last block, exclusive: the end of the selection window.</summary>
    public int To => Starts[Count];

    /// <summary>Cuts the blocks.</summary>
    /// <param name="days">Trading days of the bars.</param>
    /// <param name="window">The sweep's window; it begins with a day's first bar.</param>
    public static ConfidenceBlocks Cut(TradingDays days, SweepWindow window)
    {
        int first = days.DayOf[window.From], end = days.DayOf[window.To - 1] + 1, length = end - first;
        bool isEarlier = first >= length / 2;
        int[] starts = new int[Count + 1];
        for (int k = 0; k < Count; k++)
        {
            int day = isEarlier
                ? first + (int)Math.Floor(length * (k - Unscored) / (double)(Count - Unscored))
                : first + (length * k / Count);
            starts[k] = days.FirstBar(Math.Max(day, 0));
        }

        starts[Count] = window.To;
        return new(starts, isEarlier);
    }
}
