namespace Sigmatiq.App.Api.Shapes;

/// <summary>A workflow that starts by itself, or would but for a fault in its file.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Version">The version that fires.</param>
/// <param name="WorkflowSummary">What it does, in one line; null where the file is broken.</param>
/// <param name="Schedule">Its expressions; null where the file is broken.</param>
/// <param name="Zone">IANA name of its clock; null where the file is broken.</param>
/// <param name="Calendar">Calendar of the days without trading; null where every day counts.</param>
/// <param name="CatchUp">What becomes of fires that nobody was there for.</param>
/// <param name="NextFires">Its next three fires, also while it is paused.</param>
/// <param name="Paused">Why it starts nothing; null where it does.</param>
/// <param name="PausedBy">Who paused it; null where the file or the release does.</param>
/// <param name="PausedAtUtc">Since when.</param>
/// <param name="CanPause">Whether a person can pause it, or let it go on.</param>
/// <param name="Problems">What keeps it from firing until somebody mends the file: which rule, and where.</param>
public sealed record ScheduleListed(
    string Workflow, string Version, string? WorkflowSummary, string? Schedule, string? Zone, string? Calendar, string? CatchUp, IReadOnlyList<string> NextFires, string? Paused,
    string? PausedBy, DateTimeOffset? PausedAtUtc, bool CanPause, IReadOnlyList<ProblemLine> Problems);

/// <summary>All fires of a stretch, past and coming, with the days on which nobody trades.</summary>
/// <param name="FromUtc">Its start.</param>
/// <param name="ToUtc">Its end.</param>
/// <param name="NowUtc">The server's clock: what comes after it has not happened yet.</param>
/// <param name="Fires">The fires, by workflow, oldest first.</param>
/// <param name="ClosedDays">Holidays of the calendars that the schedules name.</param>
/// <param name="LeftOut">Workflows with more fires than one answer holds, and how many of theirs are not in it.</param>
public sealed record FireCalendar(
    DateTimeOffset FromUtc, DateTimeOffset ToUtc, DateTimeOffset NowUtc, IReadOnlyList<CalendarFire> Fires, IReadOnlyList<ClosedDay> ClosedDays, IReadOnlyDictionary<string, int> LeftOut);

/// <summary>A fire in a calendar.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="FireUtc">When.</param>
/// <param name="State"><c>coming</c>; <c>held</c>, coming while the schedule is paused; <c>closed</c>, on a day without trading; <c>started</c>; <c>made_up</c> by a
/// backfill; <c>skipped</c>, nobody was there; <c>paused</c>, came due in a pause; <c>dropped</c> by a convention; <c>refused</c>; <c>undecided</c>, before the schedule was first seen.</param>
/// <param name="Run">The run that came of it.</param>
/// <param name="RunStatus">The state of that run.</param>
/// <param name="Reason">Why it comes to nothing, or came late.</param>
/// <param name="MovedFrom">The date that a day without trading moved it from; null where none did.</param>
public sealed record CalendarFire(string Workflow, string FireUtc, string State, string? Run, string? RunStatus, string? Reason, string? MovedFrom);

/// <summary>A weekday on which nobody trades.</summary>
/// <param name="Calendar">Of which calendar.</param>
/// <param name="Date">The day, on the calendar's clock.</param>
/// <param name="Name">The holiday.</param>
public sealed record ClosedDay(string Calendar, string Date, string Name);
