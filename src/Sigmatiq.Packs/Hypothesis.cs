using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs;

/// <summary>What trials count against: an instrument and the idea of a strategy (08 §8.10), known by content.</summary>
/// <param name="Key">Hash of instrument, side and rules, whatever pack they stand in: a renamed or copied pack gives the same key.</param>
/// <param name="Lineage">Pack, strategy and instrument by name: a new version whose rules changed keeps it. A ledger counts a trial where
/// either is known.</param>
public sealed record Hypothesis(ContentHash Key, string Lineage)
{
    /// <summary>The hypothesis of a model.</summary>
    /// <remarks>Features are written out, the order of lines does not matter, and numbers do not either: a level moved from 70 to 71 is another
    /// trial on the same idea. Barriers, sizes and parameters are the combo's and never part of it. Synthetic tickers end in .SYN, so
    /// synthetic and real data count apart.</remarks>
    public static Hypothesis Of(Pack pack, ModelConfig model)
    {
        JsonObject content = new()
        {
            ["instrument"] = EnumWords<InstrumentType>.Text(model.Instrument.Type),
            ["ticker"] = model.Instrument.Ticker,
            ["side"] = EnumWords<StrategySide>.Text(model.Strategy.Side),
            ["entry"] = Lines(pack, model.Strategy.EntryRules),
            ["exit"] = Lines(pack, model.Strategy.ExitRules),
        };
        return new(ContentHash.OfJson(content), $"{pack.Id}/{model.Strategy.Id}/{EnumWords<InstrumentType>.Text(model.Instrument.Type)}/{model.Instrument.Ticker}");
    }

    private static JsonArray Lines(Pack pack, IReadOnlyList<string> rules) =>
        new([.. rules.Select(r => Idea(pack, r, depth: 0)).Order(StringComparer.Ordinal).Select(l => (JsonNode?)JsonValue.Create(l))]);

    private static string Idea(Pack pack, string rule, int depth)
    {
        ParseResult<RuleExpr> parsed = RuleParser.Parse(rule);
        return parsed.IsOk && depth <= pack.Features.Count ? RulePrinter.Print(parsed.Value, Name, _ => "#") : rule;

        string Name(NameExpr name)
        {
            string word = name.Name switch { "price" => "close", "macd" => "macd_line", "stoch_k" => "stochastic", _ => name.Name };
            string text = pack.FindFeature(word) is { } feature ? Idea(pack, feature.Calculation, depth + 1) : word.Contains('.', StringComparison.Ordinal) && !RuleScope.PositionNames.Contains(word) ? "#" : word;
            return name.Back == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}[{name.Back}]");
        }
    }
}
