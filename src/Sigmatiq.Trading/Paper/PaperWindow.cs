using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Trading.Paper;

/// <summary>When a paper session runs (spec 05 §5.1).</summary>
/// <param name="StartUtc">Open of the first session after publishing.</param>
/// <param name="EndUtc">Open of the first session at least the asked number of calendar days later, on the exchange's clock.</param>
public readonly record struct PaperWindow(DateTimeOffset StartUtc, DateTimeOffset EndUtc)
{
    /// <summary>The earliest instant at which live trading could begin; approval decides whether it does.</summary>
    public DateTimeOffset EarliestLiveUtc => EndUtc;

    /// <summary>The window that follows publishing at an instant.</summary>
    /// <param name="publishedUtc">When the model was published.</param>
    /// <param name="days">Calendar days, at least 1.</param>
    /// <param name="calendar">Sessions of the exchange.</param>
    public static PaperWindow After(DateTimeOffset publishedUtc, int days, ISessionCalendar calendar)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        DateOnly today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(publishedUtc, calendar.Zone).DateTime);
        Session start = calendar.Sessions(today, today.AddDays(15)).First(s => s.OpenUtc > publishedUtc);
        DateOnly end = start.Date.AddDays(days);
        return new(start.OpenUtc, calendar.Sessions(end, end.AddDays(15))[0].OpenUtc);
    }
}
