namespace Sigmatiq.Market.Calendars;

/// <summary>Arithmetic of movable holidays.</summary>
public static class DateRules
{
    /// <summary>Easter Sunday of the Gregorian calendar (anonymous algorithm; Meeus, Astronomical Algorithms, chapter 8).</summary>
    public static DateOnly Easter(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        int h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        int l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        int m = (a + (11 * h) + (22 * l)) / 451;
        int sum = h + l - (7 * m) + 114;
        return new(year, sum / 31, (sum % 31) + 1);
    }

    /// <summary>The nth given weekday of a month; n = -1 is the last.</summary>
    public static DateOnly Nth(int year, int month, DayOfWeek weekday, int n)
    {
        if (n < 0)
        {
            DateOnly end = new(year, month, DateTime.DaysInMonth(year, month));
            return end.AddDays(-((end.DayOfWeek - weekday + 7) % 7));
        }

        DateOnly first = new(year, month, 1);
        return first.AddDays(((weekday - first.DayOfWeek + 7) % 7) + (7 * (n - 1)));
    }

    /// <summary>Saturday → Friday before, Sunday → Monday after.</summary>
    public static DateOnly NearestWeekday(DateOnly date) => date.DayOfWeek switch
    {
        DayOfWeek.Saturday => date.AddDays(-1),
        DayOfWeek.Sunday => date.AddDays(1),
        _ => date,
    };

    /// <summary>The date itself where it is a Monday, else the Monday after.</summary>
    public static DateOnly NextMonday(DateOnly date) => date.AddDays((DayOfWeek.Monday - date.DayOfWeek + 7) % 7);

    /// <summary>Saturday or Sunday.</summary>
    public static bool IsWeekend(DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
