using System.Collections.Immutable;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Engine;

/// <summary>The heart of the engine: (state, event) → (state, commands). No clock, no database, no threads; the same events give the
/// same state on every machine and at any time.</summary>
public static class RunMachine
{
    /// <summary>So many crashes in a row, without coming further, set a run aside.</summary>
    public const int CrashesMax = 3;

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
            RunAdmitted => state with { IsAdmitted = true },
            CancelRequested cancel => state with { Stop = new(true, $"cancelled by {cancel.By}: {cancel.Reason}") },
            PauseRequested pause => state with { Hold = new(RunStatus.Paused, $"paused by {pause.By}: {pause.Reason}") },
            ResumeRequested => Resumed(state),
            RetryRequested retry => RunRetry.Reopen(state, retry.Step),
            AttemptCrashed crash => SetAside(Change(state, crash, i => Crashed(i, crash)), crash),
            StepEvent step => Change(state, step, i => After(state, i, step)),
            _ => state,
        };
        next = RunSettlement.Settle(next, happened.AtUtc);
        return (next, New(state, next));
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
        if (happened is RetryRequested retry)
        {
            return RunRetry.Refusal(state, retry.Step);
        }

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
                PauseRequested => state.Hold is { } hold ? $"it is {hold.Reason}" : state.Stop is { } stop ? $"it is ending: {stop.Reason}" : null,
                ResumeRequested => state.Hold is null ? "it is not paused" : null,
                _ => "the event is unknown",
            };
        }

        if (!state.IsAdmitted || !state.Definition.Has(at.Step) || state.Step(at.Step) is not { } step
            || at.Index < 0 || at.Index >= step.Instances.Length)
        {
            return $"there is no {at.Step}[{at.Index}] yet";
        }

        StepInstance instance = step.Instances[at.Index];
        (StepStatus needed, int attempt) = at switch
        {
            AttemptStarted e => (StepStatus.Ready, e.Attempt - 1),
            StepReused => (StepStatus.Ready, instance.Attempts),
            AttemptSucceeded e => (StepStatus.Running, e.Attempt),
            AttemptFailed e => (StepStatus.Running, e.Attempt),
            AttemptWaiting e => (StepStatus.Running, e.Attempt),
            AttemptLost e => (StepStatus.Running, e.Attempt),
            AttemptCrashed e => (StepStatus.Running, e.Attempt),
            AttemptStopped e => (StepStatus.Running, e.Attempt),
            StepWoken => (StepStatus.Waiting, instance.Attempts),
            RetryDue => (StepStatus.Retrying, instance.Attempts),
            _ => throw new InvalidOperationException($"{at.GetType().Name} is no step event."),
        };
        return instance.Status != needed ? $"{at.Step}[{at.Index}] is {instance.Status}, not {needed}"
            : instance.Attempts != attempt ? $"{at.Step}[{at.Index}] is at attempt {instance.Attempts}"
            : at is AttemptStarted or StepReused && state.Hold is { } held ? $"it is {held.Reason}"
            : at is AttemptStopped && state.Stop is not { Cancelled: true } ? "nobody asked to cancel"
            : null;
    }

    private static RunCommand? CommandFor(RunState state, string step, StepInstance i) => i.Status switch
    {
        StepStatus.Ready when state.Hold is null => new RunCommand.StartAttempt(step, i.Index, i.Attempts + 1, i.Input),
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
        AttemptStarted e => i with { Status = StepStatus.Running, Attempts = e.Attempt, InputHash = e.InputHash, Reason = null, WakeKey = null, DueUtc = null },
        StepReused e => i with { Status = StepStatus.Succeeded, InputHash = e.InputHash, Output = e.Output, ReusedFrom = e.Source },
        AttemptSucceeded e => i with { Status = StepStatus.Succeeded, Output = e.Output, Problem = null, Crashes = 0, Furthest = 0 },
        AttemptFailed e => Failed(state, i, e),
        AttemptWaiting e => i with { Status = StepStatus.Waiting, Reason = e.Reason, WakeKey = e.WakeKey, DueUtc = e.ExpiresUtc, Crashes = 0, Furthest = 0 },
        AttemptStopped => i with { Status = StepStatus.Cancelled, Reason = state.Stop!.Reason },
        // A lost attempt is nobody's failure: the program was stopped, so the work is begun again as often as that happens.
        AttemptLost or StepWoken or RetryDue => i with { Status = StepStatus.Ready, WakeKey = null, DueUtc = null, Reason = null },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is no step event."),
    };

    // Coming further than ever before is progress: a long work that keeps its parts may be killed as often as somebody likes.
    private static StepInstance Crashed(StepInstance i, AttemptCrashed e) => i with
    {
        Status = StepStatus.Ready, WakeKey = null, DueUtc = null, Reason = null,
        Crashes = e.Done > i.Furthest ? 1 : i.Crashes + 1, Furthest = Math.Max(e.Done, i.Furthest),
    };

    private static RunState SetAside(RunState state, AttemptCrashed crash)
    {
        StepInstance crashed = state.Step(crash.Step).Instances[crash.Index];
        string which = state.Step(crash.Step).Spec.ForEach is null ? crash.Step : $"{crash.Step}[{crash.Index}]";
        return crashed.Crashes < CrashesMax || state.Stop is not null ? state : state with
        {
            Hold = new(RunStatus.SetAside, $"set aside: {which} crashed its worker {crashed.Crashes} times in a row, last in attempt {crash.Attempt}"),
        };
    }

    private static RunState Resumed(RunState state) => state with
    {
        Hold = null,
        Steps = [.. state.Steps.Select(s => s with { Instances = [.. s.Instances.Select(i => i with { Crashes = 0, Furthest = 0 })] })],
    };

    private static StepInstance Failed(RunState state, StepInstance i, AttemptFailed e)
    {
        RetrySpec retry = state.Step(e.Step).Spec.Retry;
        StepInstance failed = i with { Status = StepStatus.Failed, Failures = i.Failures + 1, Problem = e.Problem, Crashes = 0, Furthest = 0 };
        return failed.Failures < retry.Attempts && retry.Covers(e.Category, e.Problem.Code)
            ? failed with { Status = StepStatus.Retrying, DueUtc = e.AtUtc + retry.PauseAfter(failed.Failures) }
            : failed;
    }

    // What a state wants done that the one before it did not: only what changed is looked at.
    private static List<RunCommand> New(RunState before, RunState next)
    {
        bool isHeldAlike = before.Hold is null == next.Hold is null && before.Stop is { Cancelled: true } == next.Stop is { Cancelled: true };
        List<RunCommand> commands = [];
        for (int s = 0; s < next.Steps.Length; s++)
        {
            (ImmutableArray<StepInstance> was, ImmutableArray<StepInstance> now) = (before.Steps[s].Instances, next.Steps[s].Instances);
            if (isHeldAlike && was == now)
            {
                continue;
            }

            string step = next.Steps[s].Spec.Name;
            for (int i = 0; i < now.Length; i++)
            {
                StepInstance? old = i < was.Length ? was[i] : null;
                if (!(isHeldAlike && ReferenceEquals(old, now[i])) && CommandFor(next, step, now[i]) is { } command
                    && !(old is not null && CommandFor(before, step, old) is { } asked && IsSame(asked, command)))
                {
                    commands.Add(command);
                }
            }
        }

        return commands;
    }

    // Inputs belong to the instance and need no comparison.
    private static bool IsSame(RunCommand x, RunCommand y) => (x, y) switch
    {
        (RunCommand.StartAttempt a, RunCommand.StartAttempt b) => a.Attempt == b.Attempt,
        (RunCommand.StopAttempt a, RunCommand.StopAttempt b) => a.Attempt == b.Attempt,
        (RunCommand.RetryAt a, RunCommand.RetryAt b) => a.DueUtc == b.DueUtc,
        (RunCommand.AwaitWake a, RunCommand.AwaitWake b) => a.WakeKey == b.WakeKey && a.ExpiresUtc == b.ExpiresUtc,
        _ => false,
    };
}
