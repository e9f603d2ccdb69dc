using System.Text.Json.Nodes;

namespace Sigmatiq.Packs.Yaml;

/// <summary>The next edit on the way from what a document says to what it shall say.</summary>
internal static class YamlDifference
{
    /// <summary>The document after one edit; null where a part says already what it shall.</summary>
    public static YamlDocument? Step(YamlDocument document, YamlNode node, JsonNode? wanted, IReadOnlyList<string> path)
    {
        if (YamlDocument.Said(node.ToJson()) == YamlDocument.Said(wanted))
        {
            return null;
        }

        return (node, wanted) switch
        {
            (YamlMap { Entries.Count: > 0 } map, JsonObject { Count: > 0 } target) => OfMap(document, map, target, path),
            (YamlList { Items.Count: > 0 } list, JsonArray { Count: > 0 } target) => OfList(document, list, target, path),
            _ => path.Count == 0 ? null : document.Set(path, wanted),
        };
    }

    private static YamlDocument? OfMap(YamlDocument document, YamlMap map, JsonObject target, IReadOnlyList<string> path)
    {
        // New keys first: a map that loses all its old ones before is written anew.
        string[] keys = [.. target.Select(p => p.Key)];
        for (int i = 0; i < keys.Length; i++)
        {
            if (map.Find(keys[i]) is null)
            {
                int after = keys[..i].Reverse().Select(k => YamlDocument.Index(map, k)).FirstOrDefault(at => at >= 0, -1);
                return document.Insert(path, after + 1, keys[i], target[keys[i]]);
            }
        }

        if (map.Entries.FirstOrDefault(e => !target.ContainsKey(e.Key)) is { } gone)
        {
            return document.Remove([.. path, gone.Key]);
        }

        foreach (YamlEntry entry in map.Entries)
        {
            if (Step(document, entry.Value, target[entry.Key], [.. path, entry.Key]) is { } edited)
            {
                return edited;
            }
        }

        return document.Reorder(path, [.. keys.Select(k => YamlDocument.Index(map, k))]);
    }

    private static YamlDocument? OfList(YamlDocument document, YamlList list, JsonArray target, IReadOnlyList<string> path)
    {
        string[] old = [.. list.Items.Select(i => YamlDocument.Said(i.ToJson()))], wanted = [.. target.Select(YamlDocument.Said)];
        int same = 0, rest = 0;
        while (same < Math.Min(old.Length, wanted.Length) && old[same] == wanted[same])
        {
            same++;
        }

        while (rest < Math.Min(old.Length, wanted.Length) - same && old[^(rest + 1)] == wanted[^(rest + 1)])
        {
            rest++;
        }

        string at = same.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return old.Length - same - rest == 0 ? document.Insert(path, same, at, target[same])
            : wanted.Length - same - rest == 0 ? document.Remove([.. path, at])
            : Step(document, list.Items[same], target[same], [.. path, at]);
    }
}
