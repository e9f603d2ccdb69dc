using System.Globalization;

namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>What must become of every fire of a world, told from the promises of docs/schedules.md alone.</summary>
internal sealed class LifeOracle(SchedulerWorld world, List<PlannedFire> fires, List<(long AtMs, string Reason)> dropped)
{
    private const long LateMs = 60_000, LookBackMs = 400L * 86_400_000;
    private const int NewestMost = 10_000;

    private readonly Dictionary<long, Outcome> done = [];
    private readonly HashSet<(long, string)> notes = [];
    private long? decidedUntil;
    private string? pause;
    private int pausesSeen;

    public History Tell()
    {
        foreach (LivingStretch life in world.Living)
        {
            long look = life.FromMs;
            while (look < life.ToMs)
            {
                bool dies = life.DiesFromMs is { } from && look >= from;
                Look(look, look + life.OffsetMs, dies ? life.WritesLeft : int.MaxValue);
                int next = FirstAfter(look + life.OffsetMs);
                if (dies || next == fires.Count)
                {
                    break;
                }

                look = Math.Max(look + 1, fires[next].AtMs + world.DelayMs(fires[next].AtMs) - life.OffsetMs);
            }
        }

        return new([.. done.Values.OrderBy(o => o.AtMs)], [.. notes.Order()]);
    }

    private void Look(long trueMs, long nowMs, int writes)
    {
        for (; pausesSeen < world.Pauses.Count && world.Pauses[pausesSeen].AtMs <= trueMs; pausesSeen++)
        {
            PauseTurn turn = world.Pauses[pausesSeen];
            if (turn.Pause is null)
            {
                // Whatever came due until now in the pause, seen or not, stays undone; so does what was missed before it.
                Decide(turn.ClockMs, int.MaxValue);
            }

            pause = turn.Pause;
        }

        Decide(nowMs, writes);
    }

    private void Decide(long nowMs, int writes)
    {
        if (decidedUntil is not { } until)
        {
            decidedUntil = nowMs;
            return;
        }

        if (until >= nowMs)
        {
            return;
        }

        long after = Math.Max(until, nowMs - LookBackMs);
        int first = FirstAfter(after), last = FirstAfter(nowMs) - 1;
        first = Math.Max(first, last - NewestMost + 1);
        List<PlannedFire> missed = [];
        for (int i = first; i <= last; i++)
        {
            if (pause is null && nowMs - fires[i].AtMs > LateMs)
            {
                missed.Add(fires[i]);
            }
        }

        List<PlannedFire> caughtUp = CaughtUp(missed, nowMs);
        List<Outcome> skipped = [];
        for (int i = first; i <= last; i++)
        {
            PlannedFire fire = fires[i];
            if (done.ContainsKey(fire.AtMs))
            {
                continue;
            }

            bool isLate = missed.Contains(fire);
            if (pause is not null || (isLate && !caughtUp.Contains(fire)))
            {
                skipped.Add(new(fire.AtMs, pause is null ? "skipped" : "paused", pause ?? "missed: no engine was there, or its file was held", nowMs, fire.MovedFrom));
            }
            else if (writes-- > 0)
            {
                done[fire.AtMs] = new(fire.AtMs, "started", isLate ? "caught up" : null, nowMs, fire.MovedFrom);
            }
            else
            {
                return;
            }
        }

        // What starts nothing is written in one piece after what starts, how far all is decided after that.
        if (writes-- > 0)
        {
            skipped.ForEach(s => done[s.AtMs] = s);
            foreach (var note in dropped.Where(d => d.AtMs > after && d.AtMs <= nowMs))
            {
                notes.Add(note);
            }

            if (writes > 0)
            {
                decidedUntil = nowMs;
            }
        }
    }

    private List<PlannedFire> CaughtUp(List<PlannedFire> missed, long nowMs)
    {
        string policy = world.Schedule.CatchUp;
        if (policy is "skip" or "all")
        {
            return policy == "all" ? missed : [];
        }

        string size = policy == "latest" ? "1" : policy["window(".Length..^1];
        long unit = size[^1] switch { 'm' => 60_000, 'h' => 3_600_000, 'd' => 86_400_000, _ => 0 };
        long number = long.Parse(size.AsSpan(0, unit == 0 ? size.Length : size.Length - 1), CultureInfo.InvariantCulture);
        return unit > 0
            ? missed.FindAll(f => f.AtMs >= nowMs - (number * unit))
            : missed.GetRange((int)Math.Max(0, missed.Count - number), (int)Math.Min(missed.Count, number));
    }

    private int FirstAfter(long ms)
    {
        int low = 0, high = fires.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = fires[middle].AtMs > ms ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
