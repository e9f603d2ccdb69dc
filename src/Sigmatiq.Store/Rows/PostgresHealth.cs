namespace Sigmatiq.Store.Rows;

/// <summary>What a server says of itself and of this user.</summary>
/// <param name="Version">Of the server, e.g. <c>15.18</c>.</param>
/// <param name="IsDurable">Whether a commit is on disk before it is answered.</param>
/// <param name="Encoding">Of the database; only <c>UTF8</c> takes every text.</param>
/// <param name="OwnsTables">Whether this user owns the tables of the store, so that triggers alone guard what is append-only.</param>
/// <param name="Migration">The newest migration that has run; 0 in an empty database.</param>
public sealed record PostgresHealth(string Version, bool IsDurable, string Encoding, bool OwnsTables, int Migration)
{
    /// <summary>Asks a server, without changing anything.</summary>
    /// <exception cref="Errors.ProblemException">STO-1009: no server answers. STO-1010: it refuses the sign-in.</exception>
    public static async Task<PostgresHealth> AskAsync(PostgresAddress address, CancellationToken ct)
    {
        using var rows = PostgresRowStore.OpenUnmigrated(address);
        bool isNew = await rows.FirstAsync<long>(rows.Dialect.HasMigrations, null, ct) == 0;
        Said said = await rows.FirstAsync<Said>(
            """
            select current_setting('server_version') as version,
                current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on' and current_setting('synchronous_commit') <> 'off' as is_durable,
                current_setting('server_encoding') as encoding,
                exists (select 1 from pg_tables where schemaname = current_schema() and tablename = 'audit' and pg_has_role(tableowner, 'usage')) as owns_tables
            """, null, ct);
        int migration = isNew ? 0 : await rows.FirstOrDefaultAsync<int?>("select max(number) from migrations", null, ct) ?? 0;
        return new(said.Version, said.IsDurable, said.Encoding, said.OwnsTables, migration);
    }

    private sealed record Said(string Version, bool IsDurable, string Encoding, bool OwnsTables);
}
