using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Sources;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Market.Bars;
using Sigmatiq.Tests.Market.Simulator;

namespace Sigmatiq.Tests.Market.Sources;

public sealed class MarketAlignTests
{
    private static readonly Symbol Synthetic = Symbol.Parse("MKT.SYN");
    private static readonly NyseCalendar Nyse = NyseCalendar.Instance;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Row", "S2-02")]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(23)]
    [InlineData(260)]
    public async Task A_gap_of_days_is_filled_to_the_last_completed_session(int days)
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        // Monday noon: the session of Monday is open, so yesterday's data end on Friday.
        DateTimeOffset now = new(2019, 10, 7, 16, 0, 0, TimeSpan.Zero);
        await market.Align.AlignAsync(Synthetic, Interval.Hour1, now.AddDays(-days), Ct);
        AlignedSeries aligned = await market.Align.AlignAsync(Synthetic, Interval.Hour1, now, Ct);

        aligned.Until.Should().Be(new DateOnly(2019, 10, 4));
        aligned.IsStale.Should().BeFalse();
        BarColumns bars = market.Store.Read(aligned.Snapshot.Id, Ct);
        bars.StartUtcUs.Should().Equal(Nyse.Sessions(new(2018, 1, 2), new(2019, 10, 4)).SelectMany(s => s.BarStarts(Interval.Hour1)), "no session is missing, none is of today");
        MarketSimulatorTests.AssertSame(bars, MarketSimulator.Default.Bars(Synthetic, Interval.Hour1, null, aligned.Until));
    }

    [Fact]
    public async Task Aligning_in_steps_or_at_once_or_twice_gives_one_and_the_same_snapshot()
    {
        using MarketFixture steps = await MarketFixture.CreateAsync(Ct), once = await MarketFixture.CreateAsync(Ct);
        DateTimeOffset end = new(2018, 9, 14, 21, 0, 0, TimeSpan.Zero);
        for (DateTimeOffset now = end.AddDays(-40); now <= end; now = now.AddDays(8))
        {
            await steps.Align.AlignAsync(Synthetic, Interval.Hour1, now, Ct);
        }

        AlignedSeries stepped = await steps.Align.AlignAsync(Synthetic, Interval.Hour1, end, Ct), direct = await once.Align.AlignAsync(Synthetic, Interval.Hour1, end, Ct);
        stepped.Snapshot.Id.Should().Be(direct.Snapshot.Id);
        direct.AddedBars.Should().Be((int)direct.Snapshot.Bars);

        string[] facts = once.Facts();
        AlignedSeries again = await once.Align.AlignAsync(Synthetic, Interval.Hour1, end.AddHours(30), Ct);
        again.AddedBars.Should().Be(0, "the next day is a Saturday");
        again.Snapshot.Id.Should().Be(direct.Snapshot.Id);
        once.Facts().Should().Equal(facts);
        (await once.RowsIn("bar_snapshots", Ct)).Should().Be(1);
    }

    [Fact]
    public async Task Five_minute_bars_begin_a_year_before_the_first_alignment()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        AlignedSeries aligned = await market.Align.AlignAsync(Synthetic, Interval.Minute5, new(2019, 10, 4, 21, 0, 0, TimeSpan.Zero), Ct);
        aligned.Snapshot.FirstStartUtc.Should().Be(new DateTimeOffset(2018, 10, 4, 13, 30, 0, TimeSpan.Zero));
        aligned.Snapshot.LastStartUtc.Should().Be(new DateTimeOffset(2019, 10, 4, 19, 55, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Other_simulator_settings_make_the_series_anew()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        DateTimeOffset now = new(2018, 3, 2, 22, 0, 0, TimeSpan.Zero);
        AlignedSeries old = await market.Align.AlignAsync(Synthetic, Interval.Day1, now, Ct);
        MarketSimulator other = new(SimulatorSettings.Default with { Seed = 7 });
        AlignedSeries fresh = await new MarketAlign(market.Store, [new SimulatorSource(other)]).AlignAsync(Synthetic, Interval.Day1, now, Ct);
        fresh.Snapshot.Id.Should().NotBe(old.Snapshot.Id);
        MarketSimulatorTests.AssertSame(market.Store.Read(fresh.Snapshot.Id, Ct), other.Bars(Synthetic, Interval.Day1, null, new(2018, 3, 2)));
    }

    [Fact]
    public async Task Imported_bars_that_end_early_are_reported_stale_and_nothing_is_invented()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2024, 6, 3), new(2024, 6, 28), Rng.From(1), "SPY");
        await market.Store.PutAsync([new(bars, BarOrigin.Import, null)], Ct);
        AlignedSeries aligned = await market.Align.AlignAsync(bars.Symbol, Interval.Hour1, new(2024, 7, 5, 12, 0, 0, TimeSpan.Zero), Ct);
        aligned.IsStale.Should().BeTrue();
        aligned.MissingSessions.Should().Be(3, "the first, second and third of July; the fourth is a holiday, the fifth has not begun");
        aligned.AddedBars.Should().Be(0);
        aligned.Snapshot.Bars.Should().Be(bars.Count);
    }

    [Fact]
    public async Task A_longer_interval_is_made_of_stored_shorter_bars_and_follows_them()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns minutes = MadeBars.OnSessions(Interval.Minute5, new(2024, 6, 3), new(2024, 6, 14), Rng.From(1), "SPY");
        BarSnapshot half = (await market.Store.PutAsync([new(minutes.Slice(0, 5 * 78), BarOrigin.Import, null)], Ct))[0];
        DateTimeOffset now = new(2024, 6, 14, 21, 0, 0, TimeSpan.Zero);
        AlignedSeries week = await market.Align.AlignAsync(minutes.Symbol, Interval.Hour1, now, Ct);
        week.Snapshot.Bars.Should().Be(35);
        week.Snapshot.Source.Should().Be("resample");
        await market.Store.PutAsync([new(minutes, BarOrigin.Import, half)], Ct);
        AlignedSeries both = await market.Align.AlignAsync(minutes.Symbol, Interval.Hour1, now, Ct);
        both.Snapshot.Bars.Should().Be(70);
        both.IsStale.Should().BeFalse();
    }

    [Fact]
    public async Task A_symbol_without_bars_or_feed_is_refused_with_the_way_out()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        Func<Task> align = () => market.Align.AlignAsync(Symbol.Parse("SPY"), Interval.Hour1, new(2024, 7, 5, 12, 0, 0, TimeSpan.Zero), Ct);
        Problem problem = (await align.Should().ThrowAsync<ProblemException>()).Which.Problem;
        problem.Code.Should().Be("MKT-4001");
        problem.Exit.Should().Be(ExitCode.DataRefused);
        problem.Remedy.Should().Contain("data import");
    }
}
