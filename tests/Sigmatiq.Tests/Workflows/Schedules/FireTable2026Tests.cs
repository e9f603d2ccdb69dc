using System.Globalization;
using Sigmatiq.Tests.Workflows.Lifecycle;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Tests.Workflows.Schedules;

/// <summary>All fire times of 2026 against a table worked by hand: the holidays are listed, the year began on a Thursday, Bogotá is five
/// hours behind UTC all year. Nothing of the product's calendars, cron or clocks is in it.</summary>
public sealed class FireTable2026Tests
{
    // Law 51 of 1983 with Easter on 5 April 2026; all eighteen fall on weekdays.
    private static readonly DateOnly[] ColombianHolidays = Dates(
        "01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-20 08-07 08-17 10-12 11-02 11-16 12-08 12-25");

    // As the exchange announced them; 3 July stands for Saturday 4 July. 27 November and 24 December close early and are trading days.
    private static readonly DateOnly[] NyseHolidays = Dates("01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25");

    // Where a holiday Monday's signal goes, and where a holiday Friday's close goes.
    private static readonly Dictionary<DateOnly, DateOnly> Moved = new[]
    {
        "01-12 01-13", "03-23 03-24", "05-18 05-19", "06-08 06-09", "06-15 06-16", "06-29 06-30", "07-20 07-21", "08-17 08-18", "10-12 10-13", "11-02 11-03",
        "11-16 11-17", "04-03 04-01", "05-01 04-30", "08-07 08-06", "12-25 12-24",
    }.Select(Dates).ToDictionary(pair => pair[0], pair => pair[1]);

    private static readonly DateOnly[] Year = [.. Enumerable.Range(0, 365).Select(i => new DateOnly(2026, 1, 1).AddDays(i))];
    private static readonly DateOnly[] Sundays = Every(7, "01-04"), Mondays = Every(7, "01-05"), Fridays = Every(7, "01-02");

    // Friday 1 January 2027 is a holiday of the week that began on 28 December: its close is the last day of the year.
    private static readonly DateOnly[] WeekEnds = [.. Fridays.Select(Kept), new(2026, 12, 31)];

    // 1 January is a Thursday: days 2 and 3 after it, and every seventh from there, are a weekend.
    private static readonly DateOnly[] Weekdays = [.. Year.Where((_, i) => i % 7 is not (2 or 3))];
    private static readonly DateOnly[] TradingDays = [.. Weekdays.Except(ColombianHolidays)];
    private static readonly string[] FiveMinutes = [.. Enumerable.Range(0, 60).Select(i => $"{8 + (i / 12):00}:{i % 12 * 5:00}")];

    private static readonly WorkflowFolder Folder = new(Path.Combine(Checkout.Root, "workflows"), LifecycleFileTests.Kinds);

    [Fact]
    [Trait("Row", "S2-35")]
    public void H5_trains_on_Sundays_at_half_past_one() => Fires("forecast_h5_l3_weekly_training", 52, At(Sundays, "01:30"));

    [Fact]
    [Trait("Row", "S2-37")]
    public void H5_signals_on_Mondays_or_the_next_trading_day() => Fires("forecast_h5_l5_weekly_signal", 52, At(Mondays.Select(Kept), "08:15"));

    [Fact]
    [Trait("Row", "S2-38")]
    public void H5_sizes_half_an_hour_later() => Fires("forecast_h5_l5_vol_targeting", 52, At(Mondays.Select(Kept), "08:45"));

    [Fact]
    [Trait("Row", "S2-39")]
    public void H5_executes_every_half_hour_and_closes_the_week_at_ten_to_one() => Fires(
        "forecast_h5_l7_multiday_executor", (243 * 10) + 53,
        [
            .. At(TradingDays, "09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00", "12:30", "13:00", "13:30"),
            .. At(WeekEnds, "12:50"),
        ]);

    [Fact]
    [Trait("Row", "S2-33")]
    [Trait("Row", "S2-40")]
    public void H5_is_judged_on_Fridays_or_the_trading_day_before() => Fires("forecast_h5_l6_weekly_monitor", 53, At(WeekEnds, "14:30"));

    [Fact]
    [Trait("Row", "S2-41")]
    public void H1_trains_on_Sundays_at_one() => Fires("forecast_h1_l3_weekly_training", 52, At(Sundays, "01:00"));

    [Fact]
    [Trait("Row", "S2-42")]
    public void H1_infers_on_trading_days_at_one() => Fires("forecast_h1_l5_daily_inference", 243, At(TradingDays, "13:00"));

    [Fact]
    [Trait("Row", "S2-43")]
    public void H1_sizes_on_trading_days_at_half_past_one() => Fires("forecast_h1_l5_vol_targeting", 243, At(TradingDays, "13:30"));

    [Fact]
    [Trait("Row", "S2-44")]
    public void H1_executes_every_five_minutes_and_places_at_thirteen_thirty_five() => Fires(
        "forecast_h1_l7_smart_executor", 243 * 61, [.. At(TradingDays, FiveMinutes), .. At(TradingDays, "13:35")]);

    [Fact]
    [Trait("Row", "S2-34")]
    [Trait("Row", "S2-45")]
    public void H1_is_judged_on_trading_days_at_seven() => Fires("forecast_h1_l6_paper_monitor", 243, At(TradingDays, "19:00"));

    [Fact]
    public void Bars_are_pulled_every_five_minutes_of_every_weekday() => Fires("core_l0_02_ohlcv_realtime", 261 * 60, At(Weekdays, FiveMinutes));

    [Fact]
    public void Macro_sources_are_pulled_every_hour_of_every_weekday() => Fires("core_l0_04_macro_update", 261 * 5, At(Weekdays, "08:00", "09:00", "10:00", "11:00", "12:00"));

    [Theory]
    [InlineData("forecast_h5_l4_backtest_promotion")]
    [InlineData("core_l0_01_ohlcv_backfill")]
    [InlineData("core_l0_03_macro_backfill")]
    [Trait("Row", "S2-36")]
    public void What_is_started_by_hand_never_fires(string id) => Folder.Load(id).Schedule.Should().BeNull();

    // 16:30 in New York is 21:30 UTC until 8 March and from 1 November, 20:30 between.
    [Fact]
    public void The_lifecycle_after_the_close_in_New_York_follows_its_clocks()
    {
        DateOnly spring = new(2026, 3, 8), autumn = new(2026, 11, 1);
        string yaml = Folder.Load("lifecycle").Text.Replace("schedule: ", "schedule: { zone: America/New_York, calendar: NYSE, cron: \"30 16 * * 1-5\" } ", StringComparison.Ordinal);
        Schedule schedule = WorkflowYaml.Parse(yaml, "lifecycle.yaml", LifecycleFileTests.Kinds).Value.Schedule!;
        DateOnly[] days = [.. Weekdays.Except(NyseHolidays)];
        days.Should().HaveCount(251).And.Contain(Dates("11-27 12-24"), "half days are trading days");
        Actual(schedule).Should().Equal(days.Select(d => $"{d:yyyy-MM-dd}T{(d < spring || d >= autumn ? 21 : 20)}:30:00Z"));
    }

    [Fact]
    [Trait("Row", "S2-55")]
    public void Fire_times_in_Bogota_stay_where_they_are_when_New_York_changes_its_clocks()
    {
        foreach (WorkflowFile file in Folder.List().Where(f => f.Id.StartsWith("forecast_", StringComparison.Ordinal) || f.Id.StartsWith("core_", StringComparison.Ordinal)))
        {
            if (Folder.Load(file.Id).Schedule is not { } schedule)
            {
                continue;
            }

            // The same times of the day, in UTC, in the weeks before and after both changes; none of the four weeks has a holiday.
            string[] Week(int month, int day) => [.. FireTimes.Between(schedule, Instant(month, day), Instant(month, day).AddDays(7)).Select(f => $"{f.AtUtc:ddd HH:mm}")];
            Week(3, 2).Should().Equal(Week(3, 9), file.Id).And.NotBeEmpty();
            Week(10, 19).Should().Equal(Week(10, 26), file.Id);
            Week(10, 26).Should().Equal(Week(3, 9), file.Id);
            Week(11, 9).Should().Equal(Week(3, 9), file.Id);
        }

        static DateTimeOffset Instant(int month, int day) => new(2026, month, day, 5, 0, 0, TimeSpan.Zero);
    }

    [Fact]
    public void Twelve_fire_and_three_do_not()
    {
        WorkflowDefinition[] fifteen = [.. Folder.List().Where(f => f.Id.StartsWith("forecast_", StringComparison.Ordinal) || f.Id.StartsWith("core_", StringComparison.Ordinal)).Select(f => Folder.Load(f.Id))];
        fifteen.Should().HaveCount(15);
        fifteen.Count(w => w.Schedule is not null).Should().Be(12);
        fifteen.Should().OnlyContain(w => w.Awaits != null && w.Awaits.EndsWith("with a later release"));
        fifteen.Where(w => w.Schedule is not null).Should().OnlyContain(w => w.Schedule!.Zone.Id == "America/Bogota" && w.Schedule.CatchUp == CatchUp.Skip);
        fifteen.Should().OnlyContain(w => w.Concurrency!.Limit == 1 && w.Steps.All(s => s.Retry.Attempts == 3 && s.Retry.PauseAfter(2) == TimeSpan.FromMinutes(5)));
    }

    [Theory]
    [Trait("Row", "S2-46")]
    [InlineData("forecast_h5_l5_weekly_signal", "forecast_h5_l3_weekly_training")]
    [InlineData("forecast_h5_l5_vol_targeting", "forecast_h5_l5_weekly_signal")]
    [InlineData("forecast_h5_l7_multiday_executor", "forecast_h5_l5_vol_targeting")]
    [InlineData("forecast_h5_l6_weekly_monitor", "forecast_h5_l7_multiday_executor")]
    [InlineData("forecast_h1_l5_daily_inference", "forecast_h1_l3_weekly_training")]
    [InlineData("forecast_h1_l5_vol_targeting", "forecast_h1_l5_daily_inference")]
    [InlineData("forecast_h1_l7_smart_executor", "forecast_h1_l5_vol_targeting")]
    [InlineData("forecast_h1_l6_paper_monitor", "forecast_h1_l7_smart_executor")]
    public void Each_link_of_a_chain_asks_for_the_one_before_it_does_anything_else(string id, string before)
    {
        WorkflowDefinition workflow = Folder.Load(id);
        StepSpec first = workflow.Step("upstream");
        first.Uses.Should().Be("workflows.upstream");
        ((Template.Constant)first.With["workflow"]).Value!.GetValue<string>().Should().Be(before);
        workflow.Steps.Where(s => s != first).Should().OnlyContain(s => workflow.UpTo(s.Name).Contains("upstream"));
    }

    private static void Fires(string id, int count, IEnumerable<string> expected)
    {
        string[] table = [.. expected.Order(StringComparer.Ordinal)];
        table.Should().HaveCount(count, "the table must be right before it can judge");
        Actual(Folder.Load(id).Schedule!).SequenceEqual(table).Should().BeTrue($"{id} must fire as the table says");
    }

    // The year on Bogotá's clock.
    private static IEnumerable<string> Actual(Schedule schedule) =>
        FireTimes.Between(schedule, new(2026, 1, 1, 5, 0, 0, TimeSpan.Zero), new(2027, 1, 1, 5, 0, 0, TimeSpan.Zero))
            .Select(f => f.AtUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    private static IEnumerable<string> At(IEnumerable<DateOnly> dates, params string[] times) => from date in dates from time in times select InUtc(date, time);

    private static string InUtc(DateOnly date, string time)
    {
        int hour = int.Parse(time[..2], CultureInfo.InvariantCulture) + 5;
        DateOnly day = hour >= 24 ? date.AddDays(1) : date;
        return $"{day:yyyy-MM-dd}T{hour % 24:00}:{time[3..]}:00Z";
    }

    private static DateOnly Kept(DateOnly date) => Moved.GetValueOrDefault(date, date);

    private static DateOnly[] Every(int days, string first) => [.. Year.Where(d => d >= Dates(first)[0] && (d.DayNumber - Dates(first)[0].DayNumber) % days == 0)];

    private static DateOnly[] Dates(string days) => [.. days.Split(' ').Select(d => DateOnly.ParseExact("2026-" + d, "yyyy-MM-dd", CultureInfo.InvariantCulture))];
}
