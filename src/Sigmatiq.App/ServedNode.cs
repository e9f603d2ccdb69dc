using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App;

/// <summary>This process as a node of a shared store: each of its roles is a part that it runs or leaves to others.</summary>
public sealed class ServedNode : IAsyncDisposable
{
    private readonly Platform platform;
    private readonly ClusterNode node;
    private readonly Stack<IAsyncDisposable> parts = new();
    private readonly CancellationTokenSource stopNotifying = new();
    private Task notifying = Task.CompletedTask;

    private ServedNode(Platform platform, ClusterNode node)
    {
        this.platform = platform;
        this.node = node;
    }

    /// <summary>Where it answers; null without the role <c>api</c>.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Its name and roles.</summary>
    public NodeName Name => node.Name;

    /// <summary>Joins the nodes of the store and starts its roles.</summary>
    /// <param name="platform">The store, on PostgreSQL.</param>
    /// <param name="name">Its name and roles.</param>
    /// <param name="store">The store's address, for Quartz.</param>
    /// <param name="url">Address to listen on; null takes port 8484 or the next free one.</param>
    /// <param name="ids">Tells this start from every other.</param>
    /// <param name="onWait">Told whom it waits for.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <param name="published">Where a proxy on this machine publishes it; null for nowhere.</param>
    /// <exception cref="ProblemException">CLU-1001: living nodes run another build. CLU-1002: a living process has its name. APP-1003 to APP-1005: see
    /// <see cref="WebServer"/>.</exception>
    public static async Task<ServedNode> StartAsync(
        Platform platform, NodeName name, PostgresAddress store, string? url, IdSource ids, Action<string> onWait, CancellationToken ct, PublicOrigin? published = null)
    {
        // Settings that are wrong are said at the start, not in a log.
        platform.Outside.Read();
        ClusterNode node = await ClusterNode.JoinAsync(name, platform.Rows, ids, platform.Clock, new(), platform.Logs.CreateLogger<ClusterNode>(), onWait, ct);
        ServedNode served = new(platform, node);
        try
        {
            await served.StartAsync(store, url, published, ct);
            return served;
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves until the token is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ProblemException">CLU-1005: another process has taken this node's place.</exception>
    public async Task UntilStoppedAsync(CancellationToken ct)
    {
        await node.Replaced.WaitAsync(ct);
        throw new ProblemException("CLU-1005", $"Another process has become node '{Name.Id}' while this one did not sign.", Name.Id, "Leave it to that one, or start this one under another name.");
    }

    /// <summary>Stops answering, firing and driving, gives its claims back and leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync();
        }

        await stopNotifying.CancelAsync();
        await notifying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopNotifying.Dispose();
        await node.DisposeAsync();
    }

    private async Task StartAsync(PostgresAddress store, string? url, PublicOrigin? published, CancellationToken ct)
    {
        if (Name.Roles.HasFlag(NodeRole.Worker))
        {
            parts.Push(platform.Engine.Start(node));
        }

        if (Name.Roles.HasFlag(NodeRole.Scheduler))
        {
            parts.Push(await FireTriggers.StartAsync(platform.ScheduleDesk, platform.Backfill, Name.Id, platform.Clock, platform.Logs, ct, new(store, Name.Id)));
            notifying = Task.Run(() => platform.Notifier.RunAsync(stopNotifying.Token), CancellationToken.None);
        }

        if (Name.Roles.HasFlag(NodeRole.Api))
        {
            StatusReader reader = new(platform);
            WebServer server = await WebServer.StartAsync(
                url, platform.People, reader.ReadAsync, VoteAsync, ServedStore.Routes(platform), platform.Rows, platform.Clock, platform.Logs, ct, limits: platform.Limits(), published: published);
            parts.Push(server);
            Address = server.Address;
            await node.AnnounceAsync(Address.GetLeftPart(UriPartial.Authority), ct);
        }

        Task VoteAsync(string id, bool approve, string voter, string reason, string digest, CancellationToken token) =>
            platform.Approvals.CastAsync(id, approve ? VoteChoice.Approve : VoteChoice.Reject, voter, reason, digest, token);
    }
}
