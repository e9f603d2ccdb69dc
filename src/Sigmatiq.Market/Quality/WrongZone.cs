using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Market.Quality;

/// <summary>Finds bars whose times are those of another clock than the file says, e.g. Bogotá time labelled UTC.</summary>
/// <remarks>
/// The calendar knows the hours of the exchange. Bars outside them that all fall inside once they are read on another clock were written
/// by that clock. Trading before and after hours does not fit: it reaches beyond the session on whatever clock, or occurs on most days
/// beside the regular bars.
/// </remarks>
internal static class WrongZone
{
    private const long HourUs = 3_600_000_000, DayUs = 24 * HourUs;
    private const double DaysFitMin = 0.8, HabitMin = 0.5, SessionMin = 0.5;

    // A few bars before the open of one morning are no evidence of a wrong clock; a whole session, or three days, are.
    private const double WholeSessionMin = 0.9;
    private const int FurthestHours = 14, DaysMin = 3;

    /// <summary>The bars that carry the time of another zone, with the time that they mean.</summary>
    public static List<QualityFinding> Find(BarColumns bars, ISessionCalendar calendar)
    {
        if (bars.Interval == Interval.Day1)
        {
            return [];
        }

        long[] local = [.. bars.StartUtcUs.Select(start => start + OffsetUs(start, calendar.Zone))];
        bool[] inside = [.. local.Select(at => IsInside(at, calendar))];
        if (inside.All(i => i))
        {
            return [];
        }

        // Exchange time labelled UTC; the one reading that may concern a part of a day, since files are mended piece by piece.
        Reading best = Of(bars, inside, bars.StartUtcUs, calendar, wholeDays: false, $"it is {calendar.Zone.Id} time labelled UTC");
        // UTC taken for exchange time.
        best = Better(best, Of(bars, inside, [.. local.Select((at, t) => at + OffsetUs(bars.StartUtcUs[t], calendar.Zone))], calendar, wholeDays: true, "it is UTC read as exchange time"));
        for (int hours = 1; hours <= FurthestHours; hours++)
        {
            foreach (int shift in new[] { hours, -hours })
            {
                best = Better(best, Of(
                    bars, inside, [.. local.Select(at => at + (shift * HourUs))], calendar, wholeDays: true,
                    string.Create(CultureInfo.InvariantCulture, $"it is {hours} h too {(shift > 0 ? "early" : "late")}")));
            }
        }

        return [.. best.Bars.Select(t => new QualityFinding(QualityRule.WrongZone, t, best.Says))];
    }

    private static Reading Better(Reading best, Reading other) => other.Bars.Count > best.Bars.Count ? other : best;

    /// <summary>The bars that fall into the session when they are read with another local time.</summary>
    private static Reading Of(BarColumns bars, bool[] inside, long[] read, ISessionCalendar calendar, bool wholeDays, string says)
    {
        bool[] fits = [.. read.Select(at => IsInside(at, calendar))];
        int days = 0, daysFit = 0, daysBeside = 0, daysInside = 0;
        List<int> found = [];
        foreach (int[] day in Enumerable.Range(0, bars.Count).GroupBy(t => read[t] / DayUs).Select(g => g.ToArray()))
        {
            int[] outside = [.. day.Where(t => !inside[t])];
            bool allFit = day.All(t => fits[t]);
            daysInside += outside.Length < day.Length && !allFit ? 1 : 0;
            if (outside.Length == 0)
            {
                continue;
            }

            days++;
            bool enough = !wholeDays || (day.Length >= SessionMin * BarsOfSession(bars.Interval, calendar));
            if (allFit && enough)
            {
                daysFit++;
                found.AddRange(day);
            }
            else if (!wholeDays && outside.All(t => fits[t]))
            {
                daysFit++;
                daysBeside++;
                found.AddRange(outside);
            }
        }

        bool evident = daysFit >= DaysMin || found.Count >= WholeSessionMin * BarsOfSession(bars.Interval, calendar);
        bool holds = evident && daysFit >= DaysFitMin * days && daysBeside <= HabitMin * daysInside;
        return holds ? new(found, says) : new([], says);
    }

    private static double BarsOfSession(Interval interval, ISessionCalendar calendar) =>
        (calendar.RegularHours.Close - calendar.RegularHours.Open).TotalMinutes / interval.Minutes();

    private static bool IsInside(long localUs, ISessionCalendar calendar)
    {
        (TimeOnly open, TimeOnly close) = calendar.RegularHours;
        DateTime at = DateTime.UnixEpoch.AddTicks(localUs * 10);
        TimeOnly time = TimeOnly.FromDateTime(at);
        return !DateRules.IsWeekend(DateOnly.FromDateTime(at)) && time >= open && time < close;
    }

    private static long OffsetUs(long startUtcUs, TimeZoneInfo zone) => zone.GetUtcOffset(SessionDates.InstantOf(startUtcUs)).Ticks / 10;

    private readonly record struct Reading(List<int> Bars, string Says);
}
