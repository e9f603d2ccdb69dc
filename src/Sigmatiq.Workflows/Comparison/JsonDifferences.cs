using System.Globalization;
using System.Text.Json.Nodes;

namespace Sigmatiq.Workflows.Comparison;

/// <summary>Where two values of JSON differ, leaf by leaf. What one side lacks altogether is one difference, however much it holds, and so
/// is a list of plain values: within it a place means nothing.</summary>
internal static class JsonDifferences
{
    public static IEnumerable<(string Path, JsonNode? A, JsonNode? B)> Of(string path, JsonNode? a, JsonNode? b) => (a, b) switch
    {
        (JsonObject one, JsonObject other) => one.Select(f => f.Key).Union(other.Select(f => f.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .SelectMany(key => Of(path.Length == 0 ? key : $"{path}.{key}", one[key], other[key])),
        (JsonArray one, JsonArray other) when one.Concat(other).Any(i => i is JsonObject or JsonArray) => Enumerable.Range(0, Math.Max(one.Count, other.Count))
            .SelectMany(i => Of(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), i < one.Count ? one[i] : null, i < other.Count ? other[i] : null)),
        _ => JsonNode.DeepEquals(a, b) ? [] : [(path, a, b)],
    };
}
