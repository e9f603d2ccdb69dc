using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Learning;

/// <summary>Which combo is trained, and how: what is asked for, as facts that never change.</summary>
public sealed record TrainingPlan
{
    /// <summary>The model.</summary>
    public required string ModelId { get; init; }

    /// <summary>The sweep that the combo comes from.</summary>
    public required string SweepId { get; init; }

    /// <summary>The combo's number in its sweep, from 1.</summary>
    public required int ComboId { get; init; }

    /// <summary>Its rank on the leaderboard, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>What its gates said.</summary>
    public required GateStatus Gate { get; init; }

    /// <summary>The combo's effective config, as shown (02 §2.10).</summary>
    public required JsonObject ComboConfig { get; init; }

    /// <summary>Hash of the config (02 §2.5).</summary>
    public required string ConfigHash { get; init; }

    /// <summary>Hash of the bars.</summary>
    public required string DataSnapshotId { get; init; }

    /// <summary>Pack and version, <c>swingsigma@1.1.0</c>.</summary>
    public required string Pack { get; init; }

    /// <summary>The combo's protective exits.</summary>
    public required Barriers Barriers { get; init; }

    /// <summary>The combo's threshold, on calibrated probability.</summary>
    public required double Threshold { get; init; }

    /// <summary>What the sweep held out: its share, and the first instant that it never saw (microseconds since 1970 UTC).</summary>
    public required double SweepHoldoutShare { get; init; }

    /// <inheritdoc cref="SweepHoldoutShare"/>
    public required long SweepHoldoutFirstUtcUs { get; init; }

    /// <summary>The combo's Sharpe ratio in the sweep; null where it had none.</summary>
    public double? SharpeBacktest { get; init; }

    /// <summary>Its trades in the sweep.</summary>
    public int TradesBacktest { get; init; }

    /// <summary>The sweep with which tuning runs are counted in the trial ledger; null where nobody counts.</summary>
    public StoredSweep? CountedWith { get; init; }

    /// <summary>How to fit, validate and calibrate.</summary>
    public TrainingParameters Parameters { get; init; } = TrainingParameters.Default;

    /// <summary>Trains a combo that failed its gates, for evidence: marked <c>gate_failed</c>, never for live (08 §8.12).</summary>
    public bool IsEvidenceOnly { get; init; }

    /// <summary>Artifact hash of the approved model that this refits on all labelled bars, hold-out included; null for a training.</summary>
    public string? RefitOf { get; init; }

    /// <summary>The plan that deploys an approved model: the same combo and hyperparameters on all labelled data, nothing held out, the
    /// calibration from out-of-fold scores.</summary>
    /// <param name="artifactHash">The approved model.</param>
    /// <param name="used">The hyperparameters it was fitted with.</param>
    public TrainingPlan ForRefit(string artifactHash, Hyperparameters used) =>
        this with { RefitOf = artifactHash, Parameters = Parameters with { Hyperparameters = used, Tune = false } };

    /// <summary>Which training this is, whoever asks for it and however: the same combo of the same sweep trained to the same result.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{SweepId}/{ComboId}/{Hash.Hex}");

    /// <summary>Identity of the work: everything that decides the result, without ids and times.</summary>
    public ContentHash Hash => ContentHash.OfJson(new JsonObject
    {
        ["config_hash"] = ConfigHash,
        ["data_snapshot_id"] = DataSnapshotId,
        ["pack"] = Pack,
        ["combo"] = ComboConfig.DeepClone(),
        ["barriers"] = Barriers.ToJson(),
        ["threshold"] = Threshold,
        ["gate"] = Gate.ToString().ToLowerInvariant(),
        ["sweep_holdout_share"] = SweepHoldoutShare,
        ["sweep_holdout_first_us"] = SweepHoldoutFirstUtcUs,
        ["sharpe_backtest"] = SharpeBacktest is { } sharpe && double.IsFinite(sharpe) ? sharpe : null,
        ["trades_backtest"] = TradesBacktest,
        ["parameters"] = Parameters.ToJson(),
        ["refit_of"] = RefitOf,
        ["engine_version"] = EngineOptions.EngineVersion,
    });
}

/// <summary>What a training reads: the bars of the sweep's whole range, hold-out included, and how to compute on them.</summary>
public sealed record TrainingData
{
    /// <summary>The bars, warm-up before the range included; they end with the range.</summary>
    public required BarColumns Bars { get; init; }

    /// <summary>The same bars as the engine trades on them.</summary>
    public required FillBars Fills { get; init; }

    /// <summary>First bar of the range.</summary>
    public required int From { get; init; }

    /// <summary>The engine's options of the combo: costs and fill rules.</summary>
    public required EngineOptions Options { get; init; }

    /// <summary>Computes the features of bars; called again on bars with an altered future.</summary>
    public required Func<BarColumns, FeatureColumns> ComputeFeatures { get; init; }

    /// <summary>Backtests the combo with a confidence column of shape [bars] over the bars [from, to).</summary>
    public required Func<double[], int, int, ComboOutcome> Backtest { get; init; }
}

/// <summary>What a backtest of the combo with the trained probabilities came to.</summary>
/// <param name="Sharpe">Sharpe ratio; null where it is undefined.</param>
/// <param name="SharpeLow">Lower end of its 95 % interval (02 §2.8).</param>
/// <param name="SharpeHigh">Upper end.</param>
/// <param name="Trades">Closed trades.</param>
/// <param name="TotalReturn">End over start, less 1.</param>
/// <param name="MaxDrawdown">Deepest fall, ≤ 0.</param>
/// <param name="MeanTradeReturn">Mean net return of a trade.</param>
/// <param name="PValue">One-sided p of the mean trade return being above 0.</param>
public sealed record ComboOutcome(
    double? Sharpe, double? SharpeLow, double? SharpeHigh, int Trades, double? TotalReturn, double? MaxDrawdown, double? MeanTradeReturn, double? PValue)
{
    /// <summary>What the trial ledger keeps of the backtest; null where it was none of its business.</summary>
    public TrialFigures? Figures { get; init; }

    /// <summary>The part of a backtest that a trained model is judged by.</summary>
    public static ComboOutcome Of(MetricSet metrics, TradePath path) => new(
        metrics.SharpeRatio, metrics.SharpeLow, metrics.SharpeHigh, metrics.TotalTrades, metrics.TotalReturn, metrics.MaxDrawdown, metrics.AvgTradeReturn,
        metrics.PValue) { Figures = TrialFigures.Of(path, metrics) };

    /// <summary>Nothing was traded, because there was no bar to trade on.</summary>
    public static ComboOutcome None { get; } = new(null, null, null, 0, null, null, null, null);

    /// <summary>As JSON, null where undefined.</summary>
    public JsonObject ToJson() => new()
    {
        ["sharpe_ratio"] = Sharpe, ["sharpe_interval"] = SharpeLow is null ? null : new JsonArray(SharpeLow, SharpeHigh), ["total_trades"] = Trades,
        ["total_return"] = TotalReturn, ["max_drawdown"] = MaxDrawdown, ["avg_trade_return"] = MeanTradeReturn, ["p_value"] = PValue,
    };
}
