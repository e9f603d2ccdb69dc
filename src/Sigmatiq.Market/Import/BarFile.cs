using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Import.Lean;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>Reads files of bars: CSV with a header (spec 08 §8.5) and Parquet (symbol, ts, open, high, low, close, volume, adj_factor),
/// and zip archives of trade bars as the Lean engine stores them, one or a folder of them.</summary>
public static class BarFile
{
    /// <summary>The bars of every symbol of a file, as published; the order of the symbols is that of the file.</summary>
    /// <exception cref="ProblemException">MKT-2001 … MKT-2014: the file, a row or an option cannot be understood.</exception>
    public static IReadOnlyList<PublishedBars> Read(string path, BarFileOptions options, CancellationToken ct)
    {
        List<PublishedRow> rows = Rows(path, options, ct);
        if (rows.Count == 0)
        {
            throw new ProblemException("MKT-2010", "The file has no bars.", path, "Check that it is the right file.", ExitCode.BadUsage);
        }

        List<PublishedBars> all = [];
        foreach (IGrouping<string?, PublishedRow> group in rows.GroupBy(r => r.Symbol))
        {
            if (NameOf(path, group.Key, options) is { } symbol)
            {
                all.Add(Columns(path, symbol, [.. group], options));
            }
        }

        return all.Count > 0 ? all : throw new ProblemException(
            "MKT-2011", $"The file has no bars of {options.Symbol}; it has {string.Join(", ", rows.Select(r => r.Symbol).Distinct().Take(10))}.", path,
            "Name one of its symbols with --symbol, or leave it out.", ExitCode.BadUsage);
    }

    /// <summary>The bars of a file for looking inside: one symbol, sorted out by the quality gates, not stored.</summary>
    /// <remarks>A file without a symbol needs none here: its bars are called BARS.</remarks>
    /// <exception cref="ProblemException">As <see cref="Read"/>; MKT-2011 also for several symbols; MKT-2101 … for broken facts that are not
    /// waived.</exception>
    public static BarColumns ReadOne(string path, BarFileOptions options, CancellationToken ct, params IReadOnlyCollection<QualityWaiver> waivers)
    {
        IReadOnlyList<PublishedBars> all = Read(path, options with { Unnamed = Symbol.Parse("BARS") }, ct);
        PublishedBars one = all.Count == 1 ? all[0] : throw new ProblemException(
            "MKT-2011", $"The file has bars of {all.Count} symbols.", path, "Pick one with --symbol.", ExitCode.BadUsage);
        // Looking inside computes numbers from numbers: whose clock the times are of, or what unit the prices, changes none of them.
        return QualityGates.Check(one.Bars, CheckedMarket.Of(one.Symbol, options.AssetClass, path))
            .Accept([.. waivers, new(QualityRule.WrongZone.Name, "looking inside"), new(QualityRule.ScaleSlip.Name, "looking inside")], one.Place);
    }

    /// <summary>Whether a folder holds archives that are read as one file.</summary>
    public static bool IsArchiveFolder(string path) => LeanZip.IsFolder(path);

    private static List<PublishedRow> Rows(string path, BarFileOptions options, CancellationToken ct)
    {
        if (LeanZip.IsFolder(path))
        {
            return LeanZip.Read(path, NyseCalendar.Instance.Zone, options.Except);
        }

        if (Directory.Exists(path))
        {
            throw new ProblemException("MKT-2001", $"'{path}' is a folder without archives of trade bars.", path,
                "Name one of its files; of folders, those of zip archives as Lean stores them are read as one.", ExitCode.BadUsage);
        }

        if (!File.Exists(path))
        {
            throw new ProblemException("MKT-2001", $"There is no file '{path}'.", path, "Check the path.", ExitCode.BadUsage);
        }

        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" or ".txt" or ".tsv" => BarCsv.Read(path, options),
            ".parquet" or ".pq" => BarParquet.Read(path, options, ct),
            ".zip" => LeanZip.Read(path, NyseCalendar.Instance.Zone, options.Except),
            string other => throw new ProblemException("MKT-2002", $"'{other}' is not a format of bars.", path, "Use a .csv, a .parquet or a .zip of trade bars as Lean stores them.", ExitCode.BadUsage),
        };
    }

    /// <summary>The symbol of a group of rows, or null where another one was asked for.</summary>
    private static Symbol? NameOf(string path, string? inFile, BarFileOptions options)
    {
        if (inFile is null)
        {
            return options.Symbol ?? options.Unnamed ?? throw new ProblemException(
                "MKT-2011", "The file names no symbol.", path, "Name it with --symbol, e.g. --symbol SPY.", ExitCode.BadUsage);
        }

        Symbol symbol = Symbol.Parse(inFile);
        return options.Symbol is null || options.Symbol == symbol ? symbol : null;
    }

    private static PublishedBars Columns(string path, Symbol symbol, PublishedRow[] rows, BarFileOptions options)
    {
        Interval interval = IntervalGuess.Of(path, rows.Select(r => r.StartUtcUs), options.Interval);
        TimeZoneInfo exchange = Instrument.Of(symbol).Calendar.Zone;
        bool anyFactor = rows.Any(r => !double.IsNaN(r.AdjFactor));
        var bars = new BarColumns(
            symbol, interval, [.. rows.Select(r => Start(r, interval, options.Zone, exchange))], [.. rows.Select(r => r.Open)], [.. rows.Select(r => r.High)],
            [.. rows.Select(r => r.Low)], [.. rows.Select(r => r.Close)], [.. rows.Select(r => r.Volume)],
            anyFactor ? [.. rows.Select(r => r.AdjFactor)] : null);
        bool isRepeated(PublishedRow row) => !row.IsDate && options.Zone.IsAmbiguousTime(TimeZoneInfo.ConvertTime(SessionDates.InstantOf(row.StartUtcUs), options.Zone).DateTime);
        return new(options.Factors?.AddTo(bars, exchange) ?? bars, [.. rows.Select(r => r.Row)], path)
        {
            RepeatedTimes = options.Zone == TimeZoneInfo.Utc || interval == Interval.Day1 ? 0 : rows.Count(isRepeated),
        };
    }

    private static long Start(PublishedRow row, Interval interval, TimeZoneInfo zone, TimeZoneInfo exchange)
    {
        const long day = 86_400_000_000;
        if (interval == Interval.Day1)
        {
            // A day bar carries its session date as a label; one with a time of day is an instant of that date at the exchange.
            return row.StartUtcUs % day == 0 ? row.StartUtcUs : SessionDates.MicrosecondsOf(SessionDates.DateOf(row.StartUtcUs, exchange));
        }

        return row.IsDate ? SessionDates.MicrosecondsOf(SessionDates.InstantOf(DateOnly.FromDateTime(SessionDates.InstantOf(row.StartUtcUs).DateTime), default, zone)) : row.StartUtcUs;
    }
}
