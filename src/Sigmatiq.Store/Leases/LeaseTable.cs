using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Leases;

/// <summary>Claims on names, each with a fencing number that only grows and an expiry.</summary>
public sealed class LeaseTable(IRowStore store, TimeProvider clock)
{
    private const string Free = "where leases.owner = '' or leases.expires_at_utc <= @Now";

    /// <summary>Claims a name that is free or expired.</summary>
    /// <returns>The lease, or null: another holds it, see <see cref="HolderAsync"/>.</returns>
    public Task<Lease?> TryClaimAsync(string name, string owner, string? address, TimeSpan term, CancellationToken ct) =>
        store.InTransactionAsync(tx => ClaimAsync(tx, name, owner, address, null, clock.GetUtcNow(), term, Free, ct), ct);

    /// <summary>Claims a name that is free or expired as of an instant of the store's clock, in a transaction.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="name">Of what.</param>
    /// <param name="owner">By whom.</param>
    /// <param name="slot">What the claim is counted under; null counts nowhere.</param>
    /// <param name="nowUtc">See <see cref="StoreClock"/>.</param>
    /// <param name="term">Until when, from then.</param>
    /// <param name="ct">Stops before it is claimed.</param>
    /// <returns>The lease, or null: another holds it.</returns>
    public Task<Lease?> TryClaimAtAsync(IRowTransaction tx, string name, string owner, string? slot, DateTimeOffset nowUtc, TimeSpan term, CancellationToken ct) =>
        ClaimAsync(tx, name, owner, null, slot, nowUtc, term, Free, ct);

    /// <summary>Claims a name whoever holds it: for who knows by other means that the holder is dead.</summary>
    internal async Task<Lease> TakeOverAsync(string name, string owner, string? address, TimeSpan term, CancellationToken ct) =>
        (await store.InTransactionAsync(tx => ClaimAsync(tx, name, owner, address, null, clock.GetUtcNow(), term, "", ct), ct))!;

    /// <summary>Who holds a name now, or null.</summary>
    public async Task<LeaseHolder?> HolderAsync(string name, CancellationToken ct) =>
        await LastAsync(name, ct) is { Owner: not "" } holder && holder.ExpiresAtUtc > clock.GetUtcNow() ? holder : null;

    /// <summary>Who claimed a name last, also when the claim has ended.</summary>
    internal Task<LeaseHolder?> LastAsync(string name, CancellationToken ct) => store.FirstOrDefaultAsync<LeaseHolder>(
        "select name, owner, address, fence, claimed_at_utc, expires_at_utc from leases where name = @Name", new { Name = name }, ct);

    private async Task<Lease?> ClaimAsync(
        IRowTransaction tx, string name, string owner, string? address, string? slot, DateTimeOffset now, TimeSpan term, string condition, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        long? fence = await tx.FirstOrDefaultAsync<long?>($"""
            insert into leases (name, owner, address, slot, fence, claimed_at_utc, expires_at_utc)
            values (@Name, @Owner, @Address, @Slot, 1, @Now, @Expires)
            on conflict (name) do update set owner = excluded.owner, address = excluded.address, slot = excluded.slot, fence = leases.fence + 1,
                claimed_at_utc = excluded.claimed_at_utc, expires_at_utc = excluded.expires_at_utc
            {condition}
            returning fence
            """, new { Name = name, Owner = owner, Address = address, Slot = slot, Now = now, Expires = now + term }, ct);
        return fence is { } number ? new Lease(store, clock, name, owner, number) : null;
    }
}
