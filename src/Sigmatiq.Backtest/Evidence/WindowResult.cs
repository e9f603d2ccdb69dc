using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>The combo's backtest on one window.</summary>
/// <param name="Run">What was run.</param>
/// <param name="Result">What it gave.</param>
/// <param name="Bootstrap">Resampled mean trade return; null without a trade.</param>
/// <param name="Optimistic">Metrics with the target taken where a bar holds stop and target.</param>
public sealed record WindowResult(BacktestRun Run, BacktestResult Result, WeekBootstrap? Bootstrap, MetricSet Optimistic)
{
    /// <summary>Runs the combo of a request on the bars [from, to).</summary>
    internal static WindowResult Of(EvidenceRequest request, ConfidenceColumn? confidence, int from, int to)
    {
        ModelBars bars = request.Bars;
        var run = new BacktestRun(
            bars.Fills, bars.Options, bars.Signals(request.Config, confidence), ModelBars.BarriersOf(request.Config), bars.SizeOf(request.Config), from, to);
        BacktestResult result = run.Execute();
        MetricSet optimistic = result.Account.Path.Tally.AmbiguousBars == 0
            ? result.Metrics
            : (run with { Options = bars.Options with { BothTouched = BothTouched.TargetFirst } }).Execute().Metrics;
        return new(run, result, WeekBootstrap.Of(result.Trades.Return, result.Trades.EntryDate), optimistic);
    }

    /// <summary>First date of the window.</summary>
    public DateOnly First => Result.Marks.StartDate;

    /// <summary>Last date of the window.</summary>
    public DateOnly Last => Result.Marks.Date(Result.Marks.Count - 1);

    /// <summary><c>2024-01-02 to 2024-12-31</c>.</summary>
    public string Dates => $"{Text(First)} to {Text(Last)}";

    /// <summary>Trading days of the window.</summary>
    public int TradingDays => Run.Bars.DayOf[Run.To - 1] - Run.Bars.DayOf[Run.From] + 1;

    /// <summary>Return of the instrument held over the window.</summary>
    public double BuyAndHoldReturn => (Result.BuyAndHold[^1] / Result.BuyAndHold[0]) - 1;

    /// <summary>The window as JSON: dates, metrics, bootstrap, counts beside the trades.</summary>
    public JsonObject ToJson()
    {
        PathTally tally = Result.Account.Path.Tally;
        return new()
        {
            ["start"] = Text(First), ["end"] = Text(Last), ["trading_days"] = TradingDays, ["bars"] = Run.To - Run.From,
            ["initial_capital"] = Run.Options.StartingCash, ["final_equity"] = Result.Equity[^1], ["buy_and_hold_return"] = BuyAndHoldReturn,
            ["metrics"] = Result.Metrics.ToJson(),
            ["bootstrap"] = Bootstrap is not { } b ? null : new JsonObject
            {
                ["p_value"] = b.PValue, ["mean_trade_return_95ci"] = new JsonArray(b.Low, b.High), ["weeks"] = b.Weeks,
                ["resamples"] = WeekBootstrap.Resamples, ["seed"] = WeekBootstrap.Seed,
            },
            ["execution"] = new JsonObject
            {
                ["ambiguous_bars"] = tally.AmbiguousBars, ["expired_orders"] = tally.ExpiredOrders, ["refused_orders"] = tally.RefusedOrders,
                ["exit_reasons"] = Reasons(),
                ["pessimistic"] = Short(Result.Metrics), ["optimistic"] = Short(Optimistic),
            },
        };
    }

    /// <summary>How many trades ended for which reason, in the engine's words.</summary>
    public JsonObject Reasons() => new(Result.Account.Path.Reason.CountBy(r => r).OrderBy(r => r.Key)
        .Select(r => KeyValuePair.Create(r.Key.Text(), (JsonNode?)JsonValue.Create(r.Value))));

    private static JsonObject Short(MetricSet metrics) =>
        new() { ["total_return"] = metrics.TotalReturn, ["sharpe_ratio"] = metrics.SharpeRatio, ["max_drawdown"] = metrics.MaxDrawdown };

    internal static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
