using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Reads what stands below <c>schedule:</c>; a <see cref="Schedule"/> in hand fires.</summary>
internal static class ScheduleYaml
{
    private static readonly Dictionary<string, HolidayRule> Rules = new(StringComparer.Ordinal)
    {
        ["none"] = HolidayRule.None, ["skip"] = HolidayRule.Skip, ["following"] = HolidayRule.Following, ["preceding"] = HolidayRule.Preceding,
    };

    /// <summary>Most expressions in one schedule.</summary>
    internal const int LinesMax = 20;

    /// <summary>Reads a schedule.</summary>
    /// <returns>The schedule; null where something is wrong, which <paramref name="problems"/> then says.</returns>
    public static Schedule? Read(YamlNode node, IReadOnlyList<ParameterSpec> parameters, YamlProblems problems)
    {
        int before = problems.All.Count;
        var map = new YamlMapReader(node, problems, "schedule");
        TimeZoneInfo zone = Zone(map);
        ISessionCalendar? calendar = Calendar(map);
        HolidayRule? holiday = Holiday(map, calendar);
        HolidayRule standard = holiday ?? (calendar is null ? HolidayRule.None : HolidayRule.Skip);
        List<ScheduleLine> lines = [];
        if (map.Has("fires"))
        {
            IReadOnlyList<YamlNode> fires = map.OptionalList("fires");
            if (fires.Count > LinesMax)
            {
                problems.Add(WorkflowCodes.BadValue, fires[LinesMax].Place, $"The schedule has {fires.Count} expressions.", $"Keep to {LinesMax}.");
            }

            foreach (YamlNode item in fires.Take(LinesMax))
            {
                var line = new YamlMapReader(item, problems, "schedule.fires");
                HolidayRule rule = Holiday(line, calendar) ?? standard;
                if (Cron(line, problems) is { } cron)
                {
                    lines.Add(new(cron, rule));
                }

                line.Close();
            }

            if (map.Optional("cron") is { } both)
            {
                problems.Add(WorkflowCodes.BadValue, both.Place, "The schedule has both cron and fires.", "Put every expression below fires.");
            }
        }
        else if (Cron(map, problems) is { } cron)
        {
            lines.Add(new(cron, standard));
        }

        CatchUp catchUp = CatchUpOf(map);
        string? paused = Paused(map);
        map.Optional("fires");
        map.Close();
        foreach (ParameterSpec parameter in parameters.Where(p => p.Required))
        {
            problems.Add(WorkflowCodes.BadParameter, map.Place, $"The parameter '{parameter.Name}' has no default, and nobody gives it to a scheduled run.",
                $"Give '{parameter.Name}' a default.");
        }

        if (problems.All.Count > before)
        {
            return null;
        }

        if (lines.Count == 0)
        {
            problems.Add(map.PlaceOf("fires"), "The schedule names no time.", "Write at least one expression.");
            return null;
        }

        Schedule schedule = new(zone, calendar, lines, catchUp, paused);
        if (FireTimes.Fires(schedule))
        {
            return schedule;
        }

        problems.Add(WorkflowCodes.NeverFires, map.Place, $"No day that {schedule.Summary} names is a trading day of {calendar?.Id}.", "Name other days, or write holiday: none.");
        return null;
    }

    private static TimeZoneInfo Zone(YamlMapReader map)
    {
        string id = map.Text("zone");
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone))
        {
            return zone;
        }

        if (map.Has("zone"))
        {
            map.Problems.Add(WorkflowCodes.UnknownZone, map.PlaceOf("zone"), $"There is no time zone '{id}'.", "Use a name of the IANA list, such as America/Bogota.");
        }

        return TimeZoneInfo.Utc;
    }

    private static ISessionCalendar? Calendar(YamlMapReader map)
    {
        string? id = map.OptionalText("calendar");
        ISessionCalendar? calendar = Schedule.Calendars.FirstOrDefault(c => c.Id == id);
        if (id is not null && calendar is null)
        {
            map.Problems.Add(WorkflowCodes.UnknownZone, map.PlaceOf("calendar"), $"There is no calendar '{id}'.", $"Use one of: {string.Join(", ", Schedule.Calendars.Select(c => c.Id))}.");
        }

        return calendar;
    }

    private static HolidayRule? Holiday(YamlMapReader map, ISessionCalendar? calendar)
    {
        if (!map.Has("holiday"))
        {
            map.Optional("holiday");
            return null;
        }

        HolidayRule rule = map.OneOf("holiday", Rules);
        if (rule != HolidayRule.None && calendar is null)
        {
            map.Problems.Add(WorkflowCodes.BadValue, map.PlaceOf("holiday"), "The holiday rule has no calendar to go by.",
                $"Add calendar: {string.Join(" or ", Schedule.Calendars.Select(c => c.Id))}.");
        }

        return rule;
    }

    private static CronExpression? Cron(YamlMapReader map, YamlProblems problems)
    {
        if (map.Optional("cron") is not YamlScalar scalar)
        {
            map.Text("cron");
            return null;
        }

        (CronExpression? cron, CronFault? fault) = CronText.Parse(scalar.Text);
        if (fault is not null)
        {
            YamlPlace place = scalar.Place with { Column = scalar.Place.Column + fault.Column - 1 + (scalar.IsQuoted ? 1 : 0) };
            string shown = scalar.Text.Length <= 60 ? scalar.Text : scalar.Text[..60] + "…";
            problems.Add(fault.NeverFires ? WorkflowCodes.NeverFires : WorkflowCodes.BadCron, place, $"'{shown}' cannot be used: {fault.Message}.", fault.Remedy);
        }

        return cron;
    }

    private static CatchUp CatchUpOf(YamlMapReader map)
    {
        if (map.OptionalText("catch_up") is not { } text)
        {
            return CatchUp.Skip;
        }

        if (CatchUp.Read(text) is { } policy)
        {
            return policy;
        }

        map.Problems.Add(WorkflowCodes.BadValue, map.PlaceOf("catch_up"), $"catch_up has no value '{text}'.",
            "Use skip, latest, all, window(3) for the newest three, or window(6h) for the last six hours.");
        return CatchUp.Skip;
    }

    private static string? Paused(YamlMapReader map)
    {
        bool paused = map.OptionalFlag("paused") ?? false;
        string? reason = map.OptionalText("reason");
        if (paused == string.IsNullOrWhiteSpace(reason))
        {
            map.Problems.Add(WorkflowCodes.BadValue, map.PlaceOf(paused ? "paused" : "reason"), paused ? "The pause has no reason." : "The reason has no pause.",
                "Write paused: true and reason: together.");
        }

        return paused ? reason : null;
    }
}
