using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Bars;

/// <summary>Length of a bar.</summary>
public enum Interval
{
    /// <summary>1 minute, written <c>1m</c>.</summary>
    Minute1 = 1,

    /// <summary>5 minutes, written <c>5m</c>.</summary>
    Minute5 = 5,

    /// <summary>1 hour, written <c>1h</c>; the last one of a session may be shorter.</summary>
    Hour1 = 60,

    /// <summary>One session, written <c>1d</c>.</summary>
    Day1 = 1440,
}

/// <summary>Text and arithmetic of intervals.</summary>
public static class Intervals
{
    /// <summary>Length in minutes; a day bar counts 1440.</summary>
    public static int Minutes(this Interval interval) => (int)interval;

    /// <summary><c>1m</c>, <c>5m</c>, <c>1h</c> or <c>1d</c>.</summary>
    public static string Text(this Interval interval) => interval switch
    {
        Interval.Minute1 => "1m",
        Interval.Minute5 => "5m",
        Interval.Hour1 => "1h",
        Interval.Day1 => "1d",
        _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "Not an interval."),
    };

    /// <summary>Reads <c>1m</c>, <c>5m</c>, <c>1h</c> or <c>1d</c>.</summary>
    /// <exception cref="ProblemException">MKT-1002: not an interval.</exception>
    public static Interval Parse(string text) => text switch
    {
        "1m" => Interval.Minute1,
        "5m" => Interval.Minute5,
        "1h" => Interval.Hour1,
        "1d" => Interval.Day1,
        _ => throw new ProblemException("MKT-1002", $"'{text}' is not an interval.", "interval", "Use one of: 1m, 5m, 1h, 1d.", ExitCode.BadUsage),
    };
}
