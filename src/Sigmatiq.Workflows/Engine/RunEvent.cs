using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Workflows.Engine;

/// <summary>A fact about a run. Facts are journalled before anything acts on them, and the run's state is their fold.</summary>
/// <param name="AtUtc">When it happened.</param>
public abstract record RunEvent(DateTimeOffset AtUtc);

/// <summary>The first event of every run: somebody asked for it. Pins all that the run may depend on.</summary>
/// <param name="AtUtc">When it was asked for.</param>
/// <param name="Request">What was asked for.</param>
public sealed record RunRequested(DateTimeOffset AtUtc, RunRequest Request) : RunEvent(AtUtc);

/// <summary>The run got a slot of its concurrency group and begins.</summary>
public sealed record RunAdmitted(DateTimeOffset AtUtc) : RunEvent(AtUtc);

/// <summary>Somebody asked to end the run.</summary>
public sealed record CancelRequested(DateTimeOffset AtUtc, string By, string Reason) : RunEvent(AtUtc);

/// <summary>Somebody asked the run to start nothing more for now.</summary>
public sealed record PauseRequested(DateTimeOffset AtUtc, string By, string Reason) : RunEvent(AtUtc);

/// <summary>Somebody asked a paused run, or one that was set aside, to go on.</summary>
public sealed record ResumeRequested(DateTimeOffset AtUtc, string By, string Reason) : RunEvent(AtUtc);

/// <summary>Somebody asked for another try at what failed in a run that had ended.</summary>
/// <param name="AtUtc">When it happened.</param>
/// <param name="By">Who asked.</param>
/// <param name="Reason">Why.</param>
/// <param name="Step">The failed step; null takes every one.</param>
public sealed record RetryRequested(DateTimeOffset AtUtc, string By, string Reason, string? Step) : RunEvent(AtUtc);

/// <summary>A fact about one instance of a step.</summary>
/// <param name="AtUtc">When it happened.</param>
/// <param name="Step">The step.</param>
/// <param name="Index">Item of <c>for_each</c>, from 0; 0 without.</param>
public abstract record StepEvent(DateTimeOffset AtUtc, string Step, int Index) : RunEvent(AtUtc);

/// <summary>An attempt is about to begin.</summary>
/// <param name="AtUtc">When it happened.</param>
/// <param name="Step">The step.</param>
/// <param name="Index">Item of <c>for_each</c>.</param>
/// <param name="Attempt">From 1, without gaps.</param>
/// <param name="InputHash">Hash over all that the output depends on, see <see cref="StepInputs"/>; null where the program had none yet.</param>
public sealed record AttemptStarted(DateTimeOffset AtUtc, string Step, int Index, int Attempt, ContentHash? InputHash = null) : StepEvent(AtUtc, Step, Index);

/// <summary>An earlier run's output was taken over, since it was made from the same input.</summary>
/// <param name="AtUtc">When it happened.</param>
/// <param name="Step">The step.</param>
/// <param name="Index">Item of <c>for_each</c>.</param>
/// <param name="Source">The run that made it.</param>
/// <param name="InputHash">Hash over all that it depends on.</param>
/// <param name="Output">The output.</param>
/// <param name="OutputHash">Its hash.</param>
public sealed record StepReused(
    DateTimeOffset AtUtc, string Step, int Index, RunId Source, ContentHash InputHash, JsonObject Output, ContentHash OutputHash)
    : StepEvent(AtUtc, Step, Index);

/// <summary>The attempt did its work.</summary>
public sealed record AttemptSucceeded(DateTimeOffset AtUtc, string Step, int Index, int Attempt, JsonObject Output, ContentHash OutputHash)
    : StepEvent(AtUtc, Step, Index);

/// <summary>The attempt failed.</summary>
public sealed record AttemptFailed(DateTimeOffset AtUtc, string Step, int Index, int Attempt, Problem Problem, string Category)
    : StepEvent(AtUtc, Step, Index);

/// <summary>The attempt ended with nothing to do until something happens outside.</summary>
public sealed record AttemptWaiting(
    DateTimeOffset AtUtc, string Step, int Index, int Attempt, string Reason, string WakeKey, DateTimeOffset? ExpiresUtc) : StepEvent(AtUtc, Step, Index);

/// <summary>The attempt's process was stopped in good order before the attempt ended: nobody's fault, however often it happens.</summary>
public sealed record AttemptLost(DateTimeOffset AtUtc, string Step, int Index, int Attempt) : StepEvent(AtUtc, Step, Index);

/// <summary>The attempt's process died with it.</summary>
/// <param name="AtUtc">When that was found.</param>
/// <param name="Step">The step.</param>
/// <param name="Index">Item of <c>for_each</c>.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Done">Units that it had reported as done.</param>
/// <param name="Node">Node of a cluster that stopped renewing its claim; null where one engine had the store.</param>
public sealed record AttemptCrashed(
    DateTimeOffset AtUtc, string Step, int Index, int Attempt, long Done, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Node = null)
    : StepEvent(AtUtc, Step, Index);

/// <summary>The attempt was cut off because the run is being cancelled.</summary>
public sealed record AttemptStopped(DateTimeOffset AtUtc, string Step, int Index, int Attempt) : StepEvent(AtUtc, Step, Index);

/// <summary>What a waiting instance waited for happened, or its time ran out.</summary>
/// <param name="AtUtc">When it happened.</param>
/// <param name="Step">The step.</param>
/// <param name="Index">Item of <c>for_each</c>.</param>
/// <param name="Cause">The wake key, or <c>expired</c>.</param>
public sealed record StepWoken(DateTimeOffset AtUtc, string Step, int Index, string Cause) : StepEvent(AtUtc, Step, Index);

/// <summary>The pause before another try is over.</summary>
public sealed record RetryDue(DateTimeOffset AtUtc, string Step, int Index) : StepEvent(AtUtc, Step, Index);
