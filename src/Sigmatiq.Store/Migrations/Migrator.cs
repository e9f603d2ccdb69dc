using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Migrations;

/// <summary>A migration that a database says has run.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Hash">Hash of the statements that ran.</param>
public sealed record AppliedMigration(int Number, string Hash);

/// <summary>Brings a database forward, all or nothing: it is what it was, or what this program needs. Several programs may start at once.</summary>
public static class Migrator
{
    /// <summary>Runs what has not run yet, in one transaction.</summary>
    /// <returns>The numbers that ran now.</returns>
    /// <exception cref="ProblemException">STO-1002: a migration that has run reads differently now. STO-1003: the database has been
    /// migrated by a newer program. STO-1004: the statements of a migration failed. STO-1011: one is missing, and
    /// the store's user may not change the schema. In each case nothing was changed.</exception>
    public static async Task<IReadOnlyList<int>> RunAsync(IRowStore store, IReadOnlyList<Migration> migrations, TimeProvider clock, CancellationToken ct)
    {
        // Looked at first: a user who may only use the tables may not even ask for one to be made if it is missing.
        if (await store.FirstAsync<long>(store.Dialect.HasMigrations, null, ct) > 0 && Pending(await AppliedAsync(store, ct), migrations).Count == 0)
        {
            return [];
        }

        if (!await store.FirstAsync<bool>(store.Dialect.MayMigrate, null, ct))
        {
            throw new ProblemException("STO-1011", $"The schema is not what this program needs, migration {migrations.Max(m => m.Number):0000}, and the store's user may not change it.",
                null, "Let its owner run 'sigmatiq store prepare' of this version.");
        }

        // The writing transaction is the lock: whoever comes second finds the rows.
        return await store.InTransactionAsync<IReadOnlyList<int>>(async tx =>
        {
            await tx.ExecuteAsync(
                "create table if not exists migrations (number integer primary key, name text not null, hash text not null, applied_at_utc text not null)",
                null, ct);
            IReadOnlyList<Migration> pending = Pending(await AppliedAsync(tx, ct), migrations);
            foreach (Migration migration in pending)
            {
                await ApplyAsync(tx, migration, clock, ct);
            }

            return [.. pending.Select(m => m.Number)];
        }, ct);
    }

    private static Task<IReadOnlyList<AppliedMigration>> AppliedAsync(IRows rows, CancellationToken ct) =>
        rows.QueryAsync<AppliedMigration>("select number, hash from migrations", null, ct);

    /// <summary>What is still to be run on a database.</summary>
    /// <param name="applied">What has run on it.</param>
    /// <param name="migrations">All that this program carries, in order.</param>
    /// <exception cref="ProblemException">STO-1002, STO-1003: see <see cref="RunAsync"/>.</exception>
    public static IReadOnlyList<Migration> Pending(IReadOnlyList<AppliedMigration> applied, IReadOnlyList<Migration> migrations)
    {
        Dictionary<int, Migration> known = migrations.ToDictionary(m => m.Number);
        if (applied.Where(a => !known.ContainsKey(a.Number)).MaxBy(a => a.Number) is { } unknown)
        {
            throw new ProblemException("STO-1003", $"The database has been brought to migration {unknown.Number:0000}, this program knows {known.Keys.DefaultIfEmpty().Max():0000}.",
                null, "Use the newer program, or another data directory.");
        }

        if (applied.FirstOrDefault(a => known[a.Number].Hash.Hex != a.Hash) is { } other)
        {
            throw new ProblemException("STO-1002", $"Migration {other.Number:0000} has run with other statements than this program carries.",
                $"{other.Number:0000}_{known[other.Number].Name}", "Never change a migration that has run: add a new one. A development database can be deleted.");
        }

        HashSet<int> ran = [.. applied.Select(a => a.Number)];
        return [.. migrations.Where(m => !ran.Contains(m.Number))];
    }

    private static async Task ApplyAsync(IRowTransaction tx, Migration migration, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            await tx.ExecuteAsync(migration.Sql, null, ct);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ProblemException))
        {
            throw new ProblemException(new Problem("STO-1004", $"Migration {migration.Number:0000} failed: {e.Message}",
                $"{migration.Number:0000}_{migration.Name}", "Nothing was kept; the database is as before."), e);
        }

        await tx.ExecuteAsync("insert into migrations (number, name, hash, applied_at_utc) values (@Number, @Name, @Hash, @AtUtc)",
            new { migration.Number, migration.Name, Hash = migration.Hash.Hex, AtUtc = clock.GetUtcNow() }, ct);
    }
}
