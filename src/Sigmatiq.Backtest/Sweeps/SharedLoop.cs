using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>A loop whose turns do not depend on each other, on one thread or several.</summary>
internal static class SharedLoop
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

        try
        {
            Parallel.ForEach(
                Partitioner.Create(0, count, inARow), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = ct },
                row =>
                {
                    for (int i = row.Item1; i < row.Item2; i++)
                    {
                        take(i);
                    }
                });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
