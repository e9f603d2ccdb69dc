using System.Collections.Concurrent;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Rules;

/// <summary>What a name in a rule stands for.</summary>
public enum RuleNameKind
{
    /// <summary><c>price, open, high, low, close, volume</c>.</summary>
    BarField,

    /// <summary><c>hour, minute, day_of_week</c>.</summary>
    Clock,

    /// <summary>An output of an indicator.</summary>
    Indicator,

    /// <summary>A feature.</summary>
    Feature,

    /// <summary>A parameter of an indicator: <c>rsi.overbought</c>.</summary>
    Constant,

    /// <summary><c>position.return, position.days, position.best</c>: known only inside a position.</summary>
    Position,
}

/// <summary>One known name.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Type">Its type.</param>
/// <param name="Canonical">The one name of the column; aliases share it.</param>
/// <param name="Source">The indicator instance or feature behind it, by id; null for others.</param>
/// <param name="Output">Which output of the indicator.</param>
public sealed record RuleName(RuleNameKind Kind, RuleType Type, string Canonical, string? Source = null, int Output = 0);

/// <summary>The names that rules may use, and the parameters behind them.</summary>
/// <remarks>Immutable; <see cref="With"/> gives the scope of other indicator parameters and shares everything that does not depend on them.</remarks>
public sealed class RuleScope
{
    private const int CircleShown = 12;
    private readonly IReadOnlyDictionary<string, RuleName> names;
    private readonly IReadOnlyDictionary<string, PackFeature> features;
    private readonly IReadOnlyDictionary<string, IndicatorInstance> indicators;
    private readonly ConcurrentDictionary<string, ParseResult<RuleProgram>> compiled;

    private RuleScope(
        IReadOnlyDictionary<string, RuleName> names, IReadOnlyDictionary<string, PackFeature> features,
        IReadOnlyDictionary<string, IndicatorInstance> indicators, ConcurrentDictionary<string, ParseResult<RuleProgram>> compiled)
    {
        this.names = names;
        this.features = features;
        this.indicators = indicators;
        this.compiled = compiled;
    }

    /// <summary>Every name, in order.</summary>
    public IEnumerable<string> Names => names.Keys.Order(StringComparer.Ordinal);

    /// <summary>Bar fields and every catalog indicator with its defaults; no features. For <c>rules eval</c> without a pack.</summary>
    public static RuleScope OfCatalog() => Build([.. IndicatorCatalog.All.Select(i => new IndicatorInstance(i.Name, []))], []);

    /// <summary>Everything a pack offers, with its defaults.</summary>
    public static RuleScope OfPack(Pack pack) => Build([.. pack.Indicators.Select(i => new IndicatorInstance(i.Id, i.Params))], pack.Features);

    /// <summary>What a model selected, hidden inputs with it, with the model's parameters.</summary>
    public static RuleScope OfModel(Pack pack, ModelConfig model) => Build(
        model.FullIndicators(pack),
        [.. pack.Features.Where(f => model.Features.Contains(f.Id) || model.HiddenFeatures.Contains(f.Id))]);

    /// <summary>The scope over any indicators and features.</summary>
    public static RuleScope Build(IReadOnlyList<IndicatorInstance> indicators, IReadOnlyList<PackFeature> features)
    {
        Dictionary<string, RuleName> names = new(StringComparer.Ordinal);
        foreach (string field in (string[])["open", "high", "low", "close", "volume"])
        {
            names[field] = new(RuleNameKind.BarField, RuleType.Number, field);
        }

        names["price"] = names["close"];
        foreach (string clock in (string[])["hour", "minute", "day_of_week"])
        {
            names[clock] = new(RuleNameKind.Clock, RuleType.Number, clock);
        }

        foreach (string position in PositionNames)
        {
            names[position] = new(RuleNameKind.Position, RuleType.Number, position);
        }

        foreach (IndicatorInstance indicator in indicators)
        {
            if (indicator.Catalog is not { } catalog)
            {
                continue;
            }

            IReadOnlyList<string> outputs = indicator.OutputNames();
            foreach (var (name, output) in catalog.RuleNames())
            {
                names.TryAdd(name, new(RuleNameKind.Indicator, RuleType.Number, outputs[output], indicator.Id, output));
            }

            foreach (string parameter in catalog.Spec.Parameters.Where(p => !p.IsChoice).Select(p => p.Name))
            {
                string constant = $"{indicator.Id}.{parameter}";
                names[constant] = new(RuleNameKind.Constant, RuleType.Number, constant, indicator.Id);
            }
        }

        Dictionary<string, PackFeature> known = new(StringComparer.Ordinal);
        foreach (PackFeature feature in features)
        {
            // The type is the expression's; asking for it here would need every feature to compile, and then none could be named in a message.
            names[feature.Id] = new(RuleNameKind.Feature, RuleType.Number, feature.Id, feature.Id);
            known[feature.Id] = feature;
        }

        return new(names, known, indicators.GroupBy(i => i.Id).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal), new(StringComparer.Ordinal));
    }

    /// <summary>Names that are known only inside a position.</summary>
    public static IReadOnlyList<string> PositionNames { get; } = ["position.return", "position.days", "position.best"];

    /// <summary>The same names with other parameters for some indicators.</summary>
    public RuleScope With(IReadOnlyList<IndicatorInstance> changed)
    {
        Dictionary<string, IndicatorInstance> merged = new(indicators, StringComparer.Ordinal);
        foreach (IndicatorInstance instance in changed.Where(i => merged.ContainsKey(i.Id)))
        {
            merged[instance.Id] = instance;
        }

        return new(names, features, merged, compiled);
    }

    /// <summary>What a name stands for, or null.</summary>
    public RuleName? Find(string name) => names.GetValueOrDefault(name);

    /// <summary>The indicator behind a name.</summary>
    public IndicatorInstance Indicator(string id) => indicators[id];

    /// <summary>A feature's definition.</summary>
    public PackFeature Feature(string id) => features[id];

    /// <summary>A feature's program; EXP-1005 where it needs itself.</summary>
    public ParseResult<RuleProgram> FeatureProgram(string id)
    {
        if (compiled.TryGetValue(id, out ParseResult<RuleProgram>? done))
        {
            return done;
        }

        IReadOnlyList<string> order = FeatureOrder.Of(features, id, out IReadOnlyList<string> circle);
        if (circle.Count > 0)
        {
            return ParseResult<RuleProgram>.Refused(new Problem(
                "EXP-1005", $"The feature {circle[0]} needs itself: {Shown(circle)}.", $"features.{circle[0]}", "Write one of them without the other.", ExitCode.BadUsage));
        }

        // What a feature needs is compiled before it, so that compiling one never goes deeper than its own text.
        foreach (string feature in order.Where(f => !compiled.ContainsKey(f)))
        {
            compiled.TryAdd(feature, RuleProgram.Compile(features[feature].Calculation, this));
        }

        return compiled[id];
    }

    private static string Shown(IReadOnlyList<string> circle) =>
        circle.Count <= CircleShown ? string.Join(" → ", circle) : $"{string.Join(" → ", circle.Take(CircleShown - 2))} → … → {circle[^1]}";

    /// <summary>The value of a constant.</summary>
    public double Constant(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        IndicatorInstance indicator = indicators[name[..dot]];
        return indicator.Param(name[(dot + 1)..])!.Value;
    }
}
