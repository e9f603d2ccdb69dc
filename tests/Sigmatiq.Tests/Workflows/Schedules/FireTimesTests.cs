using System.Globalization;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Tests.Workflows.Schedules;

public sealed class FireTimesTests
{
    private static readonly string[] Zones =
    [
        "America/Bogota", "America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Antarctica/Troll", "America/Santiago", "Africa/Cairo", "Asia/Beirut",
        "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "America/Havana", "Pacific/Chatham", "Asia/Gaza", "America/Scoresbysund", "UTC",
    ];

    // New York 2026: 8 March 02:00 → 03:00, 1 November 02:00 → 01:00.
    [Theory]
    [InlineData("30 2 * * *", "2026-03-07", "2026-03-09T12:00:00Z", "2026-03-07T07:30:00Z 2026-03-08T07:00:00Z 2026-03-09T06:30:00Z")]
    [InlineData("*/20 2 * * *", "2026-03-08", "2026-03-09", "2026-03-08T07:00:00Z")]
    [InlineData("0,30 2,3 * * *", "2026-03-08", "2026-03-09", "2026-03-08T07:00:00Z 2026-03-08T07:30:00Z")]
    [InlineData("30 1 * * *", "2026-10-31", "2026-11-03", "2026-10-31T05:30:00Z 2026-11-01T05:30:00Z 2026-11-02T06:30:00Z")]
    [InlineData("0 2 * * *", "2026-11-01", "2026-11-02", "2026-11-01T07:00:00Z")]
    public void A_skipped_time_fires_after_the_gap_and_a_doubled_one_once(string cron, string from, string to, string expected) =>
        Instants(Of("America/New_York", null, (cron, HolidayRule.None)), from, to).Should().Equal(expected.Split(' '));

    // On 30 December 2011 there was no such day in Apia: its clocks went from the end of the 29th to the start of the 31st, 10:00 UTC.
    [Fact]
    public void A_day_that_the_clocks_skip_fires_once_when_they_have_skipped_it() =>
        Instants(Of("Pacific/Apia", null, ("0 9,15 * * *", HolidayRule.None)), "2011-12-29T12:00:00Z", "2012-01-01")
            .Should().Equal("2011-12-29T19:00:00Z", "2011-12-30T01:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z", "2011-12-31T01:00:00Z", "2011-12-31T19:00:00Z");

    // Colombia 2026: Monday 12 January and Friday 1 May are holidays, Thursday 2 and Friday 3 April are Easter's.
    [Theory]
    [InlineData("15 8 * * 1", HolidayRule.Following, "2026-01-11", "2026-01-17", "2026-01-13T13:15:00Z")]
    [InlineData("15 8 * * 1", HolidayRule.Skip, "2026-01-11", "2026-01-17", "")]
    [InlineData("15 8 * * 1", HolidayRule.None, "2026-01-11", "2026-01-17", "2026-01-12T13:15:00Z")]
    [InlineData("15 8 * * 1", HolidayRule.Preceding, "2026-01-05", "2026-01-17", "2026-01-05T13:15:00Z")]
    [InlineData("30 14 * * 5", HolidayRule.Preceding, "2026-04-26", "2026-05-03", "2026-04-30T19:30:00Z")]
    [InlineData("30 14 * * 5", HolidayRule.Preceding, "2026-03-29", "2026-04-05", "2026-04-01T19:30:00Z")]
    [InlineData("30 14 * * 5", HolidayRule.Following, "2026-04-26", "2026-05-03", "")]
    [InlineData("0 9 * * 1-5", HolidayRule.Preceding, "2026-04-26", "2026-05-03", "2026-04-27T14:00:00Z 2026-04-28T14:00:00Z 2026-04-29T14:00:00Z 2026-04-30T14:00:00Z")]
    public void A_convention_moves_within_the_week_or_drops(string cron, HolidayRule rule, string from, string to, string expected) =>
        Instants(Of("America/Bogota", ColombiaCalendar.Instance, (cron, rule)), from, to)
            .Should().Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void What_is_dropped_is_noted_with_its_reason()
    {
        Schedule daily = Of("America/Bogota", ColombiaCalendar.Instance, ("0 9 * * 1-5", HolidayRule.Preceding));
        Dropped(daily, "2026-04-26", "2026-05-03").Should().Equal("2026-05-01 09:00 moved from 2026-05-01 it meets the fire of 2026-04-30");
        Schedule friday = Of("America/Bogota", ColombiaCalendar.Instance, ("0 9 * * 5", HolidayRule.Following), ("0 10 * * 5", HolidayRule.Skip));
        Dropped(friday, "2026-04-26", "2026-05-03").Should().Equal(
            "2026-05-01 09:00 the next trading day is in another week", "2026-05-01 10:00 no trading on 2026-05-01");
    }

    [Fact]
    public void Two_fires_that_move_to_one_instant_are_one() =>
        Instants(Of("America/Bogota", ColombiaCalendar.Instance, ("0 9 * * 4,5", HolidayRule.Preceding)), "2026-03-30", "2026-04-05")
            .Should().Equal("2026-04-01T14:00:00Z");

    [Fact]
    public void Two_expressions_that_move_from_one_day_to_one_instant_leave_no_note() =>
        Dropped(Of("America/Bogota", ColombiaCalendar.Instance, ("0 9 * * 1", HolidayRule.Following), ("0 9,10 * * 1", HolidayRule.Following)), "2026-01-11", "2026-01-17")
            .Should().BeEmpty();

    [Fact]
    public void A_moved_fire_says_where_it_stood()
    {
        FireTime fire = FireTimes.Between(Of("America/Bogota", ColombiaCalendar.Instance, ("15 8 * * 1", HolidayRule.Following)), At("2026-01-11"), At("2026-01-17")).Single();
        fire.Local.Should().Be(new DateTime(2026, 1, 13, 8, 15, 0));
        fire.MovedFrom.Should().Be(new DateOnly(2026, 1, 12));
    }

    [Fact]
    public void The_stretch_takes_its_start_and_leaves_its_end()
    {
        Schedule daily = Of("UTC", null, ("0 0 * * *", HolidayRule.None));
        Instants(daily, "2026-01-01", "2026-01-03").Should().Equal("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
        FireTimes.After(daily, At("2026-01-01"))!.AtUtc.Should().Be(At("2026-01-02"));
        FireTimes.Between(daily, At("2026-01-03"), At("2026-01-01")).Should().BeEmpty();
    }

    [Fact]
    public void The_rarest_fires_are_found_and_the_end_of_years_is_the_end()
    {
        FireTimes.After(Of("UTC", null, ("0 0 29 2 *", HolidayRule.None)), At("2096-03-01"))!.AtUtc.Should().Be(At("2104-02-29"));
        // 29 February falls on a Monday in 2044 and then, 28 years on, in 2072.
        FireTimes.After(Of("UTC", null, ("0 0 0 ? 2 2#5", HolidayRule.None)), At("2044-03-01"))!.AtUtc.Should().Be(At("2072-02-29"));
        FireTimes.After(Of("UTC", null, ("0 0 0 1 1 ? 2027", HolidayRule.None)), At("2027-01-01")).Should().BeNull();
        FireTimes.After(Of("UTC", null, ("0 0 1 1 *", HolidayRule.None)), DateTimeOffset.MaxValue.AddTicks(-5)).Should().BeNull();
    }

    [Fact]
    public void Fire_times_equal_a_walk_over_every_minute()
    {
        TimeZoneInfo[] everywhere = [.. TimeZoneInfo.GetSystemTimeZones().OrderBy(z => z.Id, StringComparer.Ordinal)];
        for (int seed = 1; seed <= 90; seed++)
        {
            Rng rng = Rng.From(seed);
            // Half of them in zones whose clocks are known to be odd, the others anywhere.
            TimeZoneInfo zone = rng.NextInt(2) == 0
                ? TimeZoneInfo.FindSystemTimeZoneById(Zones[rng.NextInt(Zones.Length)])
                : everywhere[rng.NextInt(everywhere.Length)];
            ISessionCalendar? calendar = rng.NextInt(3) == 0 ? null : Schedule.Calendars[rng.NextInt(Schedule.Calendars.Count)];
            List<(string Cron, HolidayRule Rule)> lines = [];
            for (int i = rng.NextInt(3); i >= 0; i--)
            {
                lines.Add((RandomUnix(rng), calendar is null ? HolidayRule.None : (HolidayRule)rng.NextInt(4)));
            }

            // Half of the stretches lie around the change of clocks in spring or autumn.
            DateTime from = new DateTime(2020 + rng.NextInt(10), rng.NextInt(2) == 0 ? 3 : 10, 1 + rng.NextInt(28), 0, 0, 0, DateTimeKind.Utc);
            from = rng.NextInt(2) == 0 ? from : from.AddDays(rng.NextInt(300));
            DateTime to = from.AddDays(20);
            var expected = new MinuteOracle(zone, d => calendar is null || calendar.SessionOn(d) is not null)
                .Fires([.. lines.Select(l => (l.Cron, l.Rule.ToString().ToLowerInvariant()))], from, to);
            List<DateTime> actual = [.. FireTimes.Between(Of(zone.Id, calendar, [.. lines]), from, to).Select(f => f.AtUtc.UtcDateTime)];
            actual.Should().Equal(expected, $"seed {seed}: {zone.Id} {calendar?.Id} {string.Join(" + ", lines)} from {from:u}");
        }
    }

    [Fact]
    public void What_fires_and_what_is_dropped_are_all_that_the_expressions_name()
    {
        for (int seed = 100; seed < 140; seed++)
        {
            Rng rng = Rng.From(seed);
            HolidayRule rule = (HolidayRule)rng.NextInt(4);
            string cron = RandomUnix(rng);
            // Whole weeks, since no fire leaves its week.
            DateTimeOffset from = At("2026-03-02T05:00:00Z"), to = At("2026-06-29T05:00:00Z");
            int named = FireTimes.Between(Of("America/Bogota", null, (cron, HolidayRule.None)), from, to).Count();
            Schedule schedule = Of("America/Bogota", ColombiaCalendar.Instance, (cron, rule));
            (FireTimes.Between(schedule, from, to).Count() + FireTimes.DroppedBetween(schedule, from, to).Count).Should().Be(named, $"seed {seed}: {cron} {rule}");
        }
    }

    private static string RandomUnix(Rng rng)
    {
        string Some(int min, int max) => rng.NextInt(4) switch
        {
            0 => $"{min + rng.NextInt(max - min + 1)}",
            1 when min + 1 < max && rng.NextInt(max - min) is var low => $"{min + low}-{min + low + 1 + rng.NextInt(max - min - low)}",
            2 => $"*/{2 + rng.NextInt(max - min - 1)}",
            _ => $"{min + rng.NextInt(max - min + 1)},{min + rng.NextInt(max - min + 1)}",
        };
        return $"{Some(0, 59)} {Some(0, 23)} {(rng.NextInt(2) == 0 ? "*" : Some(1, 28))} {(rng.NextInt(3) > 0 ? "*" : Some(1, 12))} {(rng.NextInt(2) == 0 ? "*" : Some(0, 7))}";
    }

    private static Schedule Of(string zone, ISessionCalendar? calendar, params (string Cron, HolidayRule Rule)[] lines) => new(
        TimeZoneInfo.FindSystemTimeZoneById(zone), calendar, [.. lines.Select(l => new ScheduleLine(CronText.Parse(l.Cron).Cron!, l.Rule))], CatchUp.Skip, null);

    private static IEnumerable<string> Instants(Schedule schedule, string from, string to) =>
        FireTimes.Between(schedule, At(from), At(to)).Select(f => f.AtUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    private static IEnumerable<string> Dropped(Schedule schedule, string from, string to) =>
        FireTimes.DroppedBetween(schedule, At(from), At(to)).Select(d => $"{d.Local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} {d.Reason}");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
