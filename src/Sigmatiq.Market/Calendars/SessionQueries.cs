using Sigmatiq.Market.Bars;

namespace Sigmatiq.Market.Calendars;

/// <summary>Questions every calendar answers alike.</summary>
public static class SessionQueries
{
    // No exchange has been shut for longer since 1990: the attacks of 2001 with both weekends make six days.
    private const int LongestClosureDays = 30;

    /// <summary>The newest session that has closed at an instant.</summary>
    public static Session LastCompletedSession(this ISessionCalendar calendar, DateTimeOffset asOfUtc)
    {
        DateOnly today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(asOfUtc, calendar.Zone).DateTime);
        IReadOnlyList<Session> near = calendar.Sessions(today.AddDays(-LongestClosureDays), today);
        return near.Last(session => session.CloseUtc <= asOfUtc);
    }

    /// <summary>The first session on a later date.</summary>
    public static Session NextSession(this ISessionCalendar calendar, DateOnly after) =>
        calendar.Sessions(after.AddDays(1), after.AddDays(LongestClosureDays))[0];

    /// <summary>The last session on an earlier date.</summary>
    public static Session PreviousSession(this ISessionCalendar calendar, DateOnly before) =>
        calendar.Sessions(before.AddDays(-LongestClosureDays), before.AddDays(-1))[^1];

    /// <summary>Starts of a session's bars, microseconds since 1970 UTC: 09:30, 10:30 … for an hour. The last one may be shorter; a day
    /// bar carries the session date at 00:00.</summary>
    public static long[] BarStarts(this Session session, Interval interval)
    {
        if (interval == Interval.Day1)
        {
            return [SessionDates.MicrosecondsOf(session.Date)];
        }

        long open = SessionDates.MicrosecondsOf(session.OpenUtc), step = interval.Minutes() * 60_000_000L;
        long[] starts = new long[(SessionDates.MicrosecondsOf(session.CloseUtc) - open + step - 1) / step];
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = open + (i * step);
        }

        return starts;
    }

    /// <summary>Starts of a session's bars that go by the exchange's clock after the first one: 09:30, 10:00, 11:00 … for an hour. The same as
    /// <see cref="BarStarts"/> where the session opens on a whole interval.</summary>
    /// <param name="session">The session.</param>
    /// <param name="interval">Length of the bars, shorter than a day.</param>
    /// <param name="zone">The exchange's clock.</param>
    public static long[] BarStartsByClock(this Session session, Interval interval, TimeZoneInfo zone)
    {
        long open = SessionDates.MicrosecondsOf(session.OpenUtc), close = SessionDates.MicrosecondsOf(session.CloseUtc), step = interval.Minutes() * 60_000_000L;
        long offset = zone.GetUtcOffset(session.OpenUtc).Ticks / 10;
        List<long> starts = [open];
        for (long next = (((open + offset) / step) + 1) * step; next - offset < close; next += step)
        {
            starts.Add(next - offset);
        }

        return [.. starts];
    }

    /// <summary>When an intraday bar ends: its start plus the interval, or the session's close where that comes first.</summary>
    public static DateTimeOffset BarCloseUtc(this Session session, long startUtcUs, Interval interval)
    {
        DateTimeOffset full = SessionDates.InstantOf(startUtcUs).AddMinutes(interval.Minutes());
        return full < session.CloseUtc ? full : session.CloseUtc;
    }
}
