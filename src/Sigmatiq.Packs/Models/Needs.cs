using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Models;

/// <summary>What a strategy and some features read, followed through features to indicators.</summary>
internal sealed record Needs(IReadOnlySet<string> Indicators, IReadOnlySet<string> Features, IReadOnlyList<Problem> Problems)
{
    public static Needs Of(Pack pack, PackStrategy strategy, IEnumerable<string> selectedFeatures)
    {
        RuleScope scope = RuleScope.OfPack(pack);
        HashSet<string> indicators = [], features = [];
        List<Problem> problems = [];
        ParseResult<StrategyProgram> rules = StrategyProgram.Compile(strategy.EntryLogic, strategy.ExitLogic, scope, $"strategies.{strategy.Id}");
        problems.AddRange(rules.Problems);
        if (rules.IsOk)
        {
            foreach (RuleProgram line in rules.Value.Entry.Concat(rules.Value.Exit))
            {
                Follow(line);
            }
        }

        foreach (string feature in selectedFeatures)
        {
            FollowFeature(feature);
        }

        return new(indicators, features, problems);

        void Follow(RuleProgram program)
        {
            foreach (RuleName name in program.Names)
            {
                if (name.Kind is RuleNameKind.Indicator or RuleNameKind.Constant)
                {
                    indicators.Add(name.Source!);
                }
                else if (name.Kind == RuleNameKind.Feature && features.Add(name.Source!))
                {
                    FollowFeature(name.Source!);
                }
            }
        }

        void FollowFeature(string id)
        {
            ParseResult<RuleProgram> program = scope.FeatureProgram(id);
            problems.AddRange(program.Problems);
            if (program.IsOk)
            {
                Follow(program.Value);
            }
        }
    }
}
