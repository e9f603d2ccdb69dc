namespace Sigmatiq.Market.Calendars;

/// <summary>Regular sessions of the New York Stock Exchange, 09:30 to 16:00 Eastern, from rules and the list of unscheduled days.</summary>
public sealed class NyseCalendar : ISessionCalendar
{
    private static readonly TimeOnly Open = new(9, 30);
    private static readonly TimeOnly Close = new(16, 0);
    private readonly YearlySessions sessions;

    private NyseCalendar() => sessions = new(Rule);

    /// <summary>The calendar; it has no state but a cache.</summary>
    public static NyseCalendar Instance { get; } = new();

    /// <inheritdoc/>
    public string Id => "NYSE";

    /// <inheritdoc/>
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    /// <inheritdoc/>
    public (TimeOnly Open, TimeOnly Close) RegularHours => (Open, Close);

    /// <inheritdoc/>
    public Session? SessionOn(DateOnly date) => sessions.On(date);

    /// <inheritdoc/>
    public IReadOnlyList<Session> Sessions(DateOnly from, DateOnly to) => sessions.Between(from, to);

    string? ISessionCalendar.HolidayOn(DateOnly date) => HolidayOn(date);

    /// <summary>Why the exchange is shut on a weekday (<c>Good Friday</c>, <c>hurricane Sandy</c>), or null where it trades or it is a weekend.</summary>
    public static string? HolidayOn(DateOnly date) => DateRules.IsWeekend(date) ? null : NyseHolidays.On(date);

    private Session? Rule(DateOnly date)
    {
        if (DateRules.IsWeekend(date) || NyseHolidays.On(date) is not null)
        {
            return null;
        }

        TimeOnly? early = NyseHolidays.EarlyClose(date);
        return new(date, SessionDates.InstantOf(date, Open, Zone), SessionDates.InstantOf(date, early ?? Close, Zone), early is not null);
    }
}
