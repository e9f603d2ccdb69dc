using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Engine;

/// <summary>Opens an ended run again for what failed in it. Pure, as <see cref="RunMachine"/> is.</summary>
internal static class RunRetry
{
    /// <summary>Why nothing can be tried again; null when something can.</summary>
    public static string? Refusal(RunState state, string? step)
    {
        if (!state.Status.IsFinal())
        {
            return "the run has not ended";
        }

        if (state.Status == RunStatus.Cancelled)
        {
            return "the run was cancelled";
        }

        if (step is not null && !state.Definition.Has(step))
        {
            return $"it has no step '{step}'";
        }

        return step is null
            ? state.Steps.Any(s => s.Status == StepStatus.Failed) ? null : "no step failed"
            : state.Step(step).Status is var status and not StepStatus.Failed ? $"{step} is {status.ToString().ToLowerInvariant()}, not failed" : null;
    }

    /// <summary>The failed step (or all) and whatever was not run for its sake stand where they stood before it; what succeeded stays.
    /// A step that was skipped by its own condition is judged again and, on the same outputs, skipped again.</summary>
    public static RunState Reopen(RunState state, string? step)
    {
        IReadOnlySet<string>? scope = state.Request.Until is { } until ? state.Definition.UpTo(until) : null;
        return state with
        {
            Stop = null, Status = RunStatus.Running, EndedUtc = null,
            Steps = [.. state.Steps.Select(s => IsMeant(s) ? Reopen(s) : s)],
        };

        bool IsMeant(StepRun s) => s.Status switch
        {
            StepStatus.Failed => step is null || s.Spec.Name == step,
            StepStatus.Skipped or StepStatus.Cancelled => scope?.Contains(s.Spec.Name) != false,
            _ => false,
        };
    }

    private static StepRun Reopen(StepRun step) => step with
    {
        Status = step.Instances.IsEmpty ? StepStatus.Pending : StepStatus.Ready,
        Reason = null,
        Instances = [.. step.Instances.Select(i => i.Status == StepStatus.Succeeded ? i : new StepInstance(i.Index, i.Input, StepStatus.Pending) { Attempts = i.Attempts })],
    };
}
