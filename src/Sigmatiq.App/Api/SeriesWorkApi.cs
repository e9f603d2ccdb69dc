using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Sources;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Symbol = Sigmatiq.Market.Symbols.Symbol;

namespace Sigmatiq.App.Api;

/// <summary>Series made, brought up to date and let go: <c>sigmatiq data sample / align / prune</c>.</summary>
internal sealed class SeriesWorkApi(Platform platform)
{
    private const string Subject = "bars", Change = "A change of the bars";
    private readonly SnapshotUses uses = new(platform.Rows, platform.Bars);

    // Series are brought up to date one after the other; a second request would only read the same bars again.
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/data/sample", SampleAsync)
            .Operation("makeSample", "data", "Makes the synthetic sample market, or brings it up to date: hours since 2018 and a year of 5-minute bars of eight symbols").Body<SampleAsked>().Needs(Right.Operate);
        routes.MapPost("/data/align", AlignAsync)
            .Operation("alignSeries", "data", "Brings series up to the last completed session; one without a feed stays as it is and says how many sessions it lacks").Body<AlignAsked>().Needs(Right.Operate);
        routes.MapGet("/data/prune", PreviewAsync).Operation("previewPrune", "data", "Which bars nothing uses any more; removes nothing").Needs(Right.Read);
        routes.MapPost("/data/prune", PruneAsync).Operation("pruneBars", "data", "Lets exactly the bars of a preview go, or nothing").Body<PruneAsked>().Needs(Right.Operate);
    }

    private async Task<Answer<IReadOnlyList<SeriesAligned>>> SampleAsync(HttpContext context, CancellationToken ct)
    {
        string reason = Bodies.ReasonOf(await Bodies.ObjectAsync(context.Request, ["reason"], ct), Change);
        return await BringAsync(context, BarAlignment.SampleMarket, "data.sampled", reason, ct);
    }

    private async Task<Answer<IReadOnlyList<SeriesAligned>>> AlignAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["reason", "symbols", "interval"], ct);
        string reason = Bodies.ReasonOf(body, Change);
        // What is no list must not read as none, which means every series.
        string[] symbols = JsonReading.Field(body, "symbols") is null or JsonArray ? [.. body.List("symbols").Select(s => s?.ToString() ?? "")]
            : throw new ProblemException("APP-2011", "symbols is no list.", "symbols", "Send a list of tickers, such as [\"SPY\"], or leave it out for every series.", ExitCode.BadUsage);
        return await BringAsync(context, await BarAlignment.MeantAsync(platform.Bars, symbols, body.Text("interval"), ct), "data.aligned", reason, ct);
    }

    // Doing it again changes nothing, so what was brought before something failed stays and is recorded.
    private async Task<Answer<IReadOnlyList<SeriesAligned>>> BringAsync(
        HttpContext context, IReadOnlyList<(Symbol Symbol, Interval Interval)> series, string action, string reason, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        List<AlignedSeries> brought = [];
        try
        {
            DateTimeOffset now = platform.Clock.GetUtcNow();
            await Task.Run(async () =>
            {
                foreach ((Symbol symbol, Interval interval) in series)
                {
                    brought.Add(await platform.Align.AlignAsync(symbol, interval, now, ct));
                }
            }, ct);
        }
        finally
        {
            oneAtATime.Release();
            if (brought.Any(b => b.AddedBars > 0))
            {
                JsonArray facts = [.. brought.Where(b => b.AddedBars > 0).Select(b => (JsonNode)new JsonObject
                {
                    ["symbol"] = b.Snapshot.Symbol.Value, ["interval"] = b.Snapshot.Interval.Text(), ["added"] = b.AddedBars, ["snapshot"] = b.Snapshot.Id.Hex,
                })];
                await platform.RecordAsync(context, action, Subject, reason, new() { ["series"] = facts }, CancellationToken.None);
            }
        }

        return new(brought.Select(b => new SeriesAligned(
            b.Snapshot.Id.Hex, b.Snapshot.Symbol.Value, b.Snapshot.Interval.Text(), b.Snapshot.Bars, b.AddedBars, b.Until, b.MissingSessions, b.IsStale, b.Snapshot.IsSynthetic)));
    }

    private async Task<Answer<PrunePreview>> PreviewAsync(CancellationToken ct)
    {
        Pruned shown = await RunAsync(dryRun: true, agreed: null, ct);
        return new(new PrunePreview(shown.Kept, [.. shown.Snapshots.Select(s => s.Hex)], shown.Files.Count, shown.Bytes, shown.Token));
    }

    private async Task<Answer<PruneDone>> PruneAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["token", "reason"], ct);
        string reason = Bodies.ReasonOf(body, Change);
        string token = body.Text("token") is { Length: > 0 } asked ? asked
            : throw new ProblemException("MKT-4006", "A pruning needs the token of what was shown.", "token", "Take it from GET /data/prune.", ExitCode.BadUsage);
        Pruned gone = await RunAsync(dryRun: false, token, ct);
        await platform.RecordAsync(context, "data.pruned", Subject, reason, new()
        {
            ["snapshots"] = new JsonArray([.. gone.Snapshots.Select(s => (JsonNode)s.Hex)]), ["files"] = gone.Files.Count, ["bytes"] = gone.Bytes,
        }, CancellationToken.None);
        return new(new PruneDone(gone.Kept, [.. gone.Snapshots.Select(s => s.Hex)], gone.Files.Count, gone.Bytes));
    }

    private Task<Pruned> RunAsync(bool dryRun, string? agreed, CancellationToken ct) =>
        new BarPrune(platform.Data, platform.Bars).RunAsync(id => uses.IsUsedAsync(id, ct), dryRun, ct, agreed);
}
