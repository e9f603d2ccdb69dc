namespace Sigmatiq.Market.Calendars;

/// <summary>One trading session of an exchange.</summary>
/// <param name="Date">The session's date in exchange time.</param>
/// <param name="OpenUtc">First instant of regular trading.</param>
/// <param name="CloseUtc">End of regular trading.</param>
/// <param name="IsHalfDay">Whether it closes early.</param>
public readonly record struct Session(DateOnly Date, DateTimeOffset OpenUtc, DateTimeOffset CloseUtc, bool IsHalfDay);

/// <summary>Sessions, holidays and clock of an exchange. Implemented by the NYSE calendar and the Colombian one.</summary>
public interface ISessionCalendar
{
    /// <summary>Short name as used in files: <c>NYSE</c>, <c>COLOMBIA</c>.</summary>
    string Id { get; }

    /// <summary>The exchange's own clock.</summary>
    TimeZoneInfo Zone { get; }

    /// <summary>Open and close of an ordinary session on the exchange's clock; a bar that starts at the close is not of it.</summary>
    (TimeOnly Open, TimeOnly Close) RegularHours { get; }

    /// <summary>The session of a date, or null where the exchange is closed.</summary>
    Session? SessionOn(DateOnly date);

    /// <summary>The holiday for which a weekday is shut (<c>Good Friday</c>), or null where the exchange trades or it is a weekend.</summary>
    string? HolidayOn(DateOnly date);

    /// <summary>All sessions with <c>from ≤ date ≤ to</c>, in order.</summary>
    IReadOnlyList<Session> Sessions(DateOnly from, DateOnly to);
}
