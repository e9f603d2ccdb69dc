using Sigmatiq.Store.Columns;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>Buy and hold with as much of the account invested as the strategy had on average. Beside the whole account in the instrument, a strategy
/// that invests a fiftieth of it looks safe and poor whatever it does.</summary>
/// <param name="Share">Mean share of the account that was invested at the marks, a fraction.</param>
/// <param name="Account">What the account would be: that share in the instrument from the first mark, the rest in money, nothing moved between; shape [marks].</param>
public sealed record SameExposure(double Share, double[] Account)
{
    /// <summary>Reads it out of stored evidence.</summary>
    /// <param name="equity">Columns of <see cref="ResultColumns.Equity"/>.</param>
    /// <param name="trades">Columns of <see cref="ResultColumns.Trades"/> of the same window.</param>
    public static SameExposure Of(ColumnSet equity, ColumnSet trades)
    {
        long[] at = equity["ts"].TimestampsUtcUs;
        double[] close = equity["close"].Doubles, account = equity["equity"].Doubles, held = equity["buy_and_hold"].Doubles;
        double invested = 0;
        for (int i = 0; i < trades.Rows; i++)
        {
            // A position counts at the close of the bar it began in, and no more at that of the bar it ended in.
            int first = Math.Max(1, AtOrAfter(at, trades["entry_ts"].TimestampsUtcUs[i]));
            int end = trades["exit_ts"].IsNull(i) ? at.Length : AtOrAfter(at, trades["exit_ts"].TimestampsUtcUs[i]);
            for (int m = first; m < end; m++)
            {
                invested += trades["quantity"].Doubles[i] * close[m] / account[m];
            }
        }

        double share = at.Length > 1 ? invested / (at.Length - 1) : 0;
        return new(share, [.. held.Select(h => account[0] * (1 + (share * ((h / held[0]) - 1))))]);
    }

    // Times may repeat: the first mark and the one after it may stand for one bar.
    private static int AtOrAfter(long[] at, long instant)
    {
        int found = Array.BinarySearch(at, instant);
        found = found < 0 ? ~found : found;
        while (found > 0 && at[found - 1] == instant)
        {
            found--;
        }

        return found;
    }
}
