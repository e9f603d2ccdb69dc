using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>A stretch in which a scheduler lives and its clock goes evenly.</summary>
/// <param name="FromMs">It looks at once, in true time: it was started, woke up, or found that its clock had been set.</param>
/// <param name="ToMs">It does not look from here on.</param>
/// <param name="OffsetMs">What its clock shows beyond true time.</param>
/// <param name="DiesFromMs">The first look from here on is cut short; null where none is.</param>
/// <param name="WritesLeft">So many writes come through of the look that is cut short.</param>
internal sealed record LivingStretch(long FromMs, long ToMs, long OffsetMs, long? DiesFromMs = null, int WritesLeft = 0);

/// <summary>Somebody pauses the schedule or lifts the pause.</summary>
/// <param name="AtMs">In true time.</param>
/// <param name="ClockMs">What the clock shows there.</param>
/// <param name="Pause">The reason of a pause; null lifts it.</param>
internal sealed record PauseTurn(long AtMs, long ClockMs, string? Pause);

/// <summary>Ten years of a schedule and of the machine that is to keep it: what both the oracle and the product are told.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="FromMinute">First minute since 1970 that is simulated.</param>
/// <param name="ToMinute">The minute after the last.</param>
/// <param name="Living">When a scheduler lives.</param>
/// <param name="Pauses">Pauses and their ends, in order.</param>
/// <param name="Salt">Draws the delays of triggers.</param>
internal sealed record SchedulerWorld(
    ScheduleText Schedule, long FromMinute, long ToMinute, IReadOnlyList<LivingStretch> Living, IReadOnlyList<PauseTurn> Pauses, ulong Salt)
{
    /// <summary>A machine's clock is never further off than this.</summary>
    public const long OffsetMsMax = 40L * DayMs;

    private const long SecondMs = 1000, MinuteMs = 60_000, HourMs = 60 * MinuteMs, DayMs = 24 * HourMs;
    private const int Years = 10, FiresMax = 15_000;

    /// <summary>How long after a fire's instant its trigger looks: mostly at once; one in three hundred is held up past what is late.</summary>
    public long DelayMs(long fireMs)
    {
        ulong hash = ((ulong)fireMs + Salt) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9;
        hash ^= hash >> 32;
        return hash % 300 == 0 ? 60_000 + (long)(hash / 300 % 40_000) - 5_000 : (long)(hash / 300 % 900);
    }

    /// <summary>Draws ten years with their schedule.</summary>
    public static (SchedulerWorld World, List<PlannedFire> Fires, List<(long AtMs, string Reason)> Dropped) Draw(Rng rng, string zone)
    {
        while (true)
        {
            ScheduleText schedule = ScheduleText.Draw(rng, zone);
            if (!schedule.Lines.All(l => new CronSheet(l.Cron).CountsEver()))
            {
                continue;
            }

            // The platform reads some zones only as far as their files list the changes: to the end of 2037.
            int years = ZoneFile.Read(zone).ChangesOutsideTheDay ? 37 : 65;
            long from = (long)(new DateTime(1990 + rng.NextInt(years), 1 + rng.NextInt(12), 1) - DateTime.UnixEpoch).TotalMinutes + rng.NextInt(40_000);
            long to = from + (Years * 365L * 1440) + (3 * 1440);
            long margin = OffsetMsMax / MinuteMs;
            var (fires, dropped) = MinuteWalk.Walk(schedule, from - margin, to + margin);
            if (fires.Count is > 0 and <= FiresMax)
            {
                var life = new Life(rng, schedule, fires, from * MinuteMs, to * MinuteMs);
                return (new(schedule, from, to, life.Living, life.Pauses, rng.NextBits()), fires, dropped);
            }
        }
    }

    /// <summary>Draws what befalls a scheduler, mostly near a fire, since elsewhere nothing can go wrong.</summary>
    private sealed class Life
    {
        private readonly Rng rng;
        private readonly long endMs;
        private long bornMs, offsetMs;
        private long? diesFromMs;
        private int writesLeft;

        public Life(Rng rng, ScheduleText schedule, List<PlannedFire> fires, long fromMs, long toMs)
        {
            this.rng = rng;
            endMs = toMs;
            bornMs = fromMs + rng.NextInt(90_000);
            int[] chosen = [.. Enumerable.Range(0, 10 + rng.NextInt(50)).Select(_ => rng.NextInt(fires.Count)).Order()];
            foreach (int index in chosen)
            {
                long at = fires[index].AtMs - offsetMs;
                if (at - DayMs > bornMs && at < endMs - (2 * DayMs))
                {
                    Befall(schedule, at);
                }
            }

            Live(endMs);
        }

        public List<LivingStretch> Living { get; } = [];

        public List<PauseTurn> Pauses { get; } = [];

        private long Upto(long most) => (long)(rng.NextDouble() * most);

        private void Live(long toMs)
        {
            if (bornMs < endMs)
            {
                Living.Add(new(bornMs, Math.Min(toMs, endMs), offsetMs, diesFromMs, writesLeft));
            }

            diesFromMs = null;
        }

        private void Befall(ScheduleText schedule, long at)
        {
            switch (rng.NextInt(8))
            {
                case 0 or 1 or 2:
                    Live(at - Upto(2 * HourMs));
                    bornMs = at + Absence(schedule);
                    break;
                case 3:
                    // Killed in the middle of a look, after so many of its writes.
                    (diesFromMs, writesLeft) = (at, rng.NextInt(4));
                    Live(at + (2 * MinuteMs));
                    bornMs = at + (2 * MinuteMs) + Absence(schedule);
                    (diesFromMs, writesLeft) = (rng.NextInt(2) == 0 ? bornMs : null, rng.NextInt(6));
                    if (diesFromMs is not null)
                    {
                        Live(bornMs + MinuteMs);
                        bornMs += MinuteMs + Upto(HourMs);
                    }

                    break;
                case 4:
                    Set(at - Upto(3 * HourMs), Jump());
                    break;
                case 5:
                    Set(at + Upto(2 * MinuteMs), -Jump());
                    break;
                default:
                    long paused = at - Upto(6 * HourMs), lifted = at + Upto(rng.NextInt(3) == 0 ? 40 * DayMs : 5 * HourMs);
                    bool isAway = rng.NextInt(2) == 0;
                    if (isAway)
                    {
                        Live(at - Upto(8 * HourMs));
                        bornMs = lifted + Upto(2 * DayMs) - DayMs / 2;
                        bornMs = Math.Max(bornMs, at + MinuteMs);
                    }

                    Pauses.Add(new(paused, paused + offsetMs, $"pause {Pauses.Count}"));
                    Pauses.Add(new(lifted, lifted + offsetMs, null));
                    if (!isAway)
                    {
                        Live(lifted + Upto(HourMs));
                        bornMs = Living[^1].ToMs + Upto(HourMs);
                    }
                    else if (bornMs < lifted)
                    {
                        Live(lifted);
                        bornMs = lifted + Upto(HourMs);
                    }

                    break;
            }
        }

        // Long, short, or just so that a fire is exactly as late, or as old, as still counts.
        private long Absence(ScheduleText schedule) => rng.NextInt(10) switch
        {
            0 => MinuteMs,
            1 => MinuteMs + 1,
            2 => schedule.CatchUp switch { "window(90m)" => 90 * MinuteMs, "window(6h)" => 6 * HourMs, "window(2d)" => 2 * DayMs, _ => HourMs } + rng.NextInt(2),
            3 or 4 => Upto(2 * MinuteMs),
            5 or 6 => Upto(12 * HourMs),
            7 => Upto(12 * DayMs),
            8 => rng.NextInt(6) == 0 ? 395 * DayMs + Upto(20 * DayMs) : Upto(3 * DayMs),
            _ => Upto(HourMs),
        };

        private long Jump() => rng.NextInt(4) switch { 0 => Upto(MinuteMs), 1 => HourMs, 2 => Upto(3 * HourMs), _ => Upto(5 * DayMs) };

        private void Set(long at, long by)
        {
            if (Math.Abs(offsetMs + by) > OffsetMsMax)
            {
                by = -by;
            }

            Live(at);
            offsetMs += by;
            bornMs = at + Upto(15 * SecondMs);
        }
    }
}
