using System.Collections.Immutable;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Engine;

/// <summary>The heart of the engine: (state, event) → (state, commands). No clock, no database, no threads; the same events give the
/// same state on every machine and at any time.</summary>
public static class RunMachine
{
    /// <summary>The state after the first event.</summary>
    public static RunState Begin(RunId id, WorkflowDefinition definition, RunRequested requested)
    {
        IReadOnlySet<string>? scope = requested.Request.Until is { } until ? definition.UpTo(until) : null;
        return new(
            id, definition, requested.Request, RunStatus.Queued,
            [.. definition.Steps.Select(s => scope?.Contains(s.Name) == false
                ? new StepRun(s, StepStatus.Skipped, [], $"the run was asked to end with {requested.Request.Until}")
                : new StepRun(s, StepStatus.Pending, [], null))],
            Stop: null) { RequestedUtc = requested.AtUtc };
    }

    /// <summary>The state after one more event, and what is to be done about it.</summary>
    /// <exception cref="InvalidOperationException">The event cannot follow this state: see <see cref="Refusal"/>.</exception>
    public static (RunState State, IReadOnlyList<RunCommand> Commands) Apply(RunState state, RunEvent happened)
    {
        if (Refusal(state, happened) is { } refusal)
        {
            throw new InvalidOperationException($"Run {state.Id} refuses {happened.GetType().Name}: {refusal}.");
        }

        RunState next = happened switch
        {
            RunAdmitted => state with { Status = RunStatus.Running },
            CancelRequested cancel => state with { Stop = new(true, $"cancelled by {cancel.By}: {cancel.Reason}") },
            StepEvent step => Change(state, step, i => After(state, i, step)),
            _ => state,
        };
        next = RunSettlement.Settle(next, happened.AtUtc);
        return (next, [.. Outstanding(next).Except(Outstanding(state), RunCommandComparer.Instance)]);
    }

    /// <summary>Everything a state wants done: what a new process does first when it takes over a run.</summary>
    public static IReadOnlyList<RunCommand> Outstanding(RunState state) =>
    [
        .. from step in state.Steps
           from instance in step.Instances
           let command = CommandFor(state, step.Spec.Name, instance)
           where command is not null
           select command,
    ];

    /// <summary>The state after all events.</summary>
    /// <param name="id">The run.</param>
    /// <param name="definition">The workflow that the first event names.</param>
    /// <param name="events">All events; the first is <see cref="RunRequested"/>.</param>
    public static RunState Fold(RunId id, WorkflowDefinition definition, IEnumerable<RunEvent> events)
    {
        RunState? state = null;
        foreach (RunEvent happened in events)
        {
            state = state is null ? Begin(id, definition, (RunRequested)happened) : Apply(state, happened).State;
        }

        return state ?? throw new ArgumentException($"Run {id} has no events.", nameof(events));
    }

    /// <summary>Why an event cannot follow a state; null when it can. Late and repeated messages are refused here and change nothing.</summary>
    public static string? Refusal(RunState state, RunEvent happened)
    {
        if (state.Status.IsFinal())
        {
            return "the run has ended";
        }

        if (happened is not StepEvent at)
        {
            return happened switch
            {
                RunRequested => "it was requested before",
                RunAdmitted => state.Status == RunStatus.Queued ? null : "it was admitted before",
                CancelRequested => state.Stop is { Cancelled: true } ? "it is being cancelled" : null,
                _ => "the event is unknown",
            };
        }

        if (state.Status == RunStatus.Queued || !state.Definition.Has(at.Step) || state.Step(at.Step) is not { } step
            || at.Index < 0 || at.Index >= step.Instances.Length)
        {
            return $"there is no {at.Step}[{at.Index}] yet";
        }

        StepInstance instance = step.Instances[at.Index];
        (StepStatus needed, int attempt) = at switch
        {
            AttemptStarted e => (StepStatus.Ready, e.Attempt - 1),
            AttemptSucceeded e => (StepStatus.Running, e.Attempt),
            AttemptFailed e => (StepStatus.Running, e.Attempt),
            AttemptWaiting e => (StepStatus.Running, e.Attempt),
            AttemptLost e => (StepStatus.Running, e.Attempt),
            AttemptStopped e => (StepStatus.Running, e.Attempt),
            StepWoken => (StepStatus.Waiting, instance.Attempts),
            RetryDue => (StepStatus.Retrying, instance.Attempts),
            _ => throw new InvalidOperationException($"{at.GetType().Name} is no step event."),
        };
        return instance.Status != needed ? $"{at.Step}[{at.Index}] is {instance.Status}, not {needed}"
            : instance.Attempts != attempt ? $"{at.Step}[{at.Index}] is at attempt {instance.Attempts}"
            : at is AttemptStopped && state.Stop is not { Cancelled: true } ? "nobody asked to cancel"
            : null;
    }

    private static RunCommand? CommandFor(RunState state, string step, StepInstance i) => i.Status switch
    {
        StepStatus.Ready => new RunCommand.StartAttempt(step, i.Index, i.Attempts + 1, i.Input),
        StepStatus.Running when state.Stop is { Cancelled: true } => new RunCommand.StopAttempt(step, i.Index, i.Attempts),
        StepStatus.Retrying => new RunCommand.RetryAt(step, i.Index, i.DueUtc!.Value),
        StepStatus.Waiting => new RunCommand.AwaitWake(step, i.Index, i.WakeKey!, i.DueUtc),
        _ => null,
    };

    private static RunState Change(RunState state, StepEvent at, Func<StepInstance, StepInstance> change)
    {
        StepRun step = state.Step(at.Step);
        StepRun changed = step with { Instances = step.Instances.SetItem(at.Index, change(step.Instances[at.Index])) };
        return state with { Steps = state.Steps.Replace(step, changed) };
    }

    private static StepInstance After(RunState state, StepInstance i, StepEvent happened) => happened switch
    {
        AttemptStarted e => i with { Status = StepStatus.Running, Attempts = e.Attempt, Reason = null, WakeKey = null, DueUtc = null },
        AttemptSucceeded e => i with { Status = StepStatus.Succeeded, Output = e.Output, Problem = null },
        AttemptFailed e => Failed(state, i, e),
        AttemptWaiting e => i with { Status = StepStatus.Waiting, Reason = e.Reason, WakeKey = e.WakeKey, DueUtc = e.ExpiresUtc },
        AttemptStopped => i with { Status = StepStatus.Cancelled, Reason = state.Stop!.Reason },
        // A lost attempt is nobody's failure: the machine was switched off, so the work is begun again as often as that happens.
        AttemptLost or StepWoken or RetryDue => i with { Status = StepStatus.Ready, WakeKey = null, DueUtc = null, Reason = null },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is no step event."),
    };

    private static StepInstance Failed(RunState state, StepInstance i, AttemptFailed e)
    {
        RetrySpec retry = state.Step(e.Step).Spec.Retry;
        StepInstance failed = i with { Status = StepStatus.Failed, Failures = i.Failures + 1, Problem = e.Problem };
        return failed.Failures < retry.Attempts && retry.On.Contains(e.Category)
            ? failed with { Status = StepStatus.Retrying, DueUtc = e.AtUtc + retry.PauseAfter(failed.Failures) }
            : failed;
    }

    /// <summary>Commands are the same when they ask for the same thing; inputs belong to the instance and need no comparison.</summary>
    private sealed class RunCommandComparer : IEqualityComparer<RunCommand>
    {
        public static RunCommandComparer Instance { get; } = new();

        public bool Equals(RunCommand? x, RunCommand? y) => x is not null && y is not null && Key(x) == Key(y);

        public int GetHashCode(RunCommand command) => Key(command).GetHashCode();

        private static (Type, string, int, int, DateTimeOffset?, string?) Key(RunCommand c) => c switch
        {
            RunCommand.StartAttempt s => (typeof(RunCommand.StartAttempt), s.Step, s.Index, s.Attempt, null, null),
            RunCommand.StopAttempt s => (typeof(RunCommand.StopAttempt), s.Step, s.Index, s.Attempt, null, null),
            RunCommand.RetryAt r => (typeof(RunCommand.RetryAt), r.Step, r.Index, 0, r.DueUtc, null),
            RunCommand.AwaitWake a => (typeof(RunCommand.AwaitWake), a.Step, a.Index, 0, a.ExpiresUtc, a.WakeKey),
            _ => throw new InvalidOperationException($"{c.GetType().Name} is no command."),
        };
    }
}
