using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>Equity and trades of an account as full columns, for files and pictures.</summary>
internal static class EquityCurve
{
    /// <summary>Money at the start and at each mark.</summary>
    public static double[] Of(AccountPath account, MarkGrid marks, double startingCash)
    {
        double[] equity = new double[marks.Count + 1];
        TradePath path = account.Path;
        equity.AsSpan(0, 1 + (path.Count == 0 ? marks.Count : marks.FirstAtOrAfter(path.EntryBar[0]))).Fill(startingCash);
        for (int i = 0; i < path.Count; i++)
        {
            int first = marks.FirstAtOrAfter(path.EntryBar[i]);
            int last = path.ExitBar[i] < 0 ? marks.Count : marks.FirstAtOrAfter(path.ExitBar[i]);
            int next = i + 1 < path.Count ? marks.FirstAtOrAfter(path.EntryBar[i + 1]) : marks.Count;
            double cash = account.CashAfterEntry[i], quantity = account.Quantity[i];
            for (int m = first; m < last; m++)
            {
                equity[m + 1] = cash + (quantity * marks.Close[m]);
            }

            if (next > last)
            {
                equity.AsSpan(last + 1, next - last).Fill(account.CashAfterExit[i]);
            }
        }

        return equity;
    }

    /// <summary>The same money in the instrument from the first open on, in any fraction and without costs.</summary>
    public static double[] BuyAndHold(FillBars bars, MarkGrid marks, double startingCash)
    {
        double[] equity = new double[marks.Count + 1];
        equity[0] = startingCash;
        double quantity = marks.Count == 0 ? 0 : startingCash / bars.Open[marks.From];
        for (int m = 0; m < marks.Count; m++)
        {
            equity[m + 1] = quantity * marks.Close[m];
        }

        return equity;
    }

    /// <summary>The closed trades.</summary>
    public static TradeColumns Trades(FillBars bars, AccountPath account)
    {
        TradePath path = account.Path;
        int n = path.Closed;
        var dates = new DateOnly[n];
        double[] days = new double[n], hours = new double[n];
        for (int i = 0; i < n; i++)
        {
            dates[i] = bars.DateOfDay(bars.DayOf[path.EntryBar[i]]);
            days[i] = bars.DateOfDay(bars.DayOf[path.ExitBar[i]]).DayNumber - dates[i].DayNumber;
            hours[i] = (bars.StartUtcUs[path.ExitBar[i]] - bars.StartUtcUs[path.EntryBar[i]]) / 3_600_000_000.0;
        }

        return new(account.TradeReturn[..n], account.Profit[..n], dates, days, hours);
    }

    /// <summary>Σ of the value of every fill.</summary>
    public static double TradedValue(AccountPath account)
    {
        double sum = 0;
        for (int i = 0; i < account.Path.Count; i++)
        {
            sum += account.Quantity[i] * account.Path.EntryPrice[i];
            sum += account.Path.ExitBar[i] < 0 ? 0 : account.Quantity[i] * account.Path.ExitPrice[i];
        }

        return sum;
    }

    /// <summary>Share of the window's bars at whose close a position is open.</summary>
    public static double Exposure(TradePath path, MarkGrid marks)
    {
        int bars = marks.To - marks.From, held = 0;
        for (int i = 0; i < path.Count; i++)
        {
            held += (path.ExitBar[i] < 0 ? marks.To : path.ExitBar[i]) - path.EntryBar[i];
        }

        return bars == 0 ? double.NaN : (double)held / bars;
    }
}
