using System.Text;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Quality;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>Reads files of returns (spec 08 §8.5): CSV with a header or Parquet, columns <c>ts, return[, benchmark]</c> in any case and
/// order; further columns are ignored. A file without rows is an empty series.</summary>
public static class ReturnsFile
{
    // Enough to see what is wrong with a file, few enough to read.
    private const int ProblemsMax = 10;

    /// <summary>The returns of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="zone">Zone of times that name none, and of the dates that instants belong to.</param>
    /// <param name="ct">Stops the reading of a Parquet.</param>
    /// <exception cref="ProblemException">MKT-2001, MKT-2002: the file. MKT-2003, MKT-2004: its columns. MKT-2005, MKT-2006, MKT-2013: a row.
    /// MKT-2105, MKT-2106: its order. MKT-2108: a return below -1.</exception>
    public static PublishedReturns Read(string path, TimeZoneInfo zone, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            throw new ProblemException("MKT-2001", $"There is no file '{path}'.", path, "Check the path.", ExitCode.BadUsage);
        }

        (List<ReturnRow> rows, bool hasBenchmark) = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" or ".txt" or ".tsv" => OfCsv(path, zone),
            ".parquet" or ".pq" => OfParquet(path, zone, ct),
            string other => throw new ProblemException("MKT-2002", $"'{other}' is not a format of returns.", path, "Use a .csv or a .parquet file.", ExitCode.BadUsage),
        };
        Check(path, rows);
        ReturnRow[] kept = [.. rows.Where(r => !double.IsNaN(r.Return))];
        return new(
            [.. kept.Select(r => DateOf(r, zone))], [.. kept.Select(r => r.Return)], hasBenchmark ? [.. kept.Select(r => r.Benchmark)] : null, rows.Count - kept.Length);
    }

    private static (List<ReturnRow> Rows, bool HasBenchmark) OfCsv(string path, TimeZoneInfo zone)
    {
        List<ReturnRow> rows = [];
        List<Problem> problems = [];
        Columns? columns = null;
        int width = 0;
        try
        {
            using var text = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            foreach ((int line, List<string> fields) in CsvRows.Read(text))
            {
                if (columns is null)
                {
                    columns = Columns.Find(path, fields);
                    width = fields.Count;
                }
                else if (problems.Count < ProblemsMax)
                {
                    Row($"{Path.GetFileName(path)} row {line}", line, fields, width, columns, zone, rows, problems);
                }
            }
        }
        catch (DecoderFallbackException e)
        {
            throw new ProblemException(new Problem("MKT-2002", "The file is not text in UTF-8.", path, "Save it as UTF-8, or as Parquet.", ExitCode.BadUsage), e);
        }

        columns ??= Columns.Find(path, []);
        return problems.Count > 0 ? throw new ProblemException(problems) : (rows, columns.Benchmark is not null);
    }

    private static void Row(
        string place, int line, List<string> fields, int width, Columns columns, TimeZoneInfo zone, List<ReturnRow> rows, List<Problem> problems)
    {
        if (fields.Count != width)
        {
            problems.Add(new("MKT-2013", $"The row has {fields.Count} fields, the header {width}.", place, "Correct the row; a quote may be left open.", ExitCode.BadUsage));
            return;
        }

        int before = problems.Count;
        if (TimeText.Read(fields[columns.Time], zone, rows.Count > 0 ? rows[^1].UtcUs : long.MinValue, out (long UtcUs, bool IsDate) at) is { } reason)
        {
            problems.Add(new("MKT-2006", $"The time '{fields[columns.Time]}' {reason}.", place, "Write times as ISO 8601; give their zone with --tz where they name none.", ExitCode.BadUsage));
        }

        double Number(int? column)
        {
            double number = double.NaN;
            if (column is { } i && !NumberText.TryRead(fields[i], out number))
            {
                problems.Add(NotANumber(fields[i].Trim(), place));
            }

            return number;
        }

        var row = new ReturnRow(line, at.UtcUs, at.IsDate, Number(columns.Return), Number(columns.Benchmark));
        if (problems.Count == before)
        {
            rows.Add(row);
        }
    }

    private static (List<ReturnRow> Rows, bool HasBenchmark) OfParquet(string path, TimeZoneInfo zone, CancellationToken ct)
    {
        try
        {
            string[] header = [.. ParquetFile.Describe(path, ct).Select(c => c.Name)];
            Columns columns = Columns.Find(path, header);
            int[] wanted = columns.Benchmark is { } b ? [columns.Time, columns.Return, b] : [columns.Time, columns.Return];
            ColumnSet read = ParquetFile.Read(path, [.. wanted.Select(i => header[i])], ct);
            (long UtcUs, bool IsDate)[] times = BarParquet.Times(path, read[header[columns.Time]], zone);
            double[] returns = BarParquet.Numbers(path, read[header[columns.Return]], read.Rows);
            double[] benchmark = BarParquet.Numbers(path, columns.Benchmark is { } at ? read[header[at]] : null, read.Rows);
            List<ReturnRow> rows = [.. times.Select((time, t) => new ReturnRow(t + 1, time.UtcUs, time.IsDate, returns[t], benchmark[t]))];
            Problem[] problems = [.. rows.Where(r => double.IsInfinity(r.Return) || double.IsInfinity(r.Benchmark)).Take(ProblemsMax)
                .Select(r => NotANumber("infinity", $"{Path.GetFileName(path)} row {r.Row}"))];
            return problems.Length > 0 ? throw new ProblemException(problems) : (rows, columns.Benchmark is not null);
        }
        catch (ProblemException e) when (e.Problem.Code == "STO-2002")
        {
            throw new ProblemException(new Problem("MKT-2002", $"The file is not readable as Parquet: {e.Problem.Message.Split('\n')[0].TrimEnd('.')}.", path, "Fetch it again; it may be cut off.", ExitCode.BadUsage), e);
        }
    }

    // What compounding needs: one return per time, in order, none that loses more than there is.
    private static void Check(string path, List<ReturnRow> rows)
    {
        List<Problem> problems = [];
        for (int t = 0; t < rows.Count && problems.Count < ProblemsMax; t++)
        {
            string place = $"{Path.GetFileName(path)} row {rows[t].Row}";
            if (t > 0 && rows[t].UtcUs == rows[t - 1].UtcUs)
            {
                problems.Add(new(QualityRule.DuplicateTime.Code, $"Row {rows[t - 1].Row} has the same time.", place, "Keep one return per time.", ExitCode.DataRefused));
            }
            else if (t > 0 && rows[t].UtcUs < rows[t - 1].UtcUs)
            {
                problems.Add(new(QualityRule.UnorderedTime.Code, "The row is earlier than the one before it.", place, "Sort the file by time, oldest first.", ExitCode.DataRefused));
            }

            if (rows[t].Return < -1 || rows[t].Benchmark < -1)
            {
                double lost = rows[t].Return < -1 ? rows[t].Return : rows[t].Benchmark;
                problems.Add(new(
                    "MKT-2108", FormattableString.Invariant($"A return of {lost} loses more than there is."), place,
                    "Write returns as fractions: -0.05 for a loss of five percent.", ExitCode.DataRefused));
            }
        }

        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }
    }

    private static DateOnly DateOf(ReturnRow row, TimeZoneInfo zone) => SessionDates.DateOf(row.UtcUs, row.IsDate ? TimeZoneInfo.Utc : zone);

    private static Problem NotANumber(string text, string place) =>
        new("MKT-2005", $"The return '{text}' is not a number.", place, "Write returns as fractions with a point, e.g. 0.0125 for 1.25 percent.", ExitCode.BadUsage);

    private sealed record Columns(int Time, int Return, int? Benchmark)
    {
        public static Columns Find(string path, IReadOnlyList<string> header)
        {
            int? At(string field, params string[] names) => BarFields.At(path, header, field, names, "Remove or rename one of them.");
            int Needed(string field, params string[] names) => At(field, names) ?? throw new ProblemException(
                "MKT-2003", header.Count == 0 ? "The file is empty." : $"There is no column '{field}'; the file has {string.Join(", ", header)}.", path,
                "Begin with a header: ts,return or ts,return,benchmark.", ExitCode.BadUsage);
            return new(Needed("ts", BarFields.TimeNames), Needed("return", "return", "returns"), At("benchmark", "benchmark"));
        }
    }
}
