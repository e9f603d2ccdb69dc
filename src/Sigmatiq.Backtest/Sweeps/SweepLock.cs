using Sigmatiq.Store;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>The right to work on one sweep. A locked file says who lives: the kernel frees it with the process, also on <c>kill -9</c>, so that
/// the next start takes over at once and two never work on the same sweep.</summary>
internal sealed class SweepLock : IDisposable
{
    private readonly FileStream file;

    private SweepLock(FileStream file) => this.file = file;

    /// <summary>Takes a sweep, or returns null while a living process works on it.</summary>
    /// <exception cref="IOException">The lock cannot be had for another reason, such as a full or read-only disk; asking again would not help.</exception>
    public static SweepLock? TryTake(DataDirectory data, string sweepId)
    {
        string path = data.File("sweeps", sweepId, "work", "lock");
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is DirectoryNotFoundException || IsTaken(e))
        {
            // Taken, or its folder was removed between the two lines by whoever completed the sweep; both are asked for again.
            return null;
        }
    }

    // EWOULDBLOCK of Linux and macOS, a sharing and a lock violation of Windows.
    private static bool IsTaken(IOException e) => (e.HResult & 0xFFFF) is 11 or 35 or 32 or 33;

    public void Dispose() => file.Dispose();
}
