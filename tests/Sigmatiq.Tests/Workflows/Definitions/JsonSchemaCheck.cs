using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sigmatiq.Tests.Workflows.Definitions;

/// <summary>JSON Schema draft 7, as far as our schemas go; knows nothing of the program. A keyword that it does not know is an error, or it
/// would check less than it seems to.</summary>
internal sealed class JsonSchemaCheck(JsonObject root)
{
    /// <summary>Everything wrong with a value, as path and keyword.</summary>
    public IReadOnlyList<string> Check(JsonNode? value) => [.. Check(root, value, "")];

    private IEnumerable<string> Check(JsonNode? schema, JsonNode? value, string at)
    {
        if (schema is JsonValue always)
        {
            return always.GetValue<bool>() ? [] : [$"{at}: not allowed"];
        }

        List<string> wrong = [];
        foreach (var (keyword, rule) in schema!.AsObject())
        {
            switch (keyword)
            {
                case "$schema" or "title" or "description" or "default" or "definitions" or "then" or "else":
                    break;
                case "patternProperties" or "propertyNames" or "additionalProperties" or "properties" or "required" or "minProperties" or "maxProperties":
                    wrong.AddRange(value is JsonObject map ? OfMap(schema.AsObject(), keyword, rule, map, at) : []);
                    break;
                case "items":
                    wrong.AddRange((value as JsonArray ?? []).SelectMany((item, i) => Check(rule, item, $"{at}/{i}")));
                    break;
                case "maxItems":
                    wrong.AddRange(value is JsonArray { Count: var n } && n > rule!.GetValue<int>() ? [$"{at}: maxItems"] : []);
                    break;
                case "$ref":
                    wrong.AddRange(Check(Resolve(rule!.GetValue<string>()), value, at));
                    break;
                case "type":
                    string[] types = rule is JsonArray many ? [.. many.Select(t => t!.GetValue<string>())] : [rule!.GetValue<string>()];
                    wrong.AddRange(types.Any(t => IsOf(t, value)) ? [] : [$"{at}: type"]);
                    break;
                case "enum":
                    wrong.AddRange(rule!.AsArray().Any(v => JsonNode.DeepEquals(v, value)) ? [] : [$"{at}: enum"]);
                    break;
                case "const":
                    wrong.AddRange(JsonNode.DeepEquals(rule, value) ? [] : [$"{at}: const"]);
                    break;
                case "pattern":
                    wrong.AddRange(Text(value) is { } text && !Regex.IsMatch(text, rule!.GetValue<string>(), RegexOptions.ECMAScript) ? [$"{at}: pattern"] : []);
                    break;
                case "minimum":
                    wrong.AddRange(Number(value) < rule!.GetValue<double>() ? [$"{at}: minimum"] : []);
                    break;
                case "maximum":
                    wrong.AddRange(Number(value) > rule!.GetValue<double>() ? [$"{at}: maximum"] : []);
                    break;
                case "anyOf":
                    wrong.AddRange(rule!.AsArray().Any(s => !Check(s, value, at).Any()) ? [] : [$"{at}: anyOf"]);
                    break;
                case "allOf":
                    wrong.AddRange(rule!.AsArray().SelectMany(s => Check(s, value, at)));
                    break;
                case "if":
                    string branch = Check(rule, value, at).Any() ? "else" : "then";
                    wrong.AddRange(schema[branch] is { } next ? Check(next, value, at) : []);
                    break;
                default:
                    throw new NotSupportedException($"The check does not know the keyword '{keyword}'.");
            }
        }

        return wrong;
    }

    private IEnumerable<string> OfMap(JsonObject schema, string keyword, JsonNode? rule, JsonObject map, string at) => keyword switch
    {
        "required" => rule!.AsArray().Select(k => k!.GetValue<string>()).Where(k => !map.ContainsKey(k)).Select(k => $"{at}: required {k}"),
        "minProperties" => map.Count < rule!.GetValue<int>() ? [$"{at}: minProperties"] : [],
        "maxProperties" => map.Count > rule!.GetValue<int>() ? [$"{at}: maxProperties"] : [],
        "propertyNames" => map.SelectMany(p => Check(rule, JsonValue.Create(p.Key), $"{at}/{p.Key}")),
        "properties" => map.Where(p => rule!.AsObject().ContainsKey(p.Key)).SelectMany(p => Check(rule![p.Key], p.Value, $"{at}/{p.Key}")),
        "patternProperties" => rule!.AsObject().SelectMany(r => map.Where(p => Regex.IsMatch(p.Key, r.Key)).SelectMany(p => Check(r.Value, p.Value, $"{at}/{p.Key}"))),
        _ => map.Where(p => !(schema["properties"]?.AsObject().ContainsKey(p.Key) ?? false) && !(schema["patternProperties"]?.AsObject() ?? []).Any(r => Regex.IsMatch(p.Key, r.Key)))
            .SelectMany(p => Check(rule, p.Value, $"{at}/{p.Key}")),
    };

    private JsonNode Resolve(string reference) => reference.StartsWith("#/definitions/", StringComparison.Ordinal)
        ? root["definitions"]![reference["#/definitions/".Length..]] ?? throw new NotSupportedException($"There is no {reference}.")
        : throw new NotSupportedException(reference);

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => Text(value) is not null,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } number && number == Math.Floor(number),
        _ => throw new NotSupportedException($"The check does not know the type '{type}'."),
    };

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;
}
