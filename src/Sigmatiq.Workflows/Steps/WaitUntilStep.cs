using System.Globalization;
using Sigmatiq.Market.Calendars;
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

    private static readonly string[] Ways = ["at", "after", "time", "session"];
    private static readonly string[] Times = ["HH:mm", "HH:mm:ss"];

    /// <inheritdoc/>
    public override string Name => "wait.until";

    /// <inheritdoc/>
    public override bool Waits => true;

    /// <inheritdoc/>
    public override string Summary => "Wait for an instant, a local time, a trading session or a length of time, without holding a job";

    /// <inheritdoc/>
    public override IEnumerable<InputFault> Faults(StepLiterals input)
    {
        string[] known = [.. Ways.Where(input.Has)];
        if (known.Length > 1 || (known.Length == 0 && !Ways.Any(input.IsOpen)))
        {
            yield return Bad(known.LastOrDefault(), known.Length == 0 ? "It says none of at, after, time and session." : $"It says {string.Join(" and ", known)} at once.", "Write exactly one of at, after, time and session.");
        }

        if (input.Text("at") is { } at && !Instants.TryParse(at, out _))
        {
            yield return Bad("at", $"'{at}' is no instant.", "Write it as 2026-03-02T14:30:00Z.");
        }

        foreach (string field in (string[])["after", "offset"])
        {
            if (input.Text(field) is { } span && !Duration.TryParse(field == "offset" && span.StartsWith('-') ? span[1..] : span, out _))
            {
                yield return Bad(field, $"'{span}' is no duration.", "Write a whole number and ms, s, m, h or d, as in 10m.");
            }
        }

        if (input.Text("time") is { } time)
        {
            if (!TimeOnly.TryParseExact(time, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                yield return Bad("time", $"'{time}' is no local time.", "Write it as 16:30.");
            }

            if (!((string[])["zone", "calendar"]).Any(f => input.Has(f) || input.IsOpen(f)))
            {
                yield return Bad("time", "The time has no clock.", "Write zone: with a name of the IANA list, or a calendar.");
            }
        }

        if (input.Text("zone") is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            yield return new("zone", WorkflowCodes.UnknownZone, $"There is no time zone '{zone}'.", "Use a name of the IANA list, such as America/Bogota.");
        }

        if (input.Text("calendar") is { } calendar && Schedule.Calendars.All(c => c.Id != calendar))
        {
            yield return new("calendar", WorkflowCodes.UnknownZone, $"There is no calendar '{calendar}'.", $"Use one of: {Calendars}.");
        }

        if (input.Text("session") is { } session)
        {
            if (session is not ("open" or "close"))
            {
                yield return Bad("session", $"'{session}' is neither the open nor the close of a session.", "Write open or close.");
            }

            if (!input.Has("calendar") && !input.IsOpen("calendar"))
            {
                yield return Bad("session", "A session needs a calendar.", $"Add calendar: with one of {Calendars}.");
            }
        }
    }

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, WaitUntilInput input, CancellationToken ct)
    {
        if (Faults(StepLiterals.Of(input)).FirstOrDefault() is { } fault)
        {
            throw fault.Refused();
        }

        (DateTimeOffset until, string rule) = input switch
        {
            { At: { } at } => (Instants.TryParse(at, out DateTimeOffset instant) ? instant : default, at),
            { After: { } after } => (await BegunAsync(context, ct) + Duration.Parse(after), $"{after} after the step began"),
            { Time: { } time } => OfTime(input, time, context.AsOfUtc),
            _ => OfSession(input, context.AsOfUtc),
        };
        if (input.Offset is { } offset)
        {
            until += offset.StartsWith('-') ? -Duration.Parse(offset[1..]) : Duration.Parse(offset);
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
        TimeOnly time = TimeOnly.ParseExact(text, Times, CultureInfo.InvariantCulture);
        ISessionCalendar? calendar = CalendarOf(input);
        TimeZoneInfo zone = input.Zone is { } id ? TimeZoneInfo.FindSystemTimeZoneById(id) : calendar!.Zone;
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

        throw Bad("calendar", $"No day of {calendar?.Id} comes within {DaysAheadMax} days.", "Use another calendar.").Refused();
    }

    private static (DateTimeOffset, string) OfSession(WaitUntilInput input, DateTimeOffset from)
    {
        ISessionCalendar calendar = CalendarOf(input)!;
        DateOnly today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, calendar.Zone).DateTime);
        DateTimeOffset instant = calendar.Sessions(today.AddDays(-1), today.AddDays(DaysAheadMax)).Select(s => input.Session == "open" ? s.OpenUtc : s.CloseUtc).First(at => at >= from);
        return (instant, $"{input.Session} of {calendar.Id}");
    }

    private static ISessionCalendar? CalendarOf(WaitUntilInput input) => Schedule.Calendars.FirstOrDefault(c => c.Id == input.Calendar);

    private static string Calendars => string.Join(", ", Schedule.Calendars.Select(c => c.Id));

    private static InputFault Bad(string? field, string message, string remedy) => new(field, WorkflowCodes.BadValue, message, remedy);

    // Later attempts begin when the wait is over; the first one's row says since when.
    private async Task<DateTimeOffset> BegunAsync(StepContext context, CancellationToken ct) => await rows.FirstAsync<DateTimeOffset>(
        "select min(started_at_utc) from step_attempts where run_id = @Run and step = @Step and item = @Index", new { Run = context.Run.Value, context.Step, context.Index }, ct);
}
