using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Market.Quality;

/// <summary>Holds bars against the calendar's grid.</summary>
internal static class Gaps
{
    /// <summary>One finding per stretch of missing bars between the first and the last bar; a hole over several sessions is one.</summary>
    public static void Find(BarColumns bars, ISessionCalendar calendar, List<QualityFinding> found)
    {
        if (bars.Count == 0)
        {
            return;
        }

        HashSet<long> have = [.. bars.StartUtcUs];
        long first = bars.StartUtcUs.Min(), last = bars.StartUtcUs.Max();
        int at = 0, missing = 0;
        long since = 0;
        IReadOnlyList<Session> sessions = calendar.Sessions(DateOf(first, bars, calendar), DateOf(last, bars, calendar));
        foreach (long[] starts in Grid(sessions, bars.Interval, calendar, have))
        {
            foreach (long start in starts)
            {
                if (start < first || start > last)
                {
                    continue;
                }

                if (!have.Contains(start))
                {
                    since = missing++ == 0 ? start : since;
                    continue;
                }

                if (missing > 0)
                {
                    while (at < bars.Count - 1 && bars.StartUtcUs[at] < start)
                    {
                        at++;
                    }

                    found.Add(new(QualityRule.Gap, at, $"bars={missing} since {SessionDates.InstantOf(since):yyyy-MM-ddTHH:mm:ss}Z"));
                    missing = 0;
                }
            }
        }
    }

    // Hours are cut from the open on, or by the clock; the file keeps to the grid on which more of its bars lie.
    internal static IEnumerable<long[]> Grid(IReadOnlyList<Session> sessions, Interval interval, ISessionCalendar calendar, HashSet<long> have)
    {
        long[][] fromOpen = [.. sessions.Select(s => s.BarStarts(interval))];
        if (interval == Interval.Day1)
        {
            return fromOpen;
        }

        long[][] byClock = [.. sessions.Select(s => s.BarStartsByClock(interval, calendar.Zone))];
        foreach (long[] starts in byClock.Where(s => s.Length > 1 && !have.Contains(s[0])))
        {
            // Where the first bar carries the full hour before the open, that is where it is missing.
            long fullHour = starts[1] - (interval.Minutes() * 60_000_000L);
            starts[0] = have.Contains(fullHour) ? fullHour : starts[0];
        }

        return byClock.Sum(s => s.Count(have.Contains)) > fromOpen.Sum(s => s.Count(have.Contains)) ? byClock : fromOpen;
    }

    internal static DateOnly DateOf(long startUtcUs, BarColumns bars, ISessionCalendar calendar) =>
        SessionDates.DateOf(startUtcUs, bars.Interval == Interval.Day1 ? TimeZoneInfo.Utc : calendar.Zone);
}
