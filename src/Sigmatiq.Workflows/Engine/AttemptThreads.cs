using System.Runtime.CompilerServices;

namespace Sigmatiq.Workflows.Engine;

/// <summary>Threads for attempts: a step computes for minutes, and the pool's few threads answer pages and keep the clocks. A thread that has
/// done its part waits a while for the next attempt, since making one costs more than a light step does.</summary>
internal sealed class AttemptThreads
{
    private static readonly TimeSpan IdleMost = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();

    // The one that came back last is taken first, so that those too many are left alone and go.
    private readonly List<Worker> idle = [];

    /// <summary>Runs the part of a work before its first real wait on a thread of its own.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        ExecutionContext? caller = ExecutionContext.Capture();
        Take().Begin(() =>
        {
            try
            {
                Task<T>? begun = null;
                if (caller is null)
                {
                    begun = work();
                }
                else
                {
                    ExecutionContext.Run(caller, _ => begun = work(), null);
                }

                return () => done.SetResult(begun!);
            }
            catch (Exception e)
            {
                return () => done.SetException(e);
            }
        });
        return done.Task.Unwrap();
    }

    private Worker Take()
    {
        lock (gate)
        {
            if (idle.Count > 0)
            {
                Worker last = idle[^1];
                idle.RemoveAt(idle.Count - 1);
                return last;
            }
        }

        return new(this);
    }

    private void Rest(Worker worker)
    {
        lock (gate)
        {
            idle.Add(worker);
        }
    }

    // Whoever took it has something for it.
    private bool TryLeave(Worker worker)
    {
        lock (gate)
        {
            return idle.Remove(worker);
        }
    }

    private sealed class Worker
    {
        private readonly AttemptThreads home;
        private readonly object gate = new();
        private Func<Action>? given;

        // Outlives the attempt it was made for, so nothing of that one's context stays with it.
        public Worker(AttemptThreads home)
        {
            this.home = home;
            new Thread(Stay) { IsBackground = true, Name = "attempt" }.UnsafeStart();
        }

        public void Begin(Func<Action> part)
        {
            lock (gate)
            {
                given = part;
                Monitor.Pulse(gate);
            }
        }

        private void Stay()
        {
            while (WorkOnce())
            {
            }
        }

        // A method of its own, because a variable of one that goes on would hold the last attempt through the wait.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private bool WorkOnce()
        {
            Func<Action> part;
            lock (gate)
            {
                while (given is null)
                {
                    if (!Monitor.Wait(gate, IdleMost) && given is null && home.TryLeave(this))
                    {
                        return false;
                    }
                }

                (part, given) = (given, null);
            }

            // Free before anybody hears of the end, who may have the next one for it.
            Action tell = part();
            home.Rest(this);
            tell();
            return true;
        }
    }
}
