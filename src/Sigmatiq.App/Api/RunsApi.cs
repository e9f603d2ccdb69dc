using System.Security.Claims;
using System.Text.Json.Nodes;
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
internal sealed class RunsApi(WorkflowEngine engine, WorkflowFolder workflows, DataDirectory data)
{
    private const int LogLinesMax = 1_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs", ListAsync);
        routes.MapGet("/runs/{run}", async (string run, CancellationToken ct) => Answers.Json((await engine.Views.ShowAsync(new(run), ct)).ToJson()));
        routes.MapPost("/runs/{run}/pause", (HttpContext context, string run, CancellationToken ct) =>
            DecideAsync(context, run, (id, ask) => engine.Requests.PauseAsync(id, ask.By, ask.Reason, ask.Key, ct), ct));
        routes.MapPost("/runs/{run}/resume", (HttpContext context, string run, CancellationToken ct) =>
            DecideAsync(context, run, (id, ask) => engine.Requests.ResumeAsync(id, ask.By, ask.Reason, ask.Key, ct), ct));
        routes.MapPost("/runs/{run}/cancel", (HttpContext context, string run, CancellationToken ct) =>
            DecideAsync(context, run, (id, ask) => engine.Requests.CancelAsync(id, ask.By, ask.Reason, ask.Key, ct), ct));
        routes.MapPost("/runs/{run}/retry", (HttpContext context, string run, CancellationToken ct) =>
            DecideAsync(context, run, (id, ask) => engine.Requests.RetryAsync(id, ask.Body.Text("step"), ask.By, ask.Reason, ask.Key, ct), ct, ["reason", "step"]));
        routes.MapPost("/runs/{run}/rerun", RerunAsync);
        routes.MapGet("/runs/{run}/diff/{other}", DiffAsync);
        routes.MapGet("/runs/{run}/logs", LogsAsync);
    }

    private async Task<IResult> RerunAsync(HttpContext context, string run, CancellationToken ct)
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
        return Answers.Json(new { Id = made.Value, RerunOf = run, Status = (await engine.Views.SummaryAsync(made, ct)).Status }, StatusCodes.Status202Accepted);
    }

    // A page at a time: whoever follows asks again with the number of the last line.
    private async Task<IResult> LogsAsync(HttpContext context, string run, string? step, CancellationToken ct)
    {
        long after = QueryNumber.Read(context.Request, "after", 0, long.MaxValue) ?? 0;
        await engine.Views.RefuseUnknownStepAsync(new(run), step, ct);
        bool rests = await engine.Views.IsAtRestAsync(new(run), ct);
        LogLine[] lines = [.. (await engine.Views.LogAsync(new(run), step, after, ct)).Take(LogLinesMax)];
        return Answers.Json(new
        {
            Lines = lines.Select(l => new { Id = l.LineId, l.Step, l.Item, l.Attempt, l.AtUtc, l.Line }), Last = lines is [.., var last] ? last.LineId : after,
            IsComplete = rests && lines.Length < LogLinesMax,
        });
    }

    private async Task<IResult> DiffAsync(string run, string other, CancellationToken ct)
    {
        RunFactsReader facts = new(engine.Views, data);
        return Answers.Json(Commands.RunsDiffCommand.Json(new(run), new(other), RunDiff.Of(await facts.ReadAsync(new(run), ct), await facts.ReadAsync(new(other), ct))));
    }

    private async Task<IResult> ListAsync(string? workflow, ListLimit limit, CancellationToken ct)
    {
        IReadOnlyList<RunSummary> runs = await engine.Views.ListAsync(workflow, limit.Or(20), ct);
        return Answers.Json(runs.Select(r => new
        {
            r.Id, r.Workflow, r.Version, r.Status, r.Reason, r.RequestedBy, r.RequestedAtUtc, r.ChangedAtUtc, r.EndedAtUtc,
            Parameters = JsonNode.Parse(r.Parameters),
        }));
    }

    private async Task<IResult> DecideAsync(HttpContext context, string run, Func<RunId, Asked, Task> decide, CancellationToken ct, string[]? keys = null)
    {
        await decide(new(run), await ReadAsync(context, keys ?? ["reason"], ct));
        RunSummary now = await engine.Views.SummaryAsync(new(run), ct);
        return Answers.Json(new { now.Id, now.Status, now.Reason }, StatusCodes.Status202Accepted);
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
