using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Store.Leases;

/// <summary>The right to do the work whose unfinished state lies in one folder: a sweep's, a training's. A locked file says who lives: the
/// kernel frees it with the process, also on <c>kill -9</c>, so that the next start takes over at once and two never do the same work.</summary>
public sealed class WorkLock : IWorkClaim, IDisposable
{
    private const int TriesMax = 10;

    private readonly FileStream file;

    private WorkLock(FileStream file) => this.file = file;

    /// <summary>Takes the work of a folder, or returns null while somebody living does it.</summary>
    /// <param name="data">The data directory, on a local disk.</param>
    /// <param name="folder">The folder below it; made where missing. Whoever holds the lock may remove it.</param>
    /// <exception cref="ProblemException">STO-1008: the lock cannot be had for another reason, such as a full or read-only disk; asking again
    /// would not help.</exception>
    public static WorkLock? TryTake(DataDirectory data, params ReadOnlySpan<string> folder)
    {
        string path = Path.Combine([data.Root, .. folder, "lock"]);
        for (int i = 1; ; i++)
        {
            try
            {
                return new(new FileStream(data.File([.. folder, "lock"]), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (IsTaken(e))
            {
                return null;
            }
            catch (DirectoryNotFoundException) when (i < TriesMax)
            {
                // Removed after it was made, by whoever had just completed the work.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Refusal(path, e);
            }
        }
    }

    /// <summary>Whether somebody living does the work of a folder. Makes nothing.</summary>
    /// <param name="data">The data directory, on a local disk.</param>
    /// <param name="folder">The folder below it.</param>
    public static bool IsHeld(DataDirectory data, params ReadOnlySpan<string> folder)
    {
        try
        {
            using FileStream look = new(Path.Combine([data.Root, .. folder, "lock"]), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException e) when (IsTaken(e))
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No such lock, or none of ours to look at.
            return false;
        }
    }

    /// <summary>None: the kernel alone says who has the file.</summary>
    public long Fence => 0;

    /// <summary>Never cancelled: a process has its file as long as it lives.</summary>
    public CancellationToken Lost => CancellationToken.None;

    /// <summary>Refuses nothing: as long as the process writes, it has its file.</summary>
    public RowStatement Held => new("update leases set owner = owner where name = ''", null);

    /// <summary>Gives the work back.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>Gives the work back.</summary>
    public ValueTask DisposeAsync() => file.DisposeAsync();

    internal static ProblemException Refusal(string path, Exception why) => new(
        new Problem("STO-1008", $"The lock file cannot be opened: {why.Message.ReplaceLineEndings(" ")}", path,
            "Make room on the disk and see that the folder may be written to, then run it again."), why);

    /// <summary>Whether an attempt to open a file failed since somebody else holds it: EWOULDBLOCK of Linux and macOS, a sharing and a lock
    /// violation of Windows.</summary>
    public static bool IsTaken(IOException e) => (e.HResult & 0xFFFF) is 11 or 35 or 32 or 33;
}
