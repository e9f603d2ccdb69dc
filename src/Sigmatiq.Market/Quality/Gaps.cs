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
        foreach (Session session in calendar.Sessions(DateOf(first, bars, calendar), DateOf(last, bars, calendar)))
        {
            foreach (long start in session.BarStarts(bars.Interval))
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

    private static DateOnly DateOf(long startUtcUs, BarColumns bars, ISessionCalendar calendar) =>
        SessionDates.DateOf(startUtcUs, bars.Interval == Interval.Day1 ? TimeZoneInfo.Utc : calendar.Zone);
}
