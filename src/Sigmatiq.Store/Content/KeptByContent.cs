namespace Sigmatiq.Store.Content;

/// <summary>What was formed once, kept in memory under a name that says everything it depends on: it is never out of date and is let go only for want of
/// room, what was asked for longest ago first.</summary>
/// <remarks>From any thread. Whoever asks for what another is forming waits for that one. Where forming fails nothing is kept, and whoever asks next tries
/// again; it is stopped once nobody waits for it any more.</remarks>
/// <param name="bytesMax">Room for the values, as their makers count them. What is larger than half of it is formed and not kept.</param>
public sealed class KeptByContent(long bytesMax)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> kept = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> byUse = new();
    private readonly Dictionary<string, Making> makings = new(StringComparer.Ordinal);
    private long bytes;

    /// <summary>Bytes of what is kept now; never above what was given.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return bytes;
            }
        }
    }

    /// <summary>What is kept under a name, formed where it is not there.</summary>
    /// <typeparam name="T">Never changed once it is formed: many read it at once.</typeparam>
    /// <param name="name">Everything that the value depends on.</param>
    /// <param name="form">Forms it.</param>
    /// <param name="bytesOf">Its bytes in memory.</param>
    /// <param name="ct">Ends the waiting of this caller.</param>
    public async Task<T> GetAsync<T>(string name, Func<CancellationToken, Task<T>> form, Func<T, long> bytesOf, CancellationToken ct)
        where T : class
    {
        ct.ThrowIfCancellationRequested();
        Making? making;
        lock (gate)
        {
            if (kept.TryGetValue(name, out var node))
            {
                byUse.Remove(node);
                byUse.AddFirst(node);
                return (T)node.Value.Value;
            }

            if (!makings.TryGetValue(name, out making))
            {
                makings[name] = making = new();
                making.Begin(stop => FormAsync(name, making, form, bytesOf, stop));
            }

            making.Waiting++;
        }

        try
        {
            return (T)await making.Value.WaitAsync(ct);
        }
        finally
        {
            lock (gate)
            {
                if (--making.Waiting == 0 && !making.IsOver)
                {
                    Leave(name, making);
                    making.Stop();
                }
            }
        }
    }

    private async Task<object> FormAsync<T>(string name, Making making, Func<CancellationToken, Task<T>> form, Func<T, long> bytesOf, CancellationToken stop)
        where T : class
    {
        try
        {
            T value = await form(stop);
            long size = bytesOf(value);
            lock (gate)
            {
                Keep(new(name, value, size));
            }

            return value;
        }
        finally
        {
            lock (gate)
            {
                Leave(name, making);
                making.End();
            }
        }
    }

    private void Keep(Kept value)
    {
        if (value.Bytes > bytesMax / 2 || kept.ContainsKey(value.Name))
        {
            return;
        }

        kept[value.Name] = byUse.AddFirst(value);
        bytes += value.Bytes;
        while (bytes > bytesMax)
        {
            Kept oldest = byUse.Last!.Value;
            byUse.RemoveLast();
            kept.Remove(oldest.Name);
            bytes -= oldest.Bytes;
        }
    }

    // One that was given up may have been begun anew by another under the same name.
    private void Leave(string name, Making making)
    {
        if (makings.TryGetValue(name, out Making? there) && there == making)
        {
            makings.Remove(name);
        }
    }

    private sealed record Kept(string Name, object Value, long Bytes);

    private sealed class Making
    {
        private readonly CancellationTokenSource stop = new();

        public Task<object> Value { get; private set; } = Task.FromException<object>(new InvalidOperationException("Not begun."));

        public int Waiting { get; set; }

        public bool IsOver { get; private set; }

        public void Begin(Func<CancellationToken, Task<object>> form) => Value = Task.Run(() => form(stop.Token), CancellationToken.None);

        public void Stop() => stop.Cancel();

        public void End()
        {
            IsOver = true;
            stop.Dispose();
        }
    }
}
