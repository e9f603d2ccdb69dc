using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;

namespace Sigmatiq.Backtest.Trials;

/// <summary>What the ledger says of a sweep's combos now. It is read whenever it is shown and kept nowhere but in what was voted on: each new
/// trial on the idea lowers it.</summary>
/// <param name="Count">Trials on the hypothesis so far.</param>
public sealed record Deflation(TrialCount Count)
{
    /// <summary>What the best of so many trials without skill is expected to show, per period.</summary>
    public double? Floor => DeflatedSharpe.FloorOf(Math.Max(1, Count.Different), Count.SharpeVariance);

    /// <summary>The deflated Sharpe ratio of a combo.</summary>
    public DeflatedSharpe Of(StoredCombo combo) => Of(combo.Robust.Trial ?? OfMetrics(combo.Metrics));

    /// <summary>The deflated Sharpe ratio of what a combo did as a trial.</summary>
    public DeflatedSharpe Of(TrialFigures figures) => DeflatedSharpe.Of(
        figures.SharpePerPeriod, figures.Periods, figures.Skewness, figures.Kurtosis, Math.Max(1, Count.Different), Count.SharpeVariance);

    /// <summary>The object of leaderboards and evidence.</summary>
    public JsonObject ToJson() => new()
    {
        ["raw"] = Count.Raw, ["different"] = Count.Different, ["sharpe_variance"] = Count.SharpeVariance, ["sr0_per_period"] = Floor,
    };

    // A sweep of before kept no figures of its own for the ledger: those of its metrics were the same but for the start.
    private static TrialFigures OfMetrics(JsonObject json)
    {
        MetricSet metrics = MetricSet.Parse(json);
        return new("", metrics.Periods, metrics.SharpePerPeriod, metrics.Skewness, metrics.Kurtosis);
    }
}
