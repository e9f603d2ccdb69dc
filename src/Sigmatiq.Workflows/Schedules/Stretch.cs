using System.Globalization;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Schedules;

/// <summary>A stretch of time as a person names it; the start counts, the end does not.</summary>
/// <param name="FromUtc">Its start.</param>
/// <param name="ToUtc">Its end; null leaves it open.</param>
public sealed record Stretch(DateTimeOffset FromUtc, DateTimeOffset? ToUtc)
{
    /// <summary>Most fires that one question gives.</summary>
    public const int FiresMax = 100_000;

    private static readonly string[] LocalForms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    /// <summary>Reads both ends: an instant with its offset (<c>2026-03-08T12:00:00Z</c>), a local time of the schedule's clock without
    /// one, or a date, which as an end means the whole of its day.</summary>
    /// <exception cref="ProblemException">WFL-1023: a text is no time, or the end lies before the start.</exception>
    public static Stretch Read(string? from, string? to, TimeZoneInfo zone, DateTimeOffset nowUtc)
    {
        Stretch stretch = new(from is null ? nowUtc : Instant(from, "from", zone, endOfDay: false), to is null ? null : Instant(to, "to", zone, endOfDay: true));
        return stretch.ToUtc is { } end && end < stretch.FromUtc
            ? throw Refused($"The end {end:u} lies before the start {stretch.FromUtc:u}.", "to", "Give the earlier one first.")
            : stretch;
    }

    /// <summary>The fires of a schedule in the stretch, the first <paramref name="most"/> of an open one.</summary>
    /// <exception cref="ProblemException">WFL-1023: a closed stretch holds more than <see cref="FiresMax"/>.</exception>
    public IReadOnlyList<FireTime> Of(Schedule schedule, int most)
    {
        if (ToUtc is not { } to)
        {
            List<FireTime> next = [];
            for (FireTime? fire = FireTimes.After(schedule, FromUtc.AddTicks(-1)); fire is not null && next.Count < most; fire = FireTimes.After(schedule, fire.AtUtc))
            {
                next.Add(fire);
            }

            return next;
        }

        List<FireTime> fires = [.. FireTimes.Between(schedule, FromUtc, to).Take(FiresMax + 1)];
        return fires.Count <= FiresMax ? fires
            : throw Refused($"There are more than {FiresMax} fires until {to:u}.", "to", "Ask for a shorter stretch.");
    }

    private static DateTimeOffset Instant(string text, string option, TimeZoneInfo zone, bool endOfDay)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) && IsInRange(date.Year))
        {
            DateOnly day = endOfDay ? date.AddDays(1) : date;
            return new LocalClock(day, zone).InstantOf(TimeOnly.MinValue);
        }

        if (DateTime.TryParseExact(text, LocalForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local) && IsInRange(local.Year))
        {
            return new LocalClock(DateOnly.FromDateTime(local), zone).InstantOf(TimeOnly.FromDateTime(local));
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant) && IsInRange(instant.UtcDateTime.Year)
            && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 7)
            ? instant.ToUniversalTime()
            : throw Refused($"'{text}' is no time from {CronExpression.YearMin} to {CronExpression.YearMax}.", option, "Write 2026-03-08, 2026-03-08T16:30 (on the schedule's clock) or 2026-03-08T21:30:00Z.");
    }

    private static bool IsInRange(int year) => year is >= CronExpression.YearMin and <= CronExpression.YearMax;

    private static ProblemException Refused(string message, string where, string remedy) => new(WorkflowCodes.BadStretch, message, where, remedy, ExitCode.BadUsage);
}
