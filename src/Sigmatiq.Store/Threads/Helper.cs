using System.Collections.Concurrent;

namespace Sigmatiq.Store.Threads;

/// <summary>A thread beside the caller's that works on loops. It stays awake for some tenths of a millisecond after each, since waking a sleeping
/// thread costs about as much as a short loop; then it sleeps until it is sent again. Loops at the same time have helpers of their own.</summary>
internal sealed class Helper
{
    private const int SpinsMax = 2_000;

    // The one that came back last is most likely still awake.
    private static readonly ConcurrentStack<Helper> Idle = new();

    private readonly object gate = new();
    private SharedTurns? turns;
    private int part;

    // Outlives the work it was made for, so nothing of that work's context stays with it.
    private Helper() => new Thread(Stay) { IsBackground = true, Name = "loop" }.UnsafeStart();

    /// <summary>Sends a helper to work on a part of a loop.</summary>
    public static void Send(SharedTurns turns, int part)
    {
        Helper helper = Idle.TryPop(out Helper? idle) ? idle : new();
        lock (helper.gate)
        {
            helper.part = part;
            Volatile.Write(ref helper.turns, turns);
            Monitor.Pulse(helper.gate);
        }
    }

    private void Stay()
    {
        while (true)
        {
            SharedTurns work = Await();
            int mine = part;
            Volatile.Write(ref turns, null);
            work.Work(mine, this);
        }
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
