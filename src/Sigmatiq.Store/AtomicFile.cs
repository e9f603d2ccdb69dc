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
    private static long counter;

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

    /// <summary>Deletes what writers killed in the middle left aside. Only for a process that knows that nobody else writes.</summary>
    /// <returns>How many files were deleted.</returns>
    public static int RemoveLeftovers(string folder)
    {
        int removed = 0;
        foreach (string file in Directory.EnumerateFiles(folder, ".*" + AsideSuffix,
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            File.Delete(file);
            removed++;
        }

        return removed;
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
    private static void FlushFolder(string path)
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
