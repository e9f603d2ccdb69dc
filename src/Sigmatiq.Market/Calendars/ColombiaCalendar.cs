namespace Sigmatiq.Market.Calendars;

/// <summary>Sessions of the Colombian currency market, 08:00 to 13:00 Bogotá time; the country knows no daylight saving.</summary>
/// <remarks>04 §4.1 writes 08:00–12:55 as the starts of the first and the last 5-minute bar: 60 bars a day, as the feeds have them.</remarks>
/// <remarks>Holidays after Ley 51 of 1983 (Ley Emiliani): most of them move to the next Monday.</remarks>
public sealed class ColombiaCalendar : ISessionCalendar
{
    private static readonly TimeOnly Open = new(8, 0);
    private static readonly TimeOnly Close = new(13, 0);
    private static readonly (int Month, int Day, string Name)[] Fixed =
    [
        (1, 1, "New Year's Day"), (5, 1, "Labour Day"), (7, 20, "Independence Day"), (8, 7, "Battle of Boyacá"), (12, 8, "Immaculate Conception"), (12, 25, "Christmas"),
    ];

    private static readonly (int Month, int Day, string Name)[] Moved =
    [
        (1, 6, "Epiphany"), (3, 19, "Saint Joseph"), (6, 29, "Saints Peter and Paul"), (8, 15, "Assumption of Mary"), (10, 12, "Columbus Day"), (11, 1, "All Saints"),
        (11, 11, "Independence of Cartagena"),
    ];

    // The last three on their Mondays.
    private static readonly (int Days, string Name)[] DaysFromEaster = [(-3, "Maundy Thursday"), (-2, "Good Friday"), (43, "Ascension"), (64, "Corpus Christi"), (71, "Sacred Heart")];
    private readonly YearlySessions sessions;

    private ColombiaCalendar() => sessions = new(Rule);

    /// <summary>The calendar; it has no state but a cache.</summary>
    public static ColombiaCalendar Instance { get; } = new();

    /// <inheritdoc/>
    public string Id => "COLOMBIA";

    /// <inheritdoc/>
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("America/Bogota");

    /// <inheritdoc/>
    public (TimeOnly Open, TimeOnly Close) RegularHours => (Open, Close);

    /// <inheritdoc/>
    public Session? SessionOn(DateOnly date) => sessions.On(date);

    /// <inheritdoc/>
    public IReadOnlyList<Session> Sessions(DateOnly from, DateOnly to) => sessions.Between(from, to);

    /// <summary>Whether a date is a public holiday; a Sunday is only one by name.</summary>
    public static bool IsHoliday(DateOnly date) => NameOf(date) is not null;

    /// <inheritdoc/>
    public string? HolidayOn(DateOnly date) => DateRules.IsWeekend(date) ? null : NameOf(date);

    private static string? NameOf(DateOnly date)
    {
        int fromEaster = date.DayNumber - DateRules.Easter(date.Year).DayNumber;
        return Fixed.FirstOrDefault(day => (day.Month, day.Day) == (date.Month, date.Day)).Name
            ?? Moved.FirstOrDefault(day => DateRules.NextMonday(new(date.Year, day.Month, day.Day)) == date).Name
            ?? DaysFromEaster.FirstOrDefault(day => day.Days == fromEaster).Name;
    }

    private Session? Rule(DateOnly date) => DateRules.IsWeekend(date) || IsHoliday(date)
        ? null
        : new(date, SessionDates.InstantOf(date, Open, Zone), SessionDates.InstantOf(date, Close, Zone), IsHalfDay: false);
}
