using System.Runtime.ExceptionServices;

namespace Sigmatiq.Store.Threads;

/// <summary>The turns of one loop: who has which of them left, and what went wrong.</summary>
internal sealed class SharedTurns
{
    // A cache line apart, so that threads that count their own turns down do not disturb each other.
    private const int Apart = 16;

    // Long enough for the last turns of a loop of short ones; above it the caller sleeps.
    private const int SpinsMax = 2_000;

    private readonly int inARow, parts;
    private readonly Action<int> take;
    private readonly CancellationToken ct;
    private readonly ExecutionContext? context = ExecutionContext.Capture();

    // First turn left in the upper half of the bits, end in the lower.
    private readonly long[] left;
    private readonly object gate = new();
    private int working, failedTurn = int.MaxValue;
    private ExceptionDispatchInfo? failure;
    private volatile bool isStopped;

    public SharedTurns(int count, int inARow, int parts, Action<int> take, CancellationToken ct)
    {
        this.inARow = inARow;
        this.parts = parts;
        this.take = take;
        this.ct = ct;
        working = parts;
        left = new long[parts * Apart];
        for (int part = 0; part < parts; part++)
        {
            left[part * Apart] = Pack((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));
        }
    }

    /// <summary>Takes turns until none is left, in the context of the loop's caller.</summary>
    /// <param name="part">Which part is one's own, from 0; each is worked by one thread.</param>
    /// <param name="thread">The thread that works, free again before the caller goes on.</param>
    public void Work(int part, LoopThread thread)
    {
        if (context is null)
        {
            TakeAll(part);
        }
        else
        {
            ExecutionContext.Run(context, _ => TakeAll(part), null);
        }

        thread.Rest();
        Leave();
    }

    /// <summary>The same for the caller itself.</summary>
    /// <param name="part">Which part is its own.</param>
    public void Work(int part)
    {
        TakeAll(part);
        Leave();
    }

    /// <summary>Waits for the turns that others are at.</summary>
    /// <exception cref="OperationCanceledException">The loop was stopped before its last turn.</exception>
    public void Finish()
    {
        for (int i = 0; i < SpinsMax && Volatile.Read(ref working) > 0; i++)
        {
            Thread.SpinWait(10);
        }

        lock (gate)
        {
            while (Volatile.Read(ref working) > 0)
            {
                Monitor.Wait(gate);
            }
        }

        failure?.Throw();
        if (isStopped)
        {
            ct.ThrowIfCancellationRequested();
        }
    }

    private void TakeAll(int part)
    {
        while (!isStopped && (TakeOwn(part, out int from, out int to) || TakeOver(part, out from, out to)))
        {
            if (ct.IsCancellationRequested)
            {
                isStopped = true;
                break;
            }

            Take(from, to);
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref working) == 0)
        {
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    private void Take(int from, int to)
    {
        int turn = from;
        try
        {
            for (; turn < to; turn++)
            {
                take(turn);
            }
        }
        catch (Exception e)
        {
            lock (gate)
            {
                // Of those met, the first in order.
                if (turn < failedTurn)
                {
                    failedTurn = turn;
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            }

            isStopped = true;
        }
    }

    private bool TakeOwn(int part, out int from, out int to)
    {
        ref long own = ref left[part * Apart];
        while (true)
        {
            long seen = Volatile.Read(ref own);
            (from, int end) = Unpack(seen);
            if (from >= end)
            {
                to = from;
                return false;
            }

            to = Math.Min(from + inARow, end);
            if (Interlocked.CompareExchange(ref own, Pack(to, end), seen) == seen)
            {
                return true;
            }
        }
    }

    // The back half of what another has left becomes one's own, save its first row, which is taken at once.
    private bool TakeOver(int part, out int from, out int to)
    {
        for (int k = 1; k < parts; k++)
        {
            ref long other = ref left[(part + k) % parts * Apart];
            while (true)
            {
                long seen = Volatile.Read(ref other);
                (int first, int end) = Unpack(seen);
                if (first >= end)
                {
                    break;
                }

                from = end - Math.Max(Math.Min(inARow, end - first), (end - first) / 2);
                if (Interlocked.CompareExchange(ref other, Pack(first, from), seen) == seen)
                {
                    to = Math.Min(from + inARow, end);
                    Volatile.Write(ref left[part * Apart], Pack(to, end));
                    return true;
                }
            }
        }

        from = to = 0;
        return false;
    }

    private static long Pack(int from, int to) => ((long)from << 32) | (uint)to;

    private static (int From, int To) Unpack(long range) => ((int)(range >> 32), (int)range);
}
