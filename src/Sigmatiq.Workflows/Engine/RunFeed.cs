using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sigmatiq.Workflows.Engine;

/// <summary>Something to show at once: an event that was journalled, or progress that will be.</summary>
/// <param name="Run">The run.</param>
/// <param name="Status">Its status now.</param>
public abstract record RunNews(RunId Run, RunStatus Status);

/// <summary>An event was journalled and applied.</summary>
/// <param name="Run">The run.</param>
/// <param name="Seq">Its number in the run.</param>
/// <param name="Event">The event.</param>
/// <param name="Status">The run's status after it.</param>
public sealed record RunMoved(RunId Run, long Seq, RunEvent Event, RunStatus Status) : RunNews(Run, Status);

/// <summary>An attempt said how far it is.</summary>
public sealed record RunProgress(RunId Run, string Step, int Index, int Attempt, long Done, long Total, string Text, RunStatus Status) : RunNews(Run, Status);

/// <summary>Live news of the runs that this process drives. A slow reader loses the oldest news, never the engine's time: whoever
/// must not miss anything reads the journal.</summary>
public sealed class RunFeed
{
    private const int Backlog = 1_000;
    private readonly ConcurrentDictionary<long, Channel<RunNews>> readers = new();
    private long next;

    /// <summary>News from now on, until cancelled.</summary>
    public async IAsyncEnumerable<RunNews> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        long id = Interlocked.Increment(ref next);
        var channel = Channel.CreateBounded<RunNews>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        readers[id] = channel;
        try
        {
            await foreach (RunNews news in channel.Reader.ReadAllAsync(ct))
            {
                yield return news;
            }
        }
        finally
        {
            readers.TryRemove(id, out _);
        }
    }

    internal void Publish(RunNews news)
    {
        foreach (Channel<RunNews> reader in readers.Values)
        {
            reader.Writer.TryWrite(news);
        }
    }
}
