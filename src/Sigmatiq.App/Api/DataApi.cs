using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Quality;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Schedules;
using Symbol = Sigmatiq.Market.Symbols.Symbol;

namespace Sigmatiq.App.Api;

/// <summary><c>/data</c>: the bars of the store, what there is of them by day, and what is wrong with them, as <c>sigmatiq data list / snapshot / check</c> say it.</summary>
internal sealed class DataApi(BarStore bars, DataDirectory data, TimeProvider clock)
{
    private const int FindingsMax = 1_000, BarsMax = 1_000_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/data/series", async (CancellationToken ct) => new Answer<IReadOnlyList<SeriesListed>>((await bars.ListAsync(ct)).Select(Shown)))
            .Operation("listSeries", "data", "The series of the store with their range and source").Needs(Right.Read);
        routes.MapGet("/data/snapshots/{id}", SnapshotAsync).Operation("getSnapshot", "data", "A snapshot: what it is of and its files, each held against its bytes").Needs(Right.Read);
        Series(routes.MapGet("/data/series/{symbol}/{interval}/bars", BarsAsync)
            .Operation("getBars", "data", "Bars as columns, oldest first: start, open, high, low, close, volume and the adjustment factor where there is one").Needs(Right.Read))
            .Takes("from", "First day or instant, UTC; without it the first bar.").Takes("to", "Last day or instant, UTC; a day counts as a whole. Without it the last bar.")
            .TakesNumber("last", "Only so many bars, the newest of them.", 1, BarsMax);
        Series(routes.MapGet("/data/series/{symbol}/{interval}/coverage", CoverageAsync)
            .Operation("getCoverage", "data", "Bars of each day as columns, beside how many its session has and how many of these are missing").Needs(Right.Read));
        Series(routes.MapGet("/data/series/{symbol}/{interval}/defects", DefectsAsync).Operation("getDefects", "data", "What the quality rules find in a series now").Needs(Right.Read));
    }

    private static RouteHandlerBuilder Series(RouteHandlerBuilder route) =>
        route.Takes("symbol", "Ticker, e.g. MKT.SYN.").Takes("interval", "Length of the bars.", [.. Enum.GetValues<Interval>().Select(i => i.Text())]);

    private async Task<Answer<SnapshotShown>> SnapshotAsync(string id, CancellationToken ct)
    {
        BarSnapshot snapshot = id.Length == 64 && id.All(char.IsAsciiHexDigitLower) ? await bars.FindAsync(ContentHash.Parse(id), ct)
            : throw new ProblemException("MKT-4002", $"'{id}' is no id of a snapshot.", "id", "Use 64 hexadecimal digits, e.g. an id of GET /data/series.", ExitCode.BadUsage);
        return new(new SnapshotShown(
            snapshot.Id.Hex, Shown(snapshot), [.. bars.Manifest(snapshot.Id).Files.Select(f => new SnapshotFileShown(f.Path, f.Sha256.Hex, f.Bytes, f.Rows))],
            [.. bars.Verify(snapshot.Id, ct).Select(Answers.LineOf)]));
    }

    private async Task<ColumnsAnswer> BarsAsync(HttpContext context, string symbol, string interval, string? from, string? to, CancellationToken ct)
    {
        long? last = QueryNumber.Read(context.Request, "last", 1, BarsMax);
        BarSnapshot snapshot = await RequireAsync(symbol, interval, ct);
        Stretch stretch = Stretch.Read(from ?? "1970-01-01", to, TimeZoneInfo.Utc, clock.GetUtcNow());
        BarColumns all = bars.Read(snapshot.Id, ct);
        int first = At(all, stretch.FromUtc), end = stretch.ToUtc is { } until ? At(all, until) : all.Count;
        first = last is { } newest ? Math.Max(first, end - (int)newest) : first;
        BarColumns slice = all.Slice(Math.Min(first, end), end);
        List<Column> columns =
        [
            Column.OfTimestamps("start", slice.StartUtcUs), Column.Of("open", slice.Open), Column.Of("high", slice.High), Column.Of("low", slice.Low), Column.Of("close", slice.Close),
            Column.Of("volume", slice.Volume),
        ];
        if (slice.AdjFactor.Length > 0)
        {
            columns.Add(Column.Of("adj_factor", slice.AdjFactor));
        }

        return new(data, new(columns), About(snapshot));
    }

    private async Task<ColumnsAnswer> CoverageAsync(string symbol, string interval, CancellationToken ct)
    {
        BarSnapshot snapshot = await RequireAsync(symbol, interval, ct);
        CheckedMarket market = CheckedMarket.Of(snapshot.Symbol);
        JsonObject about = About(snapshot);
        about["calendar"] = market.Calendar?.Id;
        return new(data, BarCoverage.Of(bars.Read(snapshot.Id, ct), market.Calendar), about);
    }

    private async Task<Answer<SeriesDefects>> DefectsAsync(string symbol, string interval, CancellationToken ct)
    {
        BarSnapshot snapshot = await RequireAsync(symbol, interval, ct);
        CheckedMarket market = CheckedMarket.Of(snapshot.Symbol);
        IReadOnlyList<Problem> damaged = bars.Verify(snapshot.Id, ct);
        QualityReport? report = damaged.Count > 0 ? null : QualityGates.Check(bars.Read(snapshot.Id, ct), market);
        QualityWaiver[] waivers =
        [
            .. await bars.StandingWaiversAsync(snapshot.Symbol, snapshot.Interval, ct),
            .. (await bars.WaiversAsync(snapshot.Symbol, snapshot.Interval, ct)).Select(w => new QualityWaiver(w.Rule, w.Reason)),
        ];
        IReadOnlyList<QualityFinding> found = report?.Findings ?? [];
        bool isRefused = damaged.Count > 0 || report!.Refused(waivers).Count > 0;
        return new(new SeriesDefects(
            snapshot.Symbol.Value, snapshot.Interval.Text(), snapshot.Id.Hex, market.Calendar?.Id, report?.Bars.Count ?? 0,
            isRefused ? "refused" : found.Any(f => !f.Rule.IsRemark) ? "flagged" : "ok", report?.Counts ?? new Dictionary<string, int>(),
            [.. found.OrderBy(f => f.Bar).Take(FindingsMax).Select(f => new DefectShown(f.Rule.Name, f.Rule.Kind, f.Rule.Meaning, report!.Bars.StartUtc(f.Bar), f.Bar, f.Detail))],
            waivers.DistinctBy(w => w.Rule).Where(w => found.Any(f => f.Rule.Name == w.Rule)).ToDictionary(w => w.Rule, w => w.Reason), [.. damaged.Select(Answers.LineOf)]));
    }

    private Task<BarSnapshot> RequireAsync(string symbol, string interval, CancellationToken ct) => bars.RequireAsync(Symbol.Parse(symbol), Intervals.Parse(interval), ct);

    // The first bar that does not start before an instant.
    private static int At(BarColumns all, DateTimeOffset instant)
    {
        int found = Array.BinarySearch(all.StartUtcUs, (instant - DateTimeOffset.UnixEpoch).Ticks / 10);
        return found < 0 ? ~found : found;
    }

    private static SeriesListed Shown(BarSnapshot s) => new(
        s.Id.Hex, s.Symbol.Value, s.Interval.Text(), s.Bars, s.FirstStartUtc, s.LastStartUtc, s.Source, s.SourceVersion, s.IsSynthetic, s.Findings);

    private static JsonObject About(BarSnapshot s) => new()
    {
        ["symbol"] = s.Symbol.Value, ["interval"] = s.Interval.Text(), ["snapshot"] = s.Id.Hex, ["source"] = s.Source, ["synthetic"] = s.IsSynthetic,
    };
}
