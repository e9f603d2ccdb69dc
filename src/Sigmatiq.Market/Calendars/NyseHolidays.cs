namespace Sigmatiq.Market.Calendars;

/// <summary>When the New York Stock Exchange stays shut or closes early: its rules, and the days no rule foresaw.</summary>
/// <remarks>Rule 7.2 of the exchange and its yearly announcements; the years before 1990 follow today's rules and are not claimed.</remarks>
internal static class NyseHolidays
{
    private static readonly TimeOnly OneOClock = new(13, 0);
    private static readonly TimeOnly TwoOClock = new(14, 0);

    /// <summary>Closings outside every rule.</summary>
    public static readonly IReadOnlyDictionary<DateOnly, string> Unscheduled = new Dictionary<DateOnly, string>
    {
        [new(1994, 4, 27)] = "mourning for Richard Nixon",
        [new(2001, 9, 11)] = "attacks of September 11",
        [new(2001, 9, 12)] = "attacks of September 11",
        [new(2001, 9, 13)] = "attacks of September 11",
        [new(2001, 9, 14)] = "attacks of September 11",
        [new(2004, 6, 11)] = "mourning for Ronald Reagan",
        [new(2007, 1, 2)] = "mourning for Gerald Ford",
        [new(2012, 10, 29)] = "hurricane Sandy",
        [new(2012, 10, 30)] = "hurricane Sandy",
        [new(2018, 12, 5)] = "mourning for George H. W. Bush",
        [new(2025, 1, 9)] = "mourning for Jimmy Carter",
    };

    /// <summary>Why the exchange is shut on a weekday, or null.</summary>
    public static string? On(DateOnly date)
    {
        int year = date.Year;
        string? scheduled = date.Month switch
        {
            1 when date == NewYear(year) => "New Year's Day",
            1 when year >= 1998 && date == DateRules.Nth(year, 1, DayOfWeek.Monday, 3) => "Martin Luther King Jr. Day",
            2 when date == DateRules.Nth(year, 2, DayOfWeek.Monday, 3) => "Washington's Birthday",
            3 or 4 when date == DateRules.Easter(year).AddDays(-2) => "Good Friday",
            5 when date == DateRules.Nth(year, 5, DayOfWeek.Monday, -1) => "Memorial Day",
            6 when year >= 2022 && date == DateRules.NearestWeekday(new(year, 6, 19)) => "Juneteenth",
            7 when date == DateRules.NearestWeekday(new(year, 7, 4)) => "Independence Day",
            9 when date == DateRules.Nth(year, 9, DayOfWeek.Monday, 1) => "Labor Day",
            11 when date == Thanksgiving(year) => "Thanksgiving",
            12 when date == DateRules.NearestWeekday(new(year, 12, 25)) => "Christmas",
            _ => null,
        };
        return scheduled ?? Unscheduled.GetValueOrDefault(date);
    }

    /// <summary>The early close of a trading day, or null for the usual hour.</summary>
    public static TimeOnly? EarlyClose(DateOnly date) => (date.Month, date.Day) switch
    {
        // From 1993 on the exchange shut at one on these days, before at two.
        (12, 24) => date.Year >= 1993 ? OneOClock : TwoOClock,
        (11, _) when date.Year >= 1992 && date == Thanksgiving(date.Year).AddDays(1) => date.Year >= 1993 ? OneOClock : TwoOClock,
        (7, 3) when date.Year >= 1995 && (date.DayOfWeek != DayOfWeek.Wednesday || date.Year >= 2013) => OneOClock,
        // Until 2012 a Fourth on a Thursday shortened the Friday after it, not the Wednesday before.
        (7, 5) when date.Year is >= 1995 and <= 2012 && date.DayOfWeek == DayOfWeek.Friday => OneOClock,
        (12, 26) when date.Year is 1997 or 2003 => OneOClock,
        (12, 31) when date.Year == 1999 => OneOClock,
        _ => null,
    };

    // A New Year on a Saturday is not observed: the Friday before ends the exchange's business year.
    private static DateOnly NewYear(int year) => new DateOnly(year, 1, 1) is { DayOfWeek: DayOfWeek.Sunday } sunday ? sunday.AddDays(1) : new(year, 1, 1);

    private static DateOnly Thanksgiving(int year) => DateRules.Nth(year, 11, DayOfWeek.Thursday, 4);
}
