using System.Text.Json.Nodes;

namespace Sigmatiq.Workflows.Engine;

/// <summary>What the machine wants done outside; doing it twice does no harm.</summary>
/// <param name="Step">The step.</param>
/// <param name="Index">Item of <c>for_each</c>, from 0; 0 without.</param>
public abstract record RunCommand(string Step, int Index)
{
    /// <summary>Begin an attempt: journal <see cref="AttemptStarted"/>, then run the step kind.</summary>
    public sealed record StartAttempt(string Step, int Index, int Attempt, JsonObject Input) : RunCommand(Step, Index);

    /// <summary>Cut an attempt off.</summary>
    public sealed record StopAttempt(string Step, int Index, int Attempt) : RunCommand(Step, Index);

    /// <summary>Send <see cref="RetryDue"/> at that instant.</summary>
    public sealed record RetryAt(string Step, int Index, DateTimeOffset DueUtc) : RunCommand(Step, Index);

    /// <summary>Send <see cref="StepWoken"/> when the key is called or the time is out.</summary>
    public sealed record AwaitWake(string Step, int Index, string WakeKey, DateTimeOffset? ExpiresUtc) : RunCommand(Step, Index);
}
