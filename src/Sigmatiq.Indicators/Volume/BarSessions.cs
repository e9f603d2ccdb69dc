using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Indicators.Volume;

/// <summary>Which bars belong to one session, for what starts anew with each.</summary>
public static class BarSessions
{
    private const long HalfHourUs = 1_800_000_000;

    /// <summary>Numbers the sessions of bars from 0: one per date in New York, one per bar for day bars.</summary>
    /// <returns>Shape [n], rising by one where a session begins.</returns>
    public static int[] Of(BarColumns bars)
    {
        int[] session = new int[bars.Count];
        if (bars.Interval == Interval.Day1)
        {
            for (int t = 0; t < session.Length; t++)
            {
                session[t] = t;
            }

            return session;
        }

        int number = -1;
        DateOnly date = default;
        long known = 0;
        for (int t = 0; t < session.Length; t++)
        {
            long start = bars.StartUtcUs[t];

            // Midnight falls on a half hour of UTC, so one half hour has one date, which is asked for once.
            if (number < 0 || start < known || start >= known + HalfHourUs)
            {
                known = start / HalfHourUs * HalfHourUs;
                DateOnly its = SessionDates.DateOf(start, NyseCalendar.Instance.Zone);
                if (number < 0 || its != date)
                {
                    number++;
                    date = its;
                }
            }

            session[t] = number;
        }

        return session;
    }
}
