using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api;

/// <summary>Reads fields of stored JSON for display; what is missing or of another kind reads as null and shows as "n/a".</summary>
internal static class JsonReading
{
    public static string? Text(this JsonNode? node, string key) => Field(node, key) is { } field
        ? field.GetValueKind() == JsonValueKind.String ? field.GetValue<string>() : field.ToJsonString()
        : null;

    public static double? Number(this JsonNode? node, string key) => Field(node, key) is { } field && field.GetValueKind() == JsonValueKind.Number
        ? field.AsValue().TryGetValue(out double value) ? value : field.GetValue<JsonElement>().GetDouble()
        : null;

    public static bool? Truth(this JsonNode? node, string key) => Field(node, key)?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static JsonArray List(this JsonNode? node, string key) => Field(node, key) as JsonArray ?? [];

    public static JsonNode? Field(JsonNode? node, string key) => node is JsonObject map && map.TryGetPropertyValue(key, out JsonNode? value) ? value : null;

    /// <summary>A JSON file, or null where it is missing or half of one: the page shows what there is.</summary>
    public static JsonNode? File(string path)
    {
        try
        {
            return JsonNode.Parse(System.IO.File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
