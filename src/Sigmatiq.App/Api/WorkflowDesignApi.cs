using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Comparison;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App.Api;

/// <summary>What the designer needs besides the texts: saving a version, comparing and testing what is not saved, where steps stand, and drafts.</summary>
internal sealed class WorkflowDesignApi(Platform platform)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/workflows/save", SaveAsync)
            .Operation("saveWorkflow", "workflows", "Keeps a text as a new version, in a file and published", "A version that is there is never overwritten: 409 answers with its text in present.").Body<WorkflowSave>().Needs(Right.Operate);
        routes.MapGet("/workflows/{id}/source", async (string id, CancellationToken ct) => new Answer<WorkflowSource>(await WorkflowSourceReader.ReadAsync(id, platform.Workflows, platform.Engine.Versions, ct)))
            .Operation("getWorkflowSource", "workflows", "The newest file of a workflow as it is, also where it is broken, and the last content that could be read").Needs(Right.Read);
        routes.MapGet("/workflows/{id}/uses", async (string id, CancellationToken ct) => new Answer<WorkflowUses>(await new WorkflowUsesReader(platform).ReadAsync(id, ct)))
            .Operation("getWorkflowUses", "workflows", "What a new version of a workflow touches: who runs it or waits for it, and which backfills and runs stay on their version").Needs(Right.Read);
        routes.MapPost("/workflows/compare", CompareAsync)
            .Operation("compareWorkflowTexts", "workflows", "In what two texts differ, by what they say and not by how it is written").Body<WorkflowPair>().Needs(Right.Plan);
        routes.MapPost("/workflows/test", TestAsync)
            .Operation("testWorkflow", "workflows", "Plays the cases of a text: no step runs, and weeks pass at once").Body<WorkflowText>().Needs(Right.Plan);
        routes.MapGet("/workflows/{id}/layout", (string id) => new Answer<WorkflowLayoutShown>(Shown(Layouts.Read(id))))
            .Operation("getWorkflowLayout", "workflows", "Where the steps of a workflow stand when it is drawn").Needs(Right.Read);
        routes.MapPut("/workflows/{id}/layout", PlaceAsync)
            .Operation("setWorkflowLayout", "workflows", "Keeps where the steps of a workflow stand; changes no version and no hash").Body<WorkflowLayoutShown>().WithMetadata(new AsksAgain()).Needs(Right.Operate);
        routes.MapGet("/me/drafts", async (HttpContext context, CancellationToken ct) => new Answer<IReadOnlyList<WorkflowDraftMine>>(
                (await platform.Drafts.OfAsync(context.Caller().Person.Id, ct)).Select(d => new WorkflowDraftMine(d.WorkflowId, d.BaseVersion, d.SavedAtUtc)).ToArray()))
            .Operation("listMyDrafts", "workflows", "One's own drafts of workflows, the latest first, also of those that were never saved").Needs(Right.Read);
        routes.MapGet("/workflows/{id}/draft", async (HttpContext context, string id, CancellationToken ct) => new Answer<WorkflowDraftsShown>(await DraftsAsync(context, id, ct)))
            .Operation("getWorkflowDraft", "workflows", "One's own draft of a workflow, and who else has one").Needs(Right.Read);
        routes.MapPut("/workflows/{id}/draft", KeepAsync)
            .Operation("keepWorkflowDraft", "workflows", "Keeps one's own draft in place of the earlier one").Body<WorkflowDraft>().WithMetadata(new AsksAgain()).Needs(Right.Operate);
        routes.MapDelete("/workflows/{id}/draft", async (HttpContext context, string id, CancellationToken ct) =>
        {
            await platform.Drafts.DropAsync(id, context.Caller().Person.Id, ct);
            return new Answer<WorkflowDraftsShown>(await DraftsAsync(context, id, ct));
        }).Operation("dropWorkflowDraft", "workflows", "Lets one's own draft go").Needs(Right.Operate);
    }

    private WorkflowLayouts Layouts => new(platform.WorkflowsFolder);

    private async Task<Made<WorkflowSaved>> SaveAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["text", "base", "note", "workflow"], ct);
        string text = WorkflowTextsApi.TextOf(body, "text");
        WorkflowDefinition workflow = platform.Workflows.ParseText(text, "text").Value;
        if (body.Text("workflow") is { } meant && meant != workflow.Id)
        {
            throw new ProblemException(WorkflowCodes.OtherWorkflow, $"The text says workflow: {workflow.Id}, and it was sent for {meant}.", "workflow", $"Write workflow: {meant}, or save it as a new workflow.", ExitCode.BadUsage);
        }

        string by = context.Caller().Person.Id;
        (WorkflowFile file, bool isNew) = await new SavedWorkflows(platform).SaveAsync(workflow, body.Text("base"), by, body.Text("note"), ct);
        await platform.Drafts.DropAsync(workflow.Id, by, ct);
        return new(new WorkflowSaved(workflow.Id, workflow.Version, workflow.Hash.Hex, Path.GetFileName(file.Path), PlacedProblems.Of(text, workflow.Warnings)), isNew);
    }

    private async Task<Answer<WorkflowsCompared>> CompareAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["a", "b"], ct);
        WorkflowDefinition a = platform.Workflows.ParseText(WorkflowTextsApi.TextOf(body, "a"), "a").Value, b = platform.Workflows.ParseText(WorkflowTextsApi.TextOf(body, "b"), "b").Value;
        WorkflowDifferenceShown[] found = [.. WorkflowDiff.Of(a, b).Select(d => new WorkflowDifferenceShown(d.Path, d.A?.DeepClone(), d.B?.DeepClone()))];
        return new(new WorkflowsCompared($"{a.Id} {a.Version}", $"{b.Id} {b.Version}", found.Length == 0, found));
    }

    private async Task<Answer<WorkflowTested>> TestAsync(HttpContext context, CancellationToken ct)
    {
        (_, ParseResult<WorkflowDefinition> parsed) = await WorkflowTextsApi.ReadAsync(context, platform.Workflows, ct);
        WorkflowDefinition workflow = parsed.Value;
        WorkflowCase[] cases = [.. workflow.Tests.Select(t => CaseOf(t, Rehearsal.Play(workflow, platform.Engine.Kinds, t)))];
        return cases.Length > 0 ? new(new WorkflowTested(cases.All(c => c.Passed), cases))
            : throw new ProblemException(WorkflowCodes.NoCase, $"{workflow.Id} has no cases.", "tests", "Write them under tests: in the file.", ExitCode.BadUsage);
    }

    private static WorkflowCase CaseOf(WorkflowTest test, RehearsalResult result) => new(
        result.Test, result.Passed, StepJson.NameOf(result.State.Status.ToString()), result.Took.TotalSeconds, result.Differences,
        [.. result.State.Steps.Select(s => new WorkflowCaseStep(s.Spec.Name, StepJson.NameOf(s.Status.ToString()), test.Expect.GetValueOrDefault(s.Spec.Name), s.Reason ?? s.Instances.Select(i => i.Reason).FirstOrDefault(r => r is not null)))]);

    private async Task<Answer<WorkflowLayoutShown>> PlaceAsync(HttpContext context, string id, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["positions"], ct);
        JsonObject positions = body["positions"] as JsonObject
            ?? throw new ProblemException(WorkflowCodes.BadValue, "A layout is sent as the places of its steps.", "positions", "Send {\"positions\": {\"align\": [120, -40]}}.", ExitCode.BadUsage);
        Dictionary<string, CanvasPlace> places = new(StringComparer.Ordinal);
        foreach (var (step, place) in positions)
        {
            places[step] = place is JsonArray { Count: 2 } corner && corner[0] is JsonValue x && corner[1] is JsonValue y && x.TryGetValue(out double left) && y.TryGetValue(out double top) ? new(left, top) : new(double.NaN, 0);
        }

        Layouts.Write(id, places);
        return new(Shown(Layouts.Read(id)));
    }

    private static WorkflowLayoutShown Shown(IReadOnlyDictionary<string, CanvasPlace> places) =>
        new(places.ToDictionary(p => p.Key, p => (IReadOnlyList<double>)[p.Value.X, p.Value.Y], StringComparer.Ordinal));

    private async Task<Answer<WorkflowDraftsShown>> KeepAsync(HttpContext context, string id, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["text", "base"], ct);
        Person by = context.Caller().Person;
        await platform.Drafts.KeepAsync(id, by.Id, by.Name, body.Text("base"), WorkflowTextsApi.TextOf(body, "text"), ct);
        return new(await DraftsAsync(context, id, ct));
    }

    private async Task<WorkflowDraftsShown> DraftsAsync(HttpContext context, string id, CancellationToken ct)
    {
        string asks = context.Caller().Person.Id;
        IReadOnlyList<WorkflowDraftRow> all = await platform.Drafts.ListAsync(id, ct);
        return new(
            all.Where(d => d.UserId == asks).Select(d => new WorkflowDraftShown(d.Text, d.BaseVersion, d.SavedAtUtc)).FirstOrDefault(),
            [.. all.Where(d => d.UserId != asks).Select(d => new WorkflowDraftOf(d.UserId, d.UserName, d.BaseVersion, d.SavedAtUtc))]);
    }
}
