using System.Globalization;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Commands;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App.Api;

/// <summary><c>/schedules</c>: what starts by itself, and all fires of a stretch with what became of them.</summary>
internal sealed class SchedulesApi(Platform platform, WorkflowFolder folder)
{
    private const int NextShown = 3, DaysMax = 45;

    // Every minute of the week that the calendar shows, a day more at either end.
    private const int FiresPerWorkflow = 9 * 24 * 60;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/schedules", ListAsync).Operation("listSchedules", "workflows", "What starts by itself, or would but for a fault in its file, with the next fires").Needs(Right.Read);
        routes.MapGet("/schedules/calendar", CalendarAsync)
            .Operation("getFireCalendar", "workflows", "All fires of a stretch, past and coming, with what became of each and the days without trading")
            .Takes("from", "First day or instant (UTC where no offset is said); without it today.").Takes("to", $"Last day or instant, at most {DaysMax} days later; without it six days after the first.")
            .Needs(Right.Read);
    }

    private async Task<Answer<IReadOnlyList<ScheduleListed>>> ListAsync(CancellationToken ct)
    {
        IReadOnlyDictionary<string, SchedulePause> pauses = await platform.Schedules.PausesAsync(ct);
        DateTimeOffset now = platform.Clock.GetUtcNow();
        return new((await ListedWorkflow.AllAsync(platform, folder, ct))
            .Where(w => w.IsNewest && (w.Schedule is not null || (!w.Parsed.IsOk && WorkflowFolder.SaysSchedule(w.File))))
            .Select(w => Of(w, pauses.GetValueOrDefault(w.File.Id), now)));
    }

    private static ScheduleListed Of(ListedWorkflow listed, SchedulePause? pause, DateTimeOffset now)
    {
        WorkflowDefinition? workflow = listed.Parsed.IsOk ? listed.Parsed.Value : null;
        bool isPerson = workflow is { Awaits: null, Schedule.Paused: null } && listed.Changed is null;
        return new(
            listed.File.Id, listed.File.Version, workflow?.Summary, listed.Schedule?.Summary, listed.Schedule?.Zone.Id, listed.Schedule?.Calendar?.Id,
            workflow is null ? null : JsonReading.Field(workflow.Content, "schedule").Text("catch_up") ?? "skip",
            listed.Schedule is { } schedule && listed.Changed is null ? [.. new Stretch(now, null).Of(schedule, NextShown).Select(f => WorkflowTimesCommands.Instant(f.AtUtc))] : [],
            listed.Paused, isPerson ? pause?.PausedBy : null, isPerson ? pause?.PausedAtUtc : null, isPerson, [.. listed.Problems.Select(Answers.LineOf)]);
    }

    private async Task<Answer<FireCalendar>> CalendarAsync(string? from, string? to, CancellationToken ct)
    {
        DateTimeOffset now = platform.Clock.GetUtcNow();
        Stretch asked = Stretch.Read(from ?? now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), to, TimeZoneInfo.Utc, now);
        DateTimeOffset start = asked.FromUtc, end = asked.ToUtc ?? start.AddDays(7);
        if (end - start > TimeSpan.FromDays(DaysMax))
        {
            throw new ProblemException(WorkflowCodes.BadStretch, string.Create(CultureInfo.InvariantCulture, $"The stretch has {(end - start).TotalDays:0} days."), "to", $"Ask for at most {DaysMax} days at once.", ExitCode.BadUsage);
        }

        ILookup<string, SettledFire> settled = (await platform.Schedules.SettledAsync(start, end, ct)).ToLookup(f => f.WorkflowId, StringComparer.Ordinal);
        List<CalendarFire> fires = [];
        Dictionary<string, int> leftOut = new(StringComparer.Ordinal);
        HashSet<ISessionCalendar> calendars = [];
        foreach (ListedWorkflow listed in (await ListedWorkflow.AllAsync(platform, folder, ct)).Where(w => w.IsNewest && (w.Schedule is not null || settled.Contains(w.File.Id))))
        {
            CalendarFire[] own = [.. FiresOf(listed, settled[listed.File.Id], start, end, now)];
            fires.AddRange(own.Take(FiresPerWorkflow));
            if (own.Length > FiresPerWorkflow)
            {
                leftOut[listed.File.Id] = own.Length - FiresPerWorkflow;
            }

            if (listed.Schedule?.Calendar is { } calendar)
            {
                calendars.Add(calendar);
            }
        }

        return new(new FireCalendar(start, end, now, fires, [.. calendars.OrderBy(c => c.Id, StringComparer.Ordinal).SelectMany(c => ClosedDays(c, start, end))], leftOut));
    }

    // What was decided stands; what was not comes of the schedule as it is written now.
    private static IEnumerable<CalendarFire> FiresOf(ListedWorkflow listed, IEnumerable<SettledFire> settled, DateTimeOffset start, DateTimeOffset end, DateTimeOffset now)
    {
        // A backfill speaks after the decision that it makes up for.
        Dictionary<DateTimeOffset, SettledFire> known = [];
        foreach (SettledFire fire in settled.OrderBy(f => f.Outcome == "made_up"))
        {
            known[fire.FireUtc] = fire.Outcome == "made_up" && known.TryGetValue(fire.FireUtc, out SettledFire? before) ? fire with { Reason = before.Reason } : fire;
        }

        string id = listed.File.Id;
        List<(DateTimeOffset At, CalendarFire Fire)> all = [.. known.Values.Select(f => (f.FireUtc, new CalendarFire(id, WorkflowTimesCommands.Instant(f.FireUtc), f.Outcome, f.RunId, f.RunStatus, f.Reason, null)))];
        if (listed.Schedule is { } schedule)
        {
            string? held = listed.Changed?.Message ?? listed.Paused;
            // A fire that has just come due is on its way.
            DateTimeOffset past = now - FireDecision.MisfireThreshold;
            all.AddRange(FireTimes.Between(schedule, start, end).Where(f => !known.ContainsKey(f.AtUtc)).Select(f => (f.AtUtc, new CalendarFire(
                id, WorkflowTimesCommands.Instant(f.AtUtc), f.AtUtc < past ? "undecided" : held is null ? "coming" : "held", null, null, f.AtUtc < past ? null : held,
                f.MovedFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))));
            HashSet<DateTimeOffset> taken = [.. all.Select(f => f.At)];
            all.AddRange(FireTimes.DroppedBetween(schedule, start, end).Where(d => taken.Add(d.AtUtc)).Select(d => (d.AtUtc, new CalendarFire(
                id, WorkflowTimesCommands.Instant(d.AtUtc), d.ByConvention ? "dropped" : "closed", null, null, d.Reason, null))));
        }

        return all.OrderBy(f => f.At).Select(f => f.Fire);
    }

    private static IEnumerable<ClosedDay> ClosedDays(ISessionCalendar calendar, DateTimeOffset start, DateTimeOffset end)
    {
        DateOnly last = DateOnly.FromDateTime(end.UtcDateTime);
        for (DateOnly date = DateOnly.FromDateTime(start.UtcDateTime); date <= last; date = date.AddDays(1))
        {
            if (calendar.HolidayOn(date) is { } name)
            {
                yield return new(calendar.Id, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), name);
            }
        }
    }
}
