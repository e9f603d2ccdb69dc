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
/// <param name="Already">The fires that are left out, with their runs.</param>
/// <param name="Excluded">What the expressions name and the calendar does not let happen.</param>
/// <param name="Steps">How many steps each run has.</param>
/// <param name="SecondsEach">How long a run takes, in seconds: the median of the newest completed ones; null where none has completed.</param>
/// <param name="RunsMeasured">How many runs that is the median of.</param>
public sealed record BackfillPreviewed(
    string Id, string Token, int Count, int AlreadyRun, bool StopOnFailure, IReadOnlyList<string> Fires, IReadOnlyList<FireRunLine> Already, IReadOnlyList<FireExcluded> Excluded,
    int Steps, double? SecondsEach, int RunsMeasured);

/// <summary>A fire with its run.</summary>
/// <param name="FireUtc">When.</param>
/// <param name="Run">The run; null before it starts.</param>
/// <param name="Status">The run's state; <c>pending</c> before it starts, <c>not_started</c> where a failure stopped the backfill first.</param>
public sealed record FireRunLine(string FireUtc, string? Run, string Status);

/// <summary>A fire that its expression names and that does not happen.</summary>
/// <param name="FireUtc">When it would have been.</param>
/// <param name="Reason">Which rule excludes it.</param>
public sealed record FireExcluded(string FireUtc, string Reason);

/// <summary>A committed backfill with its fires.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Backfill">Its state.</param>
/// <param name="Fires">Its fires, oldest first.</param>
public sealed record BackfillShown(string Workflow, BackfillView Backfill, IReadOnlyList<FireRunLine> Fires);

/// <summary>Commits a previewed backfill.</summary>
/// <param name="From">As in the preview.</param>
/// <param name="To">As in the preview.</param>
/// <param name="Token">The token of the preview.</param>
/// <param name="Reason">Why; it is kept.</param>
/// <param name="KeepGoing">As in the preview.</param>
public sealed record BackfillCommit(string From, string To, string Token, string Reason, bool? KeepGoing = null);

/// <summary>A workflow in one version.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Version">The version.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="WorkflowHash">Hash of its content, not of comments and layout.</param>
/// <param name="Origin"><c>published</c> or <c>file</c>.</param>
/// <param name="Text">The YAML as it was written, with its comments.</param>
/// <param name="Content">The same as JSON.</param>
/// <param name="Schedule">When it starts by itself; null where it is started by hand alone.</param>
/// <param name="Awaits">Why it cannot run in this release; null where it can.</param>
/// <param name="Changed">Why it cannot run though it is valid: other content was published under its version.</param>
/// <param name="Warnings">What may be meant, but is worth a look.</param>
/// <param name="Parameters">What a run can be given.</param>
/// <param name="Steps">Its steps in the order of the file.</param>
public sealed record WorkflowShown(
    string Id, string Version, string Summary, string WorkflowHash, string Origin, string Text, JsonObject Content, WorkflowScheduleShown? Schedule, string? Awaits, ProblemLine? Changed,
    IReadOnlyList<ProblemLine> Warnings, IReadOnlyList<WorkflowParameterShown> Parameters, IReadOnlyList<WorkflowStepShown> Steps);

/// <summary>When a workflow starts by itself.</summary>
/// <param name="Summary">In words.</param>
/// <param name="Zone">IANA name of its clock.</param>
/// <param name="Calendar">Calendar of the days without trading; null without.</param>
/// <param name="Paused">Why it does not start; null where it does.</param>
/// <param name="PausedBy">Who paused it; null where the file itself does.</param>
/// <param name="PausedAtUtc">Since when.</param>
/// <param name="Fires">Its cron expressions.</param>
public sealed record WorkflowScheduleShown(
    string Summary, string Zone, string? Calendar, string? Paused, string? PausedBy, DateTimeOffset? PausedAtUtc, IReadOnlyList<WorkflowCronShown> Fires);

/// <summary>One cron expression.</summary>
/// <param name="Cron">As written.</param>
/// <param name="Form"><c>unix</c> (five fields) or <c>quartz</c> (six or seven).</param>
/// <param name="Holiday">What happens on days without trading.</param>
public sealed record WorkflowCronShown(string Cron, string Form, string Holiday);

/// <summary>A parameter of a workflow.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Required">Whether a run must give it.</param>
/// <param name="Default">Value of a run that does not give it; null is "not set".</param>
/// <param name="Min">Least number, or least count of a list.</param>
/// <param name="Max">Greatest number, or greatest count of a list.</param>
/// <param name="Help">What it is for.</param>
public sealed record WorkflowParameterShown(string Id, string Type, bool Required, JsonNode? Default, double? Min, double? Max, string? Help);

/// <summary>A step of a workflow.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Uses">Its step kind.</param>
/// <param name="Needs">Steps that it needs, those that its expressions refer to included.</param>
/// <param name="When">It is skipped where this expression does not hold; null without.</param>
/// <param name="ForEach">Name of its item, where it runs once per item; null without.</param>
/// <param name="MaxParallel">Items worked on at once.</param>
/// <param name="Attempts">Attempts in all.</param>
/// <param name="TimeoutSeconds">Longest time of one attempt; null without.</param>
public sealed record WorkflowStepShown(
    string Id, string Uses, IReadOnlyList<string> Needs, string? When, string? ForEach, int? MaxParallel, int Attempts, double? TimeoutSeconds);

/// <summary>A version of a workflow.</summary>
/// <param name="Version">The version.</param>
/// <param name="WorkflowHash">Hash of its content; null for a file that is broken.</param>
/// <param name="Published">Whether it is kept for good.</param>
/// <param name="InFolder">Whether there is a file of it.</param>
/// <param name="Problems">What keeps the file from running.</param>
public sealed record WorkflowVersionListed(string Version, string? WorkflowHash, bool Published, bool InFolder, IReadOnlyList<ProblemLine> Problems);

/// <summary>In what two versions differ, by what they say and not by how it is written.</summary>
/// <param name="A">The one.</param>
/// <param name="B">The other.</param>
/// <param name="Same">Whether they say the same.</param>
/// <param name="Differences">Where they differ.</param>
public sealed record WorkflowsCompared(string A, string B, bool Same, IReadOnlyList<WorkflowDifferenceShown> Differences);

/// <summary>One place at which two versions differ.</summary>
/// <param name="Path">The place, e.g. <c>steps.train.retry.attempts</c>.</param>
/// <param name="A">What the one says; null where it says nothing.</param>
/// <param name="B">What the other says.</param>
public sealed record WorkflowDifferenceShown(string Path, JsonNode? A, JsonNode? B);

/// <summary>A workflow as text.</summary>
/// <param name="Text">The YAML, at most a megabyte.</param>
public sealed record WorkflowText(string Text);

/// <summary>What is wrong with a text, if anything.</summary>
/// <param name="Valid">Whether it is a workflow.</param>
/// <param name="Id">The workflow; null where it is not valid.</param>
/// <param name="Version">Its version.</param>
/// <param name="WorkflowHash">Hash of its content.</param>
/// <param name="Content">The same as JSON.</param>
/// <param name="Problems">All that is wrong, with line and column in <c>where</c>.</param>
/// <param name="Warnings">What may be meant, but is worth a look.</param>
public sealed record WorkflowValidated(
    bool Valid, string? Id, string? Version, string? WorkflowHash, JsonObject? Content, IReadOnlyList<PlacedProblem> Problems, IReadOnlyList<PlacedProblem> Warnings);

/// <summary>A version that is kept for good.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Version">The version.</param>
/// <param name="WorkflowHash">Hash of its content.</param>
/// <param name="Published">The published versions, newest first.</param>
public sealed record WorkflowPublished(string Id, string Version, string WorkflowHash, IReadOnlyList<string> Published);

/// <summary>A coming fire of one of the workflows.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Version">The version that fires.</param>
/// <param name="FireUtc">When.</param>
/// <param name="Local">The same on the schedule's clock.</param>
/// <param name="Zone">That clock.</param>
/// <param name="MovedFrom">The date that a day without trading moved it from; null where none did.</param>
/// <param name="Paused">Why it will start nothing; null where it will.</param>
public sealed record FireListed(string Workflow, string Version, string FireUtc, string Local, string Zone, string? MovedFrom, string? Paused);

/// <summary>A step kind.</summary>
/// <param name="Id">What <c>uses:</c> names.</param>
/// <param name="Summary">What it does.</param>
/// <param name="State"><c>built</c>, or <c>announced</c> for a later release.</param>
/// <param name="Version">Its version; null where it is only announced.</param>
/// <param name="IsReusable">Whether a rerun may take over its output.</param>
/// <param name="With">JSON Schema (draft 7) of its input; refers to <c>definitions</c> of the schema of workflow files.</param>
/// <param name="Outputs">JSON Schema of its outputs.</param>
/// <param name="Plugin">Assembly, version, path and hash of the plug-in that brings it; null for a kind of the program's own.</param>
public sealed record StepKindListed(string Id, string Summary, string State, int? Version, bool? IsReusable, JsonObject? With, JsonObject? Outputs, JsonObject? Plugin);
