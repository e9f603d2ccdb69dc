using Quartz;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>The one Quartz job of a run. Quartz decides when and where; the journal decides what is left to do, so a job too many does
/// no harm and a lost one is made again.</summary>
public sealed class RunJob(RunDispatcher dispatcher) : IJob
{
    /// <summary>Key of the run in the job's data.</summary>
    public const string RunKey = "run";

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        // Quartz adds keys of its own to the map: read by key, never bind it.
        string run = context.MergedJobDataMap.GetString(RunKey) ?? throw new InvalidOperationException("A run's job without a run.");
        await dispatcher.DriveAsync(new(run), cancellationToken);
    }
}
