namespace Sigmatiq.Market.Calendars;

/// <summary>From a bar's microseconds to the exchange's date and back.</summary>
public static class SessionDates
{
    /// <summary>Microseconds since 1970 UTC of an instant.</summary>
    public static long MicrosecondsOf(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;

    /// <summary>The label of a day bar: its session date at 00:00.</summary>
    public static long MicrosecondsOf(DateOnly date) => date.ToDateTime(TimeOnly.MinValue).Subtract(DateTime.UnixEpoch).Ticks / 10;

    /// <summary>Instant of microseconds since 1970 UTC.</summary>
    public static DateTimeOffset InstantOf(long utcUs) => DateTimeOffset.UnixEpoch.AddTicks(utcUs * 10);

    /// <summary>The date at an exchange when an intraday bar starts.</summary>
    public static DateOnly DateOf(long startUtcUs, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(InstantOf(startUtcUs), zone).DateTime);

    /// <summary>The instant at which an exchange's clock shows a date and time.</summary>
    public static DateTimeOffset InstantOf(DateOnly date, TimeOnly time, TimeZoneInfo zone)
    {
        DateTime local = date.ToDateTime(time);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
