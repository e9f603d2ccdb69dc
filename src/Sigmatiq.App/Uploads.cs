using System.Buffers;
using System.Security.Cryptography;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App;

/// <summary>A file that somebody sent, on its way to being looked at.</summary>
/// <param name="Id">SHA-256 of its bytes: the same bytes are the same upload.</param>
/// <param name="Name">Its name, without what a path or a terminal would read in it.</param>
/// <param name="Path">Where it lies; never told to whoever sent it.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record Upload(ContentHash Id, string Name, string Path, long Bytes);

/// <summary>Files that were sent to be imported, below the data directory under the hash of their bytes. A caller names a file by that hash and never by a path. They go after a
/// day, and the oldest first where they take more than <see cref="TotalBytesMax"/>.</summary>
/// <param name="data">The data directory.</param>
/// <param name="clock">The clock.</param>
internal sealed class Uploads(DataDirectory data, TimeProvider clock)
{
    /// <summary>Largest file.</summary>
    public const long BytesMax = 256L * 1024 * 1024;

    /// <summary>Most room that all of them take.</summary>
    public const long TotalBytesMax = 2L * 1024 * 1024 * 1024;

    private const int NameMax = 80, BufferBytes = 128 * 1024;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);
    private static readonly string[] Formats = [".csv", ".txt", ".tsv", ".parquet", ".pq", ".zip"];
    private static long counter;

    /// <summary>Takes a file to its end, hashing it as it comes.</summary>
    /// <exception cref="ProblemException">MKT-2002: its name ends like no file of bars. STO-1020: the disk is full.</exception>
    public async Task<Upload> TakeAsync(string asked, Stream body, CancellationToken ct)
    {
        string name = NameOf(asked);
        MakeRoom();
        string aside = data.File("uploads", $"{Environment.ProcessId}-{Interlocked.Increment(ref counter)}.aside");
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long bytes = 0;
            byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            try
            {
                await using FileStream file = new(aside, FileMode.Create, FileAccess.Write, FileShare.None);
                for (int read = await body.ReadAsync(buffer, ct); read > 0; read = await body.ReadAsync(buffer, ct))
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), ct);
                    bytes += read;
                }
            }
            catch (IOException e) when (DiskFull.Is(e))
            {
                throw DiskFull.Refusal(e, name);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            ContentHash id = ContentHash.Parse(Convert.ToHexStringLower(hash.GetHashAndReset()));
            string path = data.File("uploads", id.Hex, name);
            File.Move(aside, path, overwrite: true);

            // The same bytes under another name: the newer one says what they are meant to be.
            foreach (string other in Directory.EnumerateFiles(Path.GetDirectoryName(path)!).Where(f => f != path))
            {
                File.Delete(other);
            }

            return new(id, name, path, bytes);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>A file that was sent.</summary>
    /// <exception cref="ProblemException">APP-2029: there is none of this hash, or it has gone after a day.</exception>
    public Upload Find(string? id)
    {
        bool isHash = id is { Length: 64 } && id.All(char.IsAsciiHexDigitLower);
        string? path = isHash && Directory.Exists(Path.Combine(data.Root, "uploads", id!)) ? Directory.EnumerateFiles(Path.Combine(data.Root, "uploads", id!)).Order(StringComparer.Ordinal).FirstOrDefault() : null;
        return path is null
            ? throw new ProblemException("APP-2029", "There is no such upload.", "upload", "Send the file with PUT /data/uploads/NAME; it is kept for a day.", ExitCode.BadUsage)
            : new(ContentHash.Parse(id!), Path.GetFileName(path), path, new FileInfo(path).Length);
    }

    /// <summary>Lets a file go.</summary>
    public void Forget(Upload upload) => Directory.Delete(Path.GetDirectoryName(upload.Path)!, recursive: true);

    /// <summary>The same refusals without the folder in which the file lies.</summary>
    public static ProblemException Told(ProblemException e, Upload upload)
    {
        string folder = Path.GetDirectoryName(upload.Path)! + Path.DirectorySeparatorChar;
        string? Without(string? text) => text?.Replace(folder, "", StringComparison.Ordinal);
        return new(e.All.Select(p => p with { Message = Without(p.Message)!, Where = Without(p.Where), Remedy = Without(p.Remedy) }).ToArray());
    }

    private static string NameOf(string asked)
    {
        // The server leaves a slash in a segment as it was sent.
        string last = asked.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Split('/', '\\')[^1];
        string name = new([.. last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_')]);
        string extension = Path.GetExtension(name).ToLowerInvariant();
        string stem = Path.GetFileNameWithoutExtension(name).Trim('.', '_');
        return Formats.Contains(extension)
            ? $"{(stem.Length == 0 ? "bars" : stem[..Math.Min(stem.Length, NameMax)])}{extension}"
            : throw new ProblemException("MKT-2002", $"'{extension}' is not a format of bars.", "name", $"Send a file that ends in one of {string.Join(", ", Formats)}.", ExitCode.BadUsage);
    }

    private void MakeRoom()
    {
        DateTime old = (clock.GetUtcNow() - KeptFor).UtcDateTime;
        DirectoryInfo root = new(data.Folder("uploads"));
        foreach (FileInfo left in root.EnumerateFiles("*.aside").Where(f => f.LastWriteTimeUtc < old))
        {
            left.Delete();
        }

        var kept = root.EnumerateDirectories().Select(d => (Folder: d, Bytes: d.EnumerateFiles().Sum(f => f.Length))).OrderByDescending(d => d.Folder.LastWriteTimeUtc).ToArray();
        long total = 0;
        foreach ((DirectoryInfo folder, long bytes) in kept)
        {
            total += bytes;
            if (folder.LastWriteTimeUtc < old || total > TotalBytesMax - BytesMax)
            {
                folder.Delete(recursive: true);
            }
        }
    }
}
