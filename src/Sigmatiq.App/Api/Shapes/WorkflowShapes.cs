using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>A workflow file as lists show it.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Version">Its version.</param>
/// <param name="Summary">One line for people; null where the file is broken.</param>
/// <param name="WorkflowHash">Hash of its content; null where the file is broken.</param>
/// <param name="Schedule">Its fire times in words; null where it is started by hand alone.</param>
/// <param name="Zone">Time zone of its schedule.</param>
/// <param name="NextFireUtc">When it fires next, also while it is paused; null where it does not.</param>
/// <param name="Paused">Whether it does not start by itself.</param>
/// <param name="PausedReason">Why.</param>
/// <param name="Problems">What keeps it from running until somebody mends the file.</param>
public sealed record WorkflowListed(
    string Id, string Version, string? Summary, string? WorkflowHash, string? Schedule, string? Zone, string? NextFireUtc, bool Paused, string? PausedReason,
    IReadOnlyList<ProblemLine> Problems);

/// <summary>A workflow whose schedule was paused or goes on.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Paused">Whether it starts nothing by itself now.</param>
/// <param name="Reason">Why.</param>
public sealed record WorkflowPaused(string Id, bool Paused, string Reason);

/// <summary>Starts a run.</summary>
/// <param name="Parameters">Parameters by name; those that are left out take their default.</param>
/// <param name="Until">Last step to run, with what it needs; without it all run.</param>
public sealed record WorkflowTrigger(JsonObject? Parameters = null, string? Until = null);

/// <summary>Why a schedule is paused or goes on.</summary>
/// <param name="Reason">Why; it is kept.</param>
public sealed record WorkflowDecision(string Reason);

/// <summary>Which past fires to run after all.</summary>
/// <param name="From">First day or instant, e.g. <c>2026-01-01</c>, in the zone of the schedule.</param>
/// <param name="To">Last day or instant.</param>
/// <param name="KeepGoing">Whether the next fire starts although one before it failed.</param>
public sealed record BackfillStretch(string From, string To, bool? KeepGoing = null);

/// <summary>What a backfill would run; nothing has happened yet.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Token">Bound to the workflow's content, the fires and what a failure does: committing it creates exactly these.</param>
/// <param name="Count">Fires that it would run.</param>
/// <param name="AlreadyRun">Fires of the stretch that are left out, since their run is under way or completed.</param>
/// <param name="StopOnFailure">Whether a failed run ends the backfill.</param>
/// <param name="Fires">Their instants, oldest first.</param>
public sealed record BackfillPreviewed(string Id, string Token, int Count, int AlreadyRun, bool StopOnFailure, IReadOnlyList<string> Fires);

/// <summary>Commits a previewed backfill.</summary>
/// <param name="From">As in the preview.</param>
/// <param name="To">As in the preview.</param>
/// <param name="Token">The token of the preview.</param>
/// <param name="Reason">Why; it is kept.</param>
/// <param name="KeepGoing">As in the preview.</param>
public sealed record BackfillCommit(string From, string To, string Token, string Reason, bool? KeepGoing = null);
