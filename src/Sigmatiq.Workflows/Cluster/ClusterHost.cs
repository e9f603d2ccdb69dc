using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Shards;

namespace Sigmatiq.Workflows.Cluster;

/// <summary>A worker of a cluster: looks four times a second for runs that want driving, claims its share and drives them. What another node
/// has claimed is left to it until it stops renewing.</summary>
public sealed class ClusterHost : IAsyncDisposable
{
    private readonly ClusterNode node;
    private readonly RunDispatcher dispatcher;
    private readonly ShardWorker shards;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<RunId, Task> driving = new();
    private CancellationTokenSource work = new();
    private Task looking = Task.CompletedTask;

    private ClusterHost(ClusterNode node, RunDispatcher dispatcher, ShardWorker shards)
    {
        this.shards = shards;
        this.node = node;
        this.dispatcher = dispatcher;
    }

    /// <summary>Runs that this node drives now.</summary>
    public int Driven => driving.Count;

    /// <summary>Works on shards beside the runs, whosever they are.</summary>
    public ShardWorker Shards => shards;

    /// <summary>Stops looking, leaves the runs under way in order and gives their claims back: another node goes on with them at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await LeaveWorkAsync();
        await shards.DisposeAsync();
        work.Dispose();
        stop.Dispose();
    }

    internal static ClusterHost Start(ClusterNode node, RunDispatcher dispatcher, ShardWorker shards)
    {
        ClusterHost host = new(node, dispatcher, shards);
        host.looking = Task.Run(() => host.LookAsync(host.stop.Token), CancellationToken.None);
        return host;
    }

    private async Task LookAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                if (node.IsDraining && !driving.IsEmpty)
                {
                    await LeaveWorkAsync();
                }

                foreach (RunId run in await dispatcher.LookAsync(ct))
                {
                    Begin(run);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // A store that does not answer for a moment: the next look finds what this one missed.
                node.Log.LogWarning(e, "The look for runs failed; the next one is {LookEveryMs} ms away", RunDispatcher.LookEvery.TotalMilliseconds);
            }

            await Task.WhenAny(Task.Delay(RunDispatcher.LookEvery, node.Clock, ct), dispatcher.RoomMade);
            ct.ThrowIfCancellationRequested();
        }
    }

    private void Begin(RunId run)
    {
        CancellationToken ct = work.Token;
        Task drive = Task.Run(() => dispatcher.DriveAsync(run, ct), CancellationToken.None);
        driving[run] = drive;
        _ = drive.ContinueWith(
            done =>
            {
                // What went wrong is in the log already; the run is unharmed.
                _ = done.Exception;
                driving.TryRemove(new(run, drive));
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task LeaveWorkAsync()
    {
        CancellationTokenSource left = work;
        await left.CancelAsync();
        await Task.WhenAll(driving.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        work = new();
        left.Dispose();
    }
}
