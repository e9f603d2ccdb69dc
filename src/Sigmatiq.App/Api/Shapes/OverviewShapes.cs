namespace Sigmatiq.App.Api.Shapes;

/// <summary>What needs somebody, and where each strategy stands: the first page of the studio, and the counts beside its navigation.</summary>
/// <param name="NowUtc">When it was read.</param>
/// <param name="Person">Who asked.</param>
/// <param name="Counts">The counters.</param>
/// <param name="Data">What the numbers of the board are computed from; null before the first run.</param>
/// <param name="Market">The exchange at this moment.</param>
/// <param name="Strategies">The board, newest first.</param>
/// <param name="Waits">What waits for whoever asks, most urgent first; a vote by somebody else stands on the board alone.</param>
/// <param name="Running">Runs under way, oldest first.</param>
/// <param name="Failed">Runs that failed in the last 24 hours, newest first.</param>
/// <param name="Fires">The next fires of schedules, soonest first.</param>
public sealed record Overview(
    DateTimeOffset NowUtc, OverviewPerson Person, OverviewCounts Counts, OverviewData? Data, OverviewMarket Market, IReadOnlyList<StrategyStages> Strategies,
    IReadOnlyList<WaitingItem> Waits, IReadOnlyList<RunLine> Running, IReadOnlyList<RunLine> Failed, IReadOnlyList<FireLine> Fires);

/// <summary>Who is signed in.</summary>
/// <param name="Id">Id that votes and runs name.</param>
/// <param name="Name">Name on screen.</param>
/// <param name="Role">Role of spec 08 §8.7.</param>
public sealed record OverviewPerson(string Id, string Name, string Role);

/// <summary>Counters over the whole store.</summary>
/// <param name="Waits">Things that wait for whoever asks: what they have a vote on, and with the right to run what is paused, set aside or broken.</param>
/// <param name="Votes">Votes among them.</param>
/// <param name="Running">Runs under way.</param>
/// <param name="Queued">Runs that wait for a slot.</param>
/// <param name="Failed24h">Runs that failed in the last 24 hours.</param>
/// <param name="Completed24h">Runs that completed in the last 24 hours.</param>
/// <param name="OldestRunningUtc">When the oldest run under way was asked for; null where none is.</param>
public sealed record OverviewCounts(int Waits, int Votes, int Running, int Queued, int Failed24h, int Completed24h, DateTimeOffset? OldestRunningUtc);

/// <summary>Where the numbers come from.</summary>
/// <param name="IsSynthetic">Whether a strategy of the board stands on simulated bars.</param>
/// <param name="PlantedEffect">The effect planted in the simulated market, in words.</param>
public sealed record OverviewData(bool IsSynthetic, string? PlantedEffect);

/// <summary>The exchange whose clock the studio shows by default.</summary>
/// <param name="Calendar">Its calendar, e.g. <c>NYSE</c>.</param>
/// <param name="Zone">IANA name of its zone.</param>
/// <param name="IsOpen">Whether a session is on.</param>
/// <param name="ChangesAtUtc">When that changes: the close, or the next open; null where no session is known.</param>
/// <param name="SinceUtc">Since when it is open; null while closed.</param>
public sealed record OverviewMarket(string Calendar, string Zone, bool IsOpen, DateTimeOffset? ChangesAtUtc, DateTimeOffset? SinceUtc);

/// <summary>One strategy on the board.</summary>
/// <param name="Name">Instrument and strategy.</param>
/// <param name="Ticker">What it trades.</param>
/// <param name="Pack">Pack as <c>id@version</c>.</param>
/// <param name="Run">The run it stands at.</param>
/// <param name="State">Where that run stands.</param>
/// <param name="StateWord">The same in words.</param>
/// <param name="IsSynthetic">Whether its bars are simulated.</param>
/// <param name="Stages">The eight stages of spec 04 §4.1.</param>
public sealed record StrategyStages(string Name, string Ticker, string Pack, string Run, Pages.Mark State, string StateWord, bool IsSynthetic, IReadOnlyList<StageCell> Stages);

/// <summary>One stage of a strategy.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Word">The same as a word or two.</param>
/// <param name="Fact">Its most telling fact; may be empty.</param>
/// <param name="Share">How much of it is done, 0 to 1; null where not known.</param>
/// <param name="Step">The step of the run that shows most of it; null where the run has none.</param>
/// <param name="Vote">Id of the request that waits for a vote; null where none does.</param>
/// <param name="ExpiresUtc">When that request counts as rejected.</param>
/// <param name="IsOthers">Whether that vote is somebody else's, not of whoever asks.</param>
public sealed record StageCell(string Name, Pages.Mark State, string Word, string Fact, double? Share, string? Step, string? Vote, DateTimeOffset? ExpiresUtc, bool IsOthers);

/// <summary>Something that only a person can move on.</summary>
/// <param name="Kind"><c>vote</c>, <c>paused</c>, <c>set_aside</c> or <c>workflow</c>.</param>
/// <param name="Title">What to do.</param>
/// <param name="Detail">What to know first.</param>
/// <param name="Subject">Id of the request, the run or the workflow.</param>
/// <param name="SinceUtc">Since when it waits; null where that is not known.</param>
/// <param name="ExpiresUtc">When silence decides; null where it never does.</param>
public sealed record WaitingItem(string Kind, string Title, string Detail, string Subject, DateTimeOffset? SinceUtc, DateTimeOffset? ExpiresUtc);

/// <summary>One run in a short list.</summary>
/// <param name="Id">The run.</param>
/// <param name="Workflow">Its workflow.</param>
/// <param name="Ticker">The instrument it works on; null where it has none.</param>
/// <param name="Status">Run state of spec 08 §8.11.</param>
/// <param name="Note">What it does, or why it failed.</param>
/// <param name="RequestedAtUtc">When it was asked for.</param>
/// <param name="EndedAtUtc">When it ended.</param>
/// <param name="Share">How much of its present step is done, 0 to 1; null where not known.</param>
public sealed record RunLine(
    string Id, string Workflow, string? Ticker, string Status, string? Note, DateTimeOffset RequestedAtUtc, DateTimeOffset? EndedAtUtc, double? Share);

/// <summary>A coming fire of a schedule.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="AtUtc">When.</param>
/// <param name="Zone">IANA name of the zone that its expressions mean.</param>
/// <param name="Schedule">Its expressions.</param>
public sealed record FireLine(string Workflow, DateTimeOffset AtUtc, string Zone, string Schedule);
