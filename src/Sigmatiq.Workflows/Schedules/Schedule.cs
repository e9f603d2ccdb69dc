using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Workflows.Schedules;

/// <summary>What happens to a fire on a day without trading: the business-day convention.</summary>
public enum HolidayRule
{
    /// <summary>It fires all the same.</summary>
    None,

    /// <summary>It does not fire.</summary>
    Skip,

    /// <summary>It moves to the next trading day, at the same local time.</summary>
    Following,

    /// <summary>It moves to the trading day before, at the same local time.</summary>
    Preceding,
}

/// <summary>One expression of a schedule.</summary>
/// <param name="Cron">When.</param>
/// <param name="Holiday">And on days without trading.</param>
public sealed record ScheduleLine(CronExpression Cron, HolidayRule Holiday);

/// <summary>When a workflow starts by itself.</summary>
/// <param name="Zone">The clock that its expressions mean.</param>
/// <param name="Calendar">Knows the trading days; null where every line fires on all days.</param>
/// <param name="Lines">One or more expressions; where two mean one instant, that is one fire.</param>
/// <param name="CatchUp">What to do about fires that nobody was there for.</param>
/// <param name="Paused">Why the file itself keeps the schedule paused; null where it does not.</param>
public sealed record Schedule(TimeZoneInfo Zone, ISessionCalendar? Calendar, IReadOnlyList<ScheduleLine> Lines, CatchUp CatchUp, string? Paused)
{
    /// <summary>The calendars that a schedule can name.</summary>
    public static IReadOnlyList<ISessionCalendar> Calendars { get; } = [NyseCalendar.Instance, ColombiaCalendar.Instance];

    /// <summary>The expressions in words: <c>30 14 * * 5 (unix, preceding)</c>.</summary>
    public string Summary => string.Join(" + ", Lines.Select(line =>
        $"{line.Cron.Text} ({(line.Cron.Form == CronForm.Unix ? "unix" : "quartz")}{(line.Holiday == HolidayRule.None ? "" : ", " + line.Holiday.ToString().ToLowerInvariant())})"));
}
