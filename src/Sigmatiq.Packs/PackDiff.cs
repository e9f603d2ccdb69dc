using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs;

/// <summary>One value that differs between two packs.</summary>
/// <param name="File">The file it stands in.</param>
/// <param name="Path">Where in it: <c>indicators.momentum.rsi.params.period</c>, <c>strategies.momentum_swing.entry_logic[2]</c>.</param>
/// <param name="Before">Value before as JSON; null where it was not there.</param>
/// <param name="After">Value after as JSON; null where it is gone.</param>
public sealed record PackChange(string File, string Path, string? Before, string? After);

/// <summary>What differs between two packs, value by value: what their hashes are made of, and nothing else.</summary>
public static class PackDiff
{
    /// <summary>Every changed value, in the order of the files.</summary>
    public static IReadOnlyList<PackChange> Of(Pack before, Pack after)
    {
        List<PackChange> changes = [];
        foreach (string file in PackFolder.FileNames)
        {
            Compare(file, "", before.Content[file], after.Content[file], changes);
        }

        return changes;
    }

    private static void Compare(string file, string path, JsonNode? before, JsonNode? after, List<PackChange> changes)
    {
        if ((before ?? after) is JsonObject or JsonArray && (before is null || after is null || before.GetType() == after.GetType()))
        {
            List<(string Key, JsonNode? Value)> was = Parts(before), now = Parts(after);
            foreach (string key in was.Select(p => p.Key).Union(now.Select(p => p.Key)))
            {
                string below = path.Length == 0 ? key : key[0] == '[' ? path + key : $"{path}.{key}";
                Compare(file, below, was.FirstOrDefault(p => p.Key == key).Value, now.FirstOrDefault(p => p.Key == key).Value, changes);
            }
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            changes.Add(new(file, path, before is null ? null : CanonicalJson.Text(before), after is null ? null : CanonicalJson.Text(after)));
        }
    }

    // What has an id goes by it, so that a strategy between two others is one addition; the rest of a list goes by its place.
    private static List<(string Key, JsonNode? Value)> Parts(JsonNode? node) => node switch
    {
        JsonObject map => [.. map.Select(p => (p.Key, p.Value))],
        JsonArray list => [.. list.Select((item, i) => (item is JsonObject entry && entry["id"] is JsonValue id ? id.ToString() : $"[{i.ToString(CultureInfo.InvariantCulture)}]", item))],
        _ => [],
    };
}
