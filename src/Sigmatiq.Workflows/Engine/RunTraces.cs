using System.Diagnostics;
using System.Globalization;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>Spans of runs for whoever collects traces (OpenTelemetry): the fire or request that began a run, the run itself, and each attempt of its steps,
/// all in one trace, whichever process did them. The row of a run keeps who its parent is; nothing else depends on any of it.</summary>
public static class RunTraces
{
    /// <summary>Name under which the spans are told.</summary>
    public const string SourceName = "Sigmatiq.Workflows";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody collects.</summary>
    internal static bool IsCollected => Source.HasListeners();

    /// <summary>Where a run that is asked for now belongs, as a W3C <c>traceparent</c>; null where nobody collects.</summary>
    internal static string? Here => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true } span ? span.Id : null;

    /// <summary>A fire of a schedule that becomes a run.</summary>
    internal static Span Fire(string workflow, DateTimeOffset fireUtc, TimeProvider clock) =>
        new(Begin($"fire {workflow}", ActivityKind.Producer, default, clock.GetUtcNow())?.SetTag("sigmatiq.workflow", workflow).SetTag("sigmatiq.fire", Instant(fireUtc)), clock);

    /// <summary>A request for a run, inside whatever asks.</summary>
    internal static Span Request(WorkflowDefinition workflow, string by, TimeProvider clock) =>
        new(Begin($"request {workflow.Id}", ActivityKind.Producer, default, clock.GetUtcNow())?.SetTag("sigmatiq.workflow", workflow.Id).SetTag("sigmatiq.version", workflow.Version)
            .SetTag("sigmatiq.requested_by", by), clock);

    /// <summary>An attempt of a step.</summary>
    /// <param name="parent">The <c>traceparent</c> of its run.</param>
    /// <param name="state">Its run.</param>
    /// <param name="start">The attempt.</param>
    /// <param name="uses">Its step kind.</param>
    /// <param name="clock">The clock.</param>
    internal static Span Attempt(string? parent, RunState state, RunCommand.StartAttempt start, string uses, TimeProvider clock)
    {
        Activity? span = Begin($"step {start.Step}", ActivityKind.Consumer, ContextOf(parent), clock.GetUtcNow());
        return new(span?.SetTag("sigmatiq.run", state.Id.Value).SetTag("sigmatiq.workflow", state.Definition.Id).SetTag("sigmatiq.step", start.Step).SetTag("sigmatiq.uses", uses)
            .SetTag("sigmatiq.item", start.Index).SetTag("sigmatiq.attempt", start.Attempt), clock);
    }

    /// <summary>Tells of a run that has ended, from its request to its end.</summary>
    internal static void Ended(string? parent, RunState state, DateTimeOffset requestedUtc)
    {
        if (state.EndedUtc is not { } ended || Begin($"run {state.Definition.Id}", ActivityKind.Internal, ContextOf(parent), requestedUtc) is not { } span)
        {
            return;
        }

        string status = StepJson.NameOf(state.Status.ToString());
        span.SetTag("sigmatiq.run", state.Id.Value).SetTag("sigmatiq.workflow", state.Definition.Id).SetTag("sigmatiq.version", state.Definition.Version).SetTag("sigmatiq.status", status)
            .SetStatus(state.Status == RunStatus.Completed ? ActivityStatusCode.Ok : ActivityStatusCode.Error, state.Status == RunStatus.Completed ? null : status);
        span.SetEndTime(ended.UtcDateTime);
        span.Stop();
    }

    private static Activity? Begin(string name, ActivityKind kind, ActivityContext parent, DateTimeOffset fromUtc) => Source.StartActivity(name, kind, parent, startTime: fromUtc);

    // What cannot be read stands for nothing: the span begins a trace of its own.
    private static ActivityContext ContextOf(string? parent) => ActivityContext.TryParse(parent, null, isRemote: true, out ActivityContext context) ? context : default;

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A span under way, ended by the given clock; one that nobody collects does nothing.</summary>
    internal sealed class Span(Activity? activity, TimeProvider clock) : IDisposable
    {
        /// <summary>Says how an attempt ended; null where the program stopped under it.</summary>
        public void Say(RunEvent? happened)
        {
            switch (happened)
            {
                case AttemptSucceeded:
                    activity?.SetStatus(ActivityStatusCode.Ok).SetTag("sigmatiq.outcome", "succeeded");
                    break;
                case AttemptFailed failed:
                    activity?.SetStatus(ActivityStatusCode.Error, failed.Problem.Message).SetTag("sigmatiq.outcome", "failed").SetTag("sigmatiq.code", failed.Problem.Code);
                    break;
                case AttemptWaiting waiting:
                    activity?.SetTag("sigmatiq.outcome", "waiting").SetTag("sigmatiq.waits_for", waiting.Reason);
                    break;
                default:
                    activity?.SetTag("sigmatiq.outcome", happened is AttemptStopped ? "cancelled" : "lost");
                    break;
            }
        }

        /// <summary>Says which run came of it.</summary>
        public void Say(RunId run) => activity?.SetTag("sigmatiq.run", run.Value);

        public void Dispose()
        {
            activity?.SetEndTime(clock.GetUtcNow().UtcDateTime);
            activity?.Dispose();
        }
    }
}
