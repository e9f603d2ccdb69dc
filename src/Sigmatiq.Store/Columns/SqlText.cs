namespace Sigmatiq.Store.Columns;

/// <summary>Names and values inside SQL that is not written by hand.</summary>
internal static class SqlText
{
    public static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Name(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
