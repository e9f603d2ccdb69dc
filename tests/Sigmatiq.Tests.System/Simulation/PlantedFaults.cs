using Sigmatiq.Market.Calendars;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Tests.SystemTests.Simulation;

/// <summary>The product's functions with one thing wrong in each, which the simulation must find.</summary>
internal static class PlantedFaults
{
    private static readonly SchedulerFunctions Right = SchedulerFunctions.Product;

    public static IReadOnlyDictionary<string, SchedulerFunctions> All { get; } = new Dictionary<string, SchedulerFunctions>
    {
        ["a skipped time does not fire"] = Fires((schedule, fire) => IsSkipped(schedule, fire) ? [] : [fire]),
        ["a skipped time fires by the old offset"] = Fires((schedule, fire) => IsSkipped(schedule, fire)
            ? [fire with { AtUtc = new(fire.Local - schedule.Zone.GetUtcOffset(fire.AtUtc.AddSeconds(-1)), TimeSpan.Zero) }] : [fire]),
        ["a doubled time fires twice"] = Fires((schedule, fire) => schedule.Zone.IsAmbiguousTime(fire.Local)
            ? [fire, fire with { AtUtc = new(fire.Local - schedule.Zone.GetAmbiguousTimeOffsets(fire.Local).Min(), TimeSpan.Zero) }] : [fire]),
        ["a doubled time fires at the second"] = Fires((schedule, fire) => schedule.Zone.IsAmbiguousTime(fire.Local)
            ? [fire with { AtUtc = new(fire.Local - schedule.Zone.GetAmbiguousTimeOffsets(fire.Local).Min(), TimeSpan.Zero) }] : [fire]),
        ["what moves to the following day fires on its own"] = Fires((_, fire) => fire.MovedFrom is { } from && from < DateOnly.FromDateTime(fire.Local)
            ? [fire with { AtUtc = fire.AtUtc.AddDays(from.DayNumber - DateOnly.FromDateTime(fire.Local).DayNumber) }] : [fire]),
        ["following is taken for preceding"] = Lines(line => line.Holiday == HolidayRule.Following ? line with { Holiday = HolidayRule.Preceding } : line),
        ["preceding skips"] = Lines(line => line.Holiday == HolidayRule.Preceding ? line with { Holiday = HolidayRule.Skip } : line),
        ["holidays are not kept"] = Calendars(new Odd(c => c.SessionOn, (_, date, session) => session ?? Session(date, DateRules.IsWeekend(date)))),
        ["a half day is no trading day"] = Calendars(new Odd(c => c.SessionOn, (_, _, session) => session is { IsHalfDay: true } ? null : session)),
        ["an Easter holiday is forgotten"] = Calendars(new Odd(c => c.SessionOn, (_, date, session) => date == DateRules.Easter(date.Year).AddDays(-2) ? Session(date, false) : session)),
        ["the window of a number takes one too few"] = Policy(p => p.Most is > 1 and < 1000 ? p with { Most = p.Most - 1 } : p),
        ["the window of a number takes one too many"] = Policy(p => p.Most is > 0 and < 1000 ? p with { Most = p.Most + 1 } : p),
        ["the window of an age ends a millisecond early"] = Policy(p => p.Age is { } age ? p with { Age = age - TimeSpan.FromMilliseconds(1) } : p),
        ["the window of an age ends a millisecond late"] = Policy(p => p.Age is { } age ? p with { Age = age + TimeSpan.FromMilliseconds(1) } : p),
        ["what is missed is not caught up"] = Policy(_ => CatchUp.Skip),
        ["Sunday as 7 is no day"] = Reads(line => UnixDay(line, day => day.Replace('7', '6'))),
        ["Sunday as 0 is Monday"] = Reads(line => UnixDay(line, day => day == "0" ? "1" : day)),
        ["Quartz counts days from Monday"] = Reads(line => line.Split(' ') is { Length: > 5 } f && f[5] is [>= '1' and <= '6', '#' or 'L', ..] ? Swap(f, 5, (char)(f[5][0] + 1) + f[5][1..]) : line),
        ["both day fields must fit"] = BothDays(),
        ["29 February is 1 March"] = Reads(line => line.Replace(" 29 2 ", " 1 3 ", StringComparison.Ordinal)),
        ["the last day is the 30th"] = Reads(line => line.Replace(" L ", " 30 ", StringComparison.Ordinal)),
        ["seconds are left out"] = Reads(line => line.Split(' ') is { Length: > 5 } f ? Swap(f, 0, "0") : line),
        ["a late fire counts as on time up to two minutes"] = Decides((schedule, until, pause, now) => Retimed(Right.Decide(schedule, until, pause, now), now)),
        ["a pause is caught up"] = Decides((schedule, until, pause, now) => Right.Decide(schedule, until, null, now)),
        ["a clock that is set back fires anew"] = Decides((schedule, until, pause, now) => Right.Decide(schedule, now < until.AddDays(1) ? now.AddMinutes(-1) : until, pause, now)),
        ["what is due at the look itself is left"] = Decides((schedule, until, pause, now) => Right.Decide(schedule, until, pause, now.AddTicks(-1))),
        ["an outage hides what a convention drops"] = Decides((schedule, until, pause, now) => Right.Decide(schedule, until, pause, now) is var due && now - until > TimeSpan.FromDays(2)
            ? due with { Passed = [.. due.Passed.Where(p => p.Outcome != "dropped")] } : due),
        ["no more than a year is looked back"] = Decides((schedule, until, pause, now) => Right.Decide(schedule, until < now.AddDays(-365) ? now.AddDays(-365) : until, pause, now)),
    };

    private static SchedulerFunctions Decides(Func<Schedule, DateTimeOffset, string?, DateTimeOffset, DueFires> decide) => Right with { Decide = decide };

    private static SchedulerFunctions Reads(Func<string, string> change) => Right with { Read = line => Right.Read(change(line)) };

    private static SchedulerFunctions Policy(Func<CatchUp, CatchUp> change) =>
        Decides((schedule, until, pause, now) => Right.Decide(schedule with { CatchUp = change(schedule.CatchUp) }, until, pause, now));

    private static SchedulerFunctions Lines(Func<ScheduleLine, ScheduleLine> change) =>
        Decides((schedule, until, pause, now) => Right.Decide(schedule with { Lines = [.. schedule.Lines.Select(change)] }, until, pause, now));

    private static SchedulerFunctions Calendars(Odd odd) =>
        Decides((schedule, until, pause, now) => Right.Decide(schedule with { Calendar = schedule.Calendar is { } c ? odd.Of(c) : null }, until, pause, now));

    // A fault in the fire times themselves, seen through what a look decides.
    private static SchedulerFunctions Fires(Func<Schedule, FireTime, IEnumerable<FireTime>> change) => Decides((schedule, until, pause, now) =>
    {
        DueFires due = Right.Decide(schedule, until, pause, now);
        Dictionary<DateTimeOffset, NotedFire> passed = due.Passed.Where(p => p.Outcome != "dropped").ToDictionary(p => p.AtUtc);
        FireDecision[] decisions = [.. due.Decisions.SelectMany(d => change(schedule, d.Fire).Select(f => (d, f))).DistinctBy(p => p.f.AtUtc).Select(p => p.d with { Fire = p.f })];
        return due with
        {
            Decisions = decisions,
            Passed =
            [
                .. decisions.Where(d => !d.Starts).Select(d => new NotedFire(d.Fire.AtUtc, pause is null ? "skipped" : "paused", d.Reason)),
                .. due.Passed.Where(p => p.Outcome == "dropped"),
            ],
        };
    });

    private static SchedulerFunctions BothDays() => Fires((schedule, fire) =>
    {
        DateOnly date = fire.MovedFrom ?? DateOnly.FromDateTime(fire.Local);
        return schedule.Lines.Any(l => l.Cron.FiresOn(date) && l.Cron.Times.Contains(TimeOnly.FromDateTime(fire.Local)) && Both(l.Cron, date)) ? [fire] : [];

        static bool Both(CronExpression cron, DateOnly date) => cron.Text.Split(' ') is not { Length: 5 } f || f[2] == "*" || f[4] == "*"
            || (Right.Read(string.Join(' ', f[0], f[1], f[2], f[3], "*")).FiresOn(date) && Right.Read(string.Join(' ', f[0], f[1], "*", f[3], f[4])).FiresOn(date));
    });

    private static DueFires Retimed(DueFires due, DateTimeOffset now) => due with
    {
        Decisions = [.. due.Decisions.Select(d => d.Reason is "missed: no engine was there, or its file was held" or "caught up" && now - d.Fire.AtUtc < TimeSpan.FromMinutes(2) ? d with { Starts = true, Reason = null } : d)],
    };

    private static bool IsSkipped(Schedule schedule, FireTime fire) => schedule.Zone.IsInvalidTime(fire.Local);

    private static string UnixDay(string line, Func<string, string> change) => line.Split(' ') is { Length: 5 } f ? Swap(f, 4, change(f[4])) : line;

    private static string Swap(string[] fields, int at, string text) => string.Join(' ', [.. fields[..at], text, .. fields[(at + 1)..]]);

    private static Session? Session(DateOnly date, bool isShut) => isShut ? null : new Session(date, default, default, false);

    private sealed class Odd(Func<ISessionCalendar, Func<DateOnly, Session?>> of, Func<ISessionCalendar, DateOnly, Session?, Session?> change)
    {
        public ISessionCalendar Of(ISessionCalendar calendar) => new Changed(calendar, date => change(calendar, date, of(calendar)(date)));

        private sealed class Changed(ISessionCalendar calendar, Func<DateOnly, Session?> on) : ISessionCalendar
        {
            public string Id => calendar.Id;

            public TimeZoneInfo Zone => calendar.Zone;

            public (TimeOnly Open, TimeOnly Close) RegularHours => calendar.RegularHours;

            public Session? SessionOn(DateOnly date) => on(date);

            public string? HolidayOn(DateOnly date) => calendar.HolidayOn(date);

            public IReadOnlyList<Session> Sessions(DateOnly from, DateOnly to) => calendar.Sessions(from, to);
        }
    }
}
