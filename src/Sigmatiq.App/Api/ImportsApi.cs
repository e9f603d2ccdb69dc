using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Snapshots;
using Sigmatiq.Workflows.Definitions;
using Symbol = Sigmatiq.Market.Symbols.Symbol;

namespace Sigmatiq.App.Api;

/// <summary>Bars on their way into the store, and what names them there: the rules of <c>sigmatiq data import / check --waive</c>.</summary>
internal sealed class ImportsApi(Platform platform)
{
    private const int SnapshotsShown = 100;
    private readonly Uploads uploads = new(platform.Data, platform.Clock);
    private readonly SnapshotUses uses = new(platform.Rows, platform.Bars);
    private readonly CoverageByMonth coverage = new(platform.Bars);

    // A large file takes memory; the others wait for their turn.
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/data/uploads/{name}", UploadAsync)
            .Operation("uploadBars", "data", "Takes a file of bars to be looked at; it is named by the hash of its bytes and goes after a day", "Send the bytes themselves, at most 256 MB. The same bytes are the same upload.")
            .Body<Stream>(contentType: "application/octet-stream").WithMetadata(new RequestSizeLimitAttribute(Uploads.BytesMax), new AsksAgain()).Needs(Right.Plan);
        routes.MapPost("/data/imports/preview", PreviewAsync)
            .Operation("previewImport", "data", "What an upload holds as it is understood, which rows would be refused by which rule, and what would change; changes nothing").Body<ImportAsked>().Needs(Right.Plan);
        routes.MapPost("/data/imports", ImportAsync).Operation("importBars", "data", "Takes the bars of an upload in: all of its symbols, or nothing").Body<ImportAsked>().Needs(Right.Operate);
        routes.MapPost("/data/series/{symbol}/{interval}/waivers", WaiveAsync)
            .Operation("waiveRule", "data", "Lets a broken fact of a series pass from now on, where the rule finds something").Body<WaiverAsked>().Needs(Right.Operate);
        routes.MapGet("/data/coverage", CoverageAsync).Operation("listCoverage", "data", "Bars of each month of every series, beside how many its sessions have").Needs(Right.Read);
        routes.MapGet("/data/snapshots", SnapshotsAsync)
            .Operation("listSnapshots", "data", "Snapshots of bars, newest first, with how many sweeps, trainings and models name each").Takes("symbol", "Only of this symbol.").Takes("interval", "Only of bars of this length.")
            .TakesLimit(SnapshotsShown).Needs(Right.Read);
        routes.MapGet("/data/snapshots/{id}/uses", UsesAsync).Operation("getSnapshotUses", "data", "What names a snapshot: sweeps, trainings, trained models and runs").Needs(Right.Read);
    }

    private async Task<Answer<UploadShown>> UploadAsync(HttpContext context, string name, CancellationToken ct)
    {
        Upload taken = await uploads.TakeAsync(name, context.Request.Body, ct);
        return new(new UploadShown(taken.Id.Hex, taken.Name, taken.Bytes));
    }

    // A file that is not understood is an answer here, with each place; only the import itself refuses it.
    private async Task<Answer<ImportShown>> PreviewAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ImportReader.Keys, ct);
        Upload upload = uploads.Find(body.Text("upload"));
        BarFileOptions options = ImportReader.Options(body);
        try
        {
            IReadOnlyList<ImportedSeries> series = await RunAsync(upload, options, body, isPreview: true, ct);
            return new(new ImportShown(upload.Id.Hex, upload.Name, true, [.. series.Select(s => ImportReader.Of(s, isPreview: true))], []));
        }
        catch (ProblemException e) when (e.Problem.Code.StartsWith("MKT-2", StringComparison.Ordinal) && e.Problem.Code is not ("MKT-2110" or "MKT-2111"))
        {
            return new(new ImportShown(upload.Id.Hex, upload.Name, true, [], [.. Uploads.Told(e, upload).All.Select(Answers.LineOf)]));
        }
    }

    private async Task<Answer<ImportShown>> ImportAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ImportReader.Keys, ct);
        string reason = Bodies.ReasonOf(body, "An import");
        Upload upload = uploads.Find(body.Text("upload"));
        BarFileOptions options = ImportReader.Options(body);
        IReadOnlyList<ImportedSeries> series;
        try
        {
            series = await RunAsync(upload, options, body, isPreview: false, ct);
        }
        catch (ProblemException e)
        {
            throw Uploads.Told(e, upload);
        }

        JsonObject facts = new()
        {
            ["file"] = upload.Name, ["sha256"] = upload.Id.Hex, ["waived"] = new JsonArray([.. body.List("waive").Select(w => w?.DeepClone())]),
            ["series"] = new JsonArray([.. series.Select(s => (JsonNode)new JsonObject
            {
                ["symbol"] = s.Published.Symbol.Value, ["interval"] = s.Published.Bars.Interval.Text(), ["added"] = s.Merge.Added, ["corrected"] = s.Merge.Corrected, ["snapshot"] = s.Snapshot?.Id.Hex,
            })]),
        };
        await platform.RecordAsync(context, "data.imported", $"upload:{upload.Id.Hex}", reason, facts, CancellationToken.None);
        uploads.Forget(upload);
        return new(new ImportShown(upload.Id.Hex, upload.Name, false, [.. series.Select(s => ImportReader.Of(s, isPreview: false))], []));
    }

    private async Task<IReadOnlyList<ImportedSeries>> RunAsync(Upload upload, BarFileOptions options, JsonObject body, bool isPreview, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            return await Task.Run(() => new BarImport(platform.Bars).RunAsync(upload.Path, options, ImportReader.Waivers(body), isPreview, ct), ct);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private async Task<Answer<WaiverShown>> WaiveAsync(HttpContext context, string symbol, string interval, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["rule", "reason"], ct);
        QualityWaiver waiver = QualityWaiver.Of(body.Text("rule") ?? "", body.Text("reason"));
        BarSnapshot snapshot = await platform.Bars.RequireAsync(Symbol.Parse(symbol), Intervals.Parse(interval), ct);
        int found = QualityGates.Check(platform.Bars.Read(snapshot.Id, ct), CheckedMarket.Of(snapshot.Symbol)).Counts.GetValueOrDefault(waiver.Rule);
        if (found == 0)
        {
            throw new ProblemException("MKT-2112", $"{waiver.Rule} finds nothing in {snapshot.Symbol} {snapshot.Interval.Text()}, so nothing is waived.", "rule", "See GET /data/series/SYMBOL/INTERVAL/defects.", ExitCode.BadUsage);
        }

        await platform.Bars.WaiveAsync(snapshot.Symbol, snapshot.Interval, waiver, ct);
        await platform.RecordAsync(context, "data.waived", $"series:{snapshot.Symbol}:{snapshot.Interval.Text()}", waiver.Reason, new JsonObject { ["rule"] = waiver.Rule, ["findings"] = found }, CancellationToken.None);
        return new(new WaiverShown(snapshot.Symbol.Value, snapshot.Interval.Text(), waiver.Rule, waiver.Reason, found));
    }

    private async Task<Answer<IReadOnlyList<SeriesCoverage>>> CoverageAsync(CancellationToken ct) => new(await coverage.AllAsync(ct));

    private async Task<Answer<IReadOnlyList<SnapshotListed>>> SnapshotsAsync(string? symbol, string? interval, ListLimit limit, CancellationToken ct)
    {
        ILookup<string, (string Kind, long Count)> counted = await uses.CountedAsync(ct);
        HashSet<ContentHash> kept = [.. new SnapshotStore(platform.Data).List()], newest = [.. (await platform.Bars.ListAsync(ct)).Select(s => s.Id)];
        long Of(BarSnapshot s, string kind) => counted[s.Id.Hex].FirstOrDefault(c => c.Kind == kind).Count;
        IReadOnlyList<(BarSnapshot Snapshot, DateTimeOffset MadeAtUtc)> all = await platform.Bars.HistoryAsync(
            symbol is { Length: > 0 } ? Symbol.Parse(symbol) : null, interval is { Length: > 0 } ? Intervals.Parse(interval) : null, limit.Or(SnapshotsShown), ct);
        return new(all.Select(s => new SnapshotListed(
            s.Snapshot.Id.Hex, s.Snapshot.Symbol.Value, s.Snapshot.Interval.Text(), s.Snapshot.Bars, s.Snapshot.FirstStartUtc, s.Snapshot.LastStartUtc, s.Snapshot.Source, s.MadeAtUtc,
            newest.Contains(s.Snapshot.Id), kept.Contains(s.Snapshot.Id), Of(s.Snapshot, "sweeps"), Of(s.Snapshot, "trainings"), Of(s.Snapshot, "trained_models"))));
    }

    private async Task<Answer<SnapshotUsed>> UsesAsync(string id, CancellationToken ct)
    {
        ContentHash hash = id.Length == 64 && id.All(char.IsAsciiHexDigitLower) ? ContentHash.Parse(id)
            : throw new ProblemException("MKT-4002", $"'{id}' is no id of a snapshot.", "id", "Use 64 hexadecimal digits, e.g. an id of GET /data/snapshots.", ExitCode.BadUsage);
        var named = await uses.NamedAsync(hash, ct);
        return new(new SnapshotUsed(hash.Hex, named.Sweeps, named.Trainings, named.Models, named.Runs));
    }
}
