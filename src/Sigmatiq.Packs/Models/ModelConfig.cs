using System.Text.Json.Nodes;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Packs.Models;

/// <summary>How much risk the user wants: multiplies stop, position cap and drawdown gate (01 §1.15).</summary>
public enum RiskProfile { Conservative, Balanced, Aggressive }

/// <summary>A model: a user's choice of one pack, one instrument and parameters. Its file is <c>models/{user}/{model}/config.yaml</c> (01 §1.14).</summary>
public sealed record ModelConfig
{
    /// <summary>Id, unique for the user.</summary>
    public required string Id { get; init; }

    /// <summary>Whose model.</summary>
    public required string UserId { get; init; }

    /// <summary>The pack.</summary>
    public required string PackId { get; init; }

    /// <summary>The pack's version; models pin it.</summary>
    public required PackVersion PackVersion { get; init; }

    /// <summary>Risk profile.</summary>
    public required RiskProfile RiskProfile { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAtUtc { get; init; }

    /// <summary>Version of this config, from 1.</summary>
    public int ConfigVersion { get; init; } = 1;

    /// <summary>What it trades.</summary>
    public required ModelInstrument Instrument { get; init; }

    /// <summary>The rules, copied from the pack.</summary>
    public required ModelStrategy Strategy { get; init; }

    /// <summary>Selected indicators in the order of the selection. A tuned one lists what was tuned, the others what the pack lists;
    /// <see cref="FullIndicators"/> has all parameters of all.</summary>
    public required IReadOnlyList<IndicatorInstance> Indicators { get; init; }

    /// <summary>Indicators that rules or features need and the user did not select.</summary>
    public required IReadOnlyList<IndicatorInstance> HiddenInputs { get; init; }

    /// <summary>Selected features in the order of the selection.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Features that the rules or other features need and the user did not select.</summary>
    public required IReadOnlyList<string> HiddenFeatures { get; init; }

    /// <summary>Protective exits and caps, overrides applied.</summary>
    public required ModelRisk Risk { get; init; }

    /// <summary>How orders leave, copied from the pack.</summary>
    public required ExecutionPolicy Execution { get; init; }

    /// <summary>Gates of the pack, the risk profile applied.</summary>
    public required PackGates Gates { get; init; }

    /// <summary><c>swingsigma@1.1.0</c>.</summary>
    public string PackReference => $"{PackId}@{PackVersion}";

    /// <summary>Selected indicators, then hidden ones, each with all its parameters: the model's over the pack's.</summary>
    public IReadOnlyList<IndicatorInstance> FullIndicators(Pack pack) =>
        [.. Indicators.Concat(HiddenInputs).Select(i => pack.FindIndicator(i.Id) is { } entry ? i.Over(entry) : i)];

    /// <summary>The config as JSON, in the file's order of keys.</summary>
    public JsonObject ToJson() => ModelConfigFile.ToJson(this);
}

/// <summary>What a model trades (01 §1.16).</summary>
/// <param name="Type">Stocks, options or futures.</param>
/// <param name="Ticker">Ticker, underlying or contract.</param>
/// <param name="Specifics">Further fields of the type, as written; null where there are none.</param>
public sealed record ModelInstrument(InstrumentType Type, string Ticker, JsonObject? Specifics = null);

/// <summary>The rules a model runs.</summary>
public sealed record ModelStrategy(string Id, IReadOnlyList<string> EntryRules, IReadOnlyList<string> ExitRules, StrategySide Side = StrategySide.Long);

/// <summary>Protective exits and caps of a model; null switches an exit off.</summary>
public sealed record ModelRisk(
    double? StopLossPct, double? TakeProfitPct, double MaxPositionPct, bool TrailingStop, double? TrailingStopPct, int? TimeStopDays, int MaxPositions);
