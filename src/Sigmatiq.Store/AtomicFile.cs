using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store;

/// <summary>Files that are either the old ones or the new ones, also after a power cut: written aside, fsynced, renamed, and the
/// folder fsynced.</summary>
public static partial class AtomicFile
{
    private const string AsideSuffix = ".aside";
    private const int ErrorExists = 17;
    private static readonly TimeSpan StartKnownWithin = TimeSpan.FromMinutes(1);
    private static long counter;

    /// <summary>How long nobody must have touched what was left aside before it is deleted.</summary>
    public static TimeSpan SettledAfter { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Writes or replaces a file.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string aside = WriteAside(path, bytes);
        try
        {
            File.Move(aside, path, overwrite: true);
            FlushFolder(path);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>Writes or replaces a text file, UTF-8 without a mark.</summary>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file that is never overwritten. Writing the same bytes again is allowed and changes nothing.</summary>
    /// <exception cref="ProblemException">STO-1001: a file with other bytes has that name.</exception>
    public static void WriteOnce(string path, ReadOnlySpan<byte> bytes)
    {
        string aside = WriteAside(path, bytes);
        PlaceOnce(aside, path);
    }

    /// <summary>A name beside <paramref name="path"/> to write to before <see cref="PlaceOnce"/>; makes the folder.</summary>
    public static string Aside(string path)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(folder);
        // Workers on several machines may share the folder, and in containers all have the same process id.
        string name = string.Create(CultureInfo.InvariantCulture,
            $".{Path.GetFileName(full)}.{Environment.MachineName}-{Environment.ProcessId}-{Interlocked.Increment(ref counter)}{AsideSuffix}");
        return Path.Combine(folder, name);
    }

    /// <summary>Fsyncs a finished file that was written aside and gives it its name, unless the name is taken by the same bytes.</summary>
    /// <exception cref="ProblemException">STO-1001: a file with other bytes has that name.</exception>
    public static void PlaceOnce(string aside, string path)
    {
        try
        {
            Flush(aside);
            if (File.Exists(path))
            {
                RefuseOtherBytes(aside, path);
                return;
            }

            if (!TryName(aside, path))
            {
                RefuseOtherBytes(aside, path);
            }
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Deletes what writers of this machine that were killed in the middle left aside, files and folders. What a living process writes
    /// stays, and so does what another machine wrote: only that one knows who lives.</summary>
    /// <param name="folder">The folder, with all below it.</param>
    /// <param name="nowUtc">Now. What was touched within the last <see cref="SettledAfter"/> stays too: a process of another container may share
    /// this machine's name, and its number says nothing here.</param>
    /// <param name="below">Whether to look into the folders below it too.</param>
    /// <returns>How many files and folders were deleted.</returns>
    public static int RemoveLeftovers(string folder, DateTimeOffset nowUtc, bool below = true)
    {
        int removed = 0;
        EnumerationOptions all = new() { RecurseSubdirectories = below, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        foreach (FileSystemInfo aside in new DirectoryInfo(folder).EnumerateFileSystemInfos(".*" + AsideSuffix, all).ToList())
        {
            try
            {
                DateTimeOffset touched = aside.LastWriteTimeUtc;
                if (nowUtc - touched < SettledAfter || WriterOf(aside.Name) is not { } writer || Lives(writer, touched))
                {
                    continue;
                }

                if (aside is DirectoryInfo whole)
                {
                    whole.Delete(recursive: true);
                }
                else
                {
                    aside.Delete();
                }

                removed++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Of another user, or just deleted by another start: it takes space and nothing else.
            }
        }

        return removed;
    }

    // The number of the process of this machine that made the name; null where another machine did, or nobody.
    private static int? WriterOf(string name)
    {
        string made = name[..^AsideSuffix.Length];
        int count = made.LastIndexOf('-'), process = count > 0 ? made.LastIndexOf('-', count - 1) : -1;
        return process > 0 && made[..process].EndsWith("." + Environment.MachineName, StringComparison.Ordinal)
            && int.TryParse(made.AsSpan(process + 1, count - process - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
    }

    // A process that began after the file was last touched has only the number of the one that wrote it.
    private static bool Lives(int id, DateTimeOffset touched)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= (touched + StartKnownWithin).UtcDateTime;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It ends just now, or does not say when it began.
            return true;
        }
    }

    private static string WriteAside(string path, ReadOnlySpan<byte> bytes)
    {
        string aside = Aside(path);
        try
        {
            using FileStream stream = new(aside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
            return aside;
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    // On Unix File.Move looks first and renames then, so that of two writers at once both would win; the kernel refuses a second link.
    private static bool TryName(string aside, string path)
    {
        bool named = false;
        if (!OperatingSystem.IsWindows())
        {
            named = Link(aside, path) == 0;
            if (!named && Marshal.GetLastPInvokeError() == ErrorExists)
            {
                return false;
            }
        }

        if (!named)
        {
            // Windows refuses a taken name itself; a disk without links leaves only the look before the rename.
            try
            {
                File.Move(aside, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
        }

        FlushFolder(path);
        return true;
    }

    private static void RefuseOtherBytes(string aside, string path)
    {
        if (Content.ContentHash.OfFile(aside) != Content.ContentHash.OfFile(path))
        {
            throw new ProblemException("STO-1001", $"'{Path.GetFileName(path)}' exists with other bytes, and this kind of file is never overwritten.", path,
                "Write the correction under a new name; if the file was damaged, move it away and run again.");
        }
    }

    private static void Flush(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        stream.Flush(flushToDisk: true);
    }

    // A rename is on disk only once its folder is. Windows has no such call and journals the rename itself.
    internal static void FlushFolder(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open the folder '{folder}' to flush it (errno {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw new IOException($"Cannot flush the folder '{folder}' (errno {Marshal.GetLastPInvokeError()}).");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
