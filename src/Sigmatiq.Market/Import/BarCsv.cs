using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>Rows of a CSV of bars.</summary>
internal static class BarCsv
{
    // Enough to see what is wrong with a file, few enough to read.
    private const int ProblemsMax = 10;

    /// <summary>Reads all rows.</summary>
    /// <exception cref="ProblemException">MKT-2003, MKT-2004: columns. MKT-2005: a number. MKT-2006: a time. MKT-2010: no rows.
    /// MKT-2013: a row of another width. MKT-2002: not text in UTF-8.</exception>
    public static List<PublishedRow> Read(string path, BarFileOptions options)
    {
        using var text = new StreamReader(path, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
        List<PublishedRow> rows = [];
        List<Problem> problems = [];
        Dictionary<string, int>? columns = null;
        int width = 0;
        try
        {
            foreach ((int line, List<string> fields) in CsvRows.Read(text))
            {
                if (columns is null)
                {
                    columns = BarFields.Find(path, fields, options);
                    width = fields.Count;
                    continue;
                }

                Row(path, line, fields, width, columns, options.Zone, rows, problems);
                if (problems.Count >= ProblemsMax)
                {
                    break;
                }
            }
        }
        catch (System.Text.DecoderFallbackException e)
        {
            throw NotUtf8(path, e);
        }

        return problems.Count > 0 ? throw new ProblemException(problems) : rows;
    }

    internal static ProblemException NotUtf8(string path, Exception inner) =>
        new(new Problem("MKT-2002", "The file is not text in UTF-8.", path, "Save it as UTF-8, or import it as Parquet.", ExitCode.BadUsage), inner);

    private static void Row(
        string path, int line, List<string> fields, int width, Dictionary<string, int> columns, TimeZoneInfo zone, List<PublishedRow> rows, List<Problem> problems)
    {
        string place = $"{Path.GetFileName(path)} row {line}";
        if (fields.Count != width)
        {
            problems.Add(new("MKT-2013", $"The row has {fields.Count} fields, the header {width}.", place, "Correct the row; a quote may be left open.", ExitCode.BadUsage));
            return;
        }

        int before = problems.Count;
        string time = fields[columns[BarFields.Time]];
        long previous = rows.Count > 0 ? rows[^1].StartUtcUs : long.MinValue;
        if (TimeText.Read(time, zone, previous, out (long UtcUs, bool IsDate) at) is { } reason)
        {
            problems.Add(new("MKT-2006", $"The time '{time}' {reason}.", place, "Write times as ISO 8601; give their zone with --tz where they name none.", ExitCode.BadUsage));
        }

        double Number(string field)
        {
            string value = columns.TryGetValue(field, out int i) ? fields[i].Trim() : "";
            if (!NumberText.TryRead(value, out double number))
            {
                problems.Add(new("MKT-2005", $"The {field} '{value}' is not a number.", place, "Write numbers with a point and no thousands separator, e.g. 1234.5.", ExitCode.BadUsage));
            }

            return number;
        }

        var row = new PublishedRow(
            line, columns.TryGetValue(BarFields.Symbol, out int s) ? fields[s].Trim() : null, at.UtcUs, at.IsDate,
            Number("open"), Number("high"), Number("low"), Number("close"), Number("volume"), Number(BarFields.AdjFactor));
        if (problems.Count == before)
        {
            rows.Add(row);
        }
    }
}
