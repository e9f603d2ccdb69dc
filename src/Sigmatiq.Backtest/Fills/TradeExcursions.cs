namespace Sigmatiq.Backtest.Fills;

/// <summary>How far a trade ran against and for its position (MAE, MFE).</summary>
public static class TradeExcursions
{
    /// <summary>Lowest and highest price while held, over the entry price, less 1.</summary>
    /// <remarks>Bars count whole, the entry bar too (an order that filled inside it may have missed its first part), and so does an
    /// exit bar left at its close. Of an exit bar left inside or at the open only the open and the exit price were surely held.</remarks>
    /// <returns>The worst (≤ 0) and the best (≥ 0) return.</returns>
    public static (double Adverse, double Favourable) Of(FillBars bars, TradePath path, int trade, int to)
    {
        double entry = path.EntryPrice[trade], low = entry, high = entry;
        int first = path.EntryBar[trade], last = path.ExitBar[trade] < 0 ? to - 1 : path.ExitBar[trade];
        bool leftAtClose = path.Reason[trade] is ExitReason.TimeStop or ExitReason.EndOfData or ExitReason.Open;
        for (int t = first; t <= last; t++)
        {
            if (t < last || leftAtClose)
            {
                low = Math.Min(low, bars.Low[t]);
                high = Math.Max(high, bars.High[t]);
            }
            else if (t > first)
            {
                low = Math.Min(low, bars.Open[t]);
                high = Math.Max(high, bars.Open[t]);
            }
        }

        low = Math.Min(low, path.ExitPrice[trade]);
        high = Math.Max(high, path.ExitPrice[trade]);
        return ((low / entry) - 1, (high / entry) - 1);
    }
}
