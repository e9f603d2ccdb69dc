using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Models;

/// <summary>What a strategy and some features read, followed through features to indicators.</summary>
/// <param name="Indicators">Indicators, each with who reads it first.</param>
/// <param name="Features">Features that rules or other features read, each with who reads it first.</param>
/// <param name="Problems">Why it cannot be followed to the end: EXP codes.</param>
internal sealed record Needs(IReadOnlyDictionary<string, string> Indicators, IReadOnlyDictionary<string, string> Features, IReadOnlyList<Problem> Problems)
{
    public static Needs Of(Pack pack, PackStrategy strategy, IEnumerable<string> selectedFeatures)
    {
        RuleScope scope = RuleScope.OfPack(pack);
        Dictionary<string, string> indicators = new(StringComparer.Ordinal), features = new(StringComparer.Ordinal);
        List<Problem> problems = [];
        Queue<string> open = new();
        ParseResult<StrategyProgram> rules = StrategyProgram.Compile(strategy.EntryLogic, strategy.ExitLogic, scope, $"strategies.{strategy.Id}");
        problems.AddRange(rules.Problems);
        if (rules.IsOk)
        {
            foreach (RuleProgram line in rules.Value.Entry.Concat(rules.Value.Exit))
            {
                Read(line, $"strategy {strategy.Id}");
            }
        }

        HashSet<string> followed = new(StringComparer.Ordinal);
        foreach (string feature in selectedFeatures)
        {
            open.Enqueue(feature);
        }

        while (open.TryDequeue(out string? feature))
        {
            if (!followed.Add(feature))
            {
                continue;
            }

            ParseResult<RuleProgram> program = scope.FeatureProgram(feature);
            problems.AddRange(program.Problems);
            if (program.IsOk)
            {
                Read(program.Value, $"feature {feature}");
            }
        }

        return new(indicators, features, problems);

        void Read(RuleProgram program, string reader)
        {
            foreach (RuleName name in program.Names)
            {
                if (name.Kind is RuleNameKind.Indicator or RuleNameKind.Constant)
                {
                    indicators.TryAdd(name.Source!, reader);
                }
                else if (name.Kind == RuleNameKind.Feature)
                {
                    features.TryAdd(name.Source!, reader);
                    open.Enqueue(name.Source!);
                }
            }
        }
    }
}
