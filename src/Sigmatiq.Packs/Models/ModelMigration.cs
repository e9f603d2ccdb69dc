using System.Text.Json.Nodes;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Models;

/// <summary>One line of a config that a migration changes.</summary>
/// <param name="Path">Key, e.g. <c>model.pack_version</c>.</param>
/// <param name="Before">Value before as JSON, null where it was not there.</param>
/// <param name="After">Value after as JSON, null where it is gone.</param>
public sealed record ConfigChange(string Path, string? Before, string? After);

/// <summary>A model's config on another version of its pack (01 §1.12): the new config and what it changes. Going back is migrating to the
/// version one came from.</summary>
/// <param name="Config">The config after.</param>
/// <param name="Changes">Every changed key, in the file's order.</param>
public sealed record ModelMigration(ModelConfig Config, IReadOnlyList<ConfigChange> Changes)
{
    /// <summary>Works out the migration; nothing is written.</summary>
    /// <returns>The migration, or MDL-1010 where an indicator or feature of the model would have other values, MDL-1003 where the new version
    /// lacks something the model uses.</returns>
    public static ParseResult<ModelMigration> Of(ModelConfig model, Pack from, Pack to)
    {
        List<Problem> problems = [];
        PackStrategy? strategy = to.FindStrategy(model.Strategy.Id);
        if (strategy is null)
        {
            problems.Add(Lacks(to, "strategy", model.Strategy.Id));
        }

        Dictionary<string, string> before = model.FullIndicators(from).ToDictionary(i => i.Id, i => i.ValueKey());
        foreach (IndicatorInstance after in model.FullIndicators(to))
        {
            if (to.FindIndicator(after.Id) is null)
            {
                problems.Add(Lacks(to, "indicator", after.Id));
            }
            else if (after.ValueKey() != before[after.Id])
            {
                problems.Add(Differs($"indicator {after.Id}", before[after.Id], after.ValueKey(), to));
            }
        }

        foreach (string id in model.Features.Concat(model.HiddenFeatures))
        {
            string? old = Meaning(from, id), now = Meaning(to, id);
            if (now is null)
            {
                problems.Add(Lacks(to, "feature", id));
            }
            else if (now != old)
            {
                problems.Add(Differs($"feature {id}", old ?? "nothing", now, to));
            }
        }

        if (problems.Count > 0)
        {
            return ParseResult<ModelMigration>.Refused(problems);
        }

        ModelConfig config = model with
        {
            PackId = to.Id,
            PackVersion = to.Version,
            ConfigVersion = model.ConfigVersion + 1,
            Strategy = new(strategy!.Id, strategy.EntryLogic, strategy.ExitLogic, strategy.Side),
        };
        List<ConfigChange> changes = [];
        Compare("", model.ToJson(), config.ToJson(), changes);
        return ParseResult<ModelMigration>.Ok(new(config, changes));
    }

    private static string? Meaning(Pack pack, string id) =>
        pack.FindFeature(id) is { } feature && RuleParser.Parse(feature.Calculation) is { IsOk: true } parsed ? RulePrinter.Print(parsed.Value) : null;

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<ConfigChange> changes)
    {
        if (before is JsonObject a && after is JsonObject b)
        {
            foreach (string key in a.Select(p => p.Key).Union(b.Select(p => p.Key)))
            {
                Compare(path.Length == 0 ? key : $"{path}.{key}", a[key], b[key], changes);
            }
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            changes.Add(new(path, before is null ? null : CanonicalJson.Text(before), after is null ? null : CanonicalJson.Text(after)));
        }
    }

    private static Problem Lacks(Pack to, string what, string id) =>
        new("MDL-1003", $"Pack {to.Reference} has no {what} '{id}'.", what, "Keep the version, or make a new model.", ExitCode.BadUsage);

    private static Problem Differs(string what, string before, string after, Pack to) =>
        new("MDL-1010", $"The {what} would be {after} on {to.Reference}, it is {before}.", what, "Keep the version, or make a new model: its trials are others.", ExitCode.BadUsage);
}
