using System.Globalization;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What to wait for; exactly one of at, after, time and session.</summary>
/// <param name="At">An instant, ISO 8601 with Z or an offset.</param>
/// <param name="After">A duration such as 2h, from the beginning of this step's first attempt.</param>
/// <param name="Time">A local time such as 16:30: the first one at or after the run's now.</param>
/// <param name="Session">The first open or close of a session at or after the run's now.</param>
/// <param name="Zone">The clock that <paramref name="Time"/> means; the calendar's own where there is one.</param>
/// <param name="Calendar">Days without trading do not count; required with <paramref name="Session"/>.</param>
/// <param name="Offset">Moves the instant by a duration, back with a minus: -15m.</param>
public sealed record WaitUntilInput(
    string? At = null, string? After = null, string? Time = null, [Words("open", "close")] string? Session = null, string? Zone = null,
    [Words("NYSE", "COLOMBIA")] string? Calendar = null, string? Offset = null);

/// <summary>What was waited for.</summary>
/// <param name="Until">The instant.</param>
/// <param name="Rule">What gave it, in words.</param>
public sealed record WaitUntilOutput(DateTimeOffset Until, string Rule);

/// <summary>Waits for an instant without holding a job; an instant that has passed already waits for nothing.</summary>
/// <remarks>The instant depends on the input and the run alone, so every attempt waits for the same one. A local time that the clocks skip is the
/// first instant after the gap, one that comes twice is the first of the two, as with schedules.</remarks>
public sealed class WaitUntilStep(IRowStore rows, TimeProvider clock) : StepKind<WaitUntilInput, WaitUntilOutput>
{
    // A session or a trading day is never further away; NYSE was shut for six days in a row at most since 1990.
    private const int DaysAheadMax = 40;

    /// <inheritdoc/>
    public override string Name => "wait.until";

    /// <inheritdoc/>
    public override string Summary => "Wait for an instant, a local time, a trading session or a length of time, without holding a job";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, WaitUntilInput input, CancellationToken ct)
    {
        if (new[] { input.At, input.After, input.Time, input.Session }.Count(w => w is not null) != 1)
        {
            throw Bad("It must say one of at, after, time and session.", "with", "Write exactly one of them.");
        }

        (DateTimeOffset until, string rule) = input switch
        {
            { At: { } at } => (Instants.TryParse(at, out DateTimeOffset instant) ? instant : throw Bad($"'{at}' is no instant.", "at", "Write it as 2026-03-02T14:30:00Z."), at),
            { After: { } after } => (await BegunAsync(context, ct) + Span(after, "after"), $"{after} after the step began"),
            { Time: { } time } => OfTime(input, time, context.AsOfUtc),
            _ => OfSession(input, context.AsOfUtc),
        };
        if (input.Offset is { } offset)
        {
            until += offset.StartsWith('-') ? -Span(offset[1..], "offset") : Span(offset, "offset");
            rule = $"{rule}, {offset}";
        }

        if (clock.GetUtcNow() >= until)
        {
            return Done(new(until, rule));
        }

        context.Log($"waits until {until:u} ({rule})");
        return new StepOutcome.Waiting($"waits until {until.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)} ({rule})", $"until:{context.EffectKey}", until);
    }

    private static (DateTimeOffset, string) OfTime(WaitUntilInput input, string text, DateTimeOffset from)
    {
        if (!TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
        {
            throw Bad($"'{text}' is no local time.", "time", "Write it as 16:30.");
        }

        ISessionCalendar? calendar = CalendarOf(input);
        TimeZoneInfo zone = input.Zone is { } id
            ? TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? found) ? found
                : throw new ProblemException(WorkflowCodes.UnknownZone, $"There is no time zone '{id}'.", "zone", "Use a name of the IANA list, such as America/Bogota.", ExitCode.BadUsage)
            : calendar?.Zone ?? throw Bad("The time has no clock.", "zone", "Write zone: with a name of the IANA list, or a calendar.");
        DateOnly today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, zone).DateTime);

        // A day before as well: on a night when clocks go back, yesterday's time may come after midnight of the run's now.
        for (int day = -1; day < DaysAheadMax; day++)
        {
            DateOnly date = today.AddDays(day);
            if (calendar is null || calendar.SessionOn(date) is not null)
            {
                DateTimeOffset instant = new LocalClock(date, zone).InstantOf(time);
                if (instant >= from)
                {
                    return (instant, $"{text} {zone.Id}{(calendar is null ? "" : $" on a day of {calendar.Id}")}");
                }
            }
        }

        throw Bad($"No day of {calendar?.Id} comes within {DaysAheadMax} days.", "calendar", "Use another calendar.");
    }

    private static (DateTimeOffset, string) OfSession(WaitUntilInput input, DateTimeOffset from)
    {
        ISessionCalendar calendar = CalendarOf(input) ?? throw Bad("A session needs a calendar.", "calendar", $"Write one of: {string.Join(", ", Schedule.Calendars.Select(c => c.Id))}.");
        if (input.Session is not ("open" or "close"))
        {
            throw Bad($"'{input.Session}' is neither the open nor the close of a session.", "session", "Write open or close.");
        }

        DateOnly today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, calendar.Zone).DateTime);
        DateTimeOffset instant = calendar.Sessions(today.AddDays(-1), today.AddDays(DaysAheadMax)).Select(s => input.Session == "open" ? s.OpenUtc : s.CloseUtc).First(at => at >= from);
        return (instant, $"{input.Session} of {calendar.Id}");
    }

    private static ISessionCalendar? CalendarOf(WaitUntilInput input) => input.Calendar is not { } id ? null
        : Schedule.Calendars.FirstOrDefault(c => c.Id == id)
            ?? throw new ProblemException(WorkflowCodes.UnknownZone, $"There is no calendar '{id}'.", "calendar", $"Use one of: {string.Join(", ", Schedule.Calendars.Select(c => c.Id))}.", ExitCode.BadUsage);

    private static TimeSpan Span(string text, string field) =>
        Duration.TryParse(text, out TimeSpan span) ? span : throw Bad($"'{text}' is no duration.", field, "Write a whole number and ms, s, m, h or d, as in 10m.");

    private static ProblemException Bad(string message, string field, string remedy) => new(WorkflowCodes.BadValue, message, field, remedy, ExitCode.BadUsage);

    // Later attempts begin when the wait is over; the first one's row says since when.
    private async Task<DateTimeOffset> BegunAsync(StepContext context, CancellationToken ct) => await rows.FirstAsync<DateTimeOffset>(
        "select min(started_at_utc) from step_attempts where run_id = @Run and step = @Step and item = @Index", new { Run = context.Run.Value, context.Step, context.Index }, ct);
}
