using Sigmatiq.Store;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>The right to work on one sweep. A locked file says who lives: the kernel frees it with the process, also on <c>kill -9</c>, so that
/// the next start takes over at once and two never work on the same sweep.</summary>
internal sealed class SweepLock : IDisposable
{
    private readonly FileStream file;

    private SweepLock(FileStream file) => this.file = file;

    /// <summary>Takes a sweep, or returns null while a living process works on it.</summary>
    public static SweepLock? TryTake(DataDirectory data, string sweepId)
    {
        string path = data.File("sweeps", sweepId, "work", "lock");
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            // Taken, or its folder was removed between the two lines by whoever completed the sweep; both are asked for again.
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
