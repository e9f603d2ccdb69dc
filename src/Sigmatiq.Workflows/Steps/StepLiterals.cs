using System.Text.Json.Nodes;

namespace Sigmatiq.Workflows.Steps;

/// <summary>The input of a step as far as it is known: of a file, what stands in it as a value; of a run, all of it. What a value holds of expressions
/// is null in it.</summary>
/// <param name="values">Known fields by name; null is "not set".</param>
/// <param name="open">Fields whose value only a run knows.</param>
public sealed class StepLiterals(JsonObject values, IReadOnlySet<string> open)
{
    /// <summary>The input of a run.</summary>
    public static StepLiterals Of<TInput>(TInput input) where TInput : class => new(StepJson.ToObject(input), new HashSet<string>());

    /// <summary>Whether the field has a value that is known.</summary>
    public bool Has(string field) => values[field] is not null;

    /// <summary>Whether only a run knows the field's value, which may be "not set".</summary>
    public bool IsOpen(string field) => open.Contains(field);

    /// <summary>A known text; null where there is none.</summary>
    public string? Text(string field) => TextOf(values[field]);

    /// <summary>A known whole number; null where there is none.</summary>
    public long? Whole(string field) => WholeOf(values[field]);

    /// <summary>A known list; empty where there is none. Items that only a run knows are null.</summary>
    public IReadOnlyList<JsonNode?> List(string field) => values[field] is JsonArray list ? [.. list] : [];

    /// <summary>A known map; empty where there is none. Values that only a run knows are null.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Map(string field) =>
        values[field] is JsonObject map ? map.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal) : new Dictionary<string, JsonNode?>();

    /// <summary>A text; null where the value is none.</summary>
    public static string? TextOf(JsonNode? value) => value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : null;

    /// <summary>A whole number; null where the value is none.</summary>
    public static long? WholeOf(JsonNode? value) => value is JsonValue scalar && scalar.GetValueKind() == System.Text.Json.JsonValueKind.Number
        && long.TryParse(scalar.ToJsonString(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long whole) ? whole : null;
}
