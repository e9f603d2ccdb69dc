using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Shards;

namespace Sigmatiq.Workflows.Cluster;

/// <summary>The processes that work on one store together.</summary>
public sealed class NodeTable(IRowStore rows, StoreClock storeClock)
{
    private const string Select = """
        select n.node_id, n.incarnation, n.build, n.version, n.roles, n.address, n.state, n.started_at_utc, n.sign_at_utc, n.expires_at_utc,
               (select count(*) from leases l where l.owner = n.incarnation and l.owner <> '')
                   + (select count(*) from shards s where s.owner = n.incarnation and s.state = 'claimed') as claims
          from nodes n order by n.node_id
        """;

    /// <summary>The store's now, by which nodes are judged.</summary>
    public Task<DateTimeOffset> NowAsync(CancellationToken ct) => storeClock.NowAsync(rows, ct);

    /// <summary>All nodes that ever were, by name.</summary>
    public Task<IReadOnlyList<NodeRow>> ListAsync(CancellationToken ct) => ListAsync(rows, ct);

    /// <summary>Whether a living node drives runs, or does until it is replaced: a command that took over from drained nodes would keep those of
    /// the next build waiting.</summary>
    public async Task<bool> HasWorkersAsync(CancellationToken ct)
    {
        DateTimeOffset now = await NowAsync(ct);
        return (await ListAsync(ct)).Any(n => n.LivesAt(now) && NodeRoles.Read(n.Roles).HasFlag(NodeRole.Worker));
    }

    /// <summary>Whether a worker lives, or a command that drives runs in its place.</summary>
    public async Task<bool> HasDriversAsync(CancellationToken ct)
    {
        DateTimeOffset now = await NowAsync(ct);
        return (await ListAsync(ct)).Any(n => n.LivesAt(now) && (NodeRoles.Read(n.Roles) & (NodeRole.Worker | NodeRole.Command)) != 0);
    }

    /// <summary>Asks a living node to leave its work to others; it stays until it is stopped.</summary>
    /// <param name="nodeId">The node; null asks all of them.</param>
    /// <param name="ct">Stops before anything is written.</param>
    /// <returns>The nodes that were asked.</returns>
    /// <exception cref="ProblemException">CLU-1003: there is no such living node.</exception>
    public async Task<IReadOnlyList<string>> DrainAsync(string? nodeId, CancellationToken ct)
    {
        DateTimeOffset now = await NowAsync(ct);
        IReadOnlyList<string> asked = await rows.QueryAsync<string>(
            "update nodes set state = 'draining' where (@all = 1 or node_id = @nodeId) and state in ('working', 'draining') and expires_at_utc > @now returning node_id",
            new { nodeId = nodeId ?? "", all = nodeId is null ? 1 : 0, now }, ct);
        return asked.Count > 0 || nodeId is null ? asked : throw new ProblemException("CLU-1003", $"There is no living node '{nodeId}'.", nodeId, "See 'sigmatiq nodes list'.", ExitCode.BadUsage);
    }

    /// <summary>Enters a node where nothing speaks against it.</summary>
    /// <returns>Null: it is entered. Else whom it has to wait for, as a sentence.</returns>
    /// <exception cref="ProblemException">CLU-1001: living nodes run another build. CLU-1002: a living process has its name.</exception>
    internal Task<string?> TryJoinAsync(NodeRow node, NodeRow? seen, TimeSpan term, CancellationToken ct) => rows.InTransactionAsync(async tx =>
    {
        await LockAsync(tx, ct);
        DateTimeOffset now = await storeClock.NowAsync(tx, ct);
        IReadOnlyList<NodeRow> living = [.. (await ListAsync(tx, ct)).Where(n => n.LivesAt(now) && n.Incarnation != node.Incarnation)];
        if (living.FirstOrDefault(n => n.NodeId == node.NodeId) is { } namesake)
        {
            // Another build may be of a program that kept no presence.
            if (namesake.Build != node.Build || !await Presences.IsGoneAsync(tx, namesake.Incarnation, ct))
            {
                // A former self that was killed never signs again; one that does is another process.
                return seen is null || seen.Incarnation != namesake.Incarnation || seen.SignAtUtc == namesake.SignAtUtc
                    ? $"{node.NodeId}, whose last process was killed, to run out"
                    : throw new ProblemException("CLU-1002", $"A living process is node '{node.NodeId}' already.", node.NodeId,
                        "Give this one a name of its own: 'sigmatiq serve --node NAME'.", ExitCode.BadUsage);
            }

            await FreeAsync(tx, namesake.Incarnation, now, ct);
        }

        NodeRow[] others = [.. living.Where(n => n.Build != node.Build)];
        NodeRow[] working = [.. others.Where(n => n.State == "working")];
        if (working.Length > 0)
        {
            throw new ProblemException("CLU-1001",
                $"{string.Join(", ", working.Select(n => $"{n.NodeId} ({n.Version}, build {n.Build})"))} {(working.Length == 1 ? "runs" : "run")} another build than this program ({node.Version}, build {node.Build}).",
                node.NodeId, "Drain them with 'sigmatiq nodes drain --all', then start this one again: it begins as soon as they have given back their work.");
        }

        if (others.Where(n => n.Claims > 0).ToArray() is { Length: > 0 } busy)
        {
            return $"{string.Join(", ", busy.Select(n => n.NodeId))} to give back {(busy.Length == 1 ? "its" : "their")} work";
        }

        await tx.ExecuteAsync(
            """
            insert into nodes (node_id, incarnation, build, version, roles, address, state, started_at_utc, sign_at_utc, expires_at_utc)
            values (@NodeId, @Incarnation, @Build, @Version, @Roles, @Address, 'working', @now, @now, @Expires)
            on conflict (node_id) do update set incarnation = excluded.incarnation, build = excluded.build, version = excluded.version, roles = excluded.roles,
                address = excluded.address, state = excluded.state, started_at_utc = excluded.started_at_utc, sign_at_utc = excluded.sign_at_utc,
                expires_at_utc = excluded.expires_at_utc
            """,
            new { node.NodeId, node.Incarnation, node.Build, node.Version, node.Roles, node.Address, now, Expires = now + term }, ct);
        return null;
    }, ct);

    /// <summary>Says where a node answers.</summary>
    internal Task AnnounceAsync(string incarnation, string address, CancellationToken ct) =>
        rows.ExecuteAsync("update nodes set address = @address where incarnation = @incarnation", new { incarnation, address }, ct);

    /// <summary>Says that a node left in order.</summary>
    internal Task LeaveAsync(string incarnation, CancellationToken ct) =>
        rows.ExecuteAsync("update nodes set state = 'left', address = null where incarnation = @incarnation", new { incarnation }, ct);

    /// <summary>Keeps others from admitting runs or nodes until the transaction ends.</summary>
    internal static Task LockAsync(IRowTransaction tx, CancellationToken ct) => tx.ExecuteAsync(
        """
        insert into leases (name, owner, fence, claimed_at_utc, expires_at_utc) values ('cluster', '', 0, '', '')
        on conflict (name) do update set owner = leases.owner
        """,
        null, ct);

    // The dead neither renew nor write; who claims next has the higher fence all the same.
    private static async Task FreeAsync(IRowTransaction tx, string dead, DateTimeOffset now, CancellationToken ct)
    {
        await tx.ExecuteAsync("update leases set expires_at_utc = @now where owner = @dead", new { dead, now }, ct);
        await ShardTable.RenewAsync(tx, dead, now, ct);
    }

    private static Task<IReadOnlyList<NodeRow>> ListAsync(IRows from, CancellationToken ct) => from.QueryAsync<NodeRow>(Select, null, ct);
}
