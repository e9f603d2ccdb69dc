using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Journal;

/// <summary>Alerts about runs that nobody watches: one that a schedule started and that failed, and any that was set aside. A run that
/// somebody started by hand tells them itself, and a backfill wakes nobody.</summary>
internal static class RunAlerts
{
    /// <summary>Kind of the message.</summary>
    public const string Kind = "alert.run";

    /// <summary>Writes the alert in the transaction of the event that ended the run, once for each time it ends so.</summary>
    public static async Task EnqueueAsync(IRowTransaction tx, OutboxQueue outbox, RunState before, RunState after, long seq, CancellationToken ct)
    {
        if (before.Status == after.Status || !IsNews(after))
        {
            return;
        }

        string status = StepJson.NameOf(after.Status.ToString());
        StepRun? failed = after.Steps.FirstOrDefault(s => s.Status == StepStatus.Failed);
        await outbox.EnqueueAsync(tx, $"run:{after.Id}:{status}:{seq}", Kind, new JsonObject
        {
            ["title"] = $"{after.Request.Workflow} {(after.Status == RunStatus.SetAside ? "was set aside" : "failed")}: {after.Reason}",
            ["run"] = after.Id.Value,
            ["workflow"] = after.Request.Workflow,
            ["version"] = after.Request.Version,
            ["status"] = status,
            ["step"] = failed?.Spec.Name,
            ["code"] = ProblemOf(failed)?.Code,
            ["message"] = after.Reason,
            ["as_of"] = UtcText.Format(after.Request.AsOfUtc),
            ["remedy"] = $"See 'sigmatiq runs show {after.Id}'.",
        }, ct, $"run:{after.Id}");
    }

    // The step that looks for its predecessor has told of it already.
    private static bool IsNews(RunState run) => run.Status == RunStatus.SetAside
        || (run.Status == RunStatus.Failed && run.Request.RequestedBy == ScheduleDesk.Requester
            && !run.Steps.Any(s => s.Status == StepStatus.Failed && ProblemOf(s)?.Code == UpstreamStep.Missing));

    private static Problem? ProblemOf(StepRun? step) => step?.Instances.FirstOrDefault(i => i.Status == StepStatus.Failed)?.Problem;
}
