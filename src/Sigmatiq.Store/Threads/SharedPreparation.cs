namespace Sigmatiq.Store.Threads;

/// <summary>Keeps what many pieces of one work share, made once, until it was not used for a while. Of one work at a time: another takes its
/// place.</summary>
/// <param name="clock">The clock.</param>
/// <param name="keptFor">How long after its last use.</param>
public sealed class SharedPreparation<T>(TimeProvider clock, TimeSpan keptFor) where T : class
{
    private readonly Lock gate = new();
    private Kept? last;

    /// <summary>Uses what was made for a work, making it where it is not there.</summary>
    /// <param name="key">Which work.</param>
    /// <param name="make">Makes it; where that fails, the next user tries again.</param>
    public async Task<Use> UseAsync(string key, Func<Task<T>> make)
    {
        Kept kept;
        lock (gate)
        {
            if (last?.Key != key || last.Made is { IsValueCreated: true, Value: { IsFaulted: true } or { IsCanceled: true } })
            {
                last = new(key, new(() => Task.Run(make)));
            }

            kept = last;
            kept.Users++;
        }

        try
        {
            return new(this, kept, await kept.Made.Value);
        }
        catch
        {
            Leave(kept);
            throw;
        }
    }

    private void Leave(Kept kept)
    {
        lock (gate)
        {
            kept.Users--;
            if (kept.Users == 0 && kept == last)
            {
                long turn = ++kept.Turn;
                ITimer? timer = null;
                timer = clock.CreateTimer(_ =>
                {
                    LetGo(kept, turn);
                    timer?.Dispose();
                }, null, keptFor, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void LetGo(Kept kept, long turn)
    {
        lock (gate)
        {
            if (last == kept && kept.Users == 0 && kept.Turn == turn)
            {
                last = null;
            }
        }
    }

    /// <summary>One use, ended by disposing it.</summary>
    public sealed class Use : IDisposable
    {
        private readonly SharedPreparation<T> of;
        private Kept? kept;

        internal Use(SharedPreparation<T> of, object kept, T value) => (this.of, this.kept, Value) = (of, (Kept)kept, value);

        /// <summary>What was made.</summary>
        public T Value { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref kept, null) is { } used)
            {
                of.Leave(used);
            }
        }
    }

    private sealed class Kept(string key, Lazy<Task<T>> made)
    {
        public string Key => key;

        public Lazy<Task<T>> Made => made;

        public int Users { get; set; }

        public long Turn { get; set; }
    }
}
