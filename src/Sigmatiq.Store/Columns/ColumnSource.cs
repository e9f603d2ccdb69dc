using System.Globalization;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Columns;

/// <summary>How to read a CSV file.</summary>
/// <param name="AllText">Every value as text: the reader converts, and can then name the row of a bad value.</param>
/// <param name="Header">Whether the first line names the columns; null: DuckDB decides.</param>
/// <param name="Delimiter">What separates values.</param>
/// <param name="NullText">What stands for a missing value, besides nothing at all.</param>
public sealed record CsvShape(bool AllText = false, bool? Header = true, char Delimiter = ',', string? NullText = null);

/// <summary>Files that a query sees as one table. They are named one by one, never by a wildcard: a run sees the files of its
/// snapshot and no others.</summary>
public sealed class ColumnSource
{
    private readonly string table;

    private ColumnSource(string name, IReadOnlyList<string> paths, Func<string, string> table)
    {
        Name = name;
        Paths = [.. paths.Select(Checked)];
        this.table = table($"[{string.Join(", ", Paths.Select(SqlText.Literal))}]");
    }

    /// <summary>The table's name in SQL.</summary>
    public string Name { get; }

    /// <summary>The files, absolute, in reading order.</summary>
    public IReadOnlyList<string> Paths { get; }

    internal string TableSql => $"create table {SqlText.Name(Name)} as select * from {table}";

    internal string ViewSql => $"create view {SqlText.Name(Name)} as select * from {table}";

    /// <summary>Parquet files with the same columns.</summary>
    /// <exception cref="ProblemException">STO-2001: a file is missing. STO-2005: a path that would be read as a wildcard.</exception>
    public static ColumnSource Parquet(string name, params IReadOnlyList<string> paths) =>
        new(name, paths.Count > 0 ? paths : throw new ArgumentException($"The source '{name}' has no file.", nameof(paths)),
            list => $"read_parquet({list}, hive_partitioning = false)");

    /// <summary>A CSV file.</summary>
    /// <exception cref="ProblemException">STO-2001: the file is missing. STO-2005: a path that would be read as a wildcard.</exception>
    public static ColumnSource Csv(string name, string path, CsvShape shape) => new(name, [path], list =>
    {
        // Left to guess, DuckDB takes the widest line for the header and skips what stands before it.
        List<string> options = [list, "skip = 0", "quote = '\"'", "escape = '\"'", "null_padding = false", "ignore_errors = false"];
        options.Add(shape is { AllText: true, Header: true } ? $"auto_detect = false, columns = {HeaderAsTexts(path, shape.Delimiter)}"
            : $"all_varchar = {(shape.AllText ? "true" : "false")}");
        if (shape.Header is { } header)
        {
            options.Add($"header = {(header ? "true" : "false")}");
        }

        options.Add($"delim = {SqlText.Literal(shape.Delimiter.ToString(CultureInfo.InvariantCulture))}");
        if (shape.NullText is { } missing)
        {
            options.Add($"nullstr = ['', {SqlText.Literal(missing)}]");
        }

        return $"read_csv({string.Join(", ", options)})";
    });

    // With the columns given, a line that does not fit them is refused by its number instead of changing the guess.
    private static string HeaderAsTexts(string path, char delimiter)
    {
        using StreamReader reader = new(Checked(path));
        string[] names = [.. (reader.ReadLine() ?? "").Split(delimiter).Select(n => n.Trim().Trim('"'))];
        string? twice = names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1 || g.Key.Length == 0)?.Key;
        return twice is null
            ? $"{{{string.Join(", ", names.Select(n => $"{SqlText.Literal(n)}: 'VARCHAR'"))}}}"
            : throw new ProblemException("STO-2002", twice.Length == 0 ? "The first line does not name every column." : $"The first line names '{twice}' twice.",
                $"{path}:1", "Give each column a name of its own.");
    }

    private static string Checked(string path)
    {
        string full = Path.GetFullPath(path);
        if (full.AsSpan().IndexOfAny('*', '?', '[') >= 0)
        {
            throw new ProblemException("STO-2005", $"The path '{path}' holds one of * ? [, which DuckDB reads as a wildcard.", path,
                "Rename the file or its folder.", ExitCode.BadUsage);
        }

        return File.Exists(full)
            ? full
            : throw new ProblemException("STO-2001", $"The file '{path}' does not exist.", path, "Check the path.");
    }
}
