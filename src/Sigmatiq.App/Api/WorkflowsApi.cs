using System.Security.Claims;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Commands;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App.Api;

/// <summary><c>/workflows</c>: what there is, when it starts by itself, and the decisions about it that <c>sigmatiq workflows</c> takes too.</summary>
internal sealed class WorkflowsApi(Platform platform, WorkflowFolder folder)
{
    private const string Decision = "A decision about a workflow";
    private static readonly string[] Stretched = ["from", "to", "keep_going"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/workflows", ListAsync).Operation("listWorkflows", "workflows", "Lists the workflow files with their schedules and problems").Needs(Right.Read);
        routes.MapGet("/workflows/{id}/next", NextAsync)
            .Operation("listNextFires", "workflows", "When a workflow fires next").TakesLimit(10)
            .Takes("from", "First day or instant, in the zone of the schedule; without it now.").Takes("to", "Last day or instant; without it none.").Needs(Right.Read);
        routes.MapGet("/workflows/{id}/fires", async (string id, ListLimit limit, CancellationToken ct) =>
            new Answer<IReadOnlyList<DecidedFire>>(await platform.Schedules.FiresAsync(Load(id).Id, limit.Or(20), ct)))
            .Operation("listFires", "workflows", "Past fires of a workflow with what became of each, newest first").TakesLimit(20).Needs(Right.Read);
        routes.MapGet("/workflows/{id}/backfills", async (string id, CancellationToken ct) =>
            new Answer<IReadOnlyList<BackfillView>>(await platform.Backfill.ListAsync(Load(id).Id, ct)))
            .Operation("listBackfills", "workflows", "The backfills of a workflow").Needs(Right.Read);
        routes.MapGet("/workflows/{id}/backfills/{token}", BackfillShownAsync)
            .Operation("getBackfill", "workflows", "A backfill with each of its fires and what became of it").Needs(Right.Read);
        routes.MapPost("/workflows/{id}/trigger", TriggerAsync).Operation("triggerWorkflow", "workflows", "Starts a run").Body<WorkflowTrigger>().Needs(Right.Run);
        routes.MapPost("/workflows/{id}/pause", (HttpContext context, string id, CancellationToken ct) => DecideAsync(context, id, pause: true, ct))
            .Operation("pauseWorkflow", "workflows", "Lets a schedule start nothing until it is unpaused").Body<WorkflowDecision>().Needs(Right.Operate);
        routes.MapPost("/workflows/{id}/unpause", (HttpContext context, string id, CancellationToken ct) => DecideAsync(context, id, pause: false, ct))
            .Operation("unpauseWorkflow", "workflows", "Lets a paused schedule go on").Body<WorkflowDecision>().Needs(Right.Operate);
        routes.MapPost("/workflows/{id}/backfill/preview", PreviewAsync)
            .Operation("previewBackfill", "workflows", "Which past fires a backfill would run; changes nothing").Body<BackfillStretch>().Needs(Right.Plan);
        routes.MapPost("/workflows/{id}/backfill", CommitAsync).Operation("commitBackfill", "workflows", "Runs exactly the fires of a preview, oldest first").Body<BackfillCommit>().Needs(Right.Operate);
    }

    private async Task<Answer<IReadOnlyList<WorkflowListed>>> ListAsync(CancellationToken ct) => new((await ListedWorkflow.AllAsync(platform, folder, ct)).Select(w => new WorkflowListed(
        w.File.Id, w.File.Version, w.Parsed.IsOk ? w.Parsed.Value.Summary : null, w.Parsed.IsOk ? w.Parsed.Value.Hash.Hex : null, w.Schedule?.Summary, w.Schedule?.Zone.Id,
        w.Next is { } next ? WorkflowTimesCommands.Instant(next) : null, w.Paused is not null, w.Paused, [.. w.Problems.Select(Answers.LineOf)])));

    // An array of instants, as the command prints it.
    private Answer<IReadOnlyList<string>> NextAsync(string id, string? from, string? to, ListLimit limit)
    {
        WorkflowDefinition workflow = Load(id);
        Stretch stretch = Stretch.Read(from, to, workflow.Schedule?.Zone ?? TimeZoneInfo.Utc, platform.Clock.GetUtcNow());
        IReadOnlyList<FireTime> fires = workflow.Schedule is { } schedule ? stretch.Of(schedule, limit.Or(10)) : [];
        return new(fires.Select(f => WorkflowTimesCommands.Instant(f.AtUtc)));
    }

    private async Task<Accepted<RunStarted>> TriggerAsync(HttpContext context, string id, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["parameters", "until"], ct);
        JsonObject parameters = JsonReading.Field(body, "parameters") switch
        {
            null => [],
            JsonObject given => given.DeepClone().AsObject(),
            _ => throw new ProblemException(WorkflowCodes.BadParameter, "'parameters' must be an object.", "parameters", "Send {\"parameters\": {\"ticker\": \"SPY\"}}.", ExitCode.BadUsage),
        };
        RunId run = await platform.Engine.Requests.StartAsync(
            new(await StartedAsync(id, ct), parameters, UserOf(context)) { Until = body.Text("until") }, AnsweredOnce.KeyOf(context.Request), ct);
        return new(new RunStarted(run.Value, (await platform.Engine.Views.SummaryAsync(run, ct)).Status));
    }

    private async Task<Answer<WorkflowPaused>> DecideAsync(HttpContext context, string id, bool pause, CancellationToken ct)
    {
        string reason = Bodies.ReasonOf(await Bodies.ObjectAsync(context.Request, ["reason"], ct), Decision);
        WorkflowDefinition workflow = Load(id);
        await (pause ? platform.Schedules.PauseAsync(workflow, UserOf(context), reason, ct) : platform.Schedules.UnpauseAsync(workflow, UserOf(context), reason, ct));
        return new(new WorkflowPaused(workflow.Id, pause, reason));
    }

    private async Task<Answer<BackfillPreviewed>> PreviewAsync(HttpContext context, string id, CancellationToken ct)
    {
        (WorkflowDefinition workflow, Stretch stretch, bool stop, _) = await BackfillAsync(context, id, Stretched, ct);
        BackfillPreview preview = await platform.Backfill.PreviewAsync(workflow, stretch, stop, ct);
        TimeSpan[] took = [.. (await platform.Backfill.TookAsync(workflow.Id, ct)).Order()];
        double? each = took.Length == 0 ? null : took[took.Length / 2].TotalSeconds;
        return new(new BackfillPreviewed(
            workflow.Id, preview.Token, preview.Fires.Count, preview.AlreadyRun, stop, [.. preview.Fires.Select(f => WorkflowTimesCommands.Instant(f.AtUtc))],
            [.. (await platform.Backfill.AlreadyAsync(workflow.Id, stretch, ct)).Select(LineOf)],
            [.. FireTimes.DroppedBetween(workflow.Schedule!, stretch.FromUtc, stretch.ToUtc!.Value).Select(d => new FireExcluded(WorkflowTimesCommands.Instant(d.AtUtc), d.Reason))],
            workflow.Steps.Count, each, took.Length));
    }

    private async Task<Answer<BackfillShown>> BackfillShownAsync(string id, string token, CancellationToken ct)
    {
        string workflow = id.Split('@', 2)[0];
        IReadOnlyList<FireRun> fires = await platform.Backfill.FiresAsync(workflow, token, ct);
        return new(new BackfillShown(workflow, (await platform.Backfill.ListAsync(workflow, ct)).First(b => b.Token == token), [.. fires.Select(LineOf)]));
    }

    private static FireRunLine LineOf(FireRun fire) => new(WorkflowTimesCommands.Instant(fire.FireUtc), fire.RunId, fire.Status);

    private async Task<Accepted<BackfillView>> CommitAsync(HttpContext context, string id, CancellationToken ct)
    {
        (WorkflowDefinition workflow, Stretch stretch, bool stop, JsonNode? body) = await BackfillAsync(context, id, [.. Stretched, "token", "reason"], ct);
        string token = body.Text("token") ?? throw new ProblemException("APP-2020", "A backfill needs the token of its preview.", "token", $"Ask for one: POST /workflows/{workflow.Id}/backfill/preview.", ExitCode.BadUsage);
        await platform.Backfill.CommitAsync(workflow, stretch, stop, token, UserOf(context), Bodies.ReasonOf(body, Decision), ct);
        return new((await platform.Backfill.ListAsync(workflow.Id, ct)).First(b => b.Token == token));
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

    // What was published is started although there is no file of it: a workflow may have been written in the studio.
    private async Task<WorkflowDefinition> StartedAsync(string id, CancellationToken ct) =>
        (await WorkflowTexts.FindAsync(id, isPublishedFirst: true, folder, platform.Engine.Versions, ct)).Workflow;

    private static string UserOf(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier)!;

    private WorkflowDefinition Load(string name) => name.Split('@', 2) is [var id, var version] ? folder.Load(id, version) : folder.Load(name);
}
