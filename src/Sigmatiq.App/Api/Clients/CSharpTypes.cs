using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Clients;

/// <summary>Types of the interface as C# writes them: a record for each schema that has properties.</summary>
internal static class CSharpTypes
{
    private const string Anything = "JsonElement";

    /// <summary>The C# type of a schema, with <c>?</c> where it may be null.</summary>
    public static string Of(JsonObject? schema)
    {
        if (schema is null)
        {
            return Anything;
        }

        if (schema["$ref"] is JsonValue reference)
        {
            return CSharpNames.Type(reference.GetValue<string>().Split('/')[^1]);
        }

        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
        {
            JsonObject[] real = [.. choices.OfType<JsonObject>().Where(c => !IsNull(c))];
            string one = real.Length == 1 ? Of(real[0]) : Anything;
            return choices.Count > real.Length ? Nullable(one) : one;
        }

        string[] types = schema["type"] switch
        {
            JsonArray several => [.. several.Select(t => t!.GetValue<string>())],
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
        // A number that may also come as text by its pattern is written as a number by us.
        string[] kinds = [.. types.Where(t => t != "null" && !(t == "string" && types.Any(u => u is "number" or "integer")))];
        string type = kinds.Length == 1 ? Of(kinds[0], schema) : Anything;
        return types.Contains("null") ? Nullable(type) : type;
    }

    /// <summary>The record of a schema with properties; empty for one without, which has no type of its own.</summary>
    public static IEnumerable<string> Declare(string name, JsonObject schema)
    {
        string type = CSharpNames.Type(name);
        JsonObject properties = schema["properties"]?.AsObject() ?? [];
        HashSet<string> required = [.. (schema["required"] as JsonArray ?? []).Select(r => r!.GetValue<string>())];
        IReadOnlyList<string> names = CSharpNames.Distinct(properties.Select(p => p.Key), CSharpNames.Type, [type, "Equals", "GetHashCode", "ToString", "GetType", "EqualityContract"]);
        yield return Summary(schema, "");
        yield return $"public sealed record {type}";
        yield return "{";
        int index = 0;
        foreach ((string key, JsonNode? value) in properties)
        {
            string written = Of(value as JsonObject);
            bool isRequired = required.Contains(key);
            yield return Summary(value as JsonObject, "    ");
            yield return $"    [JsonPropertyName({CSharpNames.Literal(key)})]";
            yield return $"    public {(isRequired ? "required " : "")}{(isRequired ? written : Nullable(written))} {names[index++]} {{ get; init; }}";
            yield return "";
        }

        yield return "}";
        yield return "";
    }

    /// <summary>The same type, null allowed.</summary>
    public static string Nullable(string type) => type.EndsWith('?') ? type : type + "?";

    /// <summary>The description of a schema as a doc comment.</summary>
    public static string Summary(JsonObject? schema, string indent)
    {
        string? text = schema?["description"]?.GetValue<string>()
            ?? ((schema?["oneOf"] as JsonArray)?.OfType<JsonObject>().Select(c => c["description"]?.GetValue<string>()).FirstOrDefault(t => t is not null));
        return $"{indent}/// <summary>{CSharpNames.Comment(text ?? "As the interface describes it.")}</summary>";
    }

    private static string Of(string kind, JsonObject schema) => kind switch
    {
        "string" when schema["format"]?.GetValue<string>() == "date-time" => "DateTimeOffset",
        "string" => "string",
        "integer" => schema["format"]?.GetValue<string>() == "int32" ? "int" : "long",
        "number" => "double",
        "boolean" => "bool",
        "array" => $"IReadOnlyList<{Of(schema["items"] as JsonObject)}>",
        "object" when schema["additionalProperties"] is JsonObject values => $"IReadOnlyDictionary<string, {Of(values)}>",
        _ => Anything,
    };

    private static bool IsNull(JsonObject schema) => schema["type"] is JsonValue type && type.GetValueKind() == System.Text.Json.JsonValueKind.String && type.GetValue<string>() == "null";
}
