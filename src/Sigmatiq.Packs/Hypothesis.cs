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
    private const int IdeaLengthMax = 10_000;

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

    private static JsonArray Lines(Pack pack, IReadOnlyList<string> rules)
    {
        Dictionary<string, string> ideas = Features(pack);
        return new([.. rules.Select(r => Idea(r, ideas)).Order(StringComparer.Ordinal).Select(l => (JsonNode?)JsonValue.Create(l))]);
    }

    // Each feature written out once, after those it needs. One in a circle stays a name: such a pack is never run.
    private static Dictionary<string, string> Features(Pack pack)
    {
        Dictionary<string, PackFeature> features = pack.Features.ToDictionary(f => f.Id, StringComparer.Ordinal);
        Dictionary<string, string> ideas = new(StringComparer.Ordinal);
        foreach (PackFeature feature in pack.Features)
        {
            foreach (string id in FeatureOrder.Of(features, feature.Id, out _).Where(id => !ideas.ContainsKey(id)))
            {
                string idea = Idea(features[id].Calculation, ideas);

                // Forty features that each name the next one twice would write out a million million names.
                ideas[id] = idea.Length <= IdeaLengthMax ? idea : ContentHash.Of(idea).Hex;
            }
        }

        return ideas;
    }

    private static string Idea(string rule, Dictionary<string, string> ideas)
    {
        ParseResult<RuleExpr> parsed = RuleParser.Parse(rule);
        return parsed.IsOk ? RulePrinter.Print(parsed.Value, Name, _ => "#") : rule;

        string Name(NameExpr name)
        {
            string word = name.Name switch { "price" => "close", "macd" => "macd_line", "stoch_k" => "stochastic", _ => name.Name };
            string text = ideas.TryGetValue(word, out string? feature) ? feature : word.Contains('.', StringComparison.Ordinal) && !RuleScope.PositionNames.Contains(word) ? "#" : word;
            return name.Back == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}[{name.Back}]");
        }
    }
}
