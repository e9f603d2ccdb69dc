using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Retention;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What is kept no longer; what is left out is kept for ever.</summary>
/// <param name="Runs">Journals of runs that ended longer ago go into an archive, e.g. <c>180d</c>.</param>
/// <param name="KeepLast">The newest runs of each workflow stay in any case.</param>
/// <param name="Logs">Log lines of ended runs, and log files.</param>
/// <param name="Keys">Idempotency keys.</param>
/// <param name="Messages">Messages that were delivered.</param>
/// <param name="Snapshots">Whether bars go that no snapshot in use names.</param>
public sealed record StorePruneInput(string? Runs = null, int KeepLast = 20, string? Logs = null, string? Keys = null, string? Messages = null, bool Snapshots = false);

/// <summary>What went.</summary>
/// <param name="Runs">Journals put into an archive.</param>
/// <param name="LogLines">Log lines.</param>
/// <param name="Keys">Idempotency keys.</param>
/// <param name="Messages">Delivered messages.</param>
/// <param name="BarFiles">Files of bars.</param>
public sealed record StorePruneOutput(int Runs, long LogLines, long Keys, long Messages, int BarFiles);

/// <summary>Lets go what a policy keeps no longer: <c>sigmatiq prune</c>, by the clock. Run again, it finds the rest.</summary>
/// <param name="retention">Knows what must stay.</param>
public sealed class StorePruneStep(StoreRetention retention) : StepKind<StorePruneInput, StorePruneOutput>
{
    /// <inheritdoc/>
    public override string Name => "store.prune";

    /// <inheritdoc/>
    public override string Summary => "Let go journals, logs, keys, messages and bars that a policy keeps no longer";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, StorePruneInput input, CancellationToken ct)
    {
        RetentionPolicy policy = new(Age(input.Runs), input.KeepLast, Age(input.Logs), Age(input.Keys), Age(input.Messages), input.Snapshots);
        RetentionPlan gone = await retention.CommitAsync(policy, token: null, context.RequestedBy, $"by the policy of {context.Run}", ct);
        return Done(new StorePruneOutput(gone.Runs.Count, gone.LogLines, gone.Keys, gone.Messages, gone.BarFiles.Count));
    }

    private static TimeSpan? Age(string? text) => text is null ? null : Duration.Parse(text);
}
