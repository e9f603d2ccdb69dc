using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Trials;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>What stands beside a combo's metrics so that they are not believed too easily (spec 08 §8.9, §8.10).</summary>
/// <param name="BreakEvenBps">Extra cost a side at which the total return is 0 (<see cref="BreakEvenCost"/>); null without a trade.</param>
/// <param name="AmbiguousBars">Bars that held both stop and target; the metrics take the stop.</param>
/// <param name="OptimisticReturn">Total return with the target taken there.</param>
/// <param name="OptimisticSharpe">Sharpe ratio with the target taken there.</param>
/// <param name="OptimisticDrawdown">Deepest fall with the target taken there, ≤ 0.</param>
/// <param name="LongestHoldDays">Trading days of the longest position.</param>
/// <param name="Trial">The combo as the trial ledger counts it; null in sweeps of before.</param>
public sealed record RobustFigures(
    double? BreakEvenBps, int AmbiguousBars, double? OptimisticReturn, double? OptimisticSharpe, double? OptimisticDrawdown, int LongestHoldDays, TrialFigures? Trial)
{
    /// <summary>Of a combo of which nothing is known.</summary>
    public static RobustFigures None { get; } = new(null, 0, null, null, null, 0, null);

    /// <summary>Works them out. The optimistic engine runs only where a bar was ambiguous, and the trial's only where it starts earlier.</summary>
    /// <param name="run">The combo as it was run.</param>
    /// <param name="result">What it gave.</param>
    /// <param name="ownStart">First bar at which the combo itself can decide.</param>
    public static RobustFigures Of(BacktestRun run, BacktestResult result, int ownStart)
    {
        TradePath path = result.Account.Path;
        MetricSet optimistic = path.Tally.AmbiguousBars == 0
            ? result.Metrics
            : (run with { Options = run.Options with { BothTouched = BothTouched.TargetFirst } }).Execute().Metrics;
        BacktestResult own = ownStart == run.From ? result : (run with { From = ownStart }).Execute();
        double breakEven = BreakEvenCost.Bps(result.Account, result.Equity[^1] - result.Equity[0]);
        int longest = 0;
        for (int i = 0; i < path.Count; i++)
        {
            int exit = path.ExitBar[i] < 0 ? run.To - 1 : path.ExitBar[i];
            longest = Math.Max(longest, run.Bars.DayOf[exit] - run.Bars.DayOf[path.EntryBar[i]]);
        }

        return new(
            double.IsFinite(breakEven) ? breakEven : null, path.Tally.AmbiguousBars, optimistic.TotalReturn, optimistic.SharpeRatio, optimistic.MaxDrawdown, longest,
            TrialFigures.Of(own.Account.Path, own.Metrics));
    }

    /// <summary>The figures as a combo's row keeps them.</summary>
    public JsonObject ToJson() => new()
    {
        ["break_even_bps"] = BreakEvenBps, ["ambiguous_bars"] = AmbiguousBars, ["optimistic_return"] = OptimisticReturn,
        ["optimistic_sharpe"] = OptimisticSharpe, ["optimistic_drawdown"] = OptimisticDrawdown, ["longest_hold_days"] = LongestHoldDays, ["trial"] = Trial?.ToJson(),
    };

    /// <summary>The figures that <see cref="ToJson"/> wrote; those of a sweep of before are unknown.</summary>
    public static RobustFigures Parse(JsonObject json) => json.Count == 0 ? None : new(
        json["break_even_bps"]?.GetValue<double>(), json["ambiguous_bars"]!.GetValue<int>(), json["optimistic_return"]?.GetValue<double>(),
        json["optimistic_sharpe"]?.GetValue<double>(), json["optimistic_drawdown"]?.GetValue<double>(), json["longest_hold_days"]!.GetValue<int>(),
        json["trial"] is { } trial ? TrialFigures.Parse(trial) : null);
}
