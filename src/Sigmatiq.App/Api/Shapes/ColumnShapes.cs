using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>Many rows as columns. Value i of every column belongs to row i; what is undefined is null.</summary>
/// <param name="Rows">Values of each column.</param>
/// <param name="About">What the columns are of.</param>
/// <param name="Types">Type by column: <c>double</c>, <c>integer</c>, <c>boolean</c>, <c>instant</c> (ISO 8601 UTC), <c>date</c> (yyyy-MM-dd) or <c>text</c>.</param>
/// <param name="Columns">Values by column. Keys that end in <c>_pct</c> are percent, other rates and returns fractions.</param>
public sealed record ColumnTable(int Rows, JsonObject About, IReadOnlyDictionary<string, string> Types, IReadOnlyDictionary<string, JsonArray> Columns);
