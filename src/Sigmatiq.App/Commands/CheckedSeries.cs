using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary>One series under check: bars of a file or of a snapshot, or a series of a table.</summary>
internal sealed class CheckedSeries
{
    private readonly Func<IReadOnlyCollection<QualityWaiver>, IReadOnlyList<Problem>> refusals;

    /// <summary>Bars of a file.</summary>
    public CheckedSeries(string file, PublishedBars published, CheckedMarket market)
        : this(file, published.Symbol, published.Bars, market, published.Place, published.Rows)
    {
    }

    /// <summary>Bars of the store; none where their files are damaged.</summary>
    public CheckedSeries(BarSnapshot snapshot, BarColumns? bars, IReadOnlyList<Problem> damaged)
        : this("", snapshot.Symbol, bars ?? new(snapshot.Symbol, snapshot.Interval, [], [], [], [], [], []), CheckedMarket.Of(snapshot.Symbol),
            t => $"{snapshot.Symbol} {snapshot.Interval.Text()} bar {t + 1}", null)
    {
        Snapshot = snapshot;
        Damaged = damaged;
    }

    /// <summary>A series of a table.</summary>
    public CheckedSeries(string file, PublishedSeries series)
    {
        SeriesReport report = SeriesReport.Of(series);
        (File, Name, Interval, AssetClass, Count, Findings) = (file, series.Name, "table", "series", series.Values.Length, report.Findings);
        At = report.At;
        Row = t => series.Rows[t];
        Table = $"{Path.GetFileNameWithoutExtension(series.File)}.{series.Name}";
        refusals = report.Problems;
    }

    private CheckedSeries(string file, Symbol symbol, BarColumns bars, CheckedMarket market, Func<int, string> place, int[]? rows)
    {
        QualityReport report = QualityGates.Check(bars, market);
        (File, Name, Interval, AssetClass, Count, Findings) = (file, symbol.Value, bars.Interval.Text(), market.AssetClass, bars.Count, report.Findings);
        At = bars.StartUtc;
        Row = t => rows is null ? t + 1 : rows[t];
        Bars = (symbol, bars.Interval);
        Calendar = market.Calendar?.Id;
        refusals = waivers => report.Problems(waivers, place);
    }

    /// <summary>Of a snapshot its own id; of a series in a file, a hash over the file's and what is read from it, so that each has one of its own
    /// and only the same content has the same.</summary>
    public ContentHash Id => Snapshot?.Id ?? ContentHash.OfValue(new { FileHash!.Value.Hex, Name, Interval });

    public string File { get; }

    /// <summary>SHA-256 of the file's bytes; null for a snapshot.</summary>
    public ContentHash? FileHash { get; init; }

    public string Name { get; }

    public string Interval { get; }

    public string AssetClass { get; }

    /// <summary>Calendar that hours and missing bars were held against; null for a table, and where none is known here.</summary>
    public string? Calendar { get; }

    public int Count { get; }

    public IReadOnlyList<QualityFinding> Findings { get; }

    public Func<int, DateTimeOffset> At { get; }

    public Func<int, int> Row { get; }

    /// <summary>Symbol and interval of bars; null for a series of a table.</summary>
    public (Symbol Symbol, Interval Interval)? Bars { get; }

    /// <summary>Name under which waivers of a table's series are kept; null for bars.</summary>
    public string? Table { get; }

    public BarSnapshot? Snapshot { get; }

    public IReadOnlyList<Problem> Damaged { get; } = [];

    public IReadOnlyList<QualityWaiver> Waivers { get; set; } = [];

    /// <summary>Waivers that cover something here.</summary>
    public IEnumerable<QualityWaiver> Covering => Waivers.DistinctBy(w => w.Rule).Where(w => Findings.Any(f => f.Rule.Name == w.Rule));

    /// <summary>How often each rule that found something did.</summary>
    public IReadOnlyDictionary<string, int> Counts => Findings.CountBy(f => f.Rule.Name).OrderBy(c => c.Key, StringComparer.Ordinal).ToDictionary(c => c.Key, c => c.Value);

    public IReadOnlyList<Problem> Problems => [.. Damaged, .. refusals(Waivers)];

    public string State => Problems.Count > 0 ? "refused" : Findings.Any(f => !f.Rule.IsRemark) ? "flagged" : "ok";

    /// <summary>Counts of one kind of rule in a table's cell.</summary>
    public string Of(string kind) => string.Join(" ", Findings.Where(f => f.Rule.Kind == kind).CountBy(f => f.Rule.Name).OrderBy(c => c.Key, StringComparer.Ordinal)
        .Select(c => $"{c.Key}={DataCommands.Text(c.Value)}"));
}
