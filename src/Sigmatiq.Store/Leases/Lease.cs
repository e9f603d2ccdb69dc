using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Leases;

/// <summary>Who holds a lease.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Owner">The process, e.g. <c>machine/4711</c>.</param>
/// <param name="Address">Where it answers, or null while it does not.</param>
/// <param name="Fence">Grows with every claim; a write that carries an older one is refused.</param>
/// <param name="ClaimedAtUtc">Since when.</param>
/// <param name="ExpiresAtUtc">Until when, unless renewed.</param>
public sealed record LeaseHolder(string Name, string Owner, string? Address, long Fence, DateTimeOffset ClaimedAtUtc, DateTimeOffset ExpiresAtUtc);

/// <summary>A claim that this process made, to be shown before every write it protects.</summary>
public sealed class Lease : IWriteClaim
{
    /// <summary>Code of the refusal of a write whose claim another has taken over.</summary>
    public const string LostCode = "STO-5001";

    private readonly IRowStore store;
    private readonly TimeProvider clock;

    internal Lease(IRowStore store, TimeProvider clock, string name, string owner, long fence)
    {
        this.store = store;
        this.clock = clock;
        Name = name;
        Owner = owner;
        Fence = fence;
    }

    /// <summary>Of what.</summary>
    public string Name { get; }

    /// <summary>By whom.</summary>
    public string Owner { get; }

    /// <inheritdoc/>
    public long Fence { get; }

    /// <summary>Moves the expiry to a term from now; also after the expiry, as long as nobody else has claimed.</summary>
    /// <returns>False: it is lost.</returns>
    public async Task<bool> RenewAsync(TimeSpan term, CancellationToken ct) =>
        await store.ExecuteAsync("update leases set expires_at_utc = @Expires where name = @Name and fence = @Fence and owner = @Owner",
            new { Name, Fence, Owner, Expires = clock.GetUtcNow() + term }, ct) == 1;

    /// <summary>Says where the holder answers.</summary>
    /// <exception cref="ProblemException">STO-5001: the lease is lost.</exception>
    public Task AnnounceAsync(string address, CancellationToken ct) => store.InTransactionAsync(async tx =>
    {
        await this.EnsureHeldAsync(tx, ct);
        await tx.ExecuteAsync("update leases set address = @Address where name = @Name", new { Name, Address = address }, ct);
    }, ct);

    /// <inheritdoc/>
    /// <remarks>An update, not a select: it also keeps a claimant waiting until this transaction has ended.</remarks>
    public RowStatement Held => new("update leases set owner = owner where name = @Name and fence = @Fence and owner = @Owner", new { Name, Fence, Owner })
    {
        Otherwise = () => new(LostCode, $"The lease '{Name}' of {Owner} (claim {Fence}) is lost: another has claimed it since.", Name,
            "Stop this process's work; the other one goes on with it."),
    };

    /// <summary>Gives it back, so that the next claimant need not wait; nothing happens when it is lost already.</summary>
    public Task ReleaseAsync(CancellationToken ct) =>
        store.ExecuteAsync("update leases set owner = '', address = null, expires_at_utc = @Now where name = @Name and fence = @Fence and owner = @Owner",
            new { Name, Fence, Owner, Now = clock.GetUtcNow() }, ct);
}
