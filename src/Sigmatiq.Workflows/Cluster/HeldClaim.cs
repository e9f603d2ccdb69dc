using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Workflows.Cluster;

/// <summary>A claim that this node renews until it is given back or lost.</summary>
public sealed class HeldClaim : IWorkClaim
{
    private readonly ClaimKeeper keeper;
    private readonly Lease lease;
    private readonly CancellationTokenSource lost = new();

    internal HeldClaim(ClaimKeeper keeper, Lease lease, long claimedAt)
    {
        this.keeper = keeper;
        this.lease = lease;
        ClaimedAt = claimedAt;
    }

    /// <summary>On what.</summary>
    public string Name => lease.Name;

    /// <inheritdoc/>
    public long Fence => lease.Fence;

    /// <summary>Cancelled once the claim is known to be lost, or might be since it was renewed too late.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Timestamp on this machine's clock from before the claim was made.</summary>
    internal long ClaimedAt { get; }

    /// <inheritdoc/>
    public RowStatement Held => lease.Held;

    /// <summary>Gives it back, so that the next claimant need not wait; where another has claimed since, nothing happens.</summary>
    public async ValueTask DisposeAsync()
    {
        keeper.Forget(this);
        await lease.ReleaseAsync(CancellationToken.None);
    }

    // Not awaited: what the work does on cancellation must not hold up the keeper.
    internal void Lose() => _ = lost.CancelAsync();
}
