using System.ComponentModel;
using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>A run as lists show it.</summary>
/// <param name="Id">The run; later runs have later ids.</param>
/// <param name="Workflow">Id of its workflow.</param>
/// <param name="Version">Version of its workflow.</param>
/// <param name="Status">One of <c>queued, running, waiting, paused, completed, failed, cancelled, set_aside</c>.</param>
/// <param name="Reason">Why it is held, failed or was cancelled.</param>
/// <param name="RequestedBy">Id of the person or schedule that asked for it.</param>
/// <param name="RequestedAtUtc">When it was asked for.</param>
/// <param name="ChangedAtUtc">When its journal last grew.</param>
/// <param name="EndedAtUtc">When it ended; null before.</param>
/// <param name="Parameters">Its parameters by name.</param>
public sealed record RunListed(
    string Id, string Workflow, string Version, string Status, string? Reason, string RequestedBy, DateTimeOffset RequestedAtUtc, DateTimeOffset ChangedAtUtc,
    DateTimeOffset? EndedAtUtc, JsonNode? Parameters);

/// <summary>A run with its steps and attempts.</summary>
/// <param name="Id">The run.</param>
/// <param name="Workflow">Id of its workflow.</param>
/// <param name="Version">Version of its workflow.</param>
/// <param name="Status">One of <c>queued, running, waiting, paused, completed, failed, cancelled, set_aside</c>.</param>
/// <param name="Reason">Why it is held, failed or was cancelled.</param>
/// <param name="Request">What it was asked to do, and all that it is pinned to.</param>
/// <param name="RequestedUtc">When it was asked for.</param>
/// <param name="EndedUtc">When it reached a final state; null before.</param>
/// <param name="Steps">Its steps in the order of the definition.</param>
/// <param name="Attempts">Its attempts in the order begun.</param>
/// <param name="Hashes">The hashes of its results, by step and name: what two runs of one plan have in common.</param>
/// <param name="Children">Runs that work for its steps.</param>
public sealed record RunShown(
    string Id, string Workflow, string Version, string Status, string? Reason, RunAsked Request, DateTimeOffset RequestedUtc, DateTimeOffset? EndedUtc,
    IReadOnlyList<RunStepShown> Steps, IReadOnlyList<RunAttemptShown> Attempts, IReadOnlyDictionary<string, string> Hashes, IReadOnlyList<RunChild> Children);

/// <summary>What a run was asked to do, and all that it is pinned to.</summary>
/// <param name="Workflow">Workflow id.</param>
/// <param name="Version">Its version.</param>
/// <param name="WorkflowHash">Its content.</param>
/// <param name="Parameters">Every parameter of the workflow with its value.</param>
/// <param name="AsOfUtc">The run's now.</param>
/// <param name="Seed">The run's chance.</param>
/// <param name="Until">Last step to run, with what it needs; null runs all.</param>
/// <param name="Pins">Further facts that the caller pinned, e.g. <c>pack_hash</c>.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Build">Version of the program that took the request.</param>
/// <param name="Rerun">The run that this one goes over again; null where it is a first one.</param>
public sealed record RunAsked(
    string Workflow, string Version, string WorkflowHash, JsonObject Parameters, DateTimeOffset AsOfUtc, long Seed, string? Until, JsonObject Pins, string RequestedBy, string Build,
    RunAgain? Rerun);

/// <summary>What a run goes over again.</summary>
/// <param name="Of">The earlier run.</param>
/// <param name="From">This step and all that need it take nothing over; null takes over wherever the inputs are the same.</param>
public sealed record RunAgain(string Of, string? From);

/// <summary>One step of a run.</summary>
/// <param name="Name">Its name in the definition.</param>
/// <param name="Uses">Its step kind.</param>
/// <param name="Status">One of <c>pending, ready, running, waiting, retrying, succeeded, failed, skipped, cancelled</c>.</param>
/// <param name="Reason">Why it was skipped, cancelled or failed.</param>
/// <param name="Instances">One, or one per item of <c>for_each</c>; none before it can start.</param>
public sealed record RunStepShown(string Name, string Uses, string Status, string? Reason, IReadOnlyList<RunInstanceShown> Instances);

/// <summary>One item of a step's <c>for_each</c>, or the step itself.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Input">What an attempt receives.</param>
/// <param name="Status">One of the step states.</param>
/// <param name="Attempts">Attempts begun.</param>
/// <param name="Failures">Attempts that failed; lost ones are not counted.</param>
/// <param name="Crashes">Attempts in a row that died with their process and had come no further than one before them.</param>
/// <param name="Furthest">Most units that an attempt had done when its process died.</param>
/// <param name="InputHash">Hash over all that the output depends on, of the latest attempt.</param>
/// <param name="ReusedFrom">The run that made the output, where it was taken over.</param>
/// <param name="Output">What it gave, once succeeded.</param>
/// <param name="Problem">The latest failure.</param>
/// <param name="Reason">Why it waits, was skipped or cancelled.</param>
/// <param name="WakeKey">What wakes it while it waits.</param>
/// <param name="DueUtc">When it is tried again or its waiting ends.</param>
public sealed record RunInstanceShown(
    int Index, JsonObject Input, string Status, int Attempts, int Failures, int Crashes, long Furthest, string? InputHash, string? ReusedFrom, JsonObject? Output, JsonObject? Problem,
    string? Reason, string? WakeKey, DateTimeOffset? DueUtc);

/// <summary>One attempt of a run.</summary>
/// <param name="Step">The step.</param>
/// <param name="Item">Item of <c>for_each</c>, from 0.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Status">One of <c>running, succeeded, failed, waiting, lost, crashed, cancelled</c>.</param>
/// <param name="StartedAtUtc">When it began.</param>
/// <param name="EndedAtUtc">When it ended; null before.</param>
/// <param name="Problem">Its failure, as JSON text.</param>
/// <param name="ProgressDone">Units done.</param>
/// <param name="ProgressTotal">Units in all, 0 when unknown.</param>
/// <param name="ProgressText">What is being done.</param>
/// <param name="SignAtUtc">When it last said anything of itself; null before it has.</param>
public sealed record RunAttemptShown(
    string Step, [property: Description("Item of for_each, from 0.")] int Item, int Attempt, string Status, DateTimeOffset StartedAtUtc, DateTimeOffset? EndedAtUtc, string? Problem, long ProgressDone, long ProgressTotal,
    string? ProgressText, DateTimeOffset? SignAtUtc);

/// <summary>A run that works for another run's step.</summary>
/// <param name="Id">The run.</param>
/// <param name="Step">The parent's step.</param>
/// <param name="Item">Which item of <c>for_each</c>.</param>
/// <param name="Workflow">Its workflow.</param>
/// <param name="Version">The version that it is pinned to.</param>
/// <param name="Status">Where it stands.</param>
public sealed record RunChild(string Id, string Step, [property: Description("Item of for_each, from 0.")] int Item, string Workflow, string Version, string Status);

/// <summary>A run after a decision about it; the engine follows within a second.</summary>
/// <param name="Id">The run.</param>
/// <param name="Status">Where it stands now.</param>
/// <param name="Reason">Why it is held, failed or was cancelled.</param>
public sealed record RunDecided(string Id, string Status, string? Reason);

/// <summary>A run that was asked for.</summary>
/// <param name="Id">The run.</param>
/// <param name="Status">Where it stands.</param>
public sealed record RunStarted(string Id, string Status);

/// <summary>A run that goes over an earlier one again.</summary>
/// <param name="Id">The new run.</param>
/// <param name="RerunOf">The earlier one.</param>
/// <param name="Status">Where the new one stands.</param>
public sealed record RunRerunStarted(string Id, string RerunOf, string Status);

/// <summary>Why a run is paused, resumed or cancelled.</summary>
/// <param name="Reason">Why; it is kept.</param>
public sealed record RunDecision(string Reason);

/// <summary>Which step of a run to try again.</summary>
/// <param name="Reason">Why; it is kept.</param>
/// <param name="Step">The failed step; without it every failed one.</param>
public sealed record RunRetry(string Reason, string? Step = null);

/// <summary>How to go over a run again.</summary>
/// <param name="Reason">Why; it is kept.</param>
/// <param name="From">This step and all that need it take nothing over; without it whatever has the same inputs is taken over.</param>
/// <param name="Version">Version of the workflow; without it the one of the earlier run.</param>
/// <param name="Set">Parameters that differ from the earlier run.</param>
public sealed record RunRerunAsked(string Reason, string? From = null, string? Version = null, JsonObject? Set = null);

/// <summary>Lines that the steps of a run wrote.</summary>
/// <param name="Lines">Oldest first, at most 1000.</param>
/// <param name="Last">Id of the last line; send it as <c>after</c> to go on.</param>
/// <param name="IsComplete">Whether there are no further lines, and the run writes none for now.</param>
public sealed record RunLog(IReadOnlyList<RunLogLine> Lines, long Last, bool IsComplete);

/// <summary>One line that a step wrote.</summary>
/// <param name="Id">Number of the line, growing.</param>
/// <param name="Step">The step.</param>
/// <param name="Item">Item of <c>for_each</c>, from 0.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="AtUtc">When.</param>
/// <param name="Line">The text.</param>
public sealed record RunLogLine(long Id, string Step, [property: Description("Item of for_each, from 0.")] int Item, int Attempt, DateTimeOffset AtUtc, string Line);

/// <summary>In what two runs differ.</summary>
/// <param name="A">One run.</param>
/// <param name="B">The other.</param>
/// <param name="Same">Whether they did and gave the same, names and times aside.</param>
/// <param name="Differences">What differs.</param>
/// <param name="Apart">What differs between any two runs: names and times.</param>
public sealed record RunsCompared(string A, string B, bool Same, IReadOnlyList<RunDifferenceShown> Differences, IReadOnlyList<RunDifferenceShown> Apart);

/// <summary>One difference between two runs.</summary>
/// <param name="Area">What it is about, e.g. <c>parameters</c>, <c>steps</c>, <c>metrics</c>, <c>trades</c>, <c>ids</c> or <c>timing</c>.</param>
/// <param name="Path">Where.</param>
/// <param name="A">The value of the one; null where it has none.</param>
/// <param name="B">The value of the other.</param>
public sealed record RunDifferenceShown(string Area, string Path, JsonNode? A, JsonNode? B);
