using System.Globalization;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Commands;

/// <summary>Shows a run while it works, and says with which exit code a command ends on it.</summary>
internal static class RunWatch
{
    private static readonly TimeSpan DeliverWithin = TimeSpan.FromSeconds(30), LookEvery = TimeSpan.FromSeconds(1);
    private const int AloneMax = 2;

    /// <summary>Brings a run to rest, by following the engine that drives it or by driving it here, and shows how far it is.</summary>
    /// <param name="context">The command.</param>
    /// <param name="run">The run.</param>
    /// <param name="waitsFrom">A wait counts as rest only when the journal is longer than this; 0 except after a wake.</param>
    /// <param name="ct">Ends the watching; the run stays as it is.</param>
    /// <exception cref="ProblemException">APP-1130: the command was stopped first; says how the run goes on.</exception>
    public static async Task<RunView> BringToRestAsync(CommandContext context, RunId run, long waitsFrom, CancellationToken ct)
    {
        Platform platform = await context.PlatformAsync(ct);
        try
        {
            RunView view = await BringToRestAsync(context, platform, run, waitsFrom, ct);
            if (view.State.Status == RunStatus.Waiting && NeedsEngine(view.State) && !await platform.Engine.IsDrivenAsync(ct))
            {
                context.Output.Note($"Nobody drives {run} from here: {GoesOn(run)}.");
            }

            return view;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw await LeftAsync(platform, run);
        }
    }

    /// <summary>How a run goes on that no living process drives.</summary>
    public static string GoesOn(RunId run) => $"it goes on when an engine takes it: 'sigmatiq runs resume {run}' brings it on here, 'sigmatiq serve' every run";

    // What ends by itself or by another run's end wants somebody who is there then; a vote brings its own driver.
    private static bool NeedsEngine(RunState run) => run.Steps.SelectMany(s => s.Instances).Any(i => i.Status == StepStatus.Waiting
        && (i.WakeKey?.StartsWith("until:", StringComparison.Ordinal) == true || i.WakeKey?.StartsWith("run:", StringComparison.Ordinal) == true));

    // Only the command ends; whoever ends it must not take the run for ended.
    private static async Task<ProblemException> LeftAsync(Platform platform, RunId run)
    {
        RunSummary summary = await platform.Engine.Views.SummaryAsync(run, CancellationToken.None);
        string how = summary.EndedAtUtc is not null ? $"See 'sigmatiq runs show {run}'."
            : await platform.Engine.IsDrivenAsync(CancellationToken.None) ? $"The engine goes on with it: 'sigmatiq runs watch {run}'; 'sigmatiq runs cancel {run}' ends it."
            : $"'sigmatiq runs resume {run}' brings it on here, 'sigmatiq serve' every run; 'sigmatiq runs cancel {run}' ends it.";
        return new("APP-1130", summary.EndedAtUtc is null ? $"The command was stopped; {run} is not cancelled and goes on when an engine takes it." : $"The command was stopped; {run} has ended: {summary.Status}.",
            null, how, ExitCode.Cancelled);
    }

    /// <summary>Follows a run for as long as a living process drives it.</summary>
    /// <param name="platform">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="follow">Ends by itself when the run rests.</param>
    /// <param name="ct">Ends the following.</param>
    /// <exception cref="ProblemException">WFL-2212: the run is under way, and nobody drives it.</exception>
    public static async Task WhileDrivenAsync(Platform platform, RunId run, Func<CancellationToken, Task> follow, CancellationToken ct)
    {
        using var following = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task followed = follow(following.Token);

        // Between the death of one driver and the start of the next there is nobody for a moment.
        int alone = 0;
        while (await Task.WhenAny(followed, Task.Delay(LookEvery, platform.Clock, ct)) != followed)
        {
            ct.ThrowIfCancellationRequested();
            alone = await platform.Engine.IsDrivenAsync(ct) ? 0 : alone + 1;
            if (alone == AloneMax)
            {
                await following.CancelAsync();
                await followed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new ProblemException(WorkflowCodes.Undriven, $"No living process drives {run}.", run.Value, $"'sigmatiq runs resume {run}' brings it on here, 'sigmatiq serve' every run.");
            }
        }

        await followed;
    }

    private static async Task<RunView> BringToRestAsync(CommandContext context, Platform platform, RunId run, long waitsFrom, CancellationToken ct)
    {
        using ProgressLine progress = context.Output.Progress(run.Value);
        while (true)
        {
            RunView view = await platform.Engine.BringToRestAsync(run, Platform.Owner, waitsFrom, v => Show(progress, v, platform.Clock.GetUtcNow()), ct);

            // Where no engine serves the store, nobody but this command sends what the run had to say, and it may wait for just that.
            int arrived = await platform.Notifier.DeliverBeforeLeavingAsync(DeliverWithin, ct);
            if (arrived > 0 && AwaitsDelivery(view.State))
            {
                waitsFrom = view.Seq;
            }
            else if (arrived == 0 || !await platform.Engine.Views.IsFamilyAtWorkAsync(run, platform.Clock.GetUtcNow(), ct))
            {
                return view;
            }
        }
    }

    private static bool AwaitsDelivery(RunState run) => run.Status == RunStatus.Waiting
        && run.Steps.SelectMany(s => s.Instances).Any(i => i.Status == StepStatus.Waiting && i.WakeKey?.StartsWith("delivery:", StringComparison.Ordinal) == true);

    /// <summary>Draws one view of a run.</summary>
    /// <param name="progress">Where to.</param>
    /// <param name="view">The run.</param>
    /// <param name="nowUtc">Now, for steps that have said nothing for a while.</param>
    public static void Show(ProgressLine progress, RunView view, DateTimeOffset nowUtc)
    {
        int done = view.State.Steps.Count(s => s.Status.IsFinal());
        progress.Report(done, view.State.Steps.Length, NoteOf(view, nowUtc));
    }

    /// <summary>The exit code of a command that ends with the run at rest (spec 08 §8.5).</summary>
    public static ExitCode ExitOf(RunState state) => state.Status switch
    {
        RunStatus.Completed => ExitCode.Ok,
        RunStatus.Waiting => ExitCode.ApprovalMissing,
        RunStatus.Cancelled => ExitCode.Cancelled,
        _ => ProblemOf(state)?.Exit is { } exit and not ExitCode.Ok ? exit : ExitCode.Error,
    };

    /// <summary>The failure that ended a run, with the code its step gave, or what holds it; null where there is none.</summary>
    public static Problem? ProblemOf(RunState state) => state.Status switch
    {
        RunStatus.SetAside => new(WorkflowCodes.SetAside, $"{state.Id} is {state.Hold!.Reason}.", state.Id.Value,
            $"Look at 'sigmatiq runs logs {state.Id}', mend the cause, then 'sigmatiq runs resume {state.Id} --reason TEXT'."),
        RunStatus.Paused => new(WorkflowCodes.Paused, $"{state.Id} is {state.Hold!.Reason}.", state.Id.Value,
            $"'sigmatiq runs resume {state.Id} --reason TEXT' lets it go on."),
        RunStatus.Failed => state.Steps.Where(s => s.Status == StepStatus.Failed).SelectMany(s => s.Instances).Where(i => i.Status == StepStatus.Failed)
            .Select(i => i.Problem).FirstOrDefault(p => p is not null),
        _ => null,
    };

    /// <summary>Prints a run at rest, the failure that ended it on the other stream.</summary>
    /// <returns>The exit code of the command.</returns>
    public static ExitCode Close(CommandContext context, RunView view)
    {
        RunsCommands.Print(context, view);
        if (ProblemOf(view.State) is { } problem)
        {
            context.Output.Problems([problem]);
        }

        return ExitOf(view.State);
    }

    private static string NoteOf(RunView view, DateTimeOffset nowUtc)
    {
        if (view.State.Steps.FirstOrDefault(s => s.Status.IsActive()) is not { } step)
        {
            return view.State.Status == RunStatus.Waiting
                ? view.State.Steps.First(s => s.Status == StepStatus.Waiting).Reason ?? "waiting"
                : view.State.Status.ToString().ToLowerInvariant();
        }

        AttemptView? attempt = view.Attempts.LastOrDefault(a => a.Step == step.Spec.Name && a.Status == "running");
        if (view.State.Hold is { } paused && attempt is null)
        {
            return paused.Reason;
        }

        string held = view.State.Hold is { } hold ? $"{hold.Reason}; still under way: " : "";
        return held + (attempt?.ProgressText is { } text ? $"{step.Spec.Name}: {text}" : step.Spec.Name) + Silence(view, step.Spec.Name, nowUtc);
    }

    /// <summary>How long a running step has said nothing, as the end of a note; empty where that is not worth a word.</summary>
    public static string Silence(RunView view, string step, DateTimeOffset nowUtc) =>
        view.Silence(step, nowUtc) is { } silent ? string.Create(CultureInfo.InvariantCulture, $" (silent for {(long)silent.TotalSeconds} s)") : "";
}
