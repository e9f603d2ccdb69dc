using System.Globalization;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import.Lean;

/// <summary>Rows of an archive of US equity trade bars as the Lean engine stores them.</summary>
/// <remarks>
/// Two shapes: <c>hour/spy.zip</c> and <c>daily/spy.zip</c> hold one <c>spy.csv</c> with lines <c>yyyyMMdd HH:mm,o,h,l,c,v</c>;
/// <c>minute/spy/20131007_trade.zip</c> holds <c>20131007_spy_minute_trade.csv</c>, whose lines begin with milliseconds since
/// midnight. Times are New York's, prices are dollars × 10,000, volumes shares, no header. A folder of such archives is read as one.
/// </remarks>
internal static class LeanZip
{
    private const double PriceScale = 10_000;
    private const long HourUs = 3_600_000_000;
    private const int ProblemsMax = 10;

    /// <summary>Reads one archive, or all of a folder in the order of their names.</summary>
    /// <exception cref="ProblemException">MKT-2002, MKT-2051, MKT-2052: as <see cref="SafeArchive"/>. MKT-2053: an entry that is not trade
    /// bars of an equity. MKT-2005, MKT-2006, MKT-2013: a row.</exception>
    public static List<PublishedRow> Read(string path, TimeZoneInfo exchange, IReadOnlySet<string> except)
    {
        List<PublishedRow> rows = [];
        foreach (string archive in Directory.Exists(path) ? Archives(path).Where(a => !except.Contains(a)) : [path])
        {
            SafeArchive.Read(archive, (entry, text) => Entry(archive, entry, text, exchange, rows));
        }

        return rows;
    }

    /// <summary>Whether a folder holds archives of bars.</summary>
    public static bool IsFolder(string path) => Directory.Exists(path) && Archives(path).Any();

    /// <summary>Whether an archive holds quotes by its name, as <c>20131007_quote.zip</c> beside <c>20131007_trade.zip</c>.</summary>
    public static bool IsQuotes(string archive) => Path.GetFileNameWithoutExtension(archive).EndsWith("_quote", StringComparison.OrdinalIgnoreCase);

    /// <summary>The archives of a folder that are read as one: all but quotes.</summary>
    public static IEnumerable<string> Archives(string folder) => Directory.EnumerateFiles(folder, "*.zip").Where(f => !IsQuotes(f)).Order(StringComparer.Ordinal);

    private static void Entry(string archive, string entry, TextReader text, TimeZoneInfo exchange, List<PublishedRow> rows)
    {
        (string symbol, DateOnly? date) = Named(archive, entry);
        List<Problem> problems = [];
        int line = 0;
        long previous = long.MinValue;
        for (string? current = text.ReadLine(); current is not null && problems.Count < ProblemsMax; current = text.ReadLine())
        {
            line++;
            if (current.Length > 0 && Row(current, symbol, date, exchange, previous, rows.Count + 1) is var (row, problem))
            {
                if (problem is null)
                {
                    rows.Add(row);
                    previous = row.StartUtcUs;
                }
                else
                {
                    problems.Add(problem with { Where = $"{Path.GetFileName(archive)} {entry} row {line}" });
                }
            }
        }

        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }
    }

    // spy.csv, or 20131007_spy_minute_trade.csv.
    private static (string Symbol, DateOnly? Date) Named(string archive, string entry)
    {
        string name = Path.GetFileNameWithoutExtension(entry);
        string[] parts = name.Split('_');
        if (Path.GetExtension(entry).Equals(".csv", StringComparison.OrdinalIgnoreCase))
        {
            if (parts is [var ticker])
            {
                return (ticker, null);
            }

            if (parts is [var day, var of, "minute", "trade"] && DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            {
                return (of, date);
            }
        }

        throw new ProblemException(
            "MKT-2053", $"Entry '{entry}' is not a file of equity trade bars.", archive,
            "Use archives like hour/spy.zip with spy.csv, or minute/spy/20131007_trade.zip with 20131007_spy_minute_trade.csv; quotes and ticks are not bars.", ExitCode.BadUsage);
    }

    private static (PublishedRow Row, Problem? Problem) Row(string line, string symbol, DateOnly? date, TimeZoneInfo exchange, long previous, int number)
    {
        string[] fields = line.Split(',');
        if (fields.Length != 6)
        {
            return (default, new("MKT-2013", $"The row has {fields.Length} fields; a trade bar has 6.", "", "Correct the row, or fetch the archive again.", ExitCode.BadUsage));
        }

        string? reason = date is { } day ? OfMilliseconds(fields[0], day, exchange, out (long UtcUs, bool IsDate) time) : TimeText.Read(fields[0], exchange, previous, out time);
        if (reason is not null)
        {
            return (default, new("MKT-2006", $"The time '{fields[0]}' {reason}.", "", "Hour and day bars say yyyyMMdd HH:mm, minute bars milliseconds since midnight.", ExitCode.BadUsage));
        }

        // Day bars are written at midnight: a session date, not an instant.
        bool isDate = date is null && fields[0].EndsWith(" 00:00", StringComparison.Ordinal);
        if (isDate)
        {
            time = (SessionDates.MicrosecondsOf(DateOnly.ParseExact(fields[0][..8], "yyyyMMdd", CultureInfo.InvariantCulture)), true);
        }

        else if (date is null)
        {
            time = (StartOfTrading(time.UtcUs, previous, exchange), false);
        }

        double[] numbers = new double[5];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!NumberText.TryRead(fields[i + 1], out numbers[i]))
            {
                return (default, new("MKT-2005", $"The {BarFields.Numbers[i]} '{fields[i + 1]}' is not a number.", "", "Prices are whole numbers, dollars times 10,000.", ExitCode.BadUsage));
            }
        }

        return (new(
            number, symbol, time.UtcUs, time.IsDate, numbers[0] / PriceScale, numbers[1] / PriceScale, numbers[2] / PriceScale, numbers[3] / PriceScale, numbers[4],
            double.NaN), null);
    }

    // Hours go by the clock: the day's first one, written 09:00, holds what was traded from 09:30 on. One that other hours precede holds trades
    // from before the session too, and keeps its time.
    private static long StartOfTrading(long startUtcUs, long previous, TimeZoneInfo exchange)
    {
        DateOnly day = SessionDates.DateOf(startUtcUs, exchange);
        if (NyseCalendar.Instance.SessionOn(day) is not { } session || (previous != long.MinValue && SessionDates.DateOf(previous, exchange) == day))
        {
            return startUtcUs;
        }

        long open = SessionDates.MicrosecondsOf(session.OpenUtc);
        return startUtcUs < open && open < startUtcUs + HourUs ? open : startUtcUs;
    }

    private static string? OfMilliseconds(string text, DateOnly date, TimeZoneInfo exchange, out (long UtcUs, bool IsDate) time)
    {
        time = default;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds) || milliseconds >= 86_400_000)
        {
            return "is not a number of milliseconds since midnight";
        }

        TimeOnly clock = TimeOnly.FromTimeSpan(TimeSpan.FromMilliseconds(milliseconds));
        if (exchange.IsInvalidTime(date.ToDateTime(clock)))
        {
            return $"does not exist in {exchange.Id} on {date:yyyy-MM-dd}: the clock skips it";
        }

        time = (SessionDates.MicrosecondsOf(SessionDates.InstantOf(date, clock, exchange)), false);
        return null;
    }
}
