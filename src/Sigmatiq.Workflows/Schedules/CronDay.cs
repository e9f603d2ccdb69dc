using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Workflows.Schedules;

/// <summary>Which dates one item of a day field means.</summary>
internal abstract record CronDay
{
    /// <summary>Whether a date is meant.</summary>
    public abstract bool Holds(DateOnly date);

    private static int LastDay(DateOnly date) => DateTime.DaysInMonth(date.Year, date.Month);

    /// <summary>Numbered days of the month.</summary>
    public sealed record OfMonth(IReadOnlySet<int> Days) : CronDay
    {
        /// <inheritdoc/>
        public override bool Holds(DateOnly date) => Days.Contains(date.Day);
    }

    /// <summary><c>L</c>, <c>L-3</c>, <c>LW</c>: so many days before the last one, perhaps its nearest weekday.</summary>
    public sealed record BeforeLast(int Days, bool Weekday) : CronDay
    {
        /// <inheritdoc/>
        public override bool Holds(DateOnly date)
        {
            int day = LastDay(date) - Days;
            return day >= 1 && date.Day == (Weekday ? Nearest(date, day) : day);
        }
    }

    /// <summary><c>15W</c>: the weekday nearest to a day, without leaving the month; a month without that day has none.</summary>
    public sealed record NearestWeekday(int Day) : CronDay
    {
        /// <inheritdoc/>
        public override bool Holds(DateOnly date) => Day <= LastDay(date) && date.Day == Nearest(date, Day);
    }

    /// <summary>Days of the week.</summary>
    public sealed record OfWeek(IReadOnlySet<DayOfWeek> Days) : CronDay
    {
        /// <inheritdoc/>
        public override bool Holds(DateOnly date) => Days.Contains(date.DayOfWeek);
    }

    /// <summary><c>6L</c>: the last such day of the month.</summary>
    public sealed record LastOfWeek(DayOfWeek Day) : CronDay
    {
        /// <inheritdoc/>
        public override bool Holds(DateOnly date) => date.DayOfWeek == Day && date.Day + 7 > LastDay(date);
    }

    /// <summary><c>6#3</c>: the third such day of the month; a month without it has none.</summary>
    public sealed record NthOfWeek(DayOfWeek Day, int Nth) : CronDay
    {
        /// <inheritdoc/>
        public override bool Holds(DateOnly date) => date.DayOfWeek == Day && (date.Day + 6) / 7 == Nth;
    }

    private static int Nearest(DateOnly month, int day)
    {
        DateOnly wanted = new(month.Year, month.Month, day), nearest = DateRules.NearestWeekday(wanted);
        return nearest.Month == wanted.Month ? nearest.Day : nearest < wanted ? nearest.AddDays(3).Day : nearest.AddDays(-3).Day;
    }
}
