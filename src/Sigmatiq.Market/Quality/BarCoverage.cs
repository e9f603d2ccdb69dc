using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Market.Quality;

/// <summary>How many bars of each day there are, beside how many its session has.</summary>
public static class BarCoverage
{
    /// <summary>Counts bars by session date, from the first bar's to the last one's; days that are neither sessions nor have bars are left out.</summary>
    /// <param name="bars">The bars.</param>
    /// <param name="calendar">Sessions of their market; null where none is known.</param>
    /// <returns><c>date</c>; <c>bars</c>, those of the date; <c>expected</c>, those of its session, null where no calendar is known; <c>missing</c>, those of its
    /// session that are not there. Shape [days].</returns>
    public static ColumnSet Of(BarColumns bars, ISessionCalendar? calendar)
    {
        TimeZoneInfo zone = calendar is null || bars.Interval == Interval.Day1 ? TimeZoneInfo.Utc : calendar.Zone;
        SortedDictionary<DateOnly, (int Bars, int Expected, int Missing)> days = [];
        foreach (long start in bars.StartUtcUs)
        {
            DateOnly date = SessionDates.DateOf(start, zone);
            days[date] = days.TryGetValue(date, out var day) ? day with { Bars = day.Bars + 1 } : (1, 0, 0);
        }

        if (calendar is not null && bars.Count > 0)
        {
            HashSet<long> have = [.. bars.StartUtcUs];
            IReadOnlyList<Session> sessions = calendar.Sessions(days.Keys.First(), days.Keys.Last());
            foreach (var (session, starts) in sessions.Zip(Gaps.Grid(sessions, bars.Interval, calendar, have)))
            {
                days[session.Date] = (days.GetValueOrDefault(session.Date).Bars, starts.Length, starts.Count(s => !have.Contains(s)));
            }
        }

        bool[]? unknown = calendar is null ? [.. days.Select(_ => true)] : null;
        return new(
            Column.Of("date", days.Keys.ToArray()), Column.Of("bars", [.. days.Values.Select(d => d.Bars)]), Column.Of("expected", [.. days.Values.Select(d => d.Expected)], unknown),
            Column.Of("missing", [.. days.Values.Select(d => d.Missing)], unknown));
    }
}
