using Microsoft.Extensions.Logging;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Workflows.Cluster;

/// <summary>How a process names itself among the others of a cluster.</summary>
/// <param name="Id">Stable over restarts, e.g. the machine's name.</param>
/// <param name="Roles">What it does.</param>
public sealed record NodeName(string Id, NodeRole Roles)
{
    /// <summary>Where it answers; null where it does not.</summary>
    public string? Address { get; init; }

    /// <summary>Content of its program.</summary>
    public string Build { get; init; } = ProgramBuild.Current;
}

/// <summary>This process as a member of a cluster, from joining to leaving: it signs, and renews what it has claimed.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly NodeTable nodes;

    private ClusterNode(NodeName name, IRowStore rows, StoreClock storeClock, TimeProvider clock, ClusterTerms terms, string incarnation, ILogger log)
    {
        nodes = new(rows, storeClock);
        (Name, Rows, StoreClock, Clock, Terms) = (name, rows, storeClock, clock, terms);
        Keeper = new(rows, storeClock, clock, terms, incarnation, log);
        Log = log;
    }

    /// <summary>Its name.</summary>
    public NodeName Name { get; }

    /// <summary>The owner of its claims: no other start of any process has it.</summary>
    public string Incarnation => Keeper.Owner;

    /// <summary>Whether it was asked to leave its work to others.</summary>
    public bool IsDraining => Keeper.IsDraining;

    /// <summary>Completes when another process has taken its place.</summary>
    public Task Replaced => Keeper.Replaced;

    internal IRowStore Rows { get; }

    internal StoreClock StoreClock { get; }

    internal TimeProvider Clock { get; }

    internal ClusterTerms Terms { get; }

    internal ClaimKeeper Keeper { get; }

    internal ILogger Log { get; }

    /// <summary>Lets the server notice when this process dies; null where there is none.</summary>
    internal IPresence? Presence { get; private set; }

    /// <summary>Joins the nodes of a store, waiting for drained nodes of another build to give back their work, and for a former self to run out unless
    /// the server knows that it is dead: then what that one had claimed is free at once.</summary>
    /// <param name="name">Who joins.</param>
    /// <param name="rows">The store.</param>
    /// <param name="ids">Tells this start from every other.</param>
    /// <param name="clock">This machine's clock.</param>
    /// <param name="terms">The cluster's terms.</param>
    /// <param name="log">For claims that are lost.</param>
    /// <param name="onWait">Told once whom it waits for.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <exception cref="ProblemException">CLU-1001: living nodes run another build. CLU-1002: a living process has its name.</exception>
    public static async Task<ClusterNode> JoinAsync(
        NodeName name, IRowStore rows, IdSource ids, TimeProvider clock, ClusterTerms terms, ILogger log, Action<string> onWait, CancellationToken ct)
    {
        ClusterNode node = new(name, rows, new(clock), clock, terms, $"{name.Id}#{ids.NextUuid():N}", log);
        NodeRow row = new(name.Id, node.Incarnation, name.Build, Journal.RunRequests.Build, NodeRoles.Text(name.Roles), name.Address, "working", default, default, default, 0);
        NodeRow? seen = (await node.nodes.ListAsync(ct)).FirstOrDefault(n => n.NodeId == name.Id);
        // Before its name can be read: whoever reads it may ask whether it lives.
        node.Presence = await rows.StayAsync(node.Incarnation, ct);
        try
        {
            for (bool isFirst = true; await node.nodes.TryJoinAsync(row, seen, terms.Term, ct) is { } wait; isFirst = false)
            {
                if (isFirst)
                {
                    onWait(wait);
                }

                await Task.Delay(AskAgainAfter, clock, ct);
            }
        }
        catch
        {
            await node.LeaveServerAsync();
            throw;
        }

        node.Keeper.Start(node.Presence);
        return node;
    }

    /// <summary>Says where it answers, once it does.</summary>
    public Task AnnounceAsync(string address, CancellationToken ct) => nodes.AnnounceAsync(Incarnation, address, ct);

    /// <summary>Claims a piece of work, such as <c>sweep/{id}</c>, that is free or whose holder has stopped renewing.</summary>
    /// <returns>The claim, renewed until it is disposed; null while another has it.</returns>
    public Task<HeldClaim?> TryClaimAsync(string name, CancellationToken ct) => Keeper.TryClaimAsync(name, ct);

    /// <summary>Leaves: claims that are still held run out by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        await Keeper.DisposeAsync();
        try
        {
            await nodes.LeaveAsync(Incarnation, CancellationToken.None);
        }
        catch (ProblemException e)
        {
            Log.LogInformation(e, "{Node} left without a word", Name.Id);
        }
        finally
        {
            await LeaveServerAsync();
        }
    }

    private ValueTask LeaveServerAsync() => Presence?.DisposeAsync() ?? ValueTask.CompletedTask;
}
