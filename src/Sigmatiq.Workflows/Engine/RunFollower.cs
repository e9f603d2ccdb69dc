using System.Runtime.CompilerServices;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Workflows.Engine;

/// <summary>Follows a run by its rows, whichever process drives it.</summary>
public sealed class RunFollower(RunViews views, TimeProvider clock)
{
    /// <summary>How often the rows are read.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A wait that ends by itself within this is followed to its end.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    /// <summary>What the steps of a run wrote and write, until it rests.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">Only of this step; null takes all.</param>
    /// <param name="ct">Ends the following.</param>
    public async IAsyncEnumerable<LogLine> LogAsync(RunId run, string? step, [EnumeratorCancellation] CancellationToken ct)
    {
        long last = 0;
        while (true)
        {
            // Asked before the read: what was written by then is in what is read.
            bool rests = !await views.IsAskedAsync(run, ct) && await views.IsAtRestAsync(run, ct);
            foreach (LogLine line in await views.LogAsync(run, step, last, ct))
            {
                last = line.LineId;
                yield return line;
            }

            if (rests)
            {
                yield break;
            }

            await Task.Delay(Every, clock, ct);
        }
    }

    /// <summary>The run now, and again whenever its journal grew or an attempt's progress changed. A run rests only together with the runs that
    /// work for its steps.</summary>
    /// <param name="run">The run.</param>
    /// <param name="pastWaits">Whether to go on while it waits; else the view that shows it waiting is the last. A run that has just
    /// been woken still waits for up to a second, so a caller that woke it gives the event number from which a wait counts.</param>
    /// <param name="waitsFrom">A wait counts as rest only when the journal is longer than this.</param>
    /// <param name="ct">Ends the following.</param>
    public async IAsyncEnumerable<RunView> FollowAsync(RunId run, bool pastWaits, long waitsFrom, [EnumeratorCancellation] CancellationToken ct)
    {
        long seq = -1;
        RunView? shown = null;
        long silence = 0;
        IReadOnlyList<AttemptView> attempts = [];
        while (true)
        {
            // Asked before the read: what was answered by then is in what is read.
            bool isAsked = await views.IsAskedAsync(run, ct);
            RunSummary summary = await views.SummaryAsync(run, ct);
            IReadOnlyList<AttemptView> now = await views.AttemptsAsync(run, ct);
            // A step that says nothing is news too, each time it has said nothing for as long again.
            long silent = shown?.Silence(null, clock.GetUtcNow()) is { } time ? (long)(time / RunView.SilentFrom) : 0;
            if (summary.Seq != seq || !now.SequenceEqual(attempts) || silent > silence)
            {
                shown = await views.ShowAsync(run, ct);
                (seq, attempts, silence) = (shown.Seq, now, silent);
                yield return shown;
            }

            RunStatus status = shown!.State.Status;
            bool rests = status.IsFinal() || (status.IsAtRest() && !pastWaits && (status != RunStatus.Waiting || shown.Seq > waitsFrom));
            if (!isAsked && rests && (pastWaits || await IsAtRestAsync(shown, ct)))
            {
                yield break;
            }

            await Task.Delay(Every, clock, ct);
        }
    }

    // The family first, then the run again: what it was woken to between the two is not passed over.
    private async Task<bool> IsAtRestAsync(RunView shown, CancellationToken ct)
    {
        TimeSpan patience = shown.State.Status == RunStatus.Waiting ? Patience : TimeSpan.Zero;
        return !await views.IsFamilyAtWorkAsync(shown.State.Id, clock.GetUtcNow() + patience, ct) && (await views.SummaryAsync(shown.State.Id, ct)).Seq == shown.Seq;
    }
}
