using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Workflows.Steps.Reports;

/// <summary>A table of a report: texts by row and column.</summary>
/// <param name="Columns">Names of the columns.</param>
/// <param name="IsNumber">Which columns hold numbers alone and stand on the right.</param>
/// <param name="Rows">The cells.</param>
internal sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<bool> IsNumber, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Objects as rows; a column for every key that any of them has, in the order in which they come.</summary>
    public static ReportTable Of(IReadOnlyList<JsonObject> rows)
    {
        string[] columns = [.. rows.SelectMany(r => r.Select(p => p.Key)).Distinct(StringComparer.Ordinal)];
        return new(columns,
            [.. columns.Select(c => rows.All(r => r[c] is null || r[c]!.GetValueKind() == JsonValueKind.Number))],
            [.. rows.Select(r => (IReadOnlyList<string>)[.. columns.Select(c => Cell(r[c]))])]);
    }

    /// <summary>Key figures, a row each.</summary>
    public static ReportTable OfFigures(JsonObject figures) =>
        new(["figure", "value"], [false, true], [.. figures.Select(f => (IReadOnlyList<string>)[f.Key, Cell(f.Value)])]);

    // Numbers as they are: a report that rounds cannot be held against its source.
    private static string Cell(JsonNode? value) => value switch
    {
        null => "–",
        JsonValue scalar when scalar.TryGetValue(out string? text) => text,
        JsonValue scalar when scalar.GetValueKind() is JsonValueKind.True or JsonValueKind.False => scalar.GetValue<bool>() ? "yes" : "no",
        _ => CanonicalJson.Text(value),
    };
}
