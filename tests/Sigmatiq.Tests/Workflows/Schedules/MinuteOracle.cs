using System.Globalization;

namespace Sigmatiq.Tests.Workflows.Schedules;

/// <summary>Fire times by walking every minute: its own reading of cron, clock and convention, with no code of the product in it. A
/// local minute happens when the clock first shows it or, where the clock leaps over it, when it leaps.</summary>
internal sealed class MinuteOracle(TimeZoneInfo zone, Func<DateOnly, bool> trades)
{
    /// <summary>Instants of the fires in <c>[from, to)</c>, in order.</summary>
    public List<DateTime> Fires(IReadOnlyList<(string Cron, string Holiday)> lines, DateTime fromUtc, DateTime toUtc)
    {
        Dictionary<DateTime, DateTime> happened = [];
        DateTime utc = fromUtc.AddDays(-16), frontier = utc + zone.GetUtcOffset(utc);
        for (; utc < toUtc.AddDays(16); utc = utc.AddMinutes(1))
        {
            DateTime local = utc + zone.GetUtcOffset(utc);
            for (; frontier <= local; frontier = frontier.AddMinutes(1))
            {
                happened[frontier] = utc;
            }
        }

        var read = lines.Select(l => (Fields: l.Cron.Split(' ').Select((f, i) => Read(f, i)).ToArray(), Text: l.Cron.Split(' '), l.Holiday)).ToArray();
        HashSet<DateTime> fires = [];
        List<(DateTime Local, DateTime Target)> moving = [];
        foreach (var (local, at) in happened.OrderBy(h => h.Key))
        {
            foreach (var (fields, text, holiday) in read)
            {
                if (!Matches(fields, text, local))
                {
                    continue;
                }

                bool open = trades(DateOnly.FromDateTime(local));
                if (holiday == "none" || open)
                {
                    fires.Add(at);
                }
                else if (holiday != "skip")
                {
                    moving.Add((local, Move(local, holiday == "following" ? 1 : -1)));
                }
            }
        }

        foreach (var (local, target) in moving)
        {
            bool sameWeek = ISOWeek.GetWeekOfYear(local) == ISOWeek.GetWeekOfYear(target) && ISOWeek.GetYear(local) == ISOWeek.GetYear(target);
            if (sameWeek && happened.TryGetValue(target, out DateTime at))
            {
                fires.Add(at);
            }
        }

        return [.. fires.Where(f => f >= fromUtc && f < toUtc).Order()];
    }

    private DateTime Move(DateTime local, int days)
    {
        do
        {
            local = local.AddDays(days);
        }
        while (!trades(DateOnly.FromDateTime(local)));
        return local;
    }

    private static bool Matches(HashSet<int>[] fields, string[] text, DateTime local)
    {
        bool month = fields[2].Contains(local.Day), week = fields[4].Contains((int)local.DayOfWeek) || (local.DayOfWeek == DayOfWeek.Sunday && fields[4].Contains(7));
        bool day = text[2] != "*" && text[4] != "*" ? month || week : month && week;
        return fields[0].Contains(local.Minute) && fields[1].Contains(local.Hour) && day && fields[3].Contains(local.Month);
    }

    private static HashSet<int> Read(string field, int index)
    {
        (int min, int max) = index switch { 0 => (0, 59), 1 => (0, 23), 2 => (1, 31), 3 => (1, 12), _ => (0, 7) };
        HashSet<int> values = [];
        foreach (string item in field.Split(','))
        {
            string[] halves = item.Split('/');
            int step = halves.Length > 1 ? int.Parse(halves[1], CultureInfo.InvariantCulture) : 1;
            string[] ends = halves[0].Split('-');
            int from = halves[0] == "*" ? min : int.Parse(ends[0], CultureInfo.InvariantCulture);
            int to = halves[0] == "*" ? (index == 4 ? 6 : max) : int.Parse(ends[^1], CultureInfo.InvariantCulture);
            for (int value = min; value <= max; value++)
            {
                if (value >= from && value <= to && (value - from) % step == 0)
                {
                    values.Add(value);
                }
            }
        }

        return values;
    }
}
