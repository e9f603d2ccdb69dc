namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>Trading days written out from the laws and announcements, without a line of the product's calendars.</summary>
internal static class HolidaySheet
{
    /// <summary>Days on which New York stayed shut out of turn, by its own announcements.</summary>
    private static readonly HashSet<(int, int, int)> Mourned =
    [
        (1994, 4, 27), (2001, 9, 11), (2001, 9, 12), (2001, 9, 13), (2001, 9, 14), (2004, 6, 11), (2007, 1, 2), (2012, 10, 29), (2012, 10, 30), (2018, 12, 5), (2025, 1, 9),
    ];

    /// <summary>Whether a calendar trades on a date; one without a name trades on all.</summary>
    public static bool Trades(string? calendar, DateTime date) => calendar switch
    {
        null => true,
        _ when date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday => false,
        "NYSE" => !ShutInNewYork(date),
        "COLOMBIA" => !ShutInColombia(date),
        _ => throw new ArgumentException(calendar),
    };

    /// <summary>Early closes of New York that every year has: a trading day all the same.</summary>
    public static bool IsHalfDayInNewYork(DateTime date) => Trades("NYSE", date)
        && ((date.Month == 12 && date.Day == 24) || (date.AddDays(-1) is { Month: 11, DayOfWeek: DayOfWeek.Thursday, Day: >= 22 and <= 28 }));

    // Weekdays only come here.
    private static bool ShutInNewYork(DateTime date)
    {
        if (Mourned.Contains((date.Year, date.Month, date.Day)) || Easter(date.Year).AddDays(-2) == date)
        {
            return true;
        }

        bool IsMonday(int from, int to) => date.DayOfWeek == DayOfWeek.Monday && date.Day >= from && date.Day <= to;
        // On its day, on the Friday before a Saturday, or on the Monday after a Sunday.
        bool IsKept(int month, int day) => (date.Month == month && date.Day == day)
            || (date.DayOfWeek == DayOfWeek.Friday && date.AddDays(1) is var next && next.Month == month && next.Day == day)
            || (date.DayOfWeek == DayOfWeek.Monday && date.AddDays(-1) is var before && before.Month == month && before.Day == day);
        return date.Month switch
        {
            1 => date.Day == 1 || (date.Day == 2 && date.DayOfWeek == DayOfWeek.Monday) || (date.Year >= 1998 && IsMonday(15, 21)),
            2 => IsMonday(15, 21),
            5 => IsMonday(25, 31),
            6 => date.Year >= 2022 && IsKept(6, 19),
            7 => IsKept(7, 4),
            9 => IsMonday(1, 7),
            11 => date.DayOfWeek == DayOfWeek.Thursday && date.Day is >= 22 and <= 28,
            12 => IsKept(12, 25),
            _ => false,
        };
    }

    // Ley 51 of 1983.
    private static bool ShutInColombia(DateTime date)
    {
        if ((date.Month, date.Day) is (1, 1) or (5, 1) or (7, 20) or (8, 7) or (12, 8) or (12, 25))
        {
            return true;
        }

        DateTime easter = Easter(date.Year);
        if (date == easter.AddDays(-3) || date == easter.AddDays(-2))
        {
            return true;
        }

        // A Monday stands for the seven days that end with it.
        return date.DayOfWeek == DayOfWeek.Monday && Enumerable.Range(0, 7).Select(back => date.AddDays(-back)).Any(day =>
            (day.Month, day.Day) is (1, 6) or (3, 19) or (6, 29) or (8, 15) or (10, 12) or (11, 1) or (11, 11)
            || day == easter.AddDays(39) || day == easter.AddDays(60) || day == easter.AddDays(68));
    }

    // Gauss's rule for 1900 to 2099 with its two exceptions.
    public static DateTime Easter(int year)
    {
        int d = ((19 * (year % 19)) + 24) % 30, e = ((2 * (year % 4)) + (4 * (year % 7)) + (6 * d) + 5) % 7;
        if (d == 29 && e == 6)
        {
            return new(year, 4, 19);
        }

        return d == 28 && e == 6 && year % 19 > 10 ? new(year, 4, 18) : new DateTime(year, 3, 22).AddDays(d + e);
    }
}
