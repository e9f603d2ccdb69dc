using System.Collections.Immutable;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Engine;

/// <summary>How long something was under way, over its stretches.</summary>
/// <param name="Closed">Sum of the stretches that have ended.</param>
/// <param name="SinceUtc">Begin of the one that has not; null where none is open.</param>
public readonly record struct TimeSpent(TimeSpan Closed, DateTimeOffset? SinceUtc)
{
    /// <summary>The sum, with the open stretch up to an instant.</summary>
    public TimeSpan By(DateTimeOffset nowUtc) => Closed + (SinceUtc is { } since && nowUtc > since ? nowUtc - since : TimeSpan.Zero);

    /// <summary>After an instant at which it begins, goes on or ends.</summary>
    public TimeSpent At(DateTimeOffset atUtc, bool isUnderWay) => (SinceUtc, isUnderWay) switch
    {
        (null, true) => this with { SinceUtc = atUtc },
        (not null, false) => new(By(atUtc), null),
        _ => this,
    };
}

/// <summary>When a step was at it.</summary>
/// <param name="StartedUtc">Begin of its first attempt.</param>
/// <param name="Took">Time in which an attempt was under way or waited for something outside; pauses between attempts are left out, and items beside each
/// other count once.</param>
public sealed record StepTime(DateTimeOffset StartedUtc, TimeSpent Took)
{
    // Items with an attempt that is under way or waits.
    internal ImmutableHashSet<int> Open { get; init; } = [];

    // Attempts by item that only took up a wait.
    internal ImmutableDictionary<int, int> TakenUp { get; init; } = ImmutableDictionary<int, int>.Empty;

    /// <summary>How many of an item's attempts only took up a wait that was over.</summary>
    public int TakenUpBy(int index) => TakenUp.GetValueOrDefault(index);
}

/// <summary>A run with the times of its steps: the fold of its journal as <see cref="RunMachine"/> makes it, and as pure.</summary>
/// <param name="State">The run.</param>
/// <param name="Seq">Number of the last event in it.</param>
public sealed record TimedRun(RunState State, long Seq)
{
    /// <summary>When it got its slot and began; null before.</summary>
    public DateTimeOffset? StartedUtc { get; init; }

    /// <summary>Time at work: neither queued nor at rest.</summary>
    public TimeSpent Worked { get; init; }

    /// <summary>The times of the steps that began, by name.</summary>
    public ImmutableDictionary<string, StepTime> Steps { get; init; } = ImmutableDictionary<string, StepTime>.Empty;

    /// <summary>A run after its first event.</summary>
    public static TimedRun Begin(RunId id, WorkflowDefinition definition, RunRequested requested) => new(RunMachine.Begin(id, definition, requested), 1);

    /// <summary>The run after its next event, which must be one that can follow.</summary>
    public TimedRun After(RunEvent happened)
    {
        RunState next = RunMachine.Apply(State, happened).State;
        return new(next, Seq + 1)
        {
            StartedUtc = happened is RunAdmitted ? happened.AtUtc : StartedUtc,
            Worked = Worked.At(happened.AtUtc, next.Status == RunStatus.Running),
            Steps = Closed(happened is StepEvent step ? Moved(step) : Steps, next, happened.AtUtc),
        };
    }

    private ImmutableDictionary<string, StepTime> Moved(StepEvent happened)
    {
        StepTime? before = Steps.GetValueOrDefault(happened.Step);
        if (happened is AttemptStarted)
        {
            before ??= new(happened.AtUtc, default);
            return Steps.SetItem(happened.Step, before with
            {
                Took = before.Took.At(happened.AtUtc, true), Open = before.Open.Add(happened.Index),
                TakenUp = before.Open.Contains(happened.Index) ? before.TakenUp.SetItem(happened.Index, before.TakenUpBy(happened.Index) + 1) : before.TakenUp,
            });
        }

        // What waits is under way for whoever looks at the clock, and so is what was woken until its next attempt begins.
        if (before is null || happened is AttemptWaiting or StepWoken or RetryDue or StepReused)
        {
            return Steps;
        }

        ImmutableHashSet<int> open = before.Open.Remove(happened.Index);
        return Steps.SetItem(happened.Step, before with { Took = before.Took.At(happened.AtUtc, !open.IsEmpty), Open = open });
    }

    // A step that waited when its run was ended has no event of its own for that.
    private static ImmutableDictionary<string, StepTime> Closed(ImmutableDictionary<string, StepTime> steps, RunState run, DateTimeOffset atUtc)
    {
        if (run.Stop is null)
        {
            return steps;
        }

        foreach (var (name, time) in steps)
        {
            if (time.Took.SinceUtc is not null && run.Step(name).Status.IsFinal())
            {
                steps = steps.SetItem(name, time with { Took = time.Took.At(atUtc, false), Open = [] });
            }
        }

        return steps;
    }
}
