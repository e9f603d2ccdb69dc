using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Migrations;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Backups;

/// <summary>Makes a data directory from a backup: whole, or not at all.</summary>
/// <param name="clock">The clock.</param>
public sealed class BackupRestore(TimeProvider clock)
{
    private const string Schema = "migrations";

    /// <summary>Unpacks beside the folder, fills a new database, holds every row and byte against the manifest, and only then gives the folder its
    /// name.</summary>
    /// <param name="archive">The backup.</param>
    /// <param name="folder">The data directory to make; it may be there if it is empty.</param>
    /// <param name="into">A database that holds nothing yet, on a server; null makes one in the folder.</param>
    /// <param name="ct">Stops it; nothing stays.</param>
    /// <returns>What was restored.</returns>
    /// <exception cref="ProblemException">STO-6001, STO-6002: the backup is damaged, or none. STO-6003: the folder is not empty. STO-6004: the rows
    /// came out otherwise. STO-1003, STO-1002: it is of a newer program, or of another schema. Nothing is left in any of these.</exception>
    public async Task<BackupManifest> RunAsync(string archive, string folder, ITableStore? into, CancellationToken ct)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RefuseUsed(target);
        if (into is not null)
        {
            await RefuseUsedAsync(into, ct);
        }

        string aside = AtomicFile.Aside(target);
        AtomicFile.RemoveLeftovers(Path.GetDirectoryName(aside)!, clock.GetUtcNow(), below: false);
        try
        {
            string unpacked = Path.Combine(aside, "unpacked");
            Directory.CreateDirectory(unpacked);
            BackupManifest manifest = await BackupReader.UnpackAsync(archive, unpacked, ct);
            string made = Path.Combine(unpacked, "files");
            Directory.CreateDirectory(made);
            string lines = Path.Combine(unpacked, "rows");
            if (into is not null)
            {
                await FillAsync(manifest, lines, into, ct);
            }
            else
            {
                using SqliteRowStore store = SqliteRowStore.OpenUnmigrated(new DataDirectory(made).RowsFile);
                await FillAsync(manifest, lines, store, ct);
            }

            Name(made, target);
            return manifest;
        }
        finally
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }
        }
    }

    private static void RefuseUsed(string target)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new ProblemException("STO-6003", "A backup is restored into a new or empty folder only, so that nothing is lost.", target,
                "Name a folder that is not there yet with --data.", ExitCode.BadUsage);
        }
    }

    // What migrations put in is no work of anybody.
    private static async Task RefuseUsedAsync(ITableStore store, CancellationToken ct)
    {
        if (await store.FirstAsync<long>(store.Dialect.HasMigrations, null, ct) > 0 && await store.AtOneInstantAsync(async source =>
        {
            foreach (StoredTable table in (await source.TablesAsync(ct)).Where(t => t.Name is not (Schema or "audit_head")))
            {
                if ((await source.CopyAsync(table, Stream.Null, ct)).Rows > 0)
                {
                    return true;
                }
            }

            return false;
        }, ct))
        {
            throw new ProblemException("STO-6003", "A backup is restored into an empty database only, so that nothing is lost.", "--store",
                "Make a new database and name it with --store.", ExitCode.BadUsage);
        }
    }

    private async Task FillAsync(BackupManifest manifest, string lines, ITableStore store, CancellationToken ct)
    {
        await Migrator.RunAsync(store, SchemaOf(manifest, store.Dialect), clock, ct);
        // Each engine has statements of its own for a migration, so their hashes are those of the engine that keeps the rows now.
        bool isOtherEngine = manifest.Engine != store.Dialect.Name;
        await store.FillAsync(async target =>
        {
            IReadOnlyList<StoredTable> tables = await target.TablesAsync(ct);
            if (!tables.Select(t => t.Name).Order(StringComparer.Ordinal).SequenceEqual(manifest.Tables.Select(t => t.Name).Order(StringComparer.Ordinal)))
            {
                throw Differs($"the tables are {string.Join(", ", manifest.Tables.Select(t => t.Name))}");
            }

            foreach (StoredTable table in tables)
            {
                await using Stream from = isOtherEngine && table.Name == Schema ? Rehashed(manifest, store.Dialect) : File.OpenRead(Path.Combine(lines, $"{table.Name}.jsonl"));
                try
                {
                    await target.FillAsync(table, from, ct);
                }
                catch (FormatException e)
                {
                    throw Differs(e.Message);
                }
            }

            foreach (var (table, last) in manifest.Counters)
            {
                await target.CountFromAsync(table, last, ct);
            }
        }, ct);
        await store.AtOneInstantAsync(async source =>
        {
            Dictionary<string, StoredTable> tables = (await source.TablesAsync(ct)).ToDictionary(t => t.Name, StringComparer.Ordinal);
            foreach (BackedUpTable table in manifest.Tables.Where(t => !isOtherEngine || t.Name != Schema))
            {
                if (await source.CopyAsync(tables[table.Name], Stream.Null, ct) != new TableSum(table.Rows, table.Digest))
                {
                    throw Differs($"table {table.Name} came out with other rows");
                }
            }

            return true;
        }, ct);
    }

    private MemoryStream Rehashed(BackupManifest manifest, SqlDialect dialect)
    {
        string now = UtcText.Format(clock.GetUtcNow());
        return new(Encoding.UTF8.GetBytes(string.Join('\n', SchemaOf(manifest, dialect).Select(m =>
            new JsonObject { ["applied_at_utc"] = now, ["hash"] = m.Hash.Hex, ["name"] = m.Name, ["number"] = m.Number }.ToJsonString()))));
    }

    // The schema that the rows had; a later program brings it forward when it opens the store.
    private static IReadOnlyList<Migration> SchemaOf(BackupManifest manifest, SqlDialect dialect)
    {
        IReadOnlyList<Migration> known = Migration.Embedded(dialect);
        Dictionary<int, string> had = manifest.Migrations.ToDictionary(m => m.Number, m => m.Hash);
        List<Migration> schema = [.. known.Where(m => had.ContainsKey(m.Number))];
        // Refuses what this program does not know.
        Migrator.Pending([.. manifest.Migrations.Select(m => new AppliedMigration(
            m.Number, manifest.Engine == dialect.Name ? m.Hash : schema.FirstOrDefault(s => s.Number == m.Number)?.Hash.Hex ?? m.Hash))], known);
        return schema;
    }

    private static void Name(string made, string target)
    {
        foreach (string folder in Directory.EnumerateDirectories(made, "*", SearchOption.AllDirectories).Prepend(made))
        {
            AtomicFile.FlushFolder(Path.Combine(folder, "any"));
        }

        try
        {
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(made, target);
        }
        catch (IOException e)
        {
            throw new ProblemException(new Problem("STO-6003", $"The restored folder cannot be given its name: {e.Message}", target,
                "Name a folder that is not there yet, below one that may be written to.", ExitCode.BadUsage), e);
        }

        AtomicFile.FlushFolder(target);
    }

    private static ProblemException Differs(string why) =>
        new("STO-6004", $"The rows of the backup cannot be restored as they were: {why}.", null, "Nothing was restored. Use the program that made the backup.", ExitCode.DataRefused);
}
