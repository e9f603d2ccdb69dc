using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Comparison;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;
using Sigmatiq.Workflows.Steps.Plugins;

namespace Sigmatiq.App.Api;

/// <summary><c>/workflows/{id}</c>, <c>/step-kinds</c>, <c>/schedules</c>: what workflows say, in which versions, and what they can say: what
/// <c>sigmatiq workflows show / validate / publish / diff / schema / kinds</c> do.</summary>
internal sealed class WorkflowTextsApi(Platform platform, WorkflowFolder folder)
{
    private const string Posted = "text";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/workflows/{id}", ShowAsync).Operation("getWorkflow", "workflows", "A workflow by id, or in one version by id@version, with its text and steps").Needs(Right.Read);
        routes.MapGet("/workflows/{id}/versions", VersionsAsync).Operation("listWorkflowVersions", "workflows", "The versions of a workflow, published or in the folder, newest first").Needs(Right.Read);
        routes.MapGet("/workflows/{id}/diff/{other}", DiffAsync)
            .Operation("compareWorkflows", "workflows", "In what two versions differ: id@version each").Takes("other", "Another workflow, by id or id@version.").Needs(Right.Read);
        routes.MapPost("/workflows/validate", ValidateAsync)
            .Operation("validateWorkflow", "workflows", "Says all that is wrong with a text; changes nothing", "A text that is not valid is an answer, not a refusal.").Body<WorkflowText>().Needs(Right.Plan);
        routes.MapPost("/workflows/publish", PublishAsync)
            .Operation("publishWorkflow", "workflows", "Keeps a version for good; other content under the same version is refused from then on").Body<WorkflowText>().Needs(Right.Operate);
        routes.MapGet("/workflow-schema", () => new Answer<JsonObject>(WorkflowSchema.Of(platform.Engine.Kinds)))
            .Operation("getWorkflowSchema", "workflows", "The JSON Schema (draft 7) of workflow files").Needs(Right.Read);
        routes.MapGet("/step-kinds", () => new Answer<IReadOnlyList<StepKindListed>>(platform.Engine.Kinds.Described.Select(k => KindOf(k.Name, k.Summary)).ToArray()))
            .Operation("listStepKinds", "workflows", "The step kinds that workflows can use, with the JSON Schemas of their input and outputs").Needs(Right.Read);
        routes.MapGet("/schedules/fires", FiresAsync)
            .Operation("listComingFires", "workflows", "The fires of all workflows between two instants, oldest first").TakesLimit(200)
            .Takes("from", "First day or instant (UTC where no offset is said); without it now.").Takes("to", "Last day or instant; without it seven days after the first.").Needs(Right.Read);
    }

    private async Task<Answer<WorkflowShown>> ShowAsync(string id, CancellationToken ct)
    {
        var (workflow, origin) = await WorkflowTexts.FindAsync(id, isPublishedFirst: true, folder, platform.Engine.Versions, ct);
        SchedulePause? pause = (await platform.Schedules.PausesAsync(ct)).GetValueOrDefault(workflow.Id);
        Problem? changed = WorkflowVersions.Changed(workflow, await platform.Engine.Versions.HashAsync(workflow.Id, workflow.Version, ct));
        return new(new WorkflowShown(
            workflow.Id, workflow.Version, workflow.Summary, workflow.Hash.Hex, origin, workflow.Text, workflow.Content.DeepClone().AsObject(),
            workflow.Schedule is { } s ? new(s.Summary, s.Zone.Id, s.Calendar?.Id, s.Paused ?? pause?.Reason, pause?.PausedBy, pause?.PausedAtUtc,
                [.. s.Lines.Select(l => new WorkflowCronShown(l.Cron.Text, StepJson.NameOf(l.Cron.Form.ToString()), StepJson.NameOf(l.Holiday.ToString())))]) : null,
            workflow.Awaits, changed is null ? null : Answers.LineOf(changed), [.. workflow.Warnings.Select(Answers.LineOf)],
            [.. workflow.Parameters.Select(p => new WorkflowParameterShown(p.Name, StepJson.NameOf(p.Type.ToString()), p.Required, p.Default?.DeepClone(), p.Min, p.Max, p.Help))],
            [.. workflow.Steps.Select(t => new WorkflowStepShown(
                t.Name, t.Uses, [.. t.Needs], t.WhenText, t.ForEach?.As, t.ForEach?.MaxParallel, t.Retry.Attempts, t.Timeout?.TotalSeconds))]));
    }

    private async Task<Answer<IReadOnlyList<WorkflowVersionListed>>> VersionsAsync(string id, CancellationToken ct)
    {
        IReadOnlyDictionary<string, ContentHash> published = await platform.Engine.Versions.HashesAsync(ct);
        Dictionary<string, WorkflowFile> files = folder.List().Where(f => f.Id == id).ToDictionary(f => f.Version, StringComparer.Ordinal);
        string[] versions = [.. files.Keys.Concat(await platform.Engine.Versions.ListAsync(id, ct)).Distinct().OrderByDescending(Version.Parse)];
        return versions.Length == 0
            ? throw new ProblemException(WorkflowCodes.UnknownWorkflow, $"There is no workflow '{id}'.", "id", "Use an id of GET /workflows.", ExitCode.BadUsage)
            : new(versions.Select(v =>
            {
                bool isPublished = published.TryGetValue($"{id}@{v}", out ContentHash hash);
                ParseResult<WorkflowDefinition>? read = files.TryGetValue(v, out WorkflowFile? file) ? folder.Read(file) : null;
                Problem? changed = read is { IsOk: true } && isPublished ? WorkflowVersions.Changed(read.Value, hash) : null;
                return new WorkflowVersionListed(
                    v, isPublished ? hash.Hex : read is { IsOk: true } ? read.Value.Hash.Hex : null, isPublished, read is not null,
                    [.. (read?.Problems ?? []).Concat(changed is null ? [] : [changed]).Select(Answers.LineOf)]);
            }).ToArray());
    }

    private async Task<Answer<WorkflowsCompared>> DiffAsync(string id, string other, CancellationToken ct)
    {
        WorkflowTexts.Found a = await WorkflowTexts.FindAsync(id, isPublishedFirst: true, folder, platform.Engine.Versions, ct),
            b = await WorkflowTexts.FindAsync(other, isPublishedFirst: true, folder, platform.Engine.Versions, ct);
        WorkflowDifferenceShown[] found = [.. WorkflowDiff.Of(a.Workflow, b.Workflow).Select(d => new WorkflowDifferenceShown(d.Path, d.A?.DeepClone(), d.B?.DeepClone()))];
        return new(new WorkflowsCompared(a.ToString(), b.ToString(), found.Length == 0, found));
    }

    private async Task<Answer<WorkflowValidated>> ValidateAsync(HttpContext context, CancellationToken ct)
    {
        (string text, ParseResult<WorkflowDefinition> parsed) = await ReadAsync(context, folder, ct);
        WorkflowDefinition? workflow = parsed.IsOk ? parsed.Value : null;
        Problem? changed = workflow is null ? null : WorkflowVersions.Changed(workflow, await platform.Engine.Versions.HashAsync(workflow.Id, workflow.Version, ct));
        return new(new WorkflowValidated(
            workflow is not null, workflow?.Id, workflow?.Version, workflow?.Hash.Hex, workflow?.Content.DeepClone().AsObject(), PlacedProblems.Of(text, parsed.Problems),
            PlacedProblems.Of(text, [.. (workflow?.Warnings ?? []), .. changed is null ? [] : new[] { changed }])));
    }

    private async Task<Made<WorkflowPublished>> PublishAsync(HttpContext context, CancellationToken ct)
    {
        WorkflowDefinition workflow = (await ReadAsync(context, folder, ct)).Parsed.Value;
        bool isNew = await platform.Engine.Versions.HashAsync(workflow.Id, workflow.Version, ct) is null;
        await platform.Engine.Versions.PublishAsync(workflow, ct);
        return new(new WorkflowPublished(workflow.Id, workflow.Version, workflow.Hash.Hex, await platform.Engine.Versions.ListAsync(workflow.Id, ct)), isNew);
    }

    /// <summary>The text that was posted, and what it says.</summary>
    internal static async Task<(string Text, ParseResult<WorkflowDefinition> Parsed)> ReadAsync(HttpContext context, WorkflowFolder folder, CancellationToken ct)
    {
        string text = TextOf(await Bodies.ObjectAsync(context.Request, [Posted], ct), Posted);
        return (text, folder.ParseText(text, Posted));
    }

    /// <summary>A key of the body that holds a workflow.</summary>
    /// <exception cref="ProblemException">APP-2025: it holds no text.</exception>
    internal static string TextOf(JsonObject body, string key) => body[key] is JsonValue value && value.TryGetValue(out string? text) ? text
        : throw new ProblemException("APP-2025", "A workflow is sent as its text.", key, $"Send {{\"{key}\": \"workflow: mine\\nversion: 1.0.0\\n...\"}}.", ExitCode.BadUsage);

    private StepKindListed KindOf(string name, string summary)
    {
        if (!platform.Engine.Kinds.TryGet(name, out StepKinds.Entry? entry))
        {
            return new(name, summary, "announced", null, null, null, null, null);
        }

        JsonObject schema = WorkflowSchema.Of(platform.Engine.Kinds, name);
        return new(
            name, summary, "built", entry.Kind.Version, entry.Kind.IsReusable, schema["with"]!.DeepClone().AsObject(), schema["outputs"]!.DeepClone().AsObject(),
            entry.Kind is PluginKind plugin ? new JsonObject
            {
                ["assembly"] = plugin.Source.Assembly, ["version"] = plugin.Source.Version, ["path"] = plugin.Source.Path, ["hash"] = plugin.Source.Hash.Hex,
            } : null);
    }

    // Of several versions the newest alone fires, as in the list.
    private async Task<Answer<IReadOnlyList<FireListed>>> FiresAsync(string? from, string? to, ListLimit limit, CancellationToken ct)
    {
        DateTimeOffset now = platform.Clock.GetUtcNow();
        Stretch stretch = Stretch.Read(from, to, TimeZoneInfo.Utc, now);
        Stretch closed = stretch with { ToUtc = stretch.ToUtc ?? stretch.FromUtc.AddDays(7) };
        IReadOnlyDictionary<string, SchedulePause> pauses = await platform.Schedules.PausesAsync(ct);
        List<(DateTimeOffset At, FireListed Fire)> fires = [];
        foreach (WorkflowFile file in folder.List().DistinctBy(f => f.Id))
        {
            if (folder.Read(file) is not { IsOk: true, Value: { Schedule: { } schedule } workflow })
            {
                continue;
            }

            string? paused = workflow.Awaits ?? schedule.Paused ?? pauses.GetValueOrDefault(workflow.Id)?.Reason;
            fires.AddRange(FireTimes.Between(schedule, closed.FromUtc, closed.ToUtc!.Value).Take(limit.Or(200)).Select(f => (f.AtUtc, new FireListed(
                workflow.Id, workflow.Version, Commands.WorkflowTimesCommands.Instant(f.AtUtc), f.Local.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture), schedule.Zone.Id,
                f.MovedFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), paused))));
        }

        return new(fires.OrderBy(f => f.At).ThenBy(f => f.Fire.Workflow, StringComparer.Ordinal).Take(limit.Or(200)).Select(f => f.Fire));
    }
}
