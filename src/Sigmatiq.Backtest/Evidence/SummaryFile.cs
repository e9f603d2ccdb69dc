using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest.Evidence;

/// <summary><c>summary_{year}.json</c> in the shape of spec 04 §4.17, without the fields that only a copy can know: <c>generated_at,
/// approval_status, bundle_hash</c> (<see cref="EvidenceStore.Publish"/>).</summary>
internal static class SummaryFile
{
    public static JsonObject Json(string strategyId, string strategyName, WindowResult window)
    {
        BacktestResult result = window.Result;
        MetricSet metrics = result.Metrics;
        double tradesPerYear = result.Marks.Years > 0 ? metrics.TotalTrades / result.Marks.Years : double.NaN;
        JsonObject reasons = new(result.Account.Path.Reason.CountBy(TradesFile.Reason).OrderBy(r => r.Key, StringComparer.Ordinal)
            .Select(r => KeyValuePair.Create(r.Key, (JsonNode?)JsonValue.Create(r.Value))));
        return new()
        {
            ["strategy_name"] = strategyName, ["strategy_id"] = strategyId, ["year"] = window.Last.Year, ["initial_capital"] = window.Run.Options.StartingCash,
            ["n_trading_days"] = window.TradingDays, ["direction_accuracy_pct"] = TradesFile.DirectionAccuracyPct(window),
            ["strategies"] = new JsonObject
            {
                ["buy_and_hold"] = new JsonObject { ["final_equity"] = result.BuyAndHold[^1], ["total_return_pct"] = window.BuyAndHoldReturn * 100 },
                [strategyId] = new JsonObject
                {
                    ["final_equity"] = result.Equity[^1], ["total_return_pct"] = metrics.TotalReturn * 100, ["sharpe"] = metrics.SharpeRatio,
                    ["max_dd_pct"] = Math.Abs(metrics.MaxDrawdown ?? 0) * 100, ["win_rate_pct"] = metrics.WinRate * 100, ["profit_factor"] = metrics.ProfitFactor,
                    ["trading_days"] = window.TradingDays, ["exit_reasons"] = reasons, ["n_long"] = result.Account.Path.Count, ["n_short"] = 0,
                },
            },
            ["statistical_tests"] = new JsonObject
            {
                ["p_value"] = window.Bootstrap?.PValue, ["significant"] = window.Bootstrap?.PValue < VoteOne.SignificanceLevel, ["t_stat"] = metrics.TStatistic,
                ["bootstrap_95ci_ann"] = window.Bootstrap is { } b && double.IsFinite(tradesPerYear) ? new JsonArray(b.Low * tradesPerYear, b.High * tradesPerYear) : null,
            },
            ["monthly"] = Monthly(window),
        };
    }

    // Equity at the last mark of each month against the one before; trades by the month they closed in.
    private static JsonObject Monthly(WindowResult window)
    {
        BacktestResult result = window.Result;
        var closed = new Dictionary<(int, int), int>();
        TradePath path = result.Account.Path;
        for (int i = 0; i < path.Closed; i++)
        {
            DateOnly date = window.Run.Bars.DateOfDay(window.Run.Bars.DayOf[path.ExitBar[i]]);
            closed[(date.Year, date.Month)] = closed.GetValueOrDefault((date.Year, date.Month)) + 1;
        }

        JsonArray months = [], trades = [], pnl = [];
        double before = result.Equity[0];
        for (int m = 0; m < result.Marks.Count; m++)
        {
            DateOnly date = result.Marks.Date(m);
            if (m + 1 < result.Marks.Count && result.Marks.Date(m + 1).Month == date.Month)
            {
                continue;
            }

            months.Add(date.ToString("yyyy-MM", CultureInfo.InvariantCulture));
            trades.Add(closed.GetValueOrDefault((date.Year, date.Month)));
            pnl.Add(((result.Equity[m + 1] / before) - 1) * 100);
            before = result.Equity[m + 1];
        }

        return new() { ["months"] = months, ["trades"] = trades, ["pnl_pct"] = pnl };
    }
}
