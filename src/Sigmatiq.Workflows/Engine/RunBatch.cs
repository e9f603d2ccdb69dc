using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Workflows.Engine;

/// <summary>An event with the states around it.</summary>
/// <param name="Before">The state that it met.</param>
/// <param name="Happened">The event.</param>
/// <param name="After">The state that it left.</param>
/// <param name="Commands">What is to be done once it is journalled.</param>
/// <param name="Request">The request row that it answers; null where it answers none.</param>
public sealed record AppliedEvent(RunState Before, RunEvent Happened, RunState After, IReadOnlyList<RunCommand> Commands, long? Request);

/// <summary>Events of a run that go into the journal together, each applied to the state that the one before it left: the same events and states
/// as one by one. Nothing of it holds before the journal has it.</summary>
/// <param name="from">The run as last read or written.</param>
public sealed class RunBatch(JournalledRun from)
{
    /// <summary>Most events that go together: what one transaction holds up.</summary>
    public const int EventsMost = 64;

    private readonly List<AppliedEvent> applied = [];

    /// <summary>The run before the first of them.</summary>
    public JournalledRun From { get; } = from;

    /// <summary>The state after the last of them.</summary>
    public RunState State { get; private set; } = from.State;

    /// <summary>The events in their order.</summary>
    public IReadOnlyList<AppliedEvent> Applied => applied;

    /// <summary>Adds an event unless the machine refuses it here.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="request">The request row that it answers.</param>
    /// <returns>Whether it is among them.</returns>
    public bool TryAdd(RunEvent happened, long? request = null)
    {
        if (RunMachine.Refusal(State, happened) is not null)
        {
            return false;
        }

        (RunState next, IReadOnlyList<RunCommand> commands) = RunMachine.Apply(State, happened);
        applied.Add(new(State, happened, next, commands, request));
        State = next;
        return true;
    }
}
