using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Sigmatiq.Store.Threads;

/// <summary>A thread beside the caller's that works on loops. It stays awake for some tenths of a millisecond after each, since waking a sleeping
/// thread costs about as much as a short loop; then it sleeps until it is sent again. Loops at the same time have threads of their own.</summary>
internal sealed class LoopThread
{
    private const int SpinsMax = 2_000;

    // The one that came back last is most likely still awake.
    private static readonly ConcurrentStack<LoopThread> Idle = new();

    private readonly object gate = new();
    private SharedTurns? turns;
    private int part;

    // Outlives the work it was made for, so nothing of that work's context stays with it.
    private LoopThread() => new Thread(Stay) { IsBackground = true, Name = "loop" }.UnsafeStart();

    /// <summary>Sends a thread to work on a part of a loop.</summary>
    public static void Send(SharedTurns turns, int part)
    {
        LoopThread thread = Idle.TryPop(out LoopThread? idle) ? idle : new();
        lock (thread.gate)
        {
            thread.part = part;
            Volatile.Write(ref thread.turns, turns);
            Monitor.Pulse(thread.gate);
        }
    }

    private void Stay()
    {
        while (true)
        {
            WorkOnce();
        }
    }

    // A method of its own, because a variable of one that never returns would hold the last loop, and all it worked on, through the sleep.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WorkOnce()
    {
        SharedTurns work = Await();
        int mine = part;
        Volatile.Write(ref turns, null);
        work.Work(mine, this);
    }

    private SharedTurns Await()
    {
        for (int i = 0; i < SpinsMax; i++)
        {
            if (Volatile.Read(ref turns) is { } sent)
            {
                return sent;
            }

            Thread.SpinWait(10);
        }

        lock (gate)
        {
            while (turns is null)
            {
                Monitor.Wait(gate);
            }

            return turns;
        }
    }

    /// <summary>Free for another loop.</summary>
    public void Rest() => Idle.Push(this);
}
