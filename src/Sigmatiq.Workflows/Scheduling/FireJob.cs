using Quartz;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>The Quartz job of a workflow's next fire: it decides on what is due and sets the trigger of the fire after it.</summary>
public sealed class FireJob(FireTriggers triggers) : IJob
{
    /// <summary>Key of the workflow in the job's data.</summary>
    public const string WorkflowKey = "workflow";

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        string workflow = context.MergedJobDataMap.GetString(WorkflowKey) ?? throw new InvalidOperationException("A fire's job without a workflow.");
        await triggers.FireAsync(workflow, context.ScheduledFireTimeUtc ?? context.FireTimeUtc, cancellationToken);
    }
}
