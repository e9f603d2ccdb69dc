using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>The product's functions that the simulation drives; a planted fault takes the place of one.</summary>
/// <param name="Read">From a line of a schedule to its expression.</param>
/// <param name="Decide">What one look decides: the same function that the desk asks.</param>
/// <param name="Next">The next fire: the same function that sets the triggers.</param>
internal sealed record SchedulerFunctions(
    Func<string, CronExpression> Read, Func<Schedule, DateTimeOffset, string?, DateTimeOffset, DueFires> Decide, Func<Schedule, DateTimeOffset, DateTimeOffset?> Next)
{
    /// <summary>As they are.</summary>
    public static SchedulerFunctions Product { get; } = new(
        line => CronText.Parse(line) is { Cron: { } cron } ? cron : throw new InvalidOperationException($"'{line}': {CronText.Parse(line).Fault}"),
        DueFires.Of, (schedule, now) => FireTimes.After(schedule, now)?.AtUtc);
}

/// <summary>A world lived through by the product's functions, with a book in memory that keeps what the first writer wrote.</summary>
internal sealed class SchedulerLife(SchedulerWorld world, SchedulerFunctions functions)
{
    private readonly Schedule schedule = ScheduleOf(world.Schedule, functions.Read);
    private readonly SortedDictionary<DateTimeOffset, Outcome> fires = [];
    private readonly HashSet<(long AtMs, string Reason)> dropped = [];
    private DateTimeOffset? mark;
    private string? pause;
    private int pausesSeen;

    public static Schedule ScheduleOf(ScheduleText text, Func<string, CronExpression> read) => new(
        TimeZoneInfo.FindSystemTimeZoneById(text.Zone), Schedule.Calendars.SingleOrDefault(c => c.Id == text.Calendar),
        [.. text.Lines.Select(l => new ScheduleLine(read(l.Cron), Enum.Parse<HolidayRule>(l.Holiday, ignoreCase: true)))],
        CatchUp.Read(text.CatchUp)!, null);

    public History Live()
    {
        foreach (LivingStretch life in world.Living)
        {
            long look = life.FromMs;
            while (look < life.ToMs)
            {
                bool dies = life.DiesFromMs is { } from && look >= from;
                DateTimeOffset now = DateTimeOffset.UnixEpoch.AddMilliseconds(look + life.OffsetMs);
                Turn(look);
                Look(now, dies ? life.WritesLeft : int.MaxValue);
                if (dies || functions.Next(schedule, now) is not { } next)
                {
                    break;
                }

                long at = next.ToUnixTimeMilliseconds();
                look = Math.Max(look + 1, at + world.DelayMs(at) - life.OffsetMs);
            }
        }

        return new([.. fires.Values], [.. dropped.Order()]);
    }

    private void Turn(long trueMs)
    {
        for (; pausesSeen < world.Pauses.Count && world.Pauses[pausesSeen].AtMs <= trueMs; pausesSeen++)
        {
            PauseTurn turn = world.Pauses[pausesSeen];
            DateTimeOffset now = DateTimeOffset.UnixEpoch.AddMilliseconds(turn.ClockMs);
            if (turn.Pause is null)
            {
                if (mark is { } until)
                {
                    Note(functions.Decide(schedule, until, pause, now), now);
                }

                Mark(now);
            }

            pause = turn.Pause;
        }
    }

    // As the desk goes about it: what starts, each by itself; what does not, in one piece; then how far all is decided.
    private void Look(DateTimeOffset now, int writes)
    {
        if (mark is not { } until)
        {
            mark = now;
            return;
        }

        if (until >= now)
        {
            return;
        }

        DueFires due = functions.Decide(schedule, until, pause, now);
        foreach (FireDecision decision in due.Decisions.Where(d => d.Starts && !fires.ContainsKey(d.Fire.AtUtc)))
        {
            if (writes-- <= 0)
            {
                return;
            }

            fires[decision.Fire.AtUtc] = OutcomeOf(decision, "started", now);
        }

        if (writes-- > 0)
        {
            Note(due, now);
            if (writes > 0)
            {
                Mark(now);
            }
        }
    }

    private void Note(DueFires due, DateTimeOffset now)
    {
        Dictionary<DateTimeOffset, NotedFire> passed = due.Passed.Where(p => p.Outcome != "dropped").ToDictionary(p => p.AtUtc);
        foreach (FireDecision decision in due.Decisions.Where(d => !d.Starts))
        {
            NotedFire noted = passed[decision.Fire.AtUtc];
            fires.TryAdd(noted.AtUtc, OutcomeOf(decision with { Reason = noted.Reason }, noted.Outcome, now));
        }

        foreach (NotedFire note in due.Passed.Where(p => p.Outcome == "dropped"))
        {
            dropped.Add((note.AtUtc.ToUnixTimeMilliseconds(), note.Reason!));
        }
    }

    private void Mark(DateTimeOffset now) => mark = mark > now ? mark : now;

    private static Outcome OutcomeOf(FireDecision decision, string what, DateTimeOffset now) => new(
        decision.Fire.AtUtc.ToUnixTimeMilliseconds(), what, decision.Reason, now.ToUnixTimeMilliseconds(),
        decision.Fire.MovedFrom is { } date ? date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber : null);
}
