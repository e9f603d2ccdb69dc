using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>Rows of a Parquet of bars.</summary>
internal static class BarParquet
{
    /// <summary>Reads all rows.</summary>
    /// <exception cref="ProblemException">MKT-2003, MKT-2004: columns. MKT-2005, MKT-2006: a column of another type. MKT-2002: not a
    /// Parquet file.</exception>
    public static List<PublishedRow> Read(string path, BarFileOptions options, CancellationToken ct)
    {
        try
        {
            string[] header = [.. ParquetFile.Describe(path, ct).Select(c => c.Name)];
            Dictionary<string, int> columns = BarFields.Find(path, header, options);
            ColumnSet read = ParquetFile.Read(path, [.. columns.Values.Select(i => header[i])], ct);
            TimeZoneInfo zone = options.Zone;
            bool asLocal = zone != TimeZoneInfo.Utc && IsWithoutZone(path, header[columns[BarFields.Time]], ct);
            return Rows(path, options, field => columns.TryGetValue(field, out int i) ? read[header[i]] : null, read.Rows, asLocal);
        }
        catch (ProblemException e) when (e.Problem.Code == "STO-2002")
        {
            throw Unreadable(path, e);
        }
    }

    internal static ProblemException Unreadable(string path, ProblemException inner) => new(new Problem(
        "MKT-2002", $"The file is not readable as Parquet: {inner.Problem.Message.Split('\n')[0].TrimEnd('.')}.", path, "Fetch it again; it may be cut off.", ExitCode.BadUsage), inner);

    private static List<PublishedRow> Rows(string path, BarFileOptions options, Func<string, Column?> column, int rows, bool asLocal)
    {
        (long UtcUs, bool IsDate)[] times = Times(path, column(BarFields.Time)!, options.Zone, asLocal);
        double[][] numbers = [.. BarFields.Numbers.Append(BarFields.AdjFactor).Select(field => Numbers(path, column(field), rows))];
        string?[]? symbols = column(BarFields.Symbol)?.Texts;
        List<PublishedRow> all = new(rows);
        for (int t = 0; t < rows; t++)
        {
            all.Add(new(
                t + 1, symbols?[t], times[t].UtcUs, times[t].IsDate, numbers[0][t], numbers[1][t], numbers[2][t], numbers[3][t], numbers[4][t], numbers[5][t]));
        }

        return all;
    }

    /// <summary>Whether a column holds timestamps that name no zone, so that <c>--tz</c> says what they mean.</summary>
    private static bool IsWithoutZone(string path, string column, CancellationToken ct)
    {
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("file", path));
        string name = column.Replace("\"", "\"\"", StringComparison.Ordinal);
        return query.Read($"select distinct typeof(\"{name}\") as kind from file", ct)["kind"].Texts is [{ } kind] && kind.StartsWith("TIMESTAMP", StringComparison.Ordinal)
            && !kind.Contains("TIME ZONE", StringComparison.Ordinal);
    }

    /// <summary>Times of a column; a date alone stands at 00:00.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">Its column of times.</param>
    /// <param name="zone">Zone of text that names none.</param>
    /// <param name="asLocal">Whether timestamps are on that zone's clock too; else they are UTC.</param>
    /// <exception cref="ProblemException">MKT-2006: a row without a time, or a column of another type.</exception>
    public static (long UtcUs, bool IsDate)[] Times(string path, Column column, TimeZoneInfo zone, bool asLocal = false)
    {
        var times = new (long UtcUs, bool IsDate)[column.Count];
        for (int t = 0; t < times.Length; t++)
        {
            string? reason = column.IsNull(t) ? "is missing" : null;
            switch (column.Type)
            {
                case ColumnType.Timestamp when asLocal:
                    reason ??= TimeText.OfLocal(SessionDates.InstantOf(column.TimestampsUtcUs[t]).DateTime, zone, t > 0 ? times[t - 1].UtcUs : long.MinValue, out times[t]);
                    break;
                case ColumnType.Timestamp:
                    times[t] = (column.TimestampsUtcUs[t], false);
                    break;
                case ColumnType.Date:
                    times[t] = (SessionDates.MicrosecondsOf(column.Dates[t]), true);
                    break;
                case ColumnType.Long:
                    times[t] = (column.Longs[t] * 1_000_000, false);
                    break;
                case ColumnType.Int:
                    times[t] = (column.Ints[t] * 1_000_000L, false);
                    break;
                case ColumnType.Text:
                    reason ??= TimeText.Read(column.Texts[t]!, zone, t > 0 ? times[t - 1].UtcUs : long.MinValue, out times[t]);
                    break;
                default:
                    reason = $"is of type {column.Type}";
                    break;
            }

            if (reason is not null)
            {
                throw new ProblemException(
                    "MKT-2006", $"The time in column '{column.Name}' {reason}.", $"{Path.GetFileName(path)} row {t + 1}",
                    "Use a TIMESTAMP in UTC, a DATE for day bars, or text as ISO 8601.", ExitCode.BadUsage);
            }
        }

        return times;
    }

    /// <summary>Numbers of a column, NaN where one is missing or there is no column.</summary>
    /// <exception cref="ProblemException">MKT-2005: a column of another type.</exception>
    public static double[] Numbers(string path, Column? column, int rows)
    {
        if (column is null)
        {
            double[] none = new double[rows];
            Array.Fill(none, double.NaN);
            return none;
        }

        double OfWhole(int t, double value) => column.IsNull(t) ? double.NaN : value;
        return column.Type switch
        {
            ColumnType.Double => column.Doubles,
            ColumnType.Long => [.. column.Longs.Select((x, t) => OfWhole(t, x))],
            ColumnType.Int => [.. column.Ints.Select((x, t) => OfWhole(t, x))],
            _ => throw new ProblemException("MKT-2005", $"Column '{column.Name}' is of type {column.Type}, not a number.", path, "Write it as DOUBLE.", ExitCode.BadUsage),
        };
    }
}
