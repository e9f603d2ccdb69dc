using System.Formats.Tar;
using System.IO.Compression;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Backups;

/// <summary>A file that rows or manifests name.</summary>
/// <param name="Path">Below the data directory, with forward slashes.</param>
/// <param name="Sha256">Its hash; null where only its being there counts.</param>
public sealed record NamedFile(string Path, string? Sha256);

/// <summary>Finds the files that the rows of an instant name.</summary>
public delegate Task<IReadOnlyList<NamedFile>> NamedFilesOf(ITableSource rows, CancellationToken ct);

/// <summary>Writes rows and files of a store into one archive, as they are at one instant, while runs go on.</summary>
/// <remarks>The rows are read in one transaction that holds up no writer. Then come the files, see <see cref="StoredFiles"/>. The archive is a
/// gzipped tar: <c>rows/*.jsonl</c>, <c>files/**</c> and, last, <c>backup.json</c> with every hash; it is read back as a whole before it gets
/// its name. Killed at any instant, it leaves a file whose name ends in <c>.aside</c>, or nothing.</remarks>
/// <param name="data">The files.</param>
/// <param name="rows">The rows.</param>
/// <param name="clock">The clock.</param>
public sealed class BackupWriter(DataDirectory data, ITableStore rows, TimeProvider clock)
{
    private const int RoundsMax = 20;
    private const int DamageShownMax = 10;
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(100);
    private readonly StoredFiles stored = new(data);

    /// <summary>Writes a backup.</summary>
    /// <param name="path">The archive; nothing of that name may be there.</param>
    /// <param name="withBars">Whether to take the bars along.</param>
    /// <param name="acceptDamage">Whether to go on where named files are missing or changed; they are listed in the manifest.</param>
    /// <param name="namedOf">The files that the rows name.</param>
    /// <param name="ct">Stops it; nothing stays.</param>
    /// <exception cref="ProblemException">STO-6003: something of that name is there, or it would lie in the data directory. STO-6005: files were
    /// replaced again and again. STO-6006: a named file is missing or has other bytes. STO-6001: what was written reads back otherwise.</exception>
    public async Task<BackupManifest> WriteAsync(string path, bool withBars, bool acceptDamage, NamedFilesOf namedOf, CancellationToken ct)
    {
        RefuseName(path);
        AtomicFile.RemoveLeftovers(Path.GetDirectoryName(Path.GetFullPath(path))!, clock.GetUtcNow(), below: false);
        string aside = AtomicFile.Aside(path), staged = AtomicFile.Aside(path);
        try
        {
            Directory.CreateDirectory(staged);
            Instant instant = await StageAsync(staged, namedOf, ct);
            BackupManifest manifest;
            await using (FileStream file = new(aside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                await using (GZipStream packed = new(file, CompressionLevel.Fastest, leaveOpen: true))
                await using (TarWriter archive = new(packed, TarEntryFormat.Pax, leaveOpen: true))
                {
                    manifest = await PackAsync(archive, staged, instant, withBars, acceptDamage, ct);
                }

                file.Flush(flushToDisk: true);
            }

            if ((await BackupReader.CheckAsync(aside, ct)).Id != manifest.Id)
            {
                throw new ProblemException("STO-6001", "What was written reads back otherwise.", path, "Look at the disk, then make the backup again.");
            }

            AtomicFile.PlaceOnce(aside, path);
            return manifest;
        }
        finally
        {
            File.Delete(aside);
            if (Directory.Exists(staged))
            {
                Directory.Delete(staged, recursive: true);
            }
        }
    }

    private void RefuseName(string path)
    {
        bool isInside = FileIdentity.IsIn(path, data.Root);
        if (isInside || File.Exists(path) || Directory.Exists(path))
        {
            throw new ProblemException("STO-6003", isInside ? "A backup cannot lie in the data directory that it is of." : "There is something of that name already.",
                path, "Name a file that is not there yet, outside the data directory.", ExitCode.BadUsage);
        }
    }

    // The rows of an instant, and with them the files that may be replaced: few and small, they wait aside until it is known that they belong together.
    private async Task<Instant> StageAsync(string staged, NamedFilesOf namedOf, CancellationToken ct)
    {
        for (int round = 1; ; round++)
        {
            string before = stored.StampOfReplaced();
            Instant instant = await rows.AtOneInstantAsync(source => ReadAsync(source, staged, namedOf, ct), ct);
            IReadOnlyList<string> replaced = [.. stored.List().Where(StoredFiles.IsStaged)];
            List<string> copied = [.. replaced.Where(p => Copied(p, staged))];
            if (stored.StampOfReplaced() == before)
            {
                return instant with { Staged = copied };
            }

            if (round == RoundsMax)
            {
                throw new ProblemException("STO-6005", $"Files were replaced in each of {RoundsMax} attempts to copy them as they were at one instant.", data.Root,
                    "Try again when less is being decided.");
            }

            await Task.Delay(BetweenRounds, clock, ct);
        }
    }

    private async Task<Instant> ReadAsync(ITableSource source, string staged, NamedFilesOf namedOf, CancellationToken ct)
    {
        List<BackedUpTable> tables = [];
        foreach (StoredTable table in await source.TablesAsync(ct))
        {
            string lines = Path.Combine(staged, RowsOf(table.Name));
            Directory.CreateDirectory(Path.GetDirectoryName(lines)!);
            await using (FileStream to = new(lines, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                TableSum sum = await source.CopyAsync(table, to, ct);
                tables.Add(new(table.Name, sum.Rows, sum.Digest, to.Position, ""));
            }

            tables[^1] = tables[^1] with { Sha256 = ContentHash.OfFile(lines).Hex };
        }

        return new(
            clock.GetUtcNow(), tables, await source.CountersAsync(ct),
            await source.QueryAsync<BackedUpMigration>("select number, name, hash from migrations order by number", null, ct), await namedOf(source, ct), []);
    }

    private bool Copied(string path, string staged)
    {
        string to = Path.Combine(staged, FileOf(path));
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        try
        {
            File.Copy(Path.Combine(data.Root, path), to, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Work that was completed meanwhile, or a state that was replaced: the stamp tells.
            File.Delete(to);
            return false;
        }
    }

    private async Task<BackupManifest> PackAsync(TarWriter archive, string staged, Instant instant, bool withBars, bool acceptDamage, CancellationToken ct)
    {
        foreach (BackedUpTable table in instant.Tables)
        {
            await PutAsync(archive, RowsOf(table.Name), Path.Combine(staged, RowsOf(table.Name)), ct);
        }

        List<BackedUpFile> taken = [];
        foreach (string path in instant.Staged.Concat(stored.List().Where(p => !StoredFiles.IsStaged(p) && (withBars || !StoredFiles.IsBars(p)))).Order(StringComparer.Ordinal))
        {
            string from = StoredFiles.IsStaged(path) ? Path.Combine(staged, FileOf(path)) : Path.Combine(data.Root, path);
            if (File.Exists(from))
            {
                taken.Add(new(path, new FileInfo(from).Length, ContentHash.OfFile(from).Hex));
                await PutAsync(archive, FileOf(path), from, ct);
            }
        }

        Dictionary<string, string> hashOf = taken.ToDictionary(t => t.Path, t => t.Sha256, StringComparer.Ordinal);
        string[] damaged = [.. instant.Named.Where(n => withBars || !StoredFiles.IsBars(n.Path)).Distinct()
            .Where(n => !hashOf.TryGetValue(n.Path, out string? hash) || (n.Sha256 is not null && n.Sha256 != hash)).Select(n => n.Path).Order(StringComparer.Ordinal)];
        if (damaged.Length > 0 && !acceptDamage)
        {
            throw new ProblemException("STO-6006",
                $"{damaged.Length} files that the rows name are missing or have other bytes: {string.Join(", ", damaged.Take(DamageShownMax))}{(damaged.Length > DamageShownMax ? ", …" : "")}.",
                data.Root, "Bring them back first; with --accept-damage the backup holds what is there and lists them.", ExitCode.DataRefused);
        }

        BackupManifest manifest = new(
            BackupManifest.CurrentFormat, instant.AtUtc, rows.Dialect.Name, withBars, instant.Migrations, instant.Tables, instant.Counters, taken, damaged);
        string contents = Path.Combine(staged, BackupManifest.EntryName);
        await File.WriteAllBytesAsync(contents, manifest.Write(), ct);
        await PutAsync(archive, BackupManifest.EntryName, contents, ct);
        return manifest;
    }

    // Nothing of this machine or its users goes along.
    private static async Task PutAsync(TarWriter archive, string name, string from, CancellationToken ct)
    {
        await using FileStream bytes = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        await archive.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = bytes, ModificationTime = DateTimeOffset.UnixEpoch }, ct);
    }

    internal static string RowsOf(string table) => $"rows/{table}.jsonl";

    internal static string FileOf(string path) => $"files/{path}";

    private sealed record Instant(
        DateTimeOffset AtUtc, IReadOnlyList<BackedUpTable> Tables, IReadOnlyDictionary<string, long> Counters, IReadOnlyList<BackedUpMigration> Migrations,
        IReadOnlyList<NamedFile> Named, IReadOnlyList<string> Staged);
}
