using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Workflows.Steps;

/// <summary>How one attempt at a step ended. Expected ends are values; a thrown exception is a failure of category
/// <see cref="FailureCategories.Refused"/> (for a <see cref="ProblemException"/>) or <see cref="FailureCategories.Internal"/>.</summary>
public abstract record StepOutcome
{
    private StepOutcome() { }

    /// <summary>The work is done; the output is what later steps refer to as <c>steps.NAME.outputs</c>.</summary>
    /// <param name="Output">A JSON object with the fields of the step kind's output record.</param>
    public sealed record Succeeded(JsonObject Output) : StepOutcome;

    /// <summary>Nothing can be done until something happens outside: a vote, a date. The run holds no job meanwhile; when it is
    /// woken by the key, or at the expiry, the step is run again as a new attempt and finds out what happened.</summary>
    /// <param name="Reason">What is waited for, as a sentence for the status page.</param>
    /// <param name="WakeKey">Whoever brings the event about wakes the run by this key, e.g. <c>approval:{id}</c>.</param>
    /// <param name="ExpiresUtc">When the step is run again even without an event; null waits for ever.</param>
    public sealed record Waiting(string Reason, string WakeKey, DateTimeOffset? ExpiresUtc) : StepOutcome;

    /// <summary>The attempt failed.</summary>
    /// <param name="Problem">What failed and what to do about it.</param>
    /// <param name="Category">One of <see cref="FailureCategories"/>; a step's <c>retry.on</c> names those worth another try.</param>
    public sealed record Failed(Problem Problem, string Category) : StepOutcome;

    /// <summary>Success with a typed output.</summary>
    public static StepOutcome Done<TOutput>(TOutput output) => new Succeeded(StepJson.ToObject(output));

    /// <summary>A failure that another try may cure.</summary>
    public static StepOutcome SourceUnavailable(Problem problem) => new Failed(problem, FailureCategories.SourceUnavailable);
}

/// <summary>The closed list of reasons an attempt can fail for; <c>retry.on</c> in a workflow file names some of them.</summary>
public static class FailureCategories
{
    /// <summary>Something outside did not answer: a data source, a broker.</summary>
    public const string SourceUnavailable = "source_unavailable";

    /// <summary>The attempt took longer than the step's <c>timeout</c>.</summary>
    public const string Timeout = "timeout";

    /// <summary>The step refused its input or the facts it found.</summary>
    public const string Refused = "refused";

    /// <summary>An exception that nobody foresaw.</summary>
    public const string Internal = "internal";

    /// <summary>All categories.</summary>
    public static IReadOnlyList<string> All { get; } = [SourceUnavailable, Timeout, Refused, Internal];

    /// <summary>What <c>retry</c> means where the file does not say <c>on</c>.</summary>
    public static IReadOnlyList<string> WorthRetrying { get; } = [SourceUnavailable, Timeout];
}
