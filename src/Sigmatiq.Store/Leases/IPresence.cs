using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Leases;

/// <summary>A name that the store's server keeps for as long as this process has a session with it. The server frees it with the process, also on
/// <c>kill -9</c>, so that nobody has to wait for an expiry to know of a death.</summary>
public interface IPresence : IAsyncDisposable
{
    /// <summary>Sees to it that the name is kept: anew where the session was lost.</summary>
    /// <exception cref="Errors.ProblemException">STO-1009, STO-1010: see <see cref="IRowStore"/>.</exception>
    Task RenewAsync(CancellationToken ct);
}

/// <summary>Asks after others.</summary>
public static class Presences
{
    // "NODE" in ASCII; the keys of two numbers are apart from that of one, which writers share.
    internal const int LockClass = 0x4E4F4445;

    /// <summary>Whether nobody keeps a name that somebody has kept: its process is dead, or cut off from the server. False where it cannot be
    /// known, as without a server, after a machine that went away without a word, or behind a pooler that keeps sessions for others.</summary>
    public static async Task<bool> IsGoneAsync(IRowTransaction tx, string name, CancellationToken ct) => tx.Dialect == SqlDialect.Postgres
        && await tx.FirstAsync<long>("select cast(case when pg_try_advisory_xact_lock(@LockClass, hashtext(@name)) then 1 else 0 end as bigint)", new { LockClass, name }, ct) == 1;
}
