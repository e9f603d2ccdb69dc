namespace Sigmatiq.Workflows.Schedules;

/// <summary>From local times of one date to instants: a time that the clocks skip is the first instant after the gap, one that comes
/// twice is the first of the two (08 §8.4).</summary>
internal readonly struct LocalClock
{
    private readonly DateTime date;
    private readonly TimeSpan before, after;
    private readonly DateTime turnUtc;

    /// <summary>Looks a date up in a zone. No zone changes its offset twice within the three days around a date.</summary>
    public LocalClock(DateOnly date, TimeZoneInfo zone)
    {
        this.date = DateTime.SpecifyKind(date.ToDateTime(TimeOnly.MinValue), DateTimeKind.Utc);
        DateTime low = this.date.AddHours(-24), high = this.date.AddHours(48);
        before = zone.GetUtcOffset(low);
        after = zone.GetUtcOffset(high);
        turnUtc = high;
        if (before == after)
        {
            return;
        }

        // Offsets change on whole seconds.
        while (high - low > TimeSpan.FromSeconds(1))
        {
            DateTime middle = low.AddSeconds(Math.Floor((high - low).TotalSeconds / 2));
            if (zone.GetUtcOffset(middle) == before)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        turnUtc = high;
    }

    /// <summary>The instant of a local time.</summary>
    public DateTimeOffset InstantOf(TimeOnly time)
    {
        DateTime local = date.Add(time.ToTimeSpan()), early = local - before, late = local - after;
        return new(before == after || early < turnUtc ? early : late >= turnUtc ? late : turnUtc, TimeSpan.Zero);
    }
}
