using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Journal;

/// <summary>A run that works for another run's step, as people see it.</summary>
/// <param name="Id">The run.</param>
/// <param name="Step">The parent's step.</param>
/// <param name="Item">Which item of <c>for_each</c>.</param>
/// <param name="Workflow">Its workflow.</param>
/// <param name="Version">The version that it is pinned to.</param>
/// <param name="Status">Where it stands.</param>
public sealed record ChildRun(string Id, string Step, int Item, string Workflow, string Version, string Status);

/// <summary>What passes between a run and the runs that work for its steps, in the transaction of the event that it follows from.</summary>
internal static class RunFamilies
{
    /// <summary>Begins the reason of a cancel that the end of the parent asks for.</summary>
    public const string ParentEnds = "its parent ends";

    /// <summary>The runs of a run's steps, by step and item.</summary>
    public static Task<IReadOnlyList<ChildRun>> ChildrenAsync(IRows rows, RunId run, CancellationToken ct) => rows.QueryAsync<ChildRun>(
        """
        select run_id as id, parent_step as step, parent_item as item, workflow_id as workflow, version, status from runs
         where parent_run_id = @Run order by parent_step, parent_item, run_id
        """,
        new { Run = run.Value }, ct);

    /// <summary>A run, the runs of its steps, and theirs.</summary>
    public static Task<IReadOnlyList<string>> FamilyAsync(IRows rows, RunId run, CancellationToken ct) => rows.QueryAsync<string>(
        """
        with recursive family (run_id) as (
            select run_id from runs where run_id = @Run
            union all
            select r.run_id from runs r join family f on r.parent_run_id = f.run_id)
        select run_id from family
        """,
        new { Run = run.Value }, ct);

    /// <summary>Tells the parent of the end, and the children of what was asked of their parent.</summary>
    public static async Task TellAsync(IRowTransaction tx, RunState before, RunState next, RunEvent happened, CancellationToken ct)
    {
        if (next.Status.IsFinal() && !before.Status.IsFinal() && RunParent.Of(next.Request.Pins) is { } parent)
        {
            await tx.ExecuteAsync(
                """
                insert into run_requests (kind, subject, requested_by, reason, requested_at_utc)
                select 'wake', @Key, 'engine', '', @AtUtc from runs where run_id = @Parent and ended_at_utc is null
                """,
                new { Key = RunParent.WakeKeyOf(next.Id), happened.AtUtc, Parent = parent.Run.Value }, ct);
        }

        if (!next.Definition.Steps.Any(s => s.Uses == Steps.WorkflowStep.KindName))
        {
            return;
        }

        // A child that is made while its parent is being ended or paused is found by the event that ends its attempt.
        if (next.Stop is { } stop && (before.Stop is null || happened is StepEvent || happened is CancelRequested))
        {
            await AskAsync(tx, RunRequests.Cancel, next.Id, happened is CancelRequested cancel ? cancel.By : "engine", $"{ParentEnds}: {stop.Reason}", "ended_at_utc is null", happened.AtUtc, ct);
        }
        else if (happened is PauseRequested or AttemptWaiting && next.Hold is { Status: RunStatus.Paused } hold)
        {
            await AskAsync(tx, RunRequests.Pause, next.Id, happened is PauseRequested pause ? pause.By : "engine", $"with its parent: {hold.Reason}",
                "ended_at_utc is null and status not in ('paused', 'set_aside')", happened.AtUtc, ct);
        }
        else if (happened is ResumeRequested resume)
        {
            await AskAsync(tx, RunRequests.Resume, next.Id, resume.By, $"with its parent: {resume.Reason}", "status = 'paused'", happened.AtUtc, ct);
        }
    }

    private static Task AskAsync(IRowTransaction tx, string kind, RunId parent, string by, string reason, string which, DateTimeOffset atUtc, CancellationToken ct) => tx.ExecuteAsync(
        $"""
        insert into run_requests (kind, subject, requested_by, reason, requested_at_utc)
        select @kind, r.run_id, @by, @reason, @atUtc from runs r
         where r.parent_run_id = @Parent and {which}
           and not exists (select 1 from run_requests q where q.kind = @kind and q.subject = r.run_id and q.handled_at_utc is null)
        """,
        new { kind, by, reason, atUtc, Parent = parent.Value }, ct);
}
