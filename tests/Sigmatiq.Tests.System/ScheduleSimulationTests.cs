using System.Globalization;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Tests.SystemTests.Simulation;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Schedules over ten years in every zone, with outages, clocks that are set, pauses and deaths in the middle of a look, beside an
/// oracle that walks every minute and shares no code with the product.</summary>
public sealed class ScheduleSimulationTests(ITestOutputHelper output)
{
    private const int FaultSeedsMax = 200;

    /// <summary>A wrong turn in each place where a scheduler can take one.</summary>
    public static TheoryData<string> Faults => [.. PlantedFaults.All.Keys];

    [Fact]
    public void Ten_years_in_every_zone_come_out_as_a_walk_over_every_minute_says()
    {
        int seeds = int.Parse(Environment.GetEnvironmentVariable("SIGMATIQ_SIMULATE_SEEDS") ?? "200", CultureInfo.InvariantCulture);
        long begun = TimeProvider.System.GetTimestamp();
        SimulatedSeed[] run = [.. Enumerable.Range(0, seeds).AsParallel().Select(seed => ScheduleSimulation.Run(seed, SchedulerFunctions.Product))];
        string[] zones = [.. Enumerable.Range(0, seeds).SelectMany(s => ScheduleSimulation.ZonesOf(s)).Distinct()];
        Dictionary<string, int> outcomes = run.SelectMany(r => r.Outcomes).GroupBy(o => o.Key).ToDictionary(o => o.Key, o => o.Sum(c => c.Value));
        output.WriteLine($"{seeds} seeds, {run.Sum(r => r.Worlds)} schedules over ten years in {zones.Length} zones, {run.Sum(r => r.Fires)} fires in "
            + $"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:f1} s: {string.Join(", ", outcomes.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Value} {o.Key}"))}");
        run.SelectMany(r => r.Differences).Should().BeEmpty();
        if (seeds >= 200)
        {
            zones.Should().HaveCount(ZoneFile.Names.Count, "every zone has its turn");
        }

        outcomes.Keys.Should().Contain(["started", "caught up", "skipped", "paused", "dropped"], "a simulation in which nothing goes wrong proves nothing");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_planted_fault_is_found(string fault)
    {
        // Where clocks are set twice a year.
        for (int seed = 40; seed < FaultSeedsMax; seed++)
        {
            if (ScheduleSimulation.Run(seed, PlantedFaults.All[fault]).Differences is [var first, ..])
            {
                output.WriteLine($"{fault}: found by seed {seed}: {first}");
                return;
            }
        }

        Assert.Fail($"{fault} was not found in {FaultSeedsMax} seeds.");
    }

    // What the simulation leaves out, and docs/schedules.md says: zones whose rule for the years after 2037 changes the clock outside
    // the day it names.
    [Fact]
    public void The_platform_reads_the_zones_as_their_files_say()
    {
        List<string> misread = [];
        foreach (string name in ZoneFile.Names)
        {
            var platform = TimeZoneInfo.FindSystemTimeZoneById(name);
            var file = ZoneFile.Read(name);
            long to = Seconds(file.ChangesOutsideTheDay ? 2037 : 2100);
            foreach (var (begin, end, offset) in file.Between(Seconds(1975), to))
            {
                misread.AddRange(from at in (long[])[begin, begin + 1, (begin + end) / 2, end - 1]
                                 where platform.GetUtcOffset(DateTime.UnixEpoch.AddSeconds(at)).TotalSeconds != offset
                                 select $"{name} at {DateTime.UnixEpoch.AddSeconds(at):u}");
            }
        }

        misread.Should().BeEmpty();

        static long Seconds(int year) => (long)(new DateTime(year, 1, 1) - DateTime.UnixEpoch.Date).TotalSeconds;
    }

    // A time of day has one instant only if no two changes of the clock lie within three days.
    [Fact]
    public void No_zone_changes_its_clock_twice_within_three_days()
    {
        foreach (string name in ZoneFile.Names)
        {
            ZoneFile.Read(name).Between(0, 4_000_000_000).Skip(1).SkipLast(1).Should().NotContain(p => p.To - p.From < 3 * 86_400, name);
        }
    }

    [Fact]
    public void The_oracle_and_the_calendars_know_the_same_days()
    {
        int halfDays = 0;
        for (DateTime date = new(1990, 1, 1); date.Year < 2066; date = date.AddDays(1))
        {
            foreach (ISessionCalendar calendar in Schedule.Calendars)
            {
                Session? session = calendar.SessionOn(DateOnly.FromDateTime(date));
                session.HasValue.Should().Be(HolidaySheet.Trades(calendar.Id, date), $"{calendar.Id} {date:yyyy-MM-dd}");
                if (calendar.Id == "NYSE" && date.Year >= 1993 && HolidaySheet.IsHalfDayInNewYork(date))
                {
                    session!.Value.IsHalfDay.Should().BeTrue($"{date:yyyy-MM-dd}");
                    halfDays++;
                }
            }
        }

        halfDays.Should().BeGreaterThan(100);
    }
}
