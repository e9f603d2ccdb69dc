namespace Sigmatiq.Store.Threads;

/// <summary>A loop whose turns do not depend on each other, on one thread or several.</summary>
/// <remarks>Each thread starts with a stretch of neighbouring turns, since neighbours mostly have work in common, and takes half of what another
/// has left once its own are done. The threads beside the caller's stay awake for a moment after a loop (<see cref="LoopThread"/>), so that loops
/// that follow each other closely do not pay for waking them each time.</remarks>
public static class SharedLoop
{
    /// <summary>Takes every turn once. What a turn throws reaches the caller as itself, as it does on one thread.</summary>
    /// <param name="count">How many turns there are.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="take">One turn, by its number from 0.</param>
    /// <param name="ct">Stops between turns.</param>
    public static void Run(int count, int threads, Action<int> take, CancellationToken ct) => Run(count, 1, threads, take, ct);

    /// <summary>Takes every turn once, some in a row by one thread, for turns so short that handing each out would cost more.</summary>
    /// <param name="count">How many turns there are.</param>
    /// <param name="inARow">How many one thread takes at a time.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="take">One turn, by its number from 0.</param>
    /// <param name="ct">Stops between rows of turns.</param>
    public static void Run(int count, int inARow, int threads, Action<int> take, CancellationToken ct)
    {
        if (threads == 1 || count <= inARow)
        {
            for (int i = 0; i < count; i++)
            {
                ct.ThrowIfCancellationRequested();
                take(i);
            }

            return;
        }

        int parts = Math.Min(threads, ((count - 1) / inARow) + 1);
        var turns = new SharedTurns(count, inARow, parts, take, ct);
        for (int part = 1; part < parts; part++)
        {
            LoopThread.Send(turns, part);
        }

        turns.Work(0);
        turns.Finish();
    }
}
