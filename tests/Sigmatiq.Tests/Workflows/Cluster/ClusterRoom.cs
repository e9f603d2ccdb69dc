using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.Workflows.Cluster;

/// <summary>Nodes of a cluster in one process, each with an engine of its own on the store of a <see cref="RunRoom"/>.</summary>
internal sealed class ClusterRoom(RunRoom room) : IAsyncDisposable
{
    private readonly ConcurrentBag<IAsyncDisposable> open = [];
    private int number;

    public RunRoom Room => room;

    public ClusterTerms Terms { get; init; } = new();

    public NodeTable Nodes => new(room.Rows, new(room.Clock));

    public Task<ClusterNode> JoinAsync(string id, string build = "one", NodeRole roles = NodeRoles.All, Action<string>? onWait = null, IRowStore? rows = null) => ClusterNode.JoinAsync(
        new(id, roles) { Build = build }, rows ?? room.Rows, IdSource.FromSeed(room.Clock, 100 + Interlocked.Increment(ref number)), room.Clock, Terms, NullLogger.Instance,
        onWait ?? (_ => { }), RunRoom.Ct);

    /// <summary>Joins and starts to work.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="steps">What its steps do.</param>
    /// <param name="rows">What it renews its claims on; null takes rows of its own.</param>
    public async Task<WorkingNode> WorkAsync(string id, TestSteps steps, IRowStore? rows = null)
    {
        ClusterNode node = await JoinAsync(id, rows: rows ?? await room.OpenAgainAsync());
        var engine = new WorkflowEngine(room.Data, await room.OpenAgainAsync(), steps.Kinds, IdSource.FromSeed(room.Clock, 7), room.Clock, NullLoggerFactory.Instance) { AttemptsMax = 4 };
        WorkingNode working = new(node, engine.Start(node));
        open.Add(working);
        return working;
    }

    public async Task RestAsync(RunId run)
    {
        while (!(await room.StateAsync(run)).Status.IsAtRest())
        {
            await Task.Delay(5, RunRoom.Ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable node in open)
        {
            await node.DisposeAsync();
        }

        await room.DisposeAsync();
    }
}

internal sealed class WorkingNode(ClusterNode node, ClusterHost host) : IAsyncDisposable
{
    private bool isGone;

    public ClusterNode Node => node;

    public ClusterHost Host => host;

    /// <summary>Stops in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!isGone)
        {
            isGone = true;
            await host.DisposeAsync();
            await node.DisposeAsync();
        }
    }
}
