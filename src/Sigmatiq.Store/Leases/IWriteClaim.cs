using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Leases;

/// <summary>The right to write something that one writer at a time may write: the engine of a local store, one run of a cluster.</summary>
public interface IWriteClaim
{
    /// <summary>The number of this claim; it grows with every claim on the same thing.</summary>
    long Fence { get; }

    /// <summary>Refuses to go on in a transaction when another has claimed since, with STO-5001: the last line against a process that slept.</summary>
    RowStatement Held { get; }
}

/// <summary>Shorthands.</summary>
public static class WriteClaims
{
    /// <summary>Runs <see cref="IWriteClaim.Held"/> by itself.</summary>
    /// <exception cref="Errors.ProblemException">STO-5001: another has taken over.</exception>
    public static Task EnsureHeldAsync(this IWriteClaim claim, IRowTransaction tx, CancellationToken ct) => tx.ExecuteAllAsync([claim.Held], ct);
}
