using Npgsql;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Rows;

/// <summary>What the server's refusals mean to us.</summary>
internal static class PostgresProblems
{
    /// <summary>The problem of an error, or null for one that is a fault of this program.</summary>
    /// <param name="e">What the driver threw.</param>
    /// <param name="where">The store, as it may be shown.</param>
    public static Problem? Of(Exception e, string where) => e switch
    {
        PostgresException server => Of(server, where),
        NpgsqlException { InnerException: PostgresException server } => Of(server, where),
        NpgsqlException { InnerException: IOException or TimeoutException or System.Net.Sockets.SocketException or null } => Lost(e, where),
        _ => null,
    };

    /// <summary>Whether repeating the statement may do what it did not do this time.</summary>
    public static bool IsPassing(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    private static Problem? Of(PostgresException e, string where) => e.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.QueryCanceled =>
            new("STO-1005", $"The database stayed locked by another writer ({e.MessageText}).", where, "Try again; if it lasts, look for a session that holds a transaction open."),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName =>
            new("STO-1010", $"The server refuses the sign-in: {e.MessageText}.", where, "Look at user, database and the file of the password."),
        PostgresErrorCodes.InsufficientPrivilege =>
            new("STO-1011", $"The store does not allow this to its user: {e.MessageText}.", where, "Its owner gives the rights: 'sigmatiq store prepare'."),
        PostgresErrorCodes.DiskFull => DiskFull.Problem(where, e.MessageText),
        // A broken constraint, or a value that no column takes.
        ['2', '3', ..] or ['2', '2', ..] => new("STO-1007", $"The schema refuses the row: {e.MessageText}", where),
        ['0', '8', ..] or ['5', '7', ..] or PostgresErrorCodes.TooManyConnections or "25P03" => Lost(e, where),
        _ => null,
    };

    private static Problem Lost(Exception e, string where) => new("STO-1009", $"The database cannot be reached: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ").TrimEnd('.')}.", where,
        "Nothing is half done: what was under way is either wholly kept or not at all, so look before you repeat it.");
}
