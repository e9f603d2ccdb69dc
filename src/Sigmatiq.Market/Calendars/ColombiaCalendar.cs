namespace Sigmatiq.Market.Calendars;

/// <summary>Sessions of the Colombian currency market, 08:00 to 13:00 Bogotá time; the country knows no daylight saving.</summary>
/// <remarks>04 §4.1 writes 08:00–12:55 as the starts of the first and the last 5-minute bar: 60 bars a day, as the feeds have them.</remarks>
/// <remarks>Holidays after Ley 51 of 1983 (Ley Emiliani): most of them move to the next Monday.</remarks>
public sealed class ColombiaCalendar : ISessionCalendar
{
    private static readonly TimeOnly Open = new(8, 0);
    private static readonly TimeOnly Close = new(13, 0);
    private static readonly (int Month, int Day)[] Fixed = [(1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)];
    private static readonly (int Month, int Day)[] Moved = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)];

    // Maundy Thursday, Good Friday, Ascension, Corpus Christi, Sacred Heart; the last three on their Mondays.
    private static readonly int[] DaysFromEaster = [-3, -2, 43, 64, 71];
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
    public static bool IsHoliday(DateOnly date) =>
        Fixed.Contains((date.Month, date.Day))
        || Moved.Any(day => DateRules.NextMonday(new(date.Year, day.Month, day.Day)) == date)
        || DaysFromEaster.Contains(date.DayNumber - DateRules.Easter(date.Year).DayNumber);

    private Session? Rule(DateOnly date) => DateRules.IsWeekend(date) || IsHoliday(date)
        ? null
        : new(date, SessionDates.InstantOf(date, Open, Zone), SessionDates.InstantOf(date, Close, Zone), IsHalfDay: false);
}
