using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Threads;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Shards;

/// <summary>What a piece left.</summary>
/// <param name="Hash">Hash of its file.</param>
public sealed record PieceOutput(string Hash);

/// <summary>Spreads the pieces of a step over the workers of a cluster: each piece is a shard, counted once with the hash of its file.</summary>
public sealed class PoolSpread : ISpread
{
    private readonly ShardPool pool;
    private readonly StepContext context;

    private PoolSpread(ShardPool pool, StepContext context) => (this.pool, this.context) = (pool, context);

    /// <summary>What spreads the work of a step; null for a shard, and where this process has the store to itself, which its own threads serve
    /// better.</summary>
    public static PoolSpread? Of(ShardPool pool, StepContext context) => pool.IsShared && !context.IsShard ? new(pool, context) : null;

    /// <inheritdoc/>
    public IReadOnlyList<string> Do(string part, IReadOnlyList<JsonObject> pieces, Action<int> done, CancellationToken ct) => DoAsync(part, pieces, done, ct).GetAwaiter().GetResult();

    private async Task<IReadOnlyList<string>> DoAsync(string part, IReadOnlyList<JsonObject> pieces, Action<int> done, CancellationToken ct)
    {
        // By content: a step that is tried again for other pieces, as of a sweep that was made anew, has other work.
        ShardOrigin origin = ShardOrigin.Of(context, isWhole: false);
        ShardWork work = new("", part, origin, pieces);
        work = work with { WorkId = $"{context.EffectKey}/{work.InputHash.Short}" };
        ShardCount count = await pool.RunAsync(work, now => done((int)now.Done), ct);
        if (count.Failed > 0)
        {
            (int shard, ShardFailure failure) = (await pool.Table.FirstFailureAsync(work.WorkId, ct))!.Value;
            context.Log($"piece {shard} failed: {failure.Problem}");
            throw new ProblemException(failure.Problem);
        }

        return count.Done == count.Total
            ? [.. (await pool.Table.ResultsAsync(work.WorkId, ct)).Select(r => StepJson.FromObject<PieceOutput>(r).Hash)]
            : throw new ProblemException("CLU-2004", $"{count.Dropped} of {count.Total} pieces were dropped.", context.Step, "Try the step again: 'sigmatiq runs retry'.");
    }
}
