using Microsoft.Extensions.Logging;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Shards;

/// <summary>Has works done: by all workers of a cluster, or by this process where it has the store to itself.</summary>
public sealed class ShardPool
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    // Nobody else can claim on a store with one engine, so an expiry would only lose work.
    private static readonly TimeSpan Endless = TimeSpan.FromDays(36_500);

    private readonly StepKinds kinds;
    private readonly RunViews views;
    private readonly IdSource ids;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly int slots;
    private volatile ClusterNode? node;

    /// <summary>Puts the parts together.</summary>
    /// <param name="rows">The store.</param>
    /// <param name="kinds">What shards run.</param>
    /// <param name="views">Tells whether their run has ended.</param>
    /// <param name="slots">Shards under way at once in this process.</param>
    /// <param name="ids">Names owners.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">For what nobody foresaw.</param>
    public ShardPool(IRowStore rows, StepKinds kinds, RunViews views, int slots, IdSource ids, TimeProvider clock, ILogger log)
    {
        Table = new(rows, new(clock));
        (this.kinds, this.views, this.slots, this.ids, this.clock, this.log) = (kinds, views, slots, ids, clock, log);
    }

    /// <summary>The shards.</summary>
    public ShardTable Table { get; }

    /// <summary>Whether other processes work on shards too.</summary>
    public bool IsShared => node is not null;

    /// <summary>This process as a node; null while it is none.</summary>
    internal ClusterNode? Node => node;

    /// <summary>Has a work done and waits for its end. Work that was begun before, by whichever process, goes on where it stands.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="onCount">Told how far it is.</param>
    /// <param name="ct">Ends the waiting; what is done stays.</param>
    /// <returns>How it ended: nothing is open any more.</returns>
    /// <exception cref="ProblemException">CLU-2001: there is other work under this id.</exception>
    public async Task<ShardCount> RunAsync(ShardWork work, Action<ShardCount> onCount, CancellationToken ct)
    {
        await Table.MakeAsync(work, ct);
        if (node is not null)
        {
            return await FollowAsync(work.WorkId, onCount, ct);
        }

        await Table.ReopenAsync(work.WorkId, ct);
        await using ShardWorker own = ShardWorker.Start(Table, kinds, new($"local#{ids.NextUuid():N}", slots, Endless) { Only = work.WorkId }, views, clock, log);
        return await FollowAsync(work.WorkId, onCount, ct);
    }

    /// <summary>Works on the shards of a cluster from now on, until the worker is disposed.</summary>
    internal ShardWorker Join(ClusterNode joined)
    {
        node = joined;
        return ShardWorker.Start(Table, kinds, new(joined.Incarnation, slots, joined.Terms.Term) { MayClaim = () => !joined.IsDraining && !joined.Replaced.IsCompleted }, views, clock, joined.Log);
    }

    /// <summary>Says that this process is a node; it works on no shards of others.</summary>
    internal void Enter(ClusterNode joined) => node = joined;

    /// <summary>Says that this process is that node no longer.</summary>
    internal void Leave(ClusterNode left) => Interlocked.CompareExchange(ref node, null, left);

    private async Task<ShardCount> FollowAsync(string workId, Action<ShardCount> onCount, CancellationToken ct)
    {
        while (true)
        {
            ShardCount count = await Table.CountAsync(workId, ct);
            onCount(count);
            if (count.Failed > 0 && !count.IsOver)
            {
                // One that failed for good makes the rest useless.
                await Table.DropAsync(workId, ct);
            }
            else if (count.IsOver)
            {
                return count;
            }

            await Task.Delay(LookEvery, clock, ct);
        }
    }
}
