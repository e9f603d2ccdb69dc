using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>Trades and equity as columns of Parquet, from which every figure can be worked out again.</summary>
public static class ResultColumns
{
    /// <summary>One row per position, an open one included.</summary>
    /// <remarks><c>trade_id</c> from 1, <c>decision_ts, entry_ts, exit_ts</c> (starts of the bars decided on and filled in; an open
    /// position has no exit), <c>entry_date, exit_date</c> (trading dates), <c>entry_price, exit_price, quantity, cash_before,
    /// cash_after_entry, cash_after_exit, profit, return, mae, mfe, reason</c>.</remarks>
    /// <param name="bars">The bars traded on.</param>
    /// <param name="account">Path and money.</param>
    /// <param name="startingCash">Money before the first trade.</param>
    /// <param name="to">End of the window, exclusive.</param>
    public static ColumnSet Trades(FillBars bars, AccountPath account, double startingCash, int to)
    {
        TradePath path = account.Path;
        int n = path.Count;
        int[] id = new int[n];
        long[] decision = new long[n], entry = new long[n], exit = new long[n];
        bool[] open = new bool[n];
        DateOnly[] entryDate = new DateOnly[n], exitDate = new DateOnly[n];
        double[] before = new double[n], mae = new double[n], mfe = new double[n];
        string[] reason = new string[n];
        for (int i = 0; i < n; i++)
        {
            id[i] = i + 1;
            open[i] = path.ExitBar[i] < 0;
            int exitBar = open[i] ? to - 1 : path.ExitBar[i];
            decision[i] = bars.StartUtcUs[path.DecisionBar[i]];
            entry[i] = bars.StartUtcUs[path.EntryBar[i]];
            exit[i] = bars.StartUtcUs[exitBar];
            entryDate[i] = bars.DateOfDay(bars.DayOf[path.EntryBar[i]]);
            exitDate[i] = bars.DateOfDay(bars.DayOf[exitBar]);
            before[i] = i == 0 ? startingCash : account.CashAfterExit[i - 1];
            (mae[i], mfe[i]) = TradeExcursions.Of(bars, path, i, to);
            reason[i] = path.Reason[i].Text();
        }

        return new(
            Column.Of("trade_id", id), Column.OfTimestamps("decision_ts", decision), Column.OfTimestamps("entry_ts", entry), Column.OfTimestamps("exit_ts", exit, open),
            Column.Of("entry_date", entryDate), Column.Of("exit_date", exitDate, open), Column.Of("entry_price", path.EntryPrice),
            Column.Of("exit_price", path.ExitPrice), Column.Of("quantity", account.Quantity), Column.Of("cash_before", before),
            Column.Of("cash_after_entry", account.CashAfterEntry), Column.Of("cash_after_exit", account.CashAfterExit), Column.Of("profit", account.Profit),
            Column.Of("return", account.TradeReturn), Column.Of("mae", mae), Column.Of("mfe", mfe), Column.Of("reason", reason));
    }

    /// <summary>One row per mark, the first being the money at the start.</summary>
    /// <remarks><c>mark</c> from 0, <c>ts</c> (start of the bar marked at its close; of the first bar for mark 0), <c>date, close,
    /// equity, buy_and_hold, drawdown, buy_and_hold_drawdown</c>.</remarks>
    public static ColumnSet Equity(FillBars bars, BacktestResult result)
    {
        MarkGrid marks = result.Marks;
        int n = marks.Count + 1;
        int[] mark = new int[n];
        long[] ts = new long[n];
        DateOnly[] date = new DateOnly[n];
        double[] close = new double[n];
        for (int m = 0; m < n; m++)
        {
            int bar = m == 0 ? marks.From : marks.Bar[m - 1];
            mark[m] = m;
            ts[m] = bars.StartUtcUs[bar];
            date[m] = m == 0 ? marks.StartDate : marks.Date(m - 1);
            close[m] = m == 0 ? bars.Open[bar] : bars.Close[bar];
        }

        return new(
            Column.Of("mark", mark), Column.OfTimestamps("ts", ts), Column.Of("date", date), Column.Of("close", close), Column.Of("equity", result.Equity),
            Column.Of("buy_and_hold", result.BuyAndHold), Column.Of("drawdown", Drawdown(result.Equity)),
            Column.Of("buy_and_hold_drawdown", Drawdown(result.BuyAndHold)));
    }

    /// <summary>Fall from the highest value so far, ≤ 0, at each value.</summary>
    public static double[] Drawdown(double[] equity)
    {
        double[] drawdown = new double[equity.Length];
        double peak = double.NegativeInfinity;
        for (int t = 0; t < equity.Length; t++)
        {
            peak = Math.Max(peak, equity[t]);
            drawdown[t] = (equity[t] / peak) - 1;
        }

        return drawdown;
    }
}
