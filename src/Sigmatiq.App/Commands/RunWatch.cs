using System.Globalization;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Commands;

/// <summary>Shows a run while it works, and says with which exit code a command ends on it.</summary>
internal static class RunWatch
{
    private static readonly TimeSpan DeliverWithin = TimeSpan.FromSeconds(30);

    /// <summary>Brings a run to rest, by following the engine that drives it or by driving it here, and shows how far it is.</summary>
    /// <param name="context">The command.</param>
    /// <param name="run">The run.</param>
    /// <param name="waitsFrom">A wait counts as rest only when the journal is longer than this; 0 except after a wake.</param>
    /// <param name="ct">Ends the watching; the run stays as it is.</param>
    public static async Task<RunView> BringToRestAsync(CommandContext context, RunId run, long waitsFrom, CancellationToken ct)
    {
        Platform platform = await context.PlatformAsync(ct);
        using ProgressLine progress = context.Output.Progress(run.Value);
        while (true)
        {
            RunView view = await platform.Engine.BringToRestAsync(run, Platform.Owner, waitsFrom, v => Show(progress, v, platform.Clock.GetUtcNow()), ct);

            // Where no engine serves the store, nobody but this command sends what the run had to say, and it may wait for just that.
            int arrived = await platform.Notifier.DeliverBeforeLeavingAsync(DeliverWithin, ct);
            if (arrived == 0 || !AwaitsDelivery(view.State))
            {
                return view;
            }

            waitsFrom = view.Seq;
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

        string held = view.State.Hold is { } hold ? $"{hold.Reason}; still under way: " : "";
        AttemptView? attempt = view.Attempts.LastOrDefault(a => a.Step == step.Spec.Name && a.Status == "running");
        return held + (attempt?.ProgressText is { } text ? $"{step.Spec.Name}: {text}" : step.Spec.Name) + Silence(view, step.Spec.Name, nowUtc);
    }

    /// <summary>How long a running step has said nothing, as the end of a note; empty where that is not worth a word.</summary>
    public static string Silence(RunView view, string step, DateTimeOffset nowUtc) =>
        view.Silence(step, nowUtc) is { } silent ? string.Create(CultureInfo.InvariantCulture, $" (silent for {(long)silent.TotalSeconds} s)") : "";
}
