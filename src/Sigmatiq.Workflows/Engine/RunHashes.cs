using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>The hashes of a run's results, by step and name: what two runs of one plan must have in common.</summary>
/// <remarks>Taken from the outputs: every field that ends in <c>_hash</c>, every entry of a field that ends in <c>_hashes</c>, and
/// <c>snapshot</c>. None of them covers a time or an id; a digest of a vote does, and is none of them.</remarks>
public static class RunHashes
{
    /// <summary>The hashes of all steps that have succeeded, e.g. <c>train[1].artifact_hash</c>.</summary>
    public static SortedDictionary<string, string> Of(RunState state)
    {
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (StepRun step in state.Steps)
        {
            foreach (StepInstance instance in step.Instances.Where(i => i.Status == StepStatus.Succeeded))
            {
                string name = step.Spec.ForEach is null ? step.Spec.Name : string.Create(CultureInfo.InvariantCulture, $"{step.Spec.Name}[{instance.Index}]");
                foreach (var (field, value) in instance.Output ?? [])
                {
                    Add(hashes, $"{name}.{field}", field, value);
                }
            }
        }

        return hashes;
    }

    private static void Add(SortedDictionary<string, string> hashes, string key, string field, JsonNode? value)
    {
        if (value is JsonObject map && field.EndsWith("_hashes", StringComparison.Ordinal))
        {
            foreach (var (entry, hash) in map)
            {
                hashes[$"{key}.{entry}"] = hash?.ToString() ?? "";
            }
        }
        else if (value is JsonValue && (field.EndsWith("_hash", StringComparison.Ordinal) || field == "snapshot"))
        {
            hashes[key] = value.ToString();
        }
    }
}
