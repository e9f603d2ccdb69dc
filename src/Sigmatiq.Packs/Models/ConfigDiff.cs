using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs.Models;

/// <summary>One value of a config that changes.</summary>
/// <param name="Path">Where it stands: <c>model.pack_version</c>, <c>indicators.rsi.period</c>, <c>strategy.entry_rules[2]</c>.</param>
/// <param name="Before">Value before as JSON, null where it was not there.</param>
/// <param name="After">Value after as JSON, null where it is gone.</param>
public sealed record ConfigChange(string Path, string? Before, string? After);

/// <summary>What differs between two configs, by YAML path.</summary>
public static class ConfigDiff
{
    /// <summary>Every changed value, in the order of the file.</summary>
    public static IReadOnlyList<ConfigChange> Of(ModelConfig before, ModelConfig after)
    {
        List<ConfigChange> changes = [];
        Compare("", before.ToJson(), after.ToJson(), changes);
        return changes;
    }

    /// <summary>The changes as a unified diff: a heading per path, the old value after a minus, the new one after a plus.</summary>
    public static string Unified(ModelConfig before, ModelConfig after)
    {
        StringBuilder text = new();
        text.Append("--- ").Append(Named(before)).Append('\n').Append("+++ ").Append(Named(after)).Append('\n');
        foreach (ConfigChange change in Of(before, after))
        {
            text.Append("@@ ").Append(change.Path).Append(" @@\n");
            if (change.Before is not null)
            {
                text.Append('-').Append(change.Before).Append('\n');
            }

            if (change.After is not null)
            {
                text.Append('+').Append(change.After).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Named(ModelConfig model) =>
        string.Create(CultureInfo.InvariantCulture, $"models/{model.UserId}/{model.Id}/config.yaml  {model.PackReference}, config version {model.ConfigVersion}");

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<ConfigChange> changes)
    {
        if (before is JsonArray || after is JsonArray)
        {
            Pair(path, Items(before as JsonArray), Items(after as JsonArray), changes);
        }
        else if (before is JsonObject or null && after is JsonObject or null && (before ?? after) is not null)
        {
            Pair(path, Keys(before as JsonObject), Keys(after as JsonObject), changes);
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            changes.Add(new(path, before is null ? null : CanonicalJson.Text(before), after is null ? null : CanonicalJson.Text(after)));
        }
    }

    private static void Pair(string path, List<(string Key, JsonNode? Value)> before, List<(string Key, JsonNode? Value)> after, List<ConfigChange> changes)
    {
        foreach (string key in before.Select(p => p.Key).Union(after.Select(p => p.Key)))
        {
            Compare(path.Length == 0 ? key : key[0] == '[' ? path + key : $"{path}.{key}", before.FirstOrDefault(p => p.Key == key).Value, after.FirstOrDefault(p => p.Key == key).Value, changes);
        }
    }

    private static List<(string, JsonNode?)> Keys(JsonObject? map) => [.. (map ?? []).Select(p => (p.Key, p.Value))];

    // Lists of one-key maps go by that key, as indicators do; others by their place.
    private static List<(string, JsonNode?)> Items(JsonArray? list) =>
        [.. (list ?? []).Select((item, i) => item is JsonObject { Count: 1 } map ? (map.First().Key, map.First().Value) : ($"[{i.ToString(CultureInfo.InvariantCulture)}]", item))];
}
