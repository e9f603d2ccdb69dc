namespace Sigmatiq.Workflows.Schedules;

/// <summary>A fire that starts nothing, as the history notes it.</summary>
/// <param name="AtUtc">Its instant.</param>
/// <param name="Outcome"><c>skipped, paused, dropped, refused</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record NotedFire(DateTimeOffset AtUtc, string Outcome, string? Reason);

/// <summary>What one look at a schedule decides. Pure: the engine, a pause that is lifted and the simulation ask it alike.</summary>
/// <param name="Decisions">One per fire that has come due, those that start oldest first.</param>
/// <param name="Passed">What the history notes of those that start nothing.</param>
/// <param name="Older">So many were due beyond <see cref="Most"/> and are not noted.</param>
public sealed record DueFires(IReadOnlyList<FireDecision> Decisions, IReadOnlyList<NotedFire> Passed, int Older)
{
    /// <summary>After an outage no more than this many of the newest fires are looked at.</summary>
    public const int Most = 10_000;

    private static readonly DueFires None = new([], [], 0);

    /// <summary>After an outage nothing older than this is looked at.</summary>
    public static TimeSpan LookBackMax { get; } = TimeSpan.FromDays(400);

    /// <summary>Decides on what has come due since the last look.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="decidedUntilUtc">Fires up to here have been decided.</param>
    /// <param name="pause">Why a person has paused it; null where nobody has.</param>
    /// <param name="nowUtc">The instant of the look. Before the last one, as when a clock was set back, nothing is due.</param>
    public static DueFires Of(Schedule schedule, DateTimeOffset decidedUntilUtc, string? pause, DateTimeOffset nowUtc)
    {
        if (decidedUntilUtc >= nowUtc)
        {
            return None;
        }

        DateTimeOffset from = (decidedUntilUtc < nowUtc - LookBackMax ? nowUtc - LookBackMax : decidedUntilUtc).AddTicks(1), to = nowUtc.AddTicks(1);
        Queue<FireTime> due = new();
        int older = 0;
        foreach (FireTime fire in FireTimes.Between(schedule, from, to))
        {
            due.Enqueue(fire);
            if (due.Count > Most)
            {
                due.Dequeue();
                older++;
            }
        }

        string? paused = schedule.Paused ?? pause;
        IReadOnlyList<FireDecision> decisions = FireDecision.Of([.. due], schedule.CatchUp, paused, nowUtc);
        return new(
            decisions,
            [
                .. decisions.Where(d => !d.Starts).Select(d => new NotedFire(d.Fire.AtUtc, paused is null ? "skipped" : "paused", d.Reason)),
                .. FireTimes.DroppedBetween(schedule, from, to).Where(d => d.ByConvention).Select(d => new NotedFire(d.AtUtc, "dropped", d.Reason)),
            ],
            older);
    }
}
