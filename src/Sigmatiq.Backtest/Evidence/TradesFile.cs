using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest.Evidence;

/// <summary><c>trades/{sid}_{year}.json</c> in the shape of spec 04 §4.17.</summary>
internal static class TradesFile
{
    public static JsonObject Json(string strategyId, string strategyName, WindowResult window)
    {
        MetricSet metrics = window.Result.Metrics;
        TradeColumns trades = window.Result.Trades;
        int wins = trades.Return.Count(r => r > 0);
        return new()
        {
            ["strategy_name"] = strategyName, ["strategy_id"] = strategyId, ["initial_capital"] = window.Run.Options.StartingCash,
            ["date_range"] = new JsonObject { ["start"] = WindowResult.Text(window.First), ["end"] = WindowResult.Text(window.Last) },
            ["trades"] = new JsonArray([.. Enumerable.Range(0, window.Result.Account.Path.Count).Select(i => (JsonNode?)Trade(window, i))]),
            ["summary"] = new JsonObject
            {
                ["total_trades"] = trades.Count, ["winning_trades"] = wins, ["losing_trades"] = trades.Count - wins, ["win_rate"] = metrics.WinRate,
                ["total_pnl"] = window.Result.Equity[^1] - window.Run.Options.StartingCash, ["total_return_pct"] = metrics.TotalReturn * 100,
                ["max_drawdown_pct"] = Math.Abs(metrics.MaxDrawdown ?? 0) * 100, ["sharpe_ratio"] = metrics.SharpeRatio,
                ["profit_factor"] = metrics.ProfitFactor, ["p_value"] = window.Bootstrap?.PValue, ["direction_accuracy_pct"] = DirectionAccuracyPct(window),
                ["n_long"] = window.Result.Account.Path.Count, ["n_short"] = 0,
            },
        };
    }

    /// <summary>Share of trades whose horizon ended above the entry, in percent, whatever the exit was (04 §4.15); null without a time stop
    /// or without a trade whose horizon ends inside the window.</summary>
    public static double? DirectionAccuracyPct(WindowResult window)
    {
        if (window.Run.Barriers.TimeStopDays is not { } horizon)
        {
            return null;
        }

        FillBars bars = window.Run.Bars;
        TradePath path = window.Result.Account.Path;
        int known = 0, right = 0;
        for (int i = 0; i < path.Count; i++)
        {
            int day = bars.DayOf[path.EntryBar[i]] + horizon;
            if (day < bars.Days && bars.LastBarOfDay[day] < window.Run.To)
            {
                known++;
                right += bars.Close[bars.LastBarOfDay[day]] > path.EntryPrice[i] ? 1 : 0;
            }
        }

        return known == 0 ? null : 100.0 * right / known;
    }

    /// <summary>The words of 04 §4.17 for a reason; those it has none for keep the engine's.</summary>
    public static string Reason(ExitReason reason) => reason switch
    {
        ExitReason.Stop => "hard_stop",
        ExitReason.Target => "take_profit",
        ExitReason.Trail => "trailing_stop",
        _ => reason.Text(),
    };

    private static JsonObject Trade(WindowResult window, int i)
    {
        AccountPath account = window.Result.Account;
        TradePath path = account.Path;
        bool open = path.ExitBar[i] < 0;
        double before = i == 0 ? window.Run.Options.StartingCash : account.CashAfterExit[i - 1];
        (double mae, double mfe) = TradeExcursions.Of(window.Run.Bars, path, i, window.Run.To);
        return new()
        {
            ["trade_id"] = i + 1, ["timestamp"] = Time(window.Run.Bars, path.EntryBar[i]),
            ["exit_timestamp"] = open ? null : Time(window.Run.Bars, path.ExitBar[i]), ["side"] = "LONG", ["entry_price"] = path.EntryPrice[i],
            ["exit_price"] = path.ExitPrice[i], ["pnl_usd"] = open ? null : account.Profit[i], ["pnl_pct"] = open ? null : account.TradeReturn[i] * 100,
            ["exit_reason"] = Reason(path.Reason[i]), ["equity_at_entry"] = before,
            ["equity_at_exit"] = open ? window.Result.Equity[^1] : account.CashAfterExit[i],
            ["leverage"] = account.Quantity[i] * path.EntryPrice[i] / before, ["quantity"] = account.Quantity[i],
            ["mae_pct"] = mae * 100, ["mfe_pct"] = mfe * 100,
        };
    }

    private static string Time(FillBars bars, int bar) =>
        DateTimeOffset.UnixEpoch.AddTicks(bars.StartUtcUs[bar] * 10).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
