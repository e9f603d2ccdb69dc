using System.Text;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>Reads tables of numeric series: a time column and one column per series, or with a symbol column one series per symbol and
/// column. CSV with a header, or Parquet. They can be checked; what is imported are bars.</summary>
public static class SeriesFile
{
    private const int ProblemsMax = 10;

    /// <summary>Whether a file is a table of series: it has times, and neither open nor high nor low as bars have.</summary>
    /// <exception cref="ProblemException">MKT-2001, MKT-2002: no such file, or not readable. MKT-2004: two columns for one field.</exception>
    public static bool IsOne(string path, BarFileOptions options, CancellationToken ct)
    {
        string[] header = HeaderOf(path, ct);
        return BarFields.At(path, header, BarFields.Time, TimeNames(options), "Remove one.") is not null
            && !new[] { "open", "high", "low" }.Any(field => options.Columns.ContainsKey(field) || header.Contains(field, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>All series of a table, in the order of its columns; a column that is not of numbers is left out.</summary>
    /// <exception cref="ProblemException">MKT-2001 … MKT-2006, MKT-2013: the file, its columns or a row cannot be understood. MKT-2010: no
    /// numbers in it.</exception>
    public static IReadOnlyList<PublishedSeries> Read(string path, BarFileOptions options, CancellationToken ct)
    {
        string[] header = HeaderOf(path, ct);
        int time = BarFields.At(path, header, BarFields.Time, TimeNames(options), "Remove one.") ?? throw new ProblemException(
            "MKT-2003", $"There is no column of times; the file has {string.Join(", ", header)}.", path, "Name it with --columns ts=NAME.", ExitCode.BadUsage);
        int? symbol = BarFields.At(path, header, BarFields.Symbol, ["symbol", "ticker"], "Remove one.");
        Table table = IsCsv(path) ? OfCsv(path, header, time, symbol, options) : OfParquet(path, header, time, symbol, options, ct);
        List<PublishedSeries> all = [];
        foreach (IGrouping<string?, int> rows in Enumerable.Range(0, table.Times.Count).GroupBy(t => table.Symbols?[t]))
        {
            foreach ((string column, double[] values) in table.Columns)
            {
                int[] known = [.. rows.Where(t => !double.IsNaN(values[t]))];
                if (known.Length > 0)
                {
                    all.Add(new(
                        rows.Key is null ? column : $"{rows.Key}.{column}", [.. known.Select(t => table.Times[t])], [.. known.Select(t => values[t])],
                        [.. known.Select(t => table.Rows[t])], path));
                }
            }
        }

        return all.Count > 0 ? all : throw new ProblemException("MKT-2010", "The file has no column of numbers.", path, "Check that it is the right file.", ExitCode.BadUsage);
    }

    private static Table OfCsv(string path, string[] header, int time, int? symbol, BarFileOptions options)
    {
        List<long> times = [];
        List<int> lines = [];
        List<string?> symbols = [];
        List<double>?[] numbers = [.. header.Select((_, i) => i == time || i == symbol ? null : new List<double>())];
        List<Problem> problems = [];
        foreach ((int line, List<string> fields) in Rows(path).Skip(1))
        {
            string place = $"{Path.GetFileName(path)} row {line}";
            if (fields.Count != header.Length)
            {
                problems.Add(new("MKT-2013", $"The row has {fields.Count} fields, the header {header.Length}.", place, "Correct the row; a quote may be left open.", ExitCode.BadUsage));
            }
            else if (TimeText.Read(fields[time], options.Zone, times.Count > 0 ? times[^1] : long.MinValue, out (long UtcUs, bool IsDate) at) is { } reason)
            {
                problems.Add(new("MKT-2006", $"The time '{fields[time]}' {reason}.", place, "Write times as ISO 8601; give their zone with --tz where they name none.", ExitCode.BadUsage));
            }
            else
            {
                times.Add(at.UtcUs);
                lines.Add(line);
                symbols.Add(symbol is { } s ? fields[s].Trim() : null);
                for (int i = 0; i < numbers.Length; i++)
                {
                    // One word in it, and the column is not of numbers.
                    if (numbers[i] is { } column)
                    {
                        if (NumberText.TryRead(fields[i], out double number))
                        {
                            column.Add(number);
                        }
                        else
                        {
                            numbers[i] = null;
                        }
                    }
                }
            }

            if (problems.Count >= ProblemsMax)
            {
                break;
            }
        }

        return problems.Count > 0 ? throw new ProblemException(problems) : new(
            times, lines, symbol is null ? null : symbols, [.. numbers.Select((n, i) => (header[i], n)).Where(c => c.n is not null).Select(c => (c.Item1, c.n!.ToArray()))]);
    }

    private static Table OfParquet(string path, string[] header, int time, int? symbol, BarFileOptions options, CancellationToken ct)
    {
        ColumnSet read = ParquetFile.Read(path, null, ct);
        long[] times = [.. BarParquet.Times(path, read[header[time]], options.Zone).Select(t => t.UtcUs)];
        IEnumerable<Column> numbers = read.Where((c, i) => i != time && i != symbol && c.Type is ColumnType.Double or ColumnType.Long or ColumnType.Int);
        return new(
            times, [.. Enumerable.Range(1, read.Rows)], symbol is { } s ? read[header[s]].Texts : null, [.. numbers.Select(c => (c.Name, BarParquet.Numbers(path, c, read.Rows)))]);
    }

    private static string[] HeaderOf(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            throw new ProblemException("MKT-2001", $"There is no file '{path}'.", path, "Check the path.", ExitCode.BadUsage);
        }

        if (IsCsv(path))
        {
            return [.. Rows(path).Select(r => r.Fields).FirstOrDefault([]).Select(BarFields.Clean)];
        }

        try
        {
            return [.. ParquetFile.Describe(path, ct).Select(c => c.Name)];
        }
        catch (ProblemException e) when (e.Problem.Code == "STO-2002")
        {
            throw BarParquet.Unreadable(path, e);
        }
    }

    private static IEnumerable<(int Line, List<string> Fields)> Rows(string path)
    {
        using var text = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        using IEnumerator<(int, List<string>)> rows = CsvRows.Read(text).GetEnumerator();
        while (true)
        {
            try
            {
                if (!rows.MoveNext())
                {
                    yield break;
                }
            }
            catch (DecoderFallbackException e)
            {
                throw BarCsv.NotUtf8(path, e);
            }

            yield return rows.Current;
        }
    }

    private static bool IsCsv(string path) => Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".txt" or ".tsv";

    private static string[] TimeNames(BarFileOptions options) => options.Columns.TryGetValue(BarFields.Time, out string? named) ? [named] : BarFields.TimeNames;

    private sealed record Table(IReadOnlyList<long> Times, IReadOnlyList<int> Rows, IReadOnlyList<string?>? Symbols, IReadOnlyList<(string Name, double[] Values)> Columns);
}
