using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Packs.Rules;

/// <summary><c>hour</c>, <c>minute</c>, <c>day_of_week</c> of the instant at which a bar starts, in exchange time.</summary>
internal static class ClockColumns
{
    /// <summary>One clock column. Monday is 1, Sunday 7. Daily bars have a date but no hour, so hour and minute are undefined there.</summary>
    public static double[] Of(BarColumns bars, ISessionCalendar calendar, string name)
    {
        double[] column = new double[bars.Count];
        bool isDaily = bars.Interval == Interval.Day1;
        for (int t = 0; t < column.Length; t++)
        {
            DateTimeOffset start = isDaily ? bars.StartUtc(t) : TimeZoneInfo.ConvertTime(bars.StartUtc(t), calendar.Zone);
            column[t] = name switch
            {
                "hour" => isDaily ? double.NaN : start.Hour,
                "minute" => isDaily ? double.NaN : start.Minute,
                _ => start.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)start.DayOfWeek,
            };
        }

        return column;
    }
}
