using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Api;

/// <summary><c>/workflows/{id}/desk</c>: who has its designer open, who has a draft, and the newest version, so that two people at one workflow know of each other before they save.</summary>
internal sealed class WorkflowDeskApi(Platform platform)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/workflows/{id}/desk", (HttpContext context, string id, CancellationToken ct) => ShownAsync(context, id, null, ct))
            .Operation("getWorkflowDesk", "workflows", "Who has the designer of a workflow open or a draft of it, and its newest version", "The stream /events says design whenever it would say something else.").Needs(Right.Read);
        routes.MapPut("/workflows/{id}/desk", KeepAsync)
            .Operation("keepWorkflowDesk", "workflows", "Says that a designer is open, and who else is there", "Send it every ten seconds; after thirty without it the tab counts as closed.").Body<WorkflowEditing>().WithMetadata(new AsksAgain()).Needs(Right.Operate);
        routes.MapDelete("/workflows/{id}/desk/{tab}", async (HttpContext context, string id, string tab, CancellationToken ct) =>
        {
            await platform.Editors.LeaveAsync(id, context.Caller().Person.Id, tab, ct);
            return await ShownAsync(context, id, tab, ct);
        }).Operation("leaveWorkflowDesk", "workflows", "Says that a designer was closed").Takes("tab", "The id of the tab.").WithMetadata(new AsksAgain()).Needs(Right.Operate);
    }

    private async Task<Answer<WorkflowDesk>> KeepAsync(HttpContext context, string id, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["tab", "base"], ct);
        Person by = context.Caller().Person;
        string tab = body.Text("tab") ?? "";
        await platform.Editors.KeepAsync(id, by.Id, by.Name, tab, body.Text("base"), ct);
        return await ShownAsync(context, id, tab, ct);
    }

    private async Task<Answer<WorkflowDesk>> ShownAsync(HttpContext context, string id, string? tab, CancellationToken ct)
    {
        string asks = context.Caller().Person.Id;
        IReadOnlyList<WorkflowEditorRow> editors = await platform.Editors.ListAsync(id, ct);
        IReadOnlyList<WorkflowDraftRow> drafts = await platform.Drafts.ListAsync(id, ct);
        string? newest = platform.Workflows.List().Where(f => f.Id == id).Select(f => f.Version).Concat(await platform.Engine.Versions.ListAsync(id, ct)).MaxBy(Version.Parse);
        AuditRecord? saved = newest is null ? null : (await AuditChain.OfSubjectAsync(platform.Rows, $"{id}@{newest}", ct)).LastOrDefault(r => r.Action == "workflow.saved");
        return new(new WorkflowDesk(
            id, newest, saved?.Actor, saved is null ? null : UtcText.Parse(saved.AtUtc), saved?.Reason,
            [.. editors.Where(e => e.UserId != asks || e.TabId != tab).Select(e => new WorkflowEditor(e.UserId, e.UserName, e.UserId == asks, e.BaseVersion))],
            [.. drafts.Where(d => d.UserId != asks).Select(d => new WorkflowDraftOf(d.UserId, d.UserName, d.BaseVersion, d.SavedAtUtc))]));
    }
}
