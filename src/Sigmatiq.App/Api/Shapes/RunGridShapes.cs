namespace Sigmatiq.App.Api.Shapes;

/// <summary>Runs of one workflow over time with the state of each of their steps. Value i of every list of a row belongs to run i.</summary>
/// <param name="Workflow">The workflow; null where nothing ever ran.</param>
/// <param name="AtUtc">When it was read: what is under way counts up to here.</param>
/// <param name="Runs">The columns, newest first.</param>
/// <param name="Rows">The steps of all versions of these runs, each after those that it needs.</param>
/// <param name="Older">Send it as <c>before</c> for the runs before these; null where there are none.</param>
public sealed record RunGrid(string? Workflow, DateTimeOffset AtUtc, IReadOnlyList<RunGridColumn> Runs, IReadOnlyList<RunGridRow> Rows, string? Older);

/// <summary>A run of a grid.</summary>
/// <param name="Id">The run; later runs have later ids.</param>
/// <param name="Version">Version of its workflow.</param>
/// <param name="Status">One of <c>queued, running, waiting, paused, completed, failed, cancelled, set_aside</c>.</param>
/// <param name="Reason">Why it is held, failed or was cancelled.</param>
/// <param name="Cause">Why it began: <c>person</c>, <c>schedule</c>, <c>backfill</c>, <c>rerun</c> of another run, or the <c>step</c> of another run; null where its journal cannot be read.</param>
/// <param name="CauseOf">The backfill, or the other run; null otherwise.</param>
/// <param name="RequestedBy">Id of the person or schedule that asked for it.</param>
/// <param name="Ticker">The instrument that it works on; null without one.</param>
/// <param name="PlannedUtc">The instant that its schedule planned; null without one.</param>
/// <param name="RequestedAtUtc">When it was asked for.</param>
/// <param name="StartedAtUtc">When it got its slot and began; null before.</param>
/// <param name="EndedAtUtc">When it ended; null before.</param>
/// <param name="TookSeconds">From when it was asked for to its end, or to now.</param>
/// <param name="WorkedSeconds">How much of that it was at work: neither queued nor at rest.</param>
/// <param name="Problem">Why its journal cannot be read, so that no state of a step is known; null where it can.</param>
public sealed record RunGridColumn(
    string Id, string Version, string Status, string? Reason, string? Cause, string? CauseOf, string RequestedBy, string? Ticker, DateTimeOffset? PlannedUtc, DateTimeOffset RequestedAtUtc,
    DateTimeOffset? StartedAtUtc, DateTimeOffset? EndedAtUtc, double TookSeconds, double WorkedSeconds, string? Problem);

/// <summary>A step of a grid, over the runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uses">Its step kind, in the newest version that has it.</param>
/// <param name="Stage">The stage of the lifecycle that it is part of: <c>Bootstrap, Data, Train, Forecast, Backtest, Approve, Deploy, Monitor</c>, or <c>Other</c>.</param>
/// <param name="State">One of the step states by run; <c>absent</c> where the run's version has no such step.</param>
/// <param name="Attempts">Attempts begun by run, without those that only took up a wait; of several items the most that one of them took.</param>
/// <param name="Items">Items by run; 0 before it can start, 1 without <c>for_each</c>.</param>
/// <param name="TookSeconds">Time under way or waiting by run, without the pauses between attempts; null where it never began.</param>
/// <param name="Notes">Why it stands where it stands, in one line, by id of the run; runs of which there is nothing to say are left out.</param>
public sealed record RunGridRow(
    string Name, string Uses, string Stage, IReadOnlyList<string> State, IReadOnlyList<int> Attempts, IReadOnlyList<int> Items, IReadOnlyList<double?> TookSeconds,
    IReadOnlyDictionary<string, string> Notes);

/// <summary>A workflow that has run.</summary>
/// <param name="Workflow">Its id.</param>
/// <param name="Runs">How many runs it has.</param>
/// <param name="LastRun">The run that was asked for last.</param>
public sealed record WorkflowRan(string Workflow, long Runs, string LastRun);
