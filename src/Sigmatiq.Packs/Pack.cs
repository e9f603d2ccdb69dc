using System.Text.Json.Nodes;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs;

/// <summary>A strategy pack: indicators, features, rules, gates and policies under one version (spec 01). One in hand was read from six
/// well-formed files; whether its parts fit together is what the linter says.</summary>
/// <remarks>Read next: <see cref="PackFolder"/> (files to pack), <see cref="PackLibrary"/> (finding one), <see cref="Lint.PackLinter"/>,
/// <see cref="Rules.RuleProgram"/> (expressions to columns), <see cref="Models.ModelConfig"/> (a user's choice of one pack),
/// <see cref="Grid.SweepPlan"/> (its combos).</remarks>
public sealed record Pack
{
    /// <summary>Lower-case id, unique among packs.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Version; a published one never changes.</summary>
    public required PackVersion Version { get; init; }

    /// <summary>One line for people.</summary>
    public required string Description { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string Author { get; init; }

    /// <summary>When it was first written.</summary>
    public required DateOnly CreatedAt { get; init; }

    /// <summary>The five dimensions of character.</summary>
    public required Vibe Vibe { get; init; }

    /// <summary>Words to find it by.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>What it can trade.</summary>
    public required IReadOnlyList<InstrumentType> SupportedInstruments { get; init; }

    /// <summary>What it trades unless a model says otherwise.</summary>
    public required InstrumentType DefaultInstrument { get; init; }

    /// <summary>Indicators in the order of the file.</summary>
    public required IReadOnlyList<PackIndicator> Indicators { get; init; }

    /// <summary>Features in the order of the file.</summary>
    public required IReadOnlyList<PackFeature> Features { get; init; }

    /// <summary>Strategies in the order of the file; the first is the default.</summary>
    public required IReadOnlyList<PackStrategy> Strategies { get; init; }

    /// <summary>Limits that results, orders and portfolios must keep.</summary>
    public required PackGates Gates { get; init; }

    /// <summary>How orders are made, sized and protected.</summary>
    public required PackPolicies Policies { get; init; }

    /// <summary>The six files as JSON, file name to content: what is hashed.</summary>
    public required JsonObject Content { get; init; }

    /// <summary><c>pack_hash</c>: SHA-256 of the canonical JSON of all six files (01 §1.12).</summary>
    public required ContentHash Hash { get; init; }

    /// <summary>Where some keys stand in the files, by path: <c>strategies.momentum_swing.entry_logic[0]</c>.</summary>
    public IReadOnlyDictionary<string, YamlPlace> Places { get; init; } = new Dictionary<string, YamlPlace>();

    /// <summary><c>swingsigma@1.1.0</c>.</summary>
    public string Reference => $"{Id}@{Version}";

    /// <summary>The indicator of an id, or null.</summary>
    public PackIndicator? FindIndicator(string id) => Indicators.FirstOrDefault(i => i.Id == id);

    /// <summary>The feature of an id, or null.</summary>
    public PackFeature? FindFeature(string id) => Features.FirstOrDefault(f => f.Id == id);

    /// <summary>The strategy of an id, or null.</summary>
    public PackStrategy? FindStrategy(string id) => Strategies.FirstOrDefault(s => s.Id == id);
}

/// <summary>The five dimensions of a pack's character (01 §1.2).</summary>
public sealed record Vibe(
    TimeHorizon TimeHorizon, RiskAppetite RiskAppetite, DecisionStyle DecisionStyle, MarketPreference MarketPreference, ExecutionCharacter ExecutionCharacter);

/// <summary>How long a position lives.</summary>
public enum TimeHorizon { Seconds, Minutes, Hours, Days, Weeks, Months }

/// <summary>How much it may hurt.</summary>
public enum RiskAppetite { Conservative, Balanced, Aggressive }

/// <summary>What decides.</summary>
public enum DecisionStyle { Technical, Fundamental, Sentiment, Flow }

/// <summary>Which market it likes.</summary>
public enum MarketPreference { Trending, Ranging, Volatile, AllWeather }

/// <summary>How it trades.</summary>
public enum ExecutionCharacter { Aggressive, Patient, Adaptive }

/// <summary>Kind of instrument; plural in packs and models, as in the sources.</summary>
public enum InstrumentType { Stocks, Options, Futures }

/// <summary>Which way a strategy may be positioned.</summary>
public enum StrategySide { Long, Short, Both }

/// <summary>One indicator of a pack.</summary>
/// <param name="Group"><c>momentum</c>, <c>trend</c>, <c>volatility</c> or <c>volume</c>.</param>
/// <param name="Id">Id in rules, models and overrides, e.g. <c>ema_20</c>.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Params">Parameters in the order of the file.</param>
public sealed record PackIndicator(string Group, string Id, string Name, IReadOnlyList<IndicatorParam> Params);

/// <summary>One parameter of an indicator.</summary>
/// <param name="Name">Name, e.g. <c>period</c>.</param>
/// <param name="Value">Value; 1 and 0 for true and false.</param>
/// <param name="IsFlag">Whether it is written true or false.</param>
/// <param name="Word">The word of a setting that is one of several (<c>seed: first_value</c>); null for a number, whose value it then has none.</param>
public sealed record IndicatorParam(string Name, double Value, bool IsFlag = false, string? Word = null)
{
    /// <summary>The value as YAML and JSON have it.</summary>
    public JsonNode ToJson() => Word is not null ? JsonValue.Create(Word) : IsFlag ? JsonValue.Create(Value != 0) : JsonValue.Create(Value);
}

/// <summary>One derived series.</summary>
/// <param name="Id">Id in rules.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Calculation">Expression (01 §1.8).</param>
/// <param name="Scale">The learning matrix and displays use value / scale, clipped to [−1, 1]; null leaves it as it is.</param>
public sealed record PackFeature(string Id, string Name, string Calculation, double? Scale = null);

/// <summary>One strategy: all entry lines must hold, any exit line closes.</summary>
public sealed record PackStrategy(
    string Id, string Name, string Description, IReadOnlyList<string> EntryLogic, IReadOnlyList<string> ExitLogic, StrategySide Side = StrategySide.Long);
