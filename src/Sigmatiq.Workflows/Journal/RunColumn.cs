using System.Text.Json.Nodes;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Journal;

/// <summary>A run as one column of a grid: its line, why it began, and each of its steps.</summary>
/// <param name="Summary">Its line in lists; state, reason and end are those of the journal where it was read.</param>
/// <param name="Definition">The workflow that it is pinned to; null where its journal cannot be read.</param>
/// <param name="Cause">Why it began.</param>
/// <param name="StartedUtc">When it got its slot and began; null before.</param>
/// <param name="Worked">Time at work: neither queued nor at rest.</param>
/// <param name="Cells">Its steps by name.</param>
/// <param name="Problem">Why its journal cannot be read; null where it can.</param>
public sealed record RunColumn(
    RunSummary Summary, WorkflowDefinition? Definition, RunCause? Cause, DateTimeOffset? StartedUtc, TimeSpent Worked, IReadOnlyDictionary<string, RunCell> Cells, string? Problem = null)
{
    private static readonly Dictionary<string, RunCell> None = [];

    /// <summary>The column of a run.</summary>
    internal static RunColumn Of(RunSummary summary, TimedRun run) => new(
        summary with { Status = Steps.StepJson.NameOf(run.State.Status.ToString()), Reason = run.State.Reason, EndedAtUtc = run.State.EndedUtc, Seq = run.Seq },
        run.State.Definition, RunCause.From(run.State.Request), run.StartedUtc, run.Worked,
        run.State.Steps.ToDictionary(s => s.Spec.Name, s => RunCell.Of(s, run.Steps.GetValueOrDefault(s.Spec.Name)), StringComparer.Ordinal));

    /// <summary>The column of a run whose journal cannot be read.</summary>
    internal static RunColumn Unread(RunSummary summary, string problem) => new(summary, null, null, null, default, None, problem);
}

/// <summary>One step of a run.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Attempts">Attempts begun, without those that only took up a wait; of several items the most that one of them took.</param>
/// <param name="Items">Its items; 0 before it can start, 1 without <c>for_each</c>.</param>
/// <param name="Took">Time under way or waiting, see <see cref="StepTime"/>; null where it never began.</param>
/// <param name="Note">Why it stands where it stands, in one line; null where there is nothing to say.</param>
public sealed record RunCell(StepStatus Status, int Attempts, int Items, TimeSpent? Took, string? Note)
{
    private const int NoteMax = 400;

    internal static RunCell Of(StepRun step, StepTime? time)
    {
        StepInstance? shown = step.Instances.FirstOrDefault(i => i.Status == step.Status) ?? step.Instances.FirstOrDefault();
        string? why = step.Reason ?? shown?.Reason ?? (step.Status is StepStatus.Retrying or StepStatus.Ready or StepStatus.Running ? shown?.Problem?.ToString() : null)
            ?? (shown?.ReusedFrom is { } source ? $"taken over from {source}" : null);
        return new(step.Status, step.Instances.Select(i => i.Attempts - (time?.TakenUpBy(i.Index) ?? 0)).DefaultIfEmpty().Max(), step.Instances.Length, time?.Took, why is null ? null : FirstLine(why));
    }

    private static string FirstLine(string text)
    {
        string line = text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;
        return line.Length <= NoteMax ? line : line[..(char.IsHighSurrogate(line[NoteMax - 1]) ? NoteMax - 1 : NoteMax)] + "…";
    }
}

/// <summary>Why a run began.</summary>
/// <param name="Kind"><c>person</c>, <c>schedule</c>, <c>backfill</c>, <c>rerun</c> or <c>step</c>.</param>
/// <param name="Of">The backfill, the run that it goes over again, or the run whose step asked; null otherwise.</param>
/// <param name="PlannedUtc">The instant that its schedule or backfill planned; null without one.</param>
public sealed record RunCause(string Kind, string? Of, DateTimeOffset? PlannedUtc)
{
    internal static RunCause From(RunRequest request)
    {
        DateTimeOffset? planned = Text(request.Pins["scheduled_for"]) is { } at ? UtcText.Parse(at) : null;
        return request.Rerun is { } rerun ? new("rerun", rerun.Of.Value, planned)
            : RunParent.Of(request.Pins) is { } parent ? new("step", parent.Run.Value, planned)
            : Text(request.Pins["backfill"]) is { } backfill ? new("backfill", backfill, planned)
            : new(planned is null ? "person" : "schedule", null, planned);
    }

    private static string? Text(JsonNode? pin) => pin?.GetValueKind() == System.Text.Json.JsonValueKind.String ? pin.GetValue<string>() : null;
}
