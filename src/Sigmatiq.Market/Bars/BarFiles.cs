using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Snapshots;

namespace Sigmatiq.Market.Bars;

/// <summary>Bars as Parquet files, one a year: <c>bars/{asset_class}/{interval}/symbol=SPY/2024-{hash12}.parquet</c>, and the manifests
/// that name them.</summary>
internal sealed class BarFiles(DataDirectory data)
{
    private static readonly string[] Names = ["ts", "open", "high", "low", "close", "volume", "adj_factor"];
    private readonly SnapshotStore snapshots = new(data);

    /// <summary>Writes the bars and their manifest; a year whose bars are known already is written no second time.</summary>
    public SnapshotManifest Put(BarColumns bars, BarOrigin origin, CancellationToken ct)
    {
        string folder = data.Folder("bars", Instrument.Of(bars.Symbol).AssetClass, bars.Interval.Text(), $"symbol={bars.Symbol}");
        List<SnapshotFile> files = [];
        for (int from = 0; from < bars.Count;)
        {
            int year = bars.StartUtc(from).Year, to = from;
            while (to < bars.Count && bars.StartUtc(to).Year == year)
            {
                to++;
            }

            (string path, _) = ParquetFile.WriteHashed(folder, year.ToString(CultureInfo.InvariantCulture), Columns(bars.Slice(from, to)), ct);
            files.Add(snapshots.Describe(path, to - from, new() { ["symbol"] = bars.Symbol.Value, ["interval"] = bars.Interval.Text(), ["year"] = year }));
            from = to;
        }

        JsonObject about = new()
        {
            ["kind"] = "bars",
            ["source_version"] = origin.Version,
            ["symbol"] = bars.Symbol.Value,
            ["interval"] = bars.Interval.Text(),
            ["from"] = Text(bars.StartUtc(0)),
            ["to"] = Text(bars.StartUtc(bars.Count - 1)),
        };
        return snapshots.Put(about, files);
    }

    /// <summary>Reads a snapshot's bars after every byte of its files has been held against its hash.</summary>
    /// <exception cref="ProblemException">STO-3001 … STO-3004, exit 4: manifest or files are missing or changed.</exception>
    public BarColumns Read(ContentHash id, CancellationToken ct)
    {
        IReadOnlyList<Problem> problems = snapshots.Verify(id, ct);
        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }

        SnapshotManifest manifest = snapshots.Load(id);
        Symbol symbol = Symbol.Parse(manifest.About["symbol"]!.GetValue<string>());
        Interval interval = Intervals.Parse(manifest.About["interval"]!.GetValue<string>());
        // Files are named by their year, so the manifest's order by path is that of time.
        ColumnSet read = ParquetFile.Read(snapshots.PathsOf(manifest, _ => true), Names, ct);
        double[] factor = read["adj_factor"].Doubles;
        return new(
            symbol, interval, read["ts"].TimestampsUtcUs, read["open"].Doubles, read["high"].Doubles, read["low"].Doubles, read["close"].Doubles,
            read["volume"].Doubles, factor.All(double.IsNaN) ? null : factor);
    }

    /// <summary>What the manifest of a snapshot lists.</summary>
    public SnapshotManifest Manifest(ContentHash id) => snapshots.Load(id);

    /// <summary>Every file of a snapshot that is not what its manifest says.</summary>
    public IReadOnlyList<Problem> Verify(ContentHash id, CancellationToken ct) => snapshots.Verify(id, ct);

    private static ColumnSet Columns(BarColumns bars)
    {
        string[] symbol = new string[bars.Count];
        Array.Fill(symbol, bars.Symbol.Value);
        double[] factor = bars.AdjFactor;
        if (factor.Length == 0)
        {
            factor = new double[bars.Count];
            Array.Fill(factor, double.NaN);
        }

        return new(
            Column.Of("symbol", symbol), Column.OfTimestamps("ts", bars.StartUtcUs), Column.Of("open", bars.Open), Column.Of("high", bars.High),
            Column.Of("low", bars.Low), Column.Of("close", bars.Close), Column.Of("volume", bars.Volume), Column.Of("adj_factor", factor));
    }

    private static string Text(DateTimeOffset instant) => instant.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
