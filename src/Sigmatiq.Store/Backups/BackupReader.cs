using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Backups;

/// <summary>Reads an archive of <see cref="BackupWriter"/> to its end and holds every byte against its hash.</summary>
internal static class BackupReader
{
    private const int ManifestBytesMax = 256 << 20;
    private const string Remedy = "Nothing was restored. Take another copy of the backup.";

    /// <summary>Reads it and keeps nothing.</summary>
    /// <exception cref="ProblemException">STO-6001: it is cut off or changed. STO-6002: it is no backup that this program reads.</exception>
    public static Task<BackupManifest> CheckAsync(string archive, CancellationToken ct) => ReadAsync(archive, null, ct);

    /// <summary>Unpacks it into a folder; where it is not as it was written, what was unpacked means nothing.</summary>
    /// <inheritdoc cref="CheckAsync"/>
    public static Task<BackupManifest> UnpackAsync(string archive, string folder, CancellationToken ct) => ReadAsync(archive, folder, ct);

    private static async Task<BackupManifest> ReadAsync(string archive, string? folder, CancellationToken ct)
    {
        Dictionary<string, (long Bytes, string Sha256)> found = new(StringComparer.Ordinal);
        BackupManifest? manifest = null;
        string last = "its beginning";
        await using FileStream file = Open(archive);
        try
        {
            await using CountedStream unpacked = new(new GZipStream(file, CompressionMode.Decompress, leaveOpen: true));
            await using TarReader entries = new(unpacked, leaveOpen: true);
            while (await entries.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                last = entry.Name;
                if (manifest is not null || entry.EntryType != TarEntryType.RegularFile || !found.TryAdd(entry.Name, default))
                {
                    throw new FormatException("an entry that no backup has");
                }

                if (entry.Name == BackupManifest.EntryName)
                {
                    manifest = BackupManifest.Read(await BytesOf(entry, ct));
                    continue;
                }

                found[entry.Name] = await TakeAsync(entry, folder is null ? null : PlaceOf(folder, entry.Name), ct);
            }

            // The library does not miss an end that was cut off: the last four bytes say how long the whole is.
            await unpacked.CopyToAsync(Stream.Null, ct);
            if (manifest is not null && LastWordOf(file) != (uint)unpacked.Count)
            {
                throw new FormatException("it ends early, or something follows its end");
            }
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or EndOfStreamException or ArgumentException or InvalidOperationException or OverflowException)
        {
            throw Damaged(archive, file, last, e.Message, e);
        }

        if (manifest is null)
        {
            throw Damaged(archive, file, last, "it ends early: the list of contents, which comes last, is missing", null);
        }

        Compare(archive, manifest, found);
        return manifest;
    }

    private static void Compare(string archive, BackupManifest manifest, Dictionary<string, (long Bytes, string Sha256)> found)
    {
        found.Remove(BackupManifest.EntryName);
        foreach (var (name, bytes, sha256) in manifest.Tables.Select(t => (BackupWriter.RowsOf(t.Name), t.Bytes, t.Sha256))
            .Concat(manifest.Files.Select(f => (BackupWriter.FileOf(f.Path), f.Bytes, f.Sha256))))
        {
            if (!found.Remove(name, out var there) || there != (bytes, sha256))
            {
                throw new ProblemException("STO-6001", there == default ? $"The backup lacks {name}." : $"{name} has other bytes than the list of contents says.", archive, Remedy, ExitCode.DataRefused);
            }
        }

        if (found.Count > 0)
        {
            throw new ProblemException("STO-6001", $"The backup holds {found.Keys.Order(StringComparer.Ordinal).First()}, which its list of contents does not name.", archive, Remedy, ExitCode.DataRefused);
        }
    }

    private static FileStream Open(string archive)
    {
        try
        {
            return new(archive, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem("STO-6002", $"The backup cannot be read: {e.Message}", archive, "Name a file that 'sigmatiq backup' has written.", ExitCode.BadUsage), e);
        }
    }

    private static async Task<byte[]> BytesOf(TarEntry entry, CancellationToken ct)
    {
        if (entry.Length > ManifestBytesMax)
        {
            throw new FormatException("a list of contents that is far too long");
        }

        using var bytes = new MemoryStream();
        await (entry.DataStream ?? Stream.Null).CopyToAsync(bytes, ct);
        return bytes.ToArray();
    }

    private static async Task<(long Bytes, string Sha256)> TakeAsync(TarEntry entry, string? place, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using Stream to = place is null ? Stream.Null : new FileStream(place, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        for (int read; entry.DataStream is { } from && (read = await from.ReadAsync(buffer, ct)) > 0; bytes += read)
        {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
        }

        // Rows only wait here to be put into the database.
        if (to is FileStream written && entry.Name.StartsWith(BackupWriter.FileOf(""), StringComparison.Ordinal))
        {
            written.Flush(flushToDisk: true);
        }

        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static uint LastWordOf(FileStream file)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        file.Position = file.Length - sizeof(uint);
        file.ReadExactly(word);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    // An archive of somebody else's making must not write beside the folder.
    private static string PlaceOf(string folder, string name)
    {
        string place = Path.GetFullPath(Path.Combine(folder, name));
        if (!place.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new FormatException("a name that leads out of the folder");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        return place;
    }

    private static ProblemException Damaged(string archive, FileStream file, string last, string why, Exception? cause)
    {
        bool isOther = last == "its beginning";
        string place = string.Create(CultureInfo.InvariantCulture, $"{archive}, {last}, before byte {file.Position} of {file.Length}");
        Problem problem = isOther
            ? new("STO-6002", $"This is no backup, or its first bytes are damaged: {why.TrimEnd('.')}.", place, Remedy, ExitCode.DataRefused)
            : new("STO-6001", $"The backup is damaged: {why.TrimEnd('.')}.", place, Remedy, ExitCode.DataRefused);
        return cause is null ? new(problem) : new(problem, cause);
    }
}
