using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Workflows.Schedules;

/// <summary>The one function of fire times: preview, catch-up, backfill and the triggers themselves ask it (08 §8.4). It knows no clock
/// and no store.</summary>
public static class FireTimes
{
    // No expression that fires at all is silent for longer than a fifth Monday of February: 40 years across a century.
    private const int LongestSilenceYears = 41;

    private static readonly DateTimeOffset First = new(CronExpression.YearMin, 1, 8, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Last = new(CronExpression.YearMax, 12, 24, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Every fire with <c>from ≤ fire &lt; to</c>, in order, made as it is read.</summary>
    public static IEnumerable<FireTime> Between(Schedule schedule, DateTimeOffset fromUtc, DateTimeOffset toUtc)
    {
        // A day whose clocks skip may end up in the next one: never twice at one instant.
        DateTimeOffset last = DateTimeOffset.MinValue;
        foreach (DateOnly date in Dates(schedule.Zone, fromUtc, toUtc))
        {
            foreach (FireTime fire in OnDate(schedule, date, []))
            {
                if (fire.AtUtc >= fromUtc && fire.AtUtc < toUtc && fire.AtUtc > last)
                {
                    last = fire.AtUtc;
                    yield return fire;
                }
            }
        }
    }

    /// <summary>Fires that would lie in the same stretch and do not happen, each with its reason: what the history notes.</summary>
    public static IReadOnlyList<DroppedFire> DroppedBetween(Schedule schedule, DateTimeOffset fromUtc, DateTimeOffset toUtc)
    {
        List<DroppedFire> dropped = [];
        // A fire that would have moved is judged on the day it would have moved to, which may be the other end of its week.
        TimeSpan week = schedule.Lines.Any(l => l.Holiday is HolidayRule.Following or HolidayRule.Preceding) ? TimeSpan.FromDays(7) : TimeSpan.Zero;
        foreach (DateOnly date in Dates(schedule.Zone, fromUtc - week, toUtc + week))
        {
            OnDate(schedule, date, dropped);
        }

        return [.. dropped.Where(d => d.AtUtc >= fromUtc && d.AtUtc < toUtc).OrderBy(d => d.AtUtc)];
    }

    /// <summary>The first fire after an instant; null where there is none.</summary>
    public static FireTime? After(Schedule schedule, DateTimeOffset instantUtc)
    {
        DateTimeOffset from = instantUtc.AddTicks(1);
        return from > Last ? null : Between(schedule, from, from.Year + LongestSilenceYears >= CronExpression.YearMax ? Last : from.AddYears(LongestSilenceYears)).FirstOrDefault();
    }

    /// <summary>Whether the schedule fires at all once its conventions have been applied.</summary>
    internal static bool Fires(Schedule schedule) => schedule.Lines.Any(line =>
    {
        DateOnly first = line.Cron.FirstDate() ?? DateOnly.MaxValue;
        DateTimeOffset from = new(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return Between(schedule, from.AddDays(-7), from.Year + LongestSilenceYears >= CronExpression.YearMax ? Last : from.AddYears(LongestSilenceYears)).Any();
    });

    // One day more on each side than the zone's distance from UTC: a skipped day may push a fire into the next.
    private static IEnumerable<DateOnly> Dates(TimeZoneInfo zone, DateTimeOffset fromUtc, DateTimeOffset toUtc)
    {
        DateOnly from = DateOf(fromUtc < First ? First : fromUtc).AddDays(-1), to = DateOf(toUtc > Last ? Last : toUtc).AddDays(1);
        for (DateOnly date = from; date <= to; date = date.AddDays(1))
        {
            yield return date;
        }

        DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
    }

    /// <summary>The fires that end up on a local date.</summary>
    private static IReadOnlyCollection<FireTime> OnDate(Schedule schedule, DateOnly date, List<DroppedFire> dropped)
    {
        SortedDictionary<DateTimeOffset, FireTime> fires = [];
        bool trades = schedule.Calendar?.SessionOn(date) is not null;
        LocalClock? clock = null;
        foreach (ScheduleLine line in schedule.Lines.Where(l => l.Cron.FiresOn(date)))
        {
            clock ??= new(date, schedule.Zone);
            foreach (TimeOnly time in line.Cron.Times)
            {
                DateTimeOffset at = clock.Value.InstantOf(time);
                if (trades || line.Holiday == HolidayRule.None)
                {
                    fires.TryAdd(at, new(at, date.ToDateTime(time), null));
                }
                else if (line.Holiday == HolidayRule.Skip)
                {
                    dropped.Add(new(at, date.ToDateTime(time), $"no trading on {date:yyyy-MM-dd}", false));
                }
                else if (TargetOf(schedule.Calendar!, date, line.Holiday) is null)
                {
                    dropped.Add(new(at, date.ToDateTime(time), $"the {(line.Holiday == HolidayRule.Following ? "next" : "previous")} trading day is in another week", true));
                }
            }
        }

        if (trades && schedule.Lines.Any(l => l.Holiday is HolidayRule.Following or HolidayRule.Preceding))
        {
            Moved(schedule, date, clock, fires, dropped);
        }

        return fires.Values;
    }

    // What other days of the week move here. A fire of the day itself, or one that was moved here before, keeps the instant.
    private static void Moved(Schedule schedule, DateOnly date, LocalClock? clock, SortedDictionary<DateTimeOffset, FireTime> fires, List<DroppedFire> dropped)
    {
        DateOnly monday = MondayOf(date);
        for (DateOnly other = monday; other < monday.AddDays(7); other = other.AddDays(1))
        {
            if (other == date || schedule.Calendar!.SessionOn(other) is not null)
            {
                continue;
            }

            LocalClock? of = null;
            foreach (ScheduleLine line in schedule.Lines.Where(l => l.Holiday is HolidayRule.Following or HolidayRule.Preceding && l.Cron.FiresOn(other)))
            {
                if (TargetOf(schedule.Calendar, other, line.Holiday) != date)
                {
                    continue;
                }

                foreach (TimeOnly time in line.Cron.Times)
                {
                    DateTimeOffset at = (clock ??= new(date, schedule.Zone)).InstantOf(time);
                    // Two expressions that move from one day to one instant are one fire.
                    if (!fires.TryAdd(at, new(at, date.ToDateTime(time), other)) && fires[at].MovedFrom != other)
                    {
                        of ??= new(other, schedule.Zone);
                        dropped.Add(new(of.Value.InstantOf(time), other.ToDateTime(time), $"moved from {other:yyyy-MM-dd} it meets the fire of {date:yyyy-MM-dd}", true));
                    }
                }
            }
        }
    }

    // The trading day that a convention moves a closed day to, if it lies in the same week, Monday to Sunday.
    private static DateOnly? TargetOf(ISessionCalendar calendar, DateOnly closed, HolidayRule rule)
    {
        int step = rule == HolidayRule.Following ? 1 : -1;
        DateOnly monday = MondayOf(closed);
        for (DateOnly date = closed.AddDays(step); MondayOf(date) == monday; date = date.AddDays(step))
        {
            if (calendar.SessionOn(date) is not null)
            {
                return date;
            }
        }

        return null;
    }

    private static DateOnly MondayOf(DateOnly date) => date.AddDays(-(((int)date.DayOfWeek + 6) % 7));
}
