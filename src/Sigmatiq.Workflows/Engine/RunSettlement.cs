using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Engine;

/// <summary>What follows from a change without any further event: steps become ready or are skipped, items get their turn, the run
/// ends or waits. Pure, as <see cref="RunMachine"/> is.</summary>
internal static class RunSettlement
{
    public static RunState Settle(RunState state, DateTimeOffset atUtc)
    {
        if (!state.IsAdmitted && state.Stop is null)
        {
            return state with { Status = state.Hold?.Status ?? RunStatus.Queued };
        }

        // Each pass can only move steps forward, so this ends.
        bool moved;
        do
        {
            moved = false;
            for (int s = 0; s < state.Steps.Length; s++)
            {
                StepRun before = state.Steps[s];
                StepRun after = before.Status.IsFinal() ? before : Step(state, before);
                if (after != before)
                {
                    moved = true;
                    state = state with { Steps = state.Steps.SetItem(s, after), Stop = state.Stop ?? StopAfter(after) };
                }
            }
        }
        while (moved);

        RunStatus status = Status(state);
        return status.IsFinal()
            ? state with { Status = status, EndedUtc = atUtc, Hold = null, Stop = state.Stop ?? state.Steps.Select(StopAfter).FirstOrDefault(s => s is not null) }
            : state with { Status = status, EndedUtc = null };
    }

    private static RunStop? StopAfter(StepRun step) =>
        step is { Status: StepStatus.Failed, Spec.OnFailure: OnFailure.Fail } ? new(false, $"{step.Spec.Name} failed: {step.Reason}") : null;

    private static StepRun Step(RunState state, StepRun step)
    {
        if (step.Status == StepStatus.Pending)
        {
            step = state.Stop is { } stop
                ? step with { Status = stop.Cancelled ? StepStatus.Cancelled : StepStatus.Skipped, Reason = stop.Reason }
                : Open(state, step);
        }

        return step.Status.IsFinal() ? step : Sum(Turn(state, step));
    }

    private static StepRun Open(RunState state, StepRun step)
    {
        foreach (string need in step.Spec.Needs)
        {
            StepRun needed = state.Step(need);
            if (!needed.Status.IsFinal())
            {
                return step;
            }

            if (needed.Status != StepStatus.Succeeded)
            {
                string how = needed.Status switch { StepStatus.Failed => "failed", StepStatus.Skipped => "was skipped", _ => "was cancelled" };
                return step with { Status = StepStatus.Skipped, Reason = $"needs {need}, which {how}" };
            }
        }

        var names = new RunNames(state);
        try
        {
            if (step.Spec.When is { } when && !ExpressionValue.Holds(when, names.Lookup))
            {
                return step with { Status = StepStatus.Skipped, Reason = $"when {step.Spec.WhenText} does not hold" };
            }

            ImmutableArray<StepInstance> instances = step.Spec.ForEach is { } each ? Items(step.Spec, each, names) : [Instance(step.Spec, 0, names)];
            return step with { Status = StepStatus.Ready, Instances = instances };
        }
        catch (ExpressionException e)
        {
            return step with { Status = StepStatus.Failed, Reason = WorkflowCodes.Unevaluable(step.Spec.Name, e).ToString() };
        }
    }

    private static ImmutableArray<StepInstance> Items(StepSpec spec, ForEachSpec each, RunNames names) =>
        [.. each.Items(names.Lookup).Select((item, i) => Instance(spec, i, names.With(each.As, item)))];

    private static StepInstance Instance(StepSpec spec, int index, RunNames names)
    {
        JsonObject input = [];
        foreach (var (field, template) in spec.With)
        {
            // A null says "not set": the field is left out, so that the step's own default stands.
            if (template.Fill(names.Lookup) is { } value)
            {
                input[field] = value;
            }
        }

        return new(index, input, StepStatus.Pending);
    }

    // Gives pending items their turn while there is room, and closes those whose turn will not come.
    private static StepRun Turn(RunState state, StepRun step)
    {
        (int active, bool broken) = (0, false);
        foreach (StepInstance instance in step.Instances)
        {
            active += instance.Status.IsActive() ? 1 : 0;
            broken |= instance.Status == StepStatus.Failed;
        }

        int room = (step.Spec.ForEach?.MaxParallel ?? 1) - active;
        ImmutableArray<StepInstance>.Builder? changed = null;
        for (int i = 0; i < step.Instances.Length; i++)
        {
            StepInstance instance = step.Instances[i];
            if (state.Stop is { } stop && instance.Status is StepStatus.Pending or StepStatus.Ready or StepStatus.Retrying or StepStatus.Waiting)
            {
                Set(i, Close(instance, StepStatus.Cancelled, stop.Reason));
            }
            else if (broken && instance.Status == StepStatus.Pending)
            {
                Set(i, Close(instance, StepStatus.Skipped, "another item failed"));
            }
            else if (room > 0 && instance.Status == StepStatus.Pending)
            {
                Set(i, instance with { Status = StepStatus.Ready });
                room--;
            }
        }

        return changed is null ? step : step with { Instances = changed.MoveToImmutable() };

        void Set(int i, StepInstance instance) => (changed ??= step.Instances.ToBuilder())[i] = instance;
    }

    private static StepInstance Close(StepInstance instance, StepStatus status, string reason) =>
        instance with { Status = status, Reason = reason, WakeKey = null, DueUtc = null };

    // The step stands where its busiest instance stands; it is final when all are.
    private static StepRun Sum(StepRun step)
    {
        if (step.Status == StepStatus.Pending)
        {
            return step;
        }

        StepStatus Busiest()
        {
            int found = 0;
            foreach (StepInstance instance in step.Instances)
            {
                found |= 1 << (int)instance.Status;
            }

            foreach (StepStatus status in (ReadOnlySpan<StepStatus>)
                [StepStatus.Running, StepStatus.Ready, StepStatus.Retrying, StepStatus.Waiting, StepStatus.Pending, StepStatus.Failed, StepStatus.Cancelled, StepStatus.Skipped])
            {
                if ((found & (1 << (int)status)) != 0)
                {
                    return status;
                }
            }

            return StepStatus.Succeeded;
        }

        StepStatus now = Busiest();
        string? reason = now switch
        {
            StepStatus.Failed => step.Instances.First(i => i.Status == StepStatus.Failed).Problem?.ToString(),
            StepStatus.Cancelled or StepStatus.Skipped or StepStatus.Waiting => step.Instances.First(i => i.Status == now).Reason,
            _ => null,
        };
        return step with { Status = now, Reason = reason };
    }

    private static RunStatus Status(RunState state)
    {
        if (state.Steps.All(s => s.Status.IsFinal()))
        {
            return state.Stop is { Cancelled: true } ? RunStatus.Cancelled
                : state.Steps.Any(s => StopAfter(s) is not null) ? RunStatus.Failed : RunStatus.Completed;
        }

        bool isActive = false;
        foreach (StepRun step in state.Steps)
        {
            foreach (StepInstance instance in step.Instances)
            {
                if (instance.Status == StepStatus.Running)
                {
                    return RunStatus.Running;
                }

                isActive |= instance.Status.IsActive();
            }
        }

        return state.Hold?.Status ?? (isActive ? RunStatus.Running : RunStatus.Waiting);
    }
}
