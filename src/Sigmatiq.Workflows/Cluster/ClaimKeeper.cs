using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Shards;

namespace Sigmatiq.Workflows.Cluster;

/// <summary>Signs for this node and renews all its claims in one statement. A claim that the store no longer knows as this node's, or that
/// was not renewed within its term, is lost at once: its work is cancelled, and the store refuses what it may still try to write.</summary>
/// <remarks>Who may claim is judged by the store's clock alone; this machine's is used only to know that time has gone by here.</remarks>
internal sealed class ClaimKeeper : IAsyncDisposable
{
    private readonly IRowStore rows;
    private readonly StoreClock storeClock;
    private readonly TimeProvider clock;
    private readonly ClusterTerms terms;
    private readonly string owner;
    private readonly ILogger log;
    private readonly ConcurrentDictionary<HeldClaim, bool> held = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long renewedAt;
    private Task renewing = Task.CompletedTask, watching = Task.CompletedTask;

    public ClaimKeeper(IRowStore rows, StoreClock storeClock, TimeProvider clock, ClusterTerms terms, string owner, ILogger log)
    {
        this.rows = rows;
        this.storeClock = storeClock;
        this.clock = clock;
        this.terms = terms;
        this.owner = owner;
        this.log = log;
        renewedAt = clock.GetTimestamp();
    }

    /// <summary>What this node's claims are made by.</summary>
    public string Owner => owner;

    /// <summary>Whether the node was asked to leave its work to others, as of the last sign.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Completes when another process has taken this node's place.</summary>
    public Task Replaced => replaced.Task;

    /// <summary>Claims held, for those who count.</summary>
    public int Count(string prefix) => held.Keys.Count(c => c.Name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Signs from now on.</summary>
    /// <param name="presence">Kept with the signs; null where the store has no server.</param>
    public void Start(IPresence? presence)
    {
        renewing = Task.Run(() => RenewRegularlyAsync(presence, stop.Token));
        watching = Task.Run(() => WatchAsync(stop.Token));
    }

    /// <summary>Claims a piece of work that is free or whose holder has stopped renewing, and keeps it.</summary>
    /// <returns>Null while another has it.</returns>
    public async Task<HeldClaim?> TryClaimAsync(string name, CancellationToken ct)
    {
        long begun = clock.GetTimestamp();
        DateTimeOffset now = await storeClock.NowAsync(rows, ct);
        Lease? lease = await rows.BesideOthersAsync(tx => new LeaseTable(rows, clock).TryClaimAtAsync(tx, name, owner, null, now, terms.Term, ct), ct);
        return lease is null ? null : Keep(lease, begun);
    }

    /// <summary>Keeps a claim from now on.</summary>
    /// <param name="lease">The claim.</param>
    /// <param name="claimedAt">A timestamp from before it was made.</param>
    public HeldClaim Keep(Lease lease, long claimedAt)
    {
        HeldClaim claim = new(this, lease, claimedAt);
        held[claim] = true;
        return claim;
    }

    /// <summary>Stops renewing a claim; false where that was so already.</summary>
    public bool Forget(HeldClaim claim) => held.TryRemove(claim, out _);

    /// <summary>Stops renewing; claims that are still held run out by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        await stop.CancelAsync();
        await Task.WhenAll(renewing, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Signs and renews now.</summary>
    internal async Task RenewAsync(CancellationToken ct)
    {
        HeldClaim[] before = [.. held.Keys];
        long begun = clock.GetTimestamp();
        (NodeSign? sign, HashSet<(string, long)> mine) = await rows.BesideOthersAsync(async tx =>
        {
            DateTimeOffset now = await storeClock.NowAsync(tx, ct);
            NodeSign? signed = await tx.FirstOrDefaultAsync<NodeSign>(
                "update nodes set sign_at_utc = @Now, expires_at_utc = @Expires where incarnation = @Owner and state <> 'left' returning state",
                new { Owner = owner, Now = now, Expires = now + terms.Term }, ct);
            IReadOnlyList<ClaimRow> renewed = before.Length == 0 ? [] : await tx.QueryAsync<ClaimRow>(
                "update leases set expires_at_utc = @Expires where owner = @Owner and owner <> '' and name in @Names returning name, fence",
                new { Owner = owner, Expires = now + terms.Term, Names = before.Select(c => c.Name).ToList() }, ct);
            await ShardTable.RenewAsync(tx, owner, now + terms.Term, ct);
            return (signed, renewed.Select(r => (r.Name, r.Fence)).ToHashSet());
        }, ct);
        Interlocked.Exchange(ref renewedAt, begun);
        if (sign is null)
        {
            replaced.TrySetResult();
        }

        IsDraining = sign is not { State: "working" };
        foreach (HeldClaim claim in before.Where(c => !mine.Contains((c.Name, c.Fence))))
        {
            Lose(claim, "another has taken it over");
        }
    }

    private async Task RenewRegularlyAsync(IPresence? presence, CancellationToken ct)
    {
        while (true)
        {
            TimeSpan pause = terms.RenewEvery;
            try
            {
                await RenewAsync(ct);
                if (presence is not null)
                {
                    await presence.RenewAsync(ct);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                pause = terms.WatchEvery;
                log.LogWarning(e, "The claims of {Owner} could not be renewed; the next try is {PauseMs} ms away", owner, pause.TotalMilliseconds);
            }

            await Task.Delay(pause, clock, ct);
        }
    }

    // Beside the renewing, which may hang on a store that does not answer.
    private async Task WatchAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(terms.WatchEvery, clock, ct);
            long now = clock.GetTimestamp(), renewed = Interlocked.Read(ref renewedAt);
            foreach (HeldClaim claim in held.Keys.Where(c => clock.GetElapsedTime(Math.Max(renewed, c.ClaimedAt), now) >= terms.Patience))
            {
                Lose(claim, "it was not renewed in time");
            }
        }
    }

    private void Lose(HeldClaim claim, string why)
    {
        if (Forget(claim))
        {
            log.LogWarning("The claim {Fence} of {Owner} on {Name} is lost: {Why}", claim.Fence, owner, claim.Name, why);
            claim.Lose();
        }
    }

    private sealed record NodeSign(string State);

    private sealed record ClaimRow(string Name, long Fence);
}
