using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Leases;

/// <summary>Claims on names, each with a fencing number that only grows and an expiry.</summary>
public sealed class LeaseTable(IRowStore store, TimeProvider clock)
{
    /// <summary>Claims a name that is free or expired.</summary>
    /// <returns>The lease, or null: another holds it, see <see cref="HolderAsync"/>.</returns>
    public Task<Lease?> TryClaimAsync(string name, string owner, string? address, TimeSpan term, CancellationToken ct) =>
        ClaimAsync(name, owner, address, term, "where leases.owner = '' or leases.expires_at_utc <= @Now", ct);

    /// <summary>Claims a name whoever holds it: for who knows by other means that the holder is dead.</summary>
    internal async Task<Lease> TakeOverAsync(string name, string owner, string? address, TimeSpan term, CancellationToken ct) =>
        (await ClaimAsync(name, owner, address, term, "", ct))!;

    /// <summary>Who holds a name now, or null.</summary>
    public async Task<LeaseHolder?> HolderAsync(string name, CancellationToken ct) =>
        await LastAsync(name, ct) is { Owner: not "" } holder && holder.ExpiresAtUtc > clock.GetUtcNow() ? holder : null;

    /// <summary>Who claimed a name last, also when the claim has ended.</summary>
    internal Task<LeaseHolder?> LastAsync(string name, CancellationToken ct) => store.FirstOrDefaultAsync<LeaseHolder>(
        "select name, owner, address, fence, claimed_at_utc, expires_at_utc from leases where name = @Name", new { Name = name }, ct);

    private async Task<Lease?> ClaimAsync(string name, string owner, string? address, TimeSpan term, string condition, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        DateTimeOffset now = clock.GetUtcNow();
        long? fence = await store.InTransactionAsync(tx => tx.FirstOrDefaultAsync<long?>($"""
            insert into leases (name, owner, address, fence, claimed_at_utc, expires_at_utc)
            values (@Name, @Owner, @Address, 1, @Now, @Expires)
            on conflict (name) do update set owner = excluded.owner, address = excluded.address, fence = leases.fence + 1,
                claimed_at_utc = excluded.claimed_at_utc, expires_at_utc = excluded.expires_at_utc
            {condition}
            returning fence
            """, new { Name = name, Owner = owner, Address = address, Now = now, Expires = now + term }, ct), ct);
        return fence is { } number ? new Lease(store, clock, name, owner, number) : null;
    }
}
