using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App.Api;

/// <summary>Finds what a new version of a workflow touches. A workflow that a step names by an expression is known only to its run, and is not found.</summary>
internal sealed class WorkflowUsesReader(Platform platform)
{
    /// <summary>Reads what uses a workflow now; of one that nobody knows nothing.</summary>
    public async Task<WorkflowUses> ReadAsync(string id, CancellationToken ct)
    {
        IReadOnlyDictionary<string, SchedulePause> pauses = await platform.Schedules.PausesAsync(ct);
        WorkflowFolder folder = platform.Workflows;
        List<WorkflowUser> users = [];
        string? paused = pauses.GetValueOrDefault(id)?.Reason;
        foreach (WorkflowFile file in folder.List().DistinctBy(f => f.Id))
        {
            if (folder.Read(file) is not { IsOk: true, Value: var other })
            {
                continue;
            }

            string? held = other.Schedule is { } schedule ? other.Awaits ?? schedule.Paused ?? pauses.GetValueOrDefault(other.Id)?.Reason : null;
            if (other.Id == id)
            {
                paused = held;
                continue;
            }

            users.AddRange(other.Steps.Select(s => UserOf(other, s, id, held)).OfType<WorkflowUser>());
        }

        return new(
            id, paused, users,
            [.. (await platform.Backfill.ActiveAsync(id, ct)).Select(b => new WorkflowBackfillUse(b.Token, b.Version, b.Fires, b.Ended, b.RequestedBy))],
            [.. (await platform.Engine.Views.OpenByVersionAsync(id, ct)).Select(r => new WorkflowRunsUse(r.Version, (int)r.Count, (int)r.Queued))]);
    }

    private static WorkflowUser? UserOf(WorkflowDefinition other, StepSpec step, string id, string? held)
    {
        if (step.Uses is not (WorkflowStep.KindName or UpstreamStep.KindName) || step.With.GetValueOrDefault("workflow") is not Template.Constant { Value: { } value } || StepLiterals.TextOf(value) is not { } named)
        {
            return null;
        }

        string[] parts = named.Split('@', 2);
        return parts[0] != id ? null : new(
            other.Id, other.Version, step.Name, step.Uses == UpstreamStep.KindName ? "waits" : parts.Length == 2 ? "version" : "newest", parts.Length == 2 ? parts[1] : null, other.Schedule?.Summary, held);
    }
}
