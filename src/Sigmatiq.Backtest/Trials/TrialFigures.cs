using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest.Trials;

/// <summary>What one trial did, as the ledger counts it and deflated Sharpe reads it.</summary>
/// <remarks>From the first bar at which the combo itself can decide, whatever else its sweep holds: a sweep's metrics start where all of its
/// sets can, which moves when the sweep is split, and a count that a split can move is none.</remarks>
/// <param name="BehaviourKey">Equal for two combos with the same entry and exit bars, prices and reasons.</param>
/// <param name="Periods">Number of returns T.</param>
/// <param name="SharpePerPeriod">Sharpe ratio per return, never annual; null where the returns do not vary.</param>
/// <param name="Skewness">g₃ of the returns.</param>
/// <param name="Kurtosis">g₄ of the returns, 3 for a normal.</param>
public sealed record TrialFigures(string BehaviourKey, int Periods, double? SharpePerPeriod, double? Skewness, double? Kurtosis)
{
    /// <summary>The figures of a path and its metrics.</summary>
    public static TrialFigures Of(TradePath path, MetricSet metrics) =>
        new(Trials.BehaviourKey.Of(path), metrics.Periods, metrics.SharpePerPeriod, metrics.Skewness, metrics.Kurtosis);

    /// <summary>The figures as a combo's row keeps them.</summary>
    public JsonObject ToJson() => new()
    {
        ["behaviour_key"] = BehaviourKey, ["periods"] = Periods, ["sharpe_per_period"] = SharpePerPeriod, ["skewness"] = Skewness, ["kurtosis"] = Kurtosis,
    };

    /// <summary>The figures that <see cref="ToJson"/> wrote.</summary>
    public static TrialFigures Parse(JsonNode json) => new(
        json["behaviour_key"]!.GetValue<string>(), json["periods"]!.GetValue<int>(), json["sharpe_per_period"]?.GetValue<double>(),
        json["skewness"]?.GetValue<double>(), json["kurtosis"]?.GetValue<double>());
}
