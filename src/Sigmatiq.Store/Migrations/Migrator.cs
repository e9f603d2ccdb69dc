using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Migrations;

/// <summary>Brings a database forward, one migration per transaction; several programs may start at once.</summary>
public static class Migrator
{
    /// <summary>Runs what has not run yet.</summary>
    /// <returns>The numbers that ran now.</returns>
    /// <exception cref="ProblemException">STO-1002: a migration that has run reads differently now. STO-1003: the database has been
    /// migrated by a newer program. STO-1004: the statements of a migration failed; nothing of it stays.</exception>
    public static async Task<IReadOnlyList<int>> RunAsync(
        IRowStore store, IReadOnlyList<Migration> migrations, TimeProvider clock, CancellationToken ct)
    {
        await PrepareAsync(store, ct);
        List<int> ran = [];
        foreach (Migration migration in migrations)
        {
            // The writing transaction is the lock: whoever comes second finds the row.
            if (await store.InTransactionAsync(tx => ApplyAsync(tx, migration, clock, ct), ct))
            {
                ran.Add(migration.Number);
            }
        }

        await RefuseNewerAsync(store, migrations, ct);
        return ran;
    }

    // Looked for first: a user who may only use the tables may not even ask for one to be made if it is missing.
    private static async Task PrepareAsync(IRowStore store, CancellationToken ct)
    {
        if (await store.FirstAsync<long>(store.Dialect.HasMigrations, null, ct) == 0)
        {
            await store.InTransactionAsync(tx => tx.ExecuteAsync(
                "create table if not exists migrations (number integer primary key, name text not null, hash text not null, applied_at_utc text not null)",
                null, ct), ct);
        }
    }

    private static async Task<bool> ApplyAsync(IRowTransaction tx, Migration migration, TimeProvider clock, CancellationToken ct)
    {
        string? applied = await tx.FirstOrDefaultAsync<string>("select hash from migrations where number = @Number", new { migration.Number }, ct);
        if (applied is not null)
        {
            return applied == migration.Hash.Hex
                ? false
                : throw new ProblemException("STO-1002", $"Migration {migration.Number:0000} has run with other statements than this program carries.",
                    $"{migration.Number:0000}_{migration.Name}", "Never change a migration that has run: add a new one. A development database can be deleted.");
        }

        try
        {
            await tx.ExecuteAsync(migration.Sql, null, ct);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ProblemException))
        {
            throw new ProblemException(new Problem("STO-1004", $"Migration {migration.Number:0000} failed: {e.Message}",
                $"{migration.Number:0000}_{migration.Name}", "Nothing of it was kept; the database is as before."), e);
        }

        await tx.ExecuteAsync("insert into migrations (number, name, hash, applied_at_utc) values (@Number, @Name, @Hash, @AtUtc)",
            new { migration.Number, migration.Name, Hash = migration.Hash.Hex, AtUtc = clock.GetUtcNow() }, ct);
        return true;
    }

    private static async Task RefuseNewerAsync(IRowStore store, IReadOnlyList<Migration> migrations, CancellationToken ct)
    {
        int newest = await store.FirstOrDefaultAsync<int?>("select max(number) from migrations", null, ct) ?? 0;
        int known = migrations.Count == 0 ? 0 : migrations.Max(m => m.Number);
        if (newest > known)
        {
            throw new ProblemException("STO-1003", $"The database has been brought to migration {newest:0000}, this program knows {known:0000}.",
                null, "Use the newer program, or another data directory.");
        }
    }
}
