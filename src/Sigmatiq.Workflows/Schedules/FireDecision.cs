namespace Sigmatiq.Workflows.Schedules;

/// <summary>What becomes of a fire that has come due.</summary>
/// <param name="Fire">The fire.</param>
/// <param name="Starts">Whether it starts a run.</param>
/// <param name="Reason">Why it does not, or why it does so late; null for one on time.</param>
public sealed record FireDecision(FireTime Fire, bool Starts, string? Reason)
{
    /// <summary>A fire found later than this after its instant was missed, and the schedule's catch-up policy decides on it.</summary>
    public static TimeSpan MisfireThreshold { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Decides on all fires since the last decision.</summary>
    /// <param name="due">The fires, oldest first.</param>
    /// <param name="policy">What to do about missed ones.</param>
    /// <param name="paused">Why the schedule is paused; null where it is not. What comes due in a pause is not caught up.</param>
    /// <param name="nowUtc">The instant of the decision.</param>
    public static IReadOnlyList<FireDecision> Of(IReadOnlyList<FireTime> due, CatchUp policy, string? paused, DateTimeOffset nowUtc)
    {
        if (paused is not null)
        {
            return [.. due.Select(fire => new FireDecision(fire, false, paused))];
        }

        List<FireTime> missed = [.. due.Where(fire => nowUtc - fire.AtUtc > MisfireThreshold)];
        HashSet<FireTime> caughtUp = [.. policy.Of(missed, nowUtc)];
        return
        [
            .. missed.Select(fire => caughtUp.Contains(fire)
                ? new FireDecision(fire, true, "caught up")
                : new FireDecision(fire, false, "missed: no engine was there, or its file was held")),
            .. due.Where(fire => nowUtc - fire.AtUtc <= MisfireThreshold).Select(fire => new FireDecision(fire, true, null)),
        ];
    }
}
