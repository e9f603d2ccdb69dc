using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Workflows.Cluster;

/// <summary>One claim per run, <c>run/{id}</c> in <c>leases</c>. Rooms of groups are counted and filled in one transaction that admits alone,
/// so that no number of nodes exceeds a limit.</summary>
/// <param name="node">This process.</param>
public sealed class ClusterRunClaims(ClusterNode node) : IRunClaims
{
    private const string Prefix = "run/";

    /// <summary>Whether this node takes on nothing more for now.</summary>
    public bool IsFull => node.IsDraining || node.Replaced.IsCompleted || Room <= 0;

    private int Room => node.Terms.RunsMax - node.Keeper.Count(Prefix);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunClaim>> TakeAsync(IReadOnlyList<RunWanted> wanted, CancellationToken ct)
    {
        if (node.IsDraining || node.Replaced.IsCompleted)
        {
            return [];
        }

        // A look without a lock first: most of what others drive is found here.
        List<RunWanted> free = Free(wanted, await HeldAsync(node.Rows, ct), await node.StoreClock.NowAsync(node.Rows, ct));
        if (free.Count == 0 || (Room <= 0 && !free.Exists(r => r.IsAsked)))
        {
            return [];
        }

        long begun = node.Clock.GetTimestamp();
        List<(RunWanted Run, bool HasRoom, Lease Lease, string? Before)> taken = await node.Rows.BesideOthersAsync(tx => TakeAsync(tx, free, ct), ct);
        return [.. taken.Select(t => ClaimOf(t.Run.Run, t.HasRoom, node.Keeper.Keep(t.Lease, begun), t.Before))];
    }

    private static RunClaim ClaimOf(RunId run, bool hasRoom, HeldClaim held, string? before) => new(run, held, hasRoom, held.Lost) { GiveBack = held.DisposeAsync, TakenFrom = before };

    private async Task<List<(RunWanted, bool, Lease, string?)>> TakeAsync(IRowTransaction tx, List<RunWanted> wanted, CancellationToken ct)
    {
        await NodeTable.LockAsync(tx, ct);
        DateTimeOffset now = await node.StoreClock.NowAsync(tx, ct);
        if (await tx.FirstOrDefaultAsync<string>("select node_id from nodes where incarnation = @Owner and state = 'working'", new { node.Keeper.Owner }, ct) is null)
        {
            // Asked to drain since its last sign: nodes of another build may have joined by now.
            return [];
        }

        IReadOnlyList<HeldRow> held = await HeldAsync(tx, ct);
        Dictionary<string, int> filled = held.Where(h => h.Slot is not null && h.ExpiresAtUtc > now).GroupBy(h => h.Slot!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        List<RunWanted> free = Free(wanted, held, now);
        int room = Math.Min(Room, await ShareAsync(tx, free.Count, now, ct));
        LeaseTable leases = new(node.Rows, node.Clock);
        List<(RunWanted, bool, Lease, string?)> taken = [];
        foreach (RunWanted run in free)
        {
            bool hasRoom = room > 0 && (run.Group is null || run.Limit == 0 || filled.GetValueOrDefault(run.Group) < run.Limit);
            if (!hasRoom && !run.IsAsked)
            {
                continue;
            }

            string name = Prefix + run.Run.Value;
            string? slot = hasRoom && run.Limit > 0 ? run.Group : null;
            if (await leases.TryClaimAtAsync(tx, name, node.Incarnation, slot, now, node.Terms.Term, ct) is { } lease)
            {
                taken.Add((run, hasRoom, lease, held.FirstOrDefault(h => h.Name == name)?.Owner));
                room -= hasRoom ? 1 : 0;
                if (slot is not null)
                {
                    filled[slot] = filled.GetValueOrDefault(slot) + 1;
                }
            }
        }

        return taken;
    }

    // Whoever looks first leaves the others their share.
    private static async Task<int> ShareAsync(IRowTransaction tx, int runs, DateTimeOffset now, CancellationToken ct)
    {
        IReadOnlyList<string> roles = await tx.QueryAsync<string>("select roles from nodes where state = 'working' and expires_at_utc > @now", new { now }, ct);
        int workers = roles.Count(r => NodeRoles.Read(r).HasFlag(NodeRole.Worker));
        return (runs + Math.Max(1, workers) - 1) / Math.Max(1, workers);
    }

    private static List<RunWanted> Free(IReadOnlyList<RunWanted> wanted, IReadOnlyList<HeldRow> held, DateTimeOffset now)
    {
        HashSet<string> taken = held.Where(h => h.ExpiresAtUtc > now).Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        return [.. wanted.Where(w => !taken.Contains(Prefix + w.Run.Value))];
    }

    private static Task<IReadOnlyList<HeldRow>> HeldAsync(IRows rows, CancellationToken ct) => rows.QueryAsync<HeldRow>(
        "select name, owner, slot, expires_at_utc from leases where owner <> '' and name like 'run/%'", null, ct);

    private sealed record HeldRow(string Name, string Owner, string? Slot, DateTimeOffset ExpiresAtUtc);
}
