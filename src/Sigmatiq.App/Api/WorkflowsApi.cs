using System.Security.Claims;
using System.Text.Json.Nodes;
using Sigmatiq.App.Commands;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.App.Api;

/// <summary><c>/workflows</c>: what there is, when it starts by itself, and the decisions about it that <c>sigmatiq workflows</c> takes too.</summary>
internal sealed class WorkflowsApi(Platform platform, WorkflowFolder folder)
{
    private static readonly string[] Stretched = ["from", "to", "keep_going"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/workflows", ListAsync);
        routes.MapGet("/workflows/{id}/next", NextAsync);
        routes.MapGet("/workflows/{id}/fires", async (string id, ListLimit limit, CancellationToken ct) =>
            Answers.Json(await platform.Schedules.FiresAsync(Load(id).Id, limit.Or(20), ct)));
        routes.MapGet("/workflows/{id}/backfills", async (string id, CancellationToken ct) => Answers.Json(await platform.Backfill.ListAsync(Load(id).Id, ct)));
        routes.MapPost("/workflows/{id}/trigger", TriggerAsync);
        routes.MapPost("/workflows/{id}/pause", (HttpContext context, string id, CancellationToken ct) => DecideAsync(context, id, pause: true, ct));
        routes.MapPost("/workflows/{id}/unpause", (HttpContext context, string id, CancellationToken ct) => DecideAsync(context, id, pause: false, ct));
        routes.MapPost("/workflows/{id}/backfill/preview", PreviewAsync);
        routes.MapPost("/workflows/{id}/backfill", CommitAsync);
    }

    private async Task<IResult> ListAsync(CancellationToken ct) => Answers.Json((await ListedWorkflow.AllAsync(platform, folder, ct)).Select(w => new
    {
        w.File.Id, w.File.Version, Summary = w.Parsed.IsOk ? w.Parsed.Value.Summary : null, WorkflowHash = w.Parsed.IsOk ? w.Parsed.Value.Hash.Hex : null,
        Schedule = w.Schedule?.Summary, Zone = w.Schedule?.Zone.Id, NextFireUtc = w.Next is { } next ? WorkflowTimesCommands.Instant(next) : null,
        Paused = w.Paused is not null, PausedReason = w.Paused,
        Problems = w.Problems.Select(p => new { p.Code, p.Message, p.Where, p.Remedy }),
    }));

    // An array of instants, as the command prints it.
    private IResult NextAsync(string id, string? from, string? to, ListLimit limit)
    {
        WorkflowDefinition workflow = Load(id);
        Stretch stretch = Stretch.Read(from, to, workflow.Schedule?.Zone ?? TimeZoneInfo.Utc, platform.Clock.GetUtcNow());
        IReadOnlyList<FireTime> fires = workflow.Schedule is { } schedule ? stretch.Of(schedule, limit.Or(10)) : [];
        return Answers.Json(fires.Select(f => WorkflowTimesCommands.Instant(f.AtUtc)));
    }

    private async Task<IResult> TriggerAsync(HttpContext context, string id, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["parameters", "until"], ct);
        JsonObject parameters = JsonReading.Field(body, "parameters") switch
        {
            null => [],
            JsonObject given => given.DeepClone().AsObject(),
            _ => throw new ProblemException(WorkflowCodes.BadParameter, "'parameters' must be an object.", "parameters", "Send {\"parameters\": {\"ticker\": \"SPY\"}}.", ExitCode.BadUsage),
        };
        RunId run = await platform.Engine.Requests.StartAsync(
            new(Load(id), parameters, UserOf(context)) { Until = body.Text("until") }, AnsweredOnce.KeyOf(context.Request), ct);
        return Answers.Json(new { Id = run.Value, Status = (await platform.Engine.Views.SummaryAsync(run, ct)).Status }, StatusCodes.Status202Accepted);
    }

    private async Task<IResult> DecideAsync(HttpContext context, string id, bool pause, CancellationToken ct)
    {
        string reason = ReasonOf(await Bodies.ObjectAsync(context.Request, ["reason"], ct));
        WorkflowDefinition workflow = Load(id);
        await (pause ? platform.Schedules.PauseAsync(workflow, UserOf(context), reason, ct) : platform.Schedules.UnpauseAsync(workflow, UserOf(context), reason, ct));
        return Answers.Json(new { workflow.Id, Paused = pause, Reason = reason });
    }

    private async Task<IResult> PreviewAsync(HttpContext context, string id, CancellationToken ct)
    {
        (WorkflowDefinition workflow, Stretch stretch, bool stop, _) = await BackfillAsync(context, id, Stretched, ct);
        BackfillPreview preview = await platform.Backfill.PreviewAsync(workflow, stretch, stop, ct);
        return Answers.Json(new
        {
            workflow.Id, preview.Token, Count = preview.Fires.Count, preview.AlreadyRun, StopOnFailure = stop, Fires = preview.Fires.Select(f => WorkflowTimesCommands.Instant(f.AtUtc)),
        });
    }

    private async Task<IResult> CommitAsync(HttpContext context, string id, CancellationToken ct)
    {
        (WorkflowDefinition workflow, Stretch stretch, bool stop, JsonNode? body) = await BackfillAsync(context, id, [.. Stretched, "token", "reason"], ct);
        string token = body.Text("token") ?? throw new ProblemException("APP-2020", "A backfill needs the token of its preview.", "token", $"Ask for one: POST /workflows/{workflow.Id}/backfill/preview.", ExitCode.BadUsage);
        await platform.Backfill.CommitAsync(workflow, stretch, stop, token, UserOf(context), ReasonOf(body), ct);
        return Answers.Json((await platform.Backfill.ListAsync(workflow.Id, ct)).First(b => b.Token == token), StatusCodes.Status202Accepted);
    }

    private async Task<(WorkflowDefinition Workflow, Stretch Stretch, bool Stop, JsonNode? Body)> BackfillAsync(HttpContext context, string id, string[] keys, CancellationToken ct)
    {
        JsonNode body = await Bodies.ObjectAsync(context.Request, keys, ct);
        WorkflowDefinition workflow = Load(id);
        if (body.Text("from") is not { } from || body.Text("to") is not { } to)
        {
            throw new ProblemException("APP-2020", "A backfill needs from and to.", "from", "Send {\"from\": \"2026-01-01\", \"to\": \"2026-01-31\"}.", ExitCode.BadUsage);
        }

        return (workflow, Stretch.Read(from, to, workflow.Schedule?.Zone ?? TimeZoneInfo.Utc, platform.Clock.GetUtcNow()), body.Truth("keep_going") != true, body);
    }

    private static string ReasonOf(JsonNode? body) => body.Text("reason") is { Length: > 0 } reason ? reason
        : throw new ProblemException(WorkflowCodes.ReasonMissing, "A decision about a workflow needs a reason.", "reason", "Say why; it is kept.", ExitCode.BadUsage);

    private static string UserOf(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier)!;

    private WorkflowDefinition Load(string name) => name.Split('@', 2) is [var id, var version] ? folder.Load(id, version) : folder.Load(name);
}
