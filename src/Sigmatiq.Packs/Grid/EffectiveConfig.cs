using System.Text.Json.Nodes;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs.Grid;

/// <summary>Everything that decides how one combo trades: combo over model over pack (01 §1.15).</summary>
public sealed record EffectiveConfig
{
    /// <summary>The combo.</summary>
    public required Combo Combo { get; init; }

    /// <summary>The model.</summary>
    public required ModelConfig Model { get; init; }

    /// <summary>The pack.</summary>
    public required Pack Pack { get; init; }

    /// <summary>All indicators, hidden ones too, with the combo's parameters.</summary>
    public required IReadOnlyList<IndicatorInstance> Indicators { get; init; }

    /// <summary>Equal where the indicators run with equal parameters, so that columns, masks and scores can be shared.</summary>
    public required string IndicatorKey { get; init; }

    /// <summary>Confidence an entry needs; null where the combo has none.</summary>
    public required double? Threshold { get; init; }

    /// <summary>What the threshold is compared with; null where the pack uses no confidence.</summary>
    public ConfidenceKind? Confidence { get; init; }

    /// <summary>Hours that admit entries, on the clock of <see cref="EnginePolicy.Hours"/>.</summary>
    public required HourSet AllowedHours { get; init; }

    /// <summary>Share of equity (or cash) in percent; null leaves the size to the pack's method.</summary>
    public required double? PositionSizePct { get; init; }

    /// <summary>Fixed stop in percent below the entry, or null.</summary>
    public required double? StopLossPct { get; init; }

    /// <summary>Target in percent above the entry, or null.</summary>
    public required double? TakeProfitPct { get; init; }

    /// <summary>Trail in percent below the best price, or null where it is off.</summary>
    public required double? TrailingStopPct { get; init; }

    /// <summary>Trading days until the time stop, or null.</summary>
    public required int? TimeStopDays { get; init; }

    /// <summary>Open positions, at most.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Position size above the model's cap: allowed in a sweep, cannot be published (SWS-1005).</summary>
    public bool ExceedsModelCap => PositionSizePct > Model.Risk.MaxPositionPct;

    /// <summary>The engine's terms.</summary>
    public EnginePolicy Engine => Pack.Policies.Engine;

    /// <summary>Order policy.</summary>
    public ExecutionPolicy Execution => Model.Execution;

    /// <summary><see cref="PositionSizePct"/> as a fraction.</summary>
    public double? PositionSize => PositionSizePct is { } pct ? Percent.ToFraction(pct) : null;

    /// <summary><see cref="StopLossPct"/> as a fraction.</summary>
    public double? StopLoss => StopLossPct is { } pct ? Percent.ToFraction(pct) : null;

    /// <summary><see cref="TakeProfitPct"/> as a fraction.</summary>
    public double? TakeProfit => TakeProfitPct is { } pct ? Percent.ToFraction(pct) : null;

    /// <summary><see cref="TrailingStopPct"/> as a fraction.</summary>
    public double? TrailingStop => TrailingStopPct is { } pct ? Percent.ToFraction(pct) : null;

    /// <summary>Applies one combo to a model; for many use one <see cref="ComboResolver"/>.</summary>
    public static EffectiveConfig Of(Pack pack, ModelConfig model, Combo combo, HourSet sessionHours) => new ComboResolver(pack, model, sessionHours).Resolve(combo);

    /// <summary>What the leaderboard shows as the combo's config: the swept keys, presets expanded.</summary>
    public JsonObject ToJson() => Combo.ToJson();

    /// <summary>All that decides trading, without names, descriptions, tags and times; what is hashed, less engine and costs.</summary>
    public JsonObject TradingJson() => new()
    {
        ["pack_id"] = Pack.Id,
        ["pack_version"] = Pack.Version.ToString(),
        ["instrument"] = Model.ToJson()["instrument"]!.DeepClone(),
        ["strategy"] = new JsonObject
        {
            ["id"] = Model.Strategy.Id,
            ["entry_rules"] = new JsonArray([.. Model.Strategy.EntryRules.Select(r => (JsonNode?)r)]),
            ["exit_rules"] = new JsonArray([.. Model.Strategy.ExitRules.Select(r => (JsonNode?)r)]),
            ["side"] = EnumWords<StrategySide>.Text(Model.Strategy.Side),
        },
        ["indicators"] = InstancesJson(Indicators),
        ["features"] = new JsonArray([.. Model.Features.Select(f => (JsonNode?)f)]),
        ["risk_management"] = RiskJson(),
        ["execution"] = ModelConfigFile.ExecutionJson(Execution),
        // Of the model's risk gates the one that caps a size; the others decide no trade of a backtest.
        ["risk_gates"] = new JsonObject { ["max_position_size_pct"] = Model.Gates.Risk.MaxPositionSizePct },
        ["execution_gates"] = ModelConfigFile.GatesJson(Model.Gates)["execution"]!.DeepClone(),
        ["engine"] = Engine.ToJson(),
        ["combo"] = ComboJson(),
    };

    /// <summary><c>config_hash</c> (02 §2.5).</summary>
    /// <param name="engineVersion">Version of the engine's arithmetic.</param>
    /// <param name="costModel">The cost model with its numbers.</param>
    public ContentHash ConfigHash(string engineVersion, JsonNode costModel) => ContentHash.OfJson(HashedJson(engineVersion, costModel));

    /// <summary>What <see cref="ConfigHash"/> hashes. <see cref="ConfigHasher"/> relies on a grid varying three of its keys only: those made by
    /// <see cref="ComboJson"/>, <see cref="RiskJson"/> and <see cref="InstancesJson"/>.</summary>
    internal JsonObject HashedJson(string engineVersion, JsonNode costModel)
    {
        JsonObject json = TradingJson();
        json["engine_version"] = engineVersion;
        json["cost_model"] = costModel.DeepClone();
        return json;
    }

    internal JsonObject ComboJson()
    {
        var json = new JsonObject
        {
            ["threshold"] = Threshold,
            ["confidence"] = Confidence is { } kind ? EnumWords<ConfidenceKind>.Text(kind) : null,
            ["allowed_hours"] = AllowedHours.ToJson(),
            ["position_size_pct"] = PositionSizePct,
            ["sizing_method"] = EnumWords<SizingMethod>.Text(Pack.Policies.Sizing.Method),
        };
        if (Pack.Policies.Sizing.VolTargetPct is { } target)
        {
            json["vol_target_pct"] = target;
        }

        return json;
    }

    internal JsonObject RiskJson() => ModelConfigFile.RiskJson(new(
        StopLossPct, TakeProfitPct, Model.Risk.MaxPositionPct, TrailingStopPct is not null, TrailingStopPct, TimeStopDays, MaxPositions));

    internal static JsonObject InstancesJson(IEnumerable<IndicatorInstance> indicators) =>
        new(indicators.Select(i => KeyValuePair.Create(i.Id, (JsonNode?)i.ParamsJson())));
}
