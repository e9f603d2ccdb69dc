namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>A fire as the oracle expects it; times in milliseconds since 1970.</summary>
/// <param name="AtMs">Its instant.</param>
/// <param name="MovedFrom">The date it stood on before a convention moved it, as days since 1970; null where it did not.</param>
internal readonly record struct PlannedFire(long AtMs, int? MovedFrom);

/// <summary>Every minute of ten years, one by one: which local minute the clocks show, for the first time, and what a schedule says to it.</summary>
internal static class MinuteWalk
{
    private const long MinuteMs = 60_000;
    private const int DayMinutes = 1440;

    [ThreadStatic]
    private static int[]? shown;

    /// <summary>Fires and notes of what a convention drops, both in order, in <c>[from, to)</c>, in minutes since 1970.</summary>
    public static (List<PlannedFire> Fires, List<(long AtMs, string Reason)> Dropped) Walk(ScheduleText schedule, long fromMinute, long toMinute)
    {
        // A convention moves by days, and a zone is up to a day away.
        long from = fromMinute - (16 * DayMinutes), to = toMinute + (16 * DayMinutes);
        long origin = Day(from) * DayMinutes;
        int length = (int)(to - origin + (2 * DayMinutes));
        int[] at = shown?.Length >= length ? shown : shown = new int[length];
        long frontier = long.MinValue;
        // Local minute → the UTC minute that shows it first, twice; plus one where the clocks leapt over it.
        foreach (var (begin, end, offset) in ZoneFile.Read(schedule.Zone).Between(from * 60, to * 60))
        {
            if (begin % 60 != 0 || offset % 60 != 0)
            {
                throw new InvalidOperationException($"{schedule.Zone} changes within a minute at {begin}.");
            }

            for (long utc = begin / 60; utc < end / 60; utc++)
            {
                long local = utc + (offset / 60);
                if (frontier == long.MinValue)
                {
                    Array.Fill(at, -1);
                    frontier = local;
                }

                for (; frontier < local; frontier++)
                {
                    at[(int)(frontier - origin)] = (int)((2 * (utc - from)) + 1);
                }

                if (frontier == local)
                {
                    at[(int)(local - origin)] = (int)(2 * (utc - from));
                    frontier++;
                }
            }
        }

        int days = length / DayMinutes;
        CronSheet[] sheets = [.. schedule.Lines.Select(l => new CronSheet(l.Cron))];
        bool[] trades = [.. Enumerable.Range(0, days).Select(d => HolidaySheet.Trades(schedule.Calendar, Date((origin / DayMinutes) + d)))];
        int[] minuteLines = new int[DayMinutes];
        for (int i = 0; i < sheets.Length; i++)
        {
            for (int m = 0; m < DayMinutes; m++)
            {
                minuteLines[m] |= sheets[i].Minutes[m] ? 1 << i : 0;
            }
        }

        Dictionary<long, PlannedFire> fires = [];
        List<(int Local, int Second, int Target, bool Forward)> moving = [];
        for (int day = 0; day < days; day++)
        {
            int counting = 0;
            for (int i = 0; i < sheets.Length; i++)
            {
                counting |= sheets[i].CountsOn(Date((origin / DayMinutes) + day)) ? 1 << i : 0;
            }

            for (int minute = 0; minute < DayMinutes; minute++)
            {
                int now = counting & minuteLines[minute];
                for (int i = 0; now != 0; i++, now >>= 1)
                {
                    if ((now & 1) == 0)
                    {
                        continue;
                    }

                    string rule = schedule.Lines[i].Holiday;
                    int local = (day * DayMinutes) + minute;
                    foreach (int second in sheets[i].Seconds)
                    {
                        if (rule == "none" || trades[day])
                        {
                            if (InstantOf(local, second) is { } ms)
                            {
                                fires[ms] = new(ms, null);
                            }
                        }
                        else if (rule != "skip")
                        {
                            int step = rule == "following" ? 1 : -1, target = day + step;
                            while (target >= 0 && target < days && !trades[target])
                            {
                                target += step;
                            }

                            moving.Add((local, second, target, step > 0));
                        }
                    }
                }
            }
        }

        List<(long AtMs, string Reason)> dropped = [];
        foreach (var (local, second, target, forward) in moving)
        {
            if (InstantOf(local, second) is not { } stood || target < 0 || target >= days)
            {
                continue;
            }

            int day = (int)((origin / DayMinutes) + (local / DayMinutes));
            DateTime date = Date(day), onto = Date((origin / DayMinutes) + target);
            if (Monday(date) != Monday(onto))
            {
                dropped.Add((stood, $"the {(forward ? "next" : "previous")} trading day is in another week"));
            }
            else if (InstantOf((target * DayMinutes) + (local % DayMinutes), second) is { } ms)
            {
                if (!fires.TryAdd(ms, new(ms, day)) && fires[ms].MovedFrom != day)
                {
                    dropped.Add((stood, $"moved from {date:yyyy-MM-dd} it meets the fire of {onto:yyyy-MM-dd}"));
                }
            }
        }

        return (
            [.. fires.Values.Where(f => f.AtMs >= fromMinute * MinuteMs && f.AtMs < toMinute * MinuteMs).OrderBy(f => f.AtMs)],
            [.. dropped.Where(d => d.AtMs >= fromMinute * MinuteMs && d.AtMs < toMinute * MinuteMs).Distinct().Order()]);

        long? InstantOf(int local, int second) => at[local] switch
        {
            < 0 => null,
            var twice when (twice & 1) == 1 => (from + (twice / 2)) * MinuteMs,
            var twice => ((from + (twice / 2)) * MinuteMs) + (second * 1000L),
        };
    }

    /// <summary>The date of a number of days since 1970.</summary>
    public static DateTime Date(long day) => DateTime.UnixEpoch.Date.AddDays(day);

    private static long Day(long minute) => (minute - (((minute % DayMinutes) + DayMinutes) % DayMinutes)) / DayMinutes - 1;

    private static DateTime Monday(DateTime date) => date.AddDays(-(((int)date.DayOfWeek + 6) % 7));
}
