using System.Security.Claims;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Comparison;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App.Api;

/// <summary><c>/runs</c>: what runs did, and the decisions about them that <c>sigmatiq runs</c> takes too. A decision is answered once it
/// is written; the engine follows it within a second.</summary>
internal sealed class RunsApi(WorkflowEngine engine, WorkflowFolder workflows, DataDirectory data, TimeProvider clock)
{
    private const int LogLinesMax = 1_000;
    private readonly RunGridReader grid = new(engine, clock);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs", ListAsync)
            .Operation("listRuns", "runs", "Lists runs, newest first").TakesRunFilter("Only runs of this workflow.").TakesLimit(20).TakesCursor().Needs(Right.Read);
        routes.MapGet("/runs/workflows", async (CancellationToken ct) =>
            new Answer<IReadOnlyList<WorkflowRan>>((await engine.Views.WorkflowsAsync(ct)).Select(w => new WorkflowRan(w.Workflow, w.Runs, w.LastRun))))
            .Operation("listRanWorkflows", "runs", "Lists the workflows that have run, the one that ran last first").Needs(Right.Read);
        routes.MapGet("/runs/grid", GridAsync)
            .Operation("getRunGrid", "runs", "Runs of one workflow over time with the state of each step", "Steps of all versions of these runs as rows, runs as columns, newest first.")
            .TakesRunFilter("Runs of this workflow; without it of the one that ran last.").TakesNumber("limit", "At most so many runs.", 1, RunGridReader.Most, RunGridReader.Usual).Needs(Right.Read);
        routes.MapGet("/runs/{run}", async (string run, CancellationToken ct) => new Answer<RunShown>((await engine.Views.ShowAsync(new(run), ct)).ToJson()))
            .Operation("getRun", "runs", "A run with its steps, attempts and results").Needs(Right.Read);
        routes.MapPost("/runs/{run}/pause", (HttpContext context, string run, CancellationToken ct) =>
            DecideAsync(context, run, (id, ask) => engine.Requests.PauseAsync(id, ask.By, ask.Reason, ask.Key, ct), ct))
            .Operation("pauseRun", "runs", "Starts nothing more of a run until it is resumed").Body<RunDecision>().Needs(Right.Run);
        routes.MapPost("/runs/{run}/resume", (HttpContext context, string run, CancellationToken ct) =>
            DecideAsync(context, run, (id, ask) => engine.Requests.ResumeAsync(id, ask.By, ask.Reason, ask.Key, ct), ct))
            .Operation("resumeRun", "runs", "Lets a paused run go on").Body<RunDecision>().Needs(Right.Run);
        routes.MapPost("/runs/{run}/cancel", (HttpContext context, string run, CancellationToken ct) =>
            DecideAsync(context, run, (id, ask) => engine.Requests.CancelAsync(id, ask.By, ask.Reason, ask.Key, ct), ct))
            .Operation("cancelRun", "runs", "Ends a run; what it made stays").Body<RunDecision>().Needs(Right.Run);
        routes.MapPost("/runs/{run}/retry", (HttpContext context, string run, CancellationToken ct) =>
            DecideAsync(context, run, (id, ask) => engine.Requests.RetryAsync(id, ask.Body.Text("step"), ask.By, ask.Reason, ask.Key, ct), ct, ["reason", "step"]))
            .Operation("retryRun", "runs", "Tries the failed steps of a run again").Body<RunRetry>().Needs(Right.Run);
        routes.MapPost("/runs/{run}/rerun", RerunAsync)
            .Operation("rerunRun", "runs", "Goes over a run again as a new run, on the same or another version of its workflow").Body<RunRerunAsked>().Needs(Right.Run);
        routes.MapGet("/runs/{run}/diff/{other}", DiffAsync).Operation("compareRuns", "runs", "In what two runs differ").Needs(Right.Read);
        routes.MapGet("/runs/{run}/logs", LogsAsync)
            .Operation("listRunLog", "runs", "Lines that the steps of a run wrote, a page at a time").Takes("step", "Only lines of this step.")
            .TakesNumber("after", "Lines after this one: the last of the page before.", 0, 9_007_199_254_740_991, 0).Needs(Right.Read);
    }

    private async Task<Accepted<RunRerunStarted>> RerunAsync(HttpContext context, string run, CancellationToken ct)
    {
        Asked ask = await ReadAsync(context, ["reason", "from", "version", "set"], ct);
        RunState earlier = (await engine.Journal.LoadAsync(new(run), ct)).State;
        WorkflowDefinition workflow = await RunVersions.OfAsync(earlier, ask.Body.Text("version") ?? RunVersions.Original, engine.Versions, workflows, ct);
        JsonObject set = JsonReading.Field(ask.Body, "set") switch
        {
            null => [],
            JsonObject given => given,
            _ => throw new ProblemException(WorkflowCodes.BadParameter, "'set' must be an object of parameters.", "set", "Send {\"set\": {\"select\": 3}}.", ExitCode.BadUsage),
        };
        RunId made = await engine.Requests.RerunAsync(new(earlier.Id, workflow, set, ask.Body.Text("from"), ask.By, ask.Reason), ask.Key, ct);
        return new(new RunRerunStarted(made.Value, run, (await engine.Views.SummaryAsync(made, ct)).Status));
    }

    // A page at a time: whoever follows asks again with the number of the last line.
    private async Task<Answer<RunLog>> LogsAsync(HttpContext context, string run, string? step, CancellationToken ct)
    {
        long after = QueryNumber.Read(context.Request, "after", 0, long.MaxValue) ?? 0;
        await engine.Views.RefuseUnknownStepAsync(new(run), step, ct);
        bool rests = await engine.Views.IsAtRestAsync(new(run), ct);
        LogLine[] lines = [.. (await engine.Views.LogAsync(new(run), step, after, ct)).Take(LogLinesMax)];
        return new(new RunLog(
            [.. lines.Select(l => new RunLogLine(l.LineId, l.Step, l.Item, l.Attempt, l.AtUtc, l.Line))], lines is [.., var last] ? last.LineId : after, rests && lines.Length < LogLinesMax));
    }

    private async Task<Answer<RunsCompared>> DiffAsync(string run, string other, CancellationToken ct)
    {
        RunFactsReader facts = new(engine.Views, data);
        return new(Commands.RunsDiffCommand.Json(new(run), new(other), RunDiff.Of(await facts.ReadAsync(new(run), ct), await facts.ReadAsync(new(other), ct))));
    }

    private async Task<Answer<RunGrid>> GridAsync(HttpContext context, CancellationToken ct) => new(await grid.ReadAsync(
        RunFilterQuery.Read(context.Request, clock.GetUtcNow()), (int)(QueryNumber.Read(context.Request, "limit", 1, RunGridReader.Most) ?? RunGridReader.Usual), ct));

    private async Task<Answer<IReadOnlyList<RunListed>>> ListAsync(HttpContext context, ListLimit limit, PageCursor cursor, CancellationToken ct)
    {
        RunFilter filter = RunFilterQuery.Read(context.Request, clock.GetUtcNow());
        IReadOnlyList<RunSummary> runs = PageCursor.Tell(
            context, await engine.Views.FindAsync(filter with { Before = cursor.After ?? filter.Before }, limit.Or(20), ct), limit.Or(20), r => r.Id);
        return new(runs.Select(r => new RunListed(
            r.Id, r.Workflow, r.Version, r.Status, r.Reason, r.RequestedBy, r.RequestedAtUtc, r.ChangedAtUtc, r.EndedAtUtc, JsonNode.Parse(r.Parameters))));
    }

    private async Task<Accepted<RunDecided>> DecideAsync(HttpContext context, string run, Func<RunId, Asked, Task> decide, CancellationToken ct, string[]? keys = null)
    {
        Asked ask = await ReadAsync(context, keys ?? ["reason"], ct);
        context.Caller().DemandOwn((await engine.Views.SummaryAsync(new(run), ct)).RequestedBy, run);
        await decide(new(run), ask);
        RunSummary now = await engine.Views.SummaryAsync(new(run), ct);
        return new(new RunDecided(now.Id, now.Status, now.Reason));
    }

    private static async Task<Asked> ReadAsync(HttpContext context, string[] keys, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, keys, ct);
        string? key = AnsweredOnce.KeyOf(context.Request);
        return body.Text("reason") is { Length: > 0 } reason
            ? new(context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, reason, key, body)
            : throw new ProblemException(WorkflowCodes.ReasonMissing, "A decision about a run needs a reason.", "reason", "Say why; it is kept.", ExitCode.BadUsage);
    }

    private sealed record Asked(string By, string Reason, string? Key, JsonNode? Body);
}
