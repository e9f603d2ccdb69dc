using System.Collections.Concurrent;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Retention;

namespace Sigmatiq.Workflows.Journal;

/// <summary>Reads many runs with the state of each of their steps by a few statements, whatever their number. What has ended is folded once; of what has
/// not, only the events that came since.</summary>
public sealed class RunColumns(RunJournal journal, WorkflowVersions versions)
{
    // So many runs are kept in memory: then all are forgotten, and read again as they are asked for.
    private const int EndedMax = 5_000, OpenMax = 500;

    // Of an ended run its column alone is kept, without what its steps gave.
    private readonly ConcurrentDictionary<string, RunColumn> ended = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TimedRun> open = new(StringComparer.Ordinal);

    /// <summary>Reads the columns of runs, in their order.</summary>
    /// <param name="runs">The runs as a list has just given them.</param>
    /// <param name="ct">Cancels the read.</param>
    /// <returns>A column for each; of a run whose journal cannot be read one that says so.</returns>
    public async Task<IReadOnlyList<RunColumn>> ReadAsync(IReadOnlyList<RunSummary> runs, CancellationToken ct)
    {
        Dictionary<string, RunColumn> read = new(StringComparer.Ordinal);
        Dictionary<string, TimedRun> moved = new(StringComparer.Ordinal);
        foreach (RunSummary run in runs)
        {
            if (ended.TryGetValue(run.Id, out RunColumn? column) && column.Summary.Seq == run.Seq)
            {
                read[run.Id] = column;
            }
            else if (open.TryGetValue(run.Id, out TimedRun? was) && was.Seq >= run.Seq)
            {
                read[run.Id] = RunColumn.Of(run, was);
            }
            else if (was is not null)
            {
                moved[run.Id] = was;
            }
        }

        await GoOnAsync(runs, moved, read, ct);
        await BeginAsync([.. runs.Where(r => !read.ContainsKey(r.Id))], read, ct);
        return [.. runs.Select(r => read[r.Id])];
    }

    private async Task GoOnAsync(IReadOnlyList<RunSummary> runs, Dictionary<string, TimedRun> moved, Dictionary<string, RunColumn> read, CancellationToken ct)
    {
        if (moved.Count == 0)
        {
            return;
        }

        var events = await journal.EntriesAsync(moved.Keys, moved.Values.Min(r => r.Seq), isArchiveRead: false, ct);
        foreach (RunSummary run in runs.Where(r => moved.ContainsKey(r.Id)))
        {
            // Where its events have gone into an archive since, it is read from its beginning.
            if (events.GetValueOrDefault(run.Id) is [.., var last] found && last.Seq >= run.Seq)
            {
                read[run.Id] = await ReadAsync(run, () => Task.FromResult(After(moved[run.Id], found)));
            }
        }
    }

    private async Task BeginAsync(IReadOnlyList<RunSummary> runs, Dictionary<string, RunColumn> read, CancellationToken ct)
    {
        if (runs.Count == 0)
        {
            return;
        }

        var (events, damage) = await EntriesAsync([.. runs.Select(r => r.Id)], ct);
        foreach (RunSummary run in runs)
        {
            read[run.Id] = await ReadAsync(run, () => FoldAsync(events.GetValueOrDefault(run.Id) ?? throw damage ?? RunJournal.UnknownRun(new(run.Id)), ct));
        }
    }

    // An archive that cannot be read hides its own runs and no others.
    private async Task<(IReadOnlyDictionary<string, IReadOnlyList<JournalEntry>> Events, ProblemException? Damage)> EntriesAsync(string[] runs, CancellationToken ct)
    {
        try
        {
            return (await journal.EntriesAsync(runs, afterSeq: 0, isArchiveRead: true, ct), null);
        }
        catch (ProblemException e) when (e.Problem.Code == RunArchive.Damaged)
        {
            return (await journal.EntriesAsync(runs, afterSeq: 0, isArchiveRead: false, ct), e);
        }
    }

    // A journal that cannot be read is that run's trouble alone.
    private async Task<RunColumn> ReadAsync(RunSummary run, Func<Task<TimedRun>> fold)
    {
        try
        {
            TimedRun now = await fold();
            RunColumn column = RunColumn.Of(run, now);
            Keep(column, now);
            return column;
        }
        catch (ProblemException e) when (!e.Problem.IsOfStore || e.Problem.Code == RunArchive.Damaged)
        {
            return RunColumn.Unread(run, e.Problem.ToString());
        }
    }

    private async Task<TimedRun> FoldAsync(IReadOnlyList<JournalEntry> entries, CancellationToken ct)
    {
        var requested = (RunRequested)entries[0].Read();
        return After(TimedRun.Begin(new(entries[0].Run), await versions.LoadAsync(requested.Request.WorkflowHash, ct), requested), entries);
    }

    private static TimedRun After(TimedRun from, IReadOnlyList<JournalEntry> entries)
    {
        TimedRun run = from;
        foreach (JournalEntry entry in entries.Where(e => e.Seq > from.Seq))
        {
            RunEvent happened = entry.Read();
            RunJournal.RefuseMisplaced(run.State, happened, entry.Kind, entry.Seq);
            run = run.After(happened);
        }

        return run;
    }

    private void Keep(RunColumn column, TimedRun run)
    {
        string id = column.Summary.Id;
        if (run.State.Status.IsFinal())
        {
            open.TryRemove(id, out _);
            Room(ended, EndedMax)[id] = column;
        }
        else
        {
            Room(open, OpenMax)[id] = run;
        }
    }

    private static ConcurrentDictionary<string, T> Room<T>(ConcurrentDictionary<string, T> kept, int most)
    {
        if (kept.Count >= most)
        {
            kept.Clear();
        }

        return kept;
    }
}
