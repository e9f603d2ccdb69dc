using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Pages;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Api;

/// <summary>The eight stages of spec 04 §4.1, read off the steps of a lifecycle run.</summary>
internal static class RunStages
{
    /// <summary>What a stage says whose vote somebody else has.</summary>
    public const string OthersVote = "Others vote";

    /// <summary>What a run says that waits for such a vote.</summary>
    public const string WaitsForOthers = "Waiting for a vote by somebody else";

    private static readonly (string Stage, string[] Steps)[] Stages =
    [
        ("Bootstrap", ["bootstrap"]), ("Data", ["align"]), ("Train", ["model", "sweep", "select", "train"]), ("Forecast", ["forecast"]),
        ("Backtest", ["evidence", "backtest"]), ("Approve", ["approve"]), ("Deploy", ["deploy"]), ("Monitor", ["monitor"]),
    ];

    /// <summary>The stages in order, each with its state and what there is to say of it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="factOf">The most telling fact of a stage that is done, by its name.</param>
    public static IReadOnlyList<StageView> Of(RunView run, Func<string, string> factOf) => [.. Stages.Select(s => StageOf(run, s.Stage, s.Steps, factOf))];

    /// <summary>The step of a stage to look at: the first that did not end well, else the last; null where the workflow has none.</summary>
    public static string? StepToShow(RunView run, string stage)
    {
        string[] names = Stages.First(s => s.Stage == stage).Steps;
        StepRun[] steps = [.. run.State.Steps.Where(s => names.Contains(s.Spec.Name))];
        return (steps.FirstOrDefault(s => s.Status != StepStatus.Succeeded) ?? steps.LastOrDefault())?.Spec.Name;
    }

    /// <summary>State of the run as a whole, with its word.</summary>
    public static (Mark Mark, string Word) StateOf(RunView run) => run.State.Status switch
    {
        RunStatus.Queued => (Mark.Pending, "Queued"),
        RunStatus.Running => (Mark.Running, "Running"),
        RunStatus.Waiting => (Mark.Waiting, "Waiting for your vote"),
        RunStatus.Completed => (Mark.Ok, "Completed"),
        RunStatus.Cancelled => (Mark.Skipped, "Cancelled"),
        RunStatus.Failed => (Mark.Bad, "Failed"),
        RunStatus.Paused => (Mark.Caution, "Paused"),
        _ => (Mark.Bad, "Set aside"),
    };

    /// <summary>Why a step stands where it stands; of a failure that stopped several steps the whole text is at the one that failed.</summary>
    public static string? ReasonOf(RunState run, StepRun step)
    {
        StepRun? cause = step.Status == StepStatus.Skipped
            ? run.Steps.FirstOrDefault(s => s.Status == StepStatus.Failed && step.Reason == $"{s.Spec.Name} failed: {s.Reason}") : null;
        return cause is null ? step.Reason : $"{cause.Spec.Name} failed";
    }

    private static StageView StageOf(RunView run, string stage, string[] names, Func<string, string> factOf)
    {
        StepRun[] steps = [.. run.State.Steps.Where(s => names.Contains(s.Spec.Name))];
        if (steps.Length == 0)
        {
            return new(stage, Mark.Skipped, "Not in this workflow");
        }

        if (steps.FirstOrDefault(s => s.Status == StepStatus.Failed) is { } failed)
        {
            return new(stage, Mark.Bad, "Failed", failed.Reason ?? "");
        }

        if (steps.FirstOrDefault(s => s.Status == StepStatus.Waiting) is { } waiting)
        {
            string since = run.Attempts.LastOrDefault(a => a.Step == waiting.Spec.Name)?.StartedAtUtc.UtcDateTime.ToString("d MMM HH:mm", CultureInfo.InvariantCulture) ?? "";
            return stage == "Approve" ? new(stage, Mark.Waiting, "Your vote", $"since {since} UTC") : new(stage, Mark.Waiting, "Waiting", waiting.Instances[0].Reason ?? "");
        }

        if (steps.All(s => s.Status == StepStatus.Succeeded))
        {
            return new(stage, Mark.Ok, "Done", factOf(stage));
        }

        if (steps.FirstOrDefault(s => s.Status.IsActive()) is { } active)
        {
            return Active(run, stage, active);
        }

        if (steps.All(s => s.Status is StepStatus.Skipped or StepStatus.Succeeded))
        {
            return new(stage, Mark.Skipped, "Skipped", ReasonOf(run.State, steps.First(s => s.Status == StepStatus.Skipped)) ?? "");
        }

        if (steps.Any(s => s.Status == StepStatus.Cancelled))
        {
            return new(stage, Mark.Skipped, "Cancelled");
        }

        return steps.Any(s => s.Status == StepStatus.Succeeded) ? new(stage, Mark.Running, "Running") : new(stage, Mark.Pending, "Not started");
    }

    private static StageView Active(RunView run, string stage, StepRun step)
    {
        AttemptView[] attempts = [.. run.Attempts.Where(a => a.Step == step.Spec.Name && a.Status == "running")];
        bool isRetrying = step.Status == StepStatus.Retrying;
        string name = char.ToUpperInvariant(step.Spec.Name[0]) + step.Spec.Name[1..];
        if (attempts.Length == 0 || attempts.Any(a => a.ProgressTotal <= 0))
        {
            return new(stage, Mark.Running, isRetrying ? "Trying again" : name, attempts.FirstOrDefault()?.ProgressText ?? "");
        }

        // Items that have ended count as whole ones.
        double done = step.Instances.Count(i => i.Status.IsFinal()) + attempts.Sum(a => (double)a.ProgressDone / a.ProgressTotal);
        double share = Math.Clamp(done / step.Instances.Length, 0, 1);
        return new(stage, Mark.Running, string.Create(CultureInfo.InvariantCulture, $"{name} {Math.Floor(100 * share)}%"), attempts[^1].ProgressText ?? "", share);
    }
}
