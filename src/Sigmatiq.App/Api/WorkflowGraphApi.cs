using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App.Api;

/// <summary><c>/workflows/{id}/graph</c> and <c>/runs/{run}/graph</c>: the graph of a file, and the one that a run is pinned to.</summary>
internal sealed class WorkflowGraphApi(WorkflowEngine engine, WorkflowFolder folder)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/workflows/{id}/graph", (string id) => new Answer<WorkflowGraph>(Of(id.Split('@', 2) is [var name, var version] ? folder.Load(name, version) : folder.Load(id))))
            .Operation("getWorkflowGraph", "workflows", "A workflow as a graph", "Its steps with what each needs, its parameters with their bounds, and the file.").Needs(Right.Read);
        routes.MapGet("/runs/{run}/graph", async (string run, CancellationToken ct) => new Answer<WorkflowGraph>(Of((await engine.Journal.LoadAsync(new(run), ct)).State.Definition)))
            .Operation("getRunGraph", "runs", "The workflow that a run is pinned to, as a graph").Needs(Right.Read);
    }

    /// <summary>The graph of a workflow.</summary>
    internal static WorkflowGraph Of(WorkflowDefinition workflow) => new(
        workflow.Id, workflow.Version, workflow.Summary, workflow.Hash.Hex,
        [.. workflow.Steps.Select(s => new GraphStep(s.Name, s.Uses, s.Needs, s.WhenText, s.ForEach?.As, s.Retry.Attempts, s.Timeout?.TotalSeconds))],
        [.. workflow.Parameters.Select(p => new GraphParameter(p.Name, p.Type.ToString().ToLowerInvariant(), p.Required, p.Default, p.OneOf, p.Min, p.Max, p.Help))], workflow.Text);
}
