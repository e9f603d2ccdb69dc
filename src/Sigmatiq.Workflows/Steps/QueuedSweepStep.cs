using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Workflows.Shards;

namespace Sigmatiq.Workflows.Steps;

/// <summary>A sweep that was asked for by itself.</summary>
/// <param name="Sweep">Id that the request was given.</param>
/// <param name="User">Whose model.</param>
/// <param name="Plan">The user's plan: it decides which combos of the grid run.</param>
/// <param name="Snapshot">The bars of the request.</param>
/// <param name="Request">The request of spec 02 §2.1.</param>
public sealed record QueuedSweepInput(string Sweep, string User, string Plan, string Snapshot, JsonObject Request);

/// <summary>What it gave.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Evaluated">Combos evaluated.</param>
/// <param name="Passed">Combos that pass every gate.</param>
/// <param name="Marginal">Combos that miss a limit by a tenth at most.</param>
/// <param name="Failed">Combos that fail.</param>
/// <param name="LeaderboardHash">Hash of the leaderboard, without ids and times.</param>
public sealed record QueuedSweepOutput(string Sweep, int Evaluated, int Passed, int Marginal, int Failed, string LeaderboardHash);

/// <summary>Runs a sweep that was asked for over HTTP: one mechanism for progress, cancel, resume and history.</summary>
public sealed class QueuedSweepStep(SweepWorks works, SweepJobs jobs, CancelledSweep ending, Func<ShardPool> pool) : StepKind<QueuedSweepInput, QueuedSweepOutput>
{
    /// <inheritdoc/>
    public override string Name => "backtest.queued_sweep";

    /// <inheritdoc/>
    public override string Summary => "Run a sweep that was asked for by itself";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, QueuedSweepInput input, CancellationToken ct)
    {
        SweepRequest request = SweepRequest.Parse(input.Request).Value;
        SweepWork work = await works.PrepareAsync(request, input.User, EnumWords<Plan>.Words[input.Plan], ContentHash.Parse(input.Snapshot), lastSession: null, ct);
        StoredSweep stored = await ending.OrEndRunAsync(
            context, () => jobs.RunAsync(input.Sweep, work, Environment.ProcessorCount, PoolSpread.Of(pool(), context), at => context.Report(at.Done, at.Total, at.ToString()), ct), ct);
        LeaderboardFile board = stored.Leaderboard;
        return Done(new QueuedSweepOutput(stored.SweepId, board.Rows.Count, board.Passed, board.Marginal, board.Failed, stored.LeaderboardHash));
    }
}
