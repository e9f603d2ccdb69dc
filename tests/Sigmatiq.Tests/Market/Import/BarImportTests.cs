using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Market.Bars;
using Sigmatiq.Tests.Market.Simulator;

namespace Sigmatiq.Tests.Market.Import;

public sealed class BarImportTests
{
    private static readonly BarFileOptions Named = new() { Symbol = Symbol.Parse("TEST") };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SPY", 3476, "2023-02-06T14:30:00", "2025-01-31T20:30:00")]
    [InlineData("QQQ", 3624, "2022-08-08T13:30:00", "2024-08-30T19:30:00")]
    [InlineData("MSFT", 3505, "2022-08-31T13:30:00", "2024-08-30T19:30:00")]
    [InlineData("AAPL", 3357, "2023-12-21T15:30:00", "2025-11-21T20:30:00")]
    public async Task The_real_hours_come_in_whole_and_twice_changes_nothing(string symbol, int bars, string first, string last)
    {
        string file = Checkout.Material($"market/bars/equity/hour/{symbol}.parquet");
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        ImportedSeries series = (await market.Import.RunAsync(file, new(), [], dryRun: false, Ct)).Should().ContainSingle().Subject;
        series.Merge.Added.Should().Be(bars);
        series.Snapshot!.Bars.Should().Be(bars);
        series.Snapshot.FirstStartUtc.ToString("s").Should().Be(first);
        series.Snapshot.LastStartUtc.ToString("s").Should().Be(last);
        // On some half days the feeds lack the short bar before the early close.
        series.Report.Findings.Where(f => f.Rule == QualityRule.Gap).Should().OnlyContain(f => f.Detail.StartsWith("bars=1 ", StringComparison.Ordinal));
        MarketSimulatorTests.AssertSame(market.Store.Read(series.Snapshot.Id, Ct), series.Published.Bars);

        string[] facts = market.Facts();
        ImportedSeries again = (await market.Import.RunAsync(file, new(), [], dryRun: false, Ct))[0];
        (again.Merge.Added, again.Merge.Corrected, again.Merge.Unchanged).Should().Be((0, 0, bars));
        again.Snapshot!.Id.Should().Be(series.Snapshot.Id);
        market.Facts().Should().Equal(facts);
    }

    [Fact]
    public async Task A_dry_run_tells_what_it_understood_and_writes_nothing()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2024, 6, 3), new(2024, 6, 5), Rng.From(1));
        ImportedSeries series = (await market.Import.RunAsync(market.Write("a.csv", BarFileTests.Csv(bars)), Named, [], dryRun: true, Ct))[0];
        series.Merge.Added.Should().Be(21);
        series.Snapshot.Should().BeNull();
        market.Facts().Should().BeEmpty();
        (await market.RowsIn("symbols", Ct)).Should().Be(0);
    }

    [Fact]
    public async Task A_second_file_adds_its_bars_and_corrects_those_it_tells_differently()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2024, 6, 3), new(2024, 6, 7), Rng.From(1));
        await market.Import.RunAsync(market.Write("a.csv", BarFileTests.Csv(bars.Slice(0, 21))), Named, [], dryRun: false, Ct);
        double[] volume = [.. bars.Volume];
        volume[20] = 1;
        BarColumns later = new BarColumns(bars.Symbol, bars.Interval, bars.StartUtcUs, bars.Open, bars.High, bars.Low, bars.Close, volume).Slice(14, 35);
        BarMerge merge = (await market.Import.RunAsync(market.Write("b.csv", BarFileTests.Csv(later)), Named, [], dryRun: false, Ct))[0].Merge;
        (merge.Added, merge.Corrected, merge.Unchanged).Should().Be((14, 1, 6));
        market.Store.Read((await market.Store.RequireAsync(bars.Symbol, Interval.Hour1, Ct)).Id, Ct).Volume.Should().Equal(volume);
    }

    [Fact]
    public async Task Broken_facts_refuse_the_whole_file_and_leave_nothing()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        string file = market.Write("bad.csv", """
            symbol,ts,open,high,low,close,volume
            GOOD,2024-06-03,1,1,1,1,1
            GOOD,2024-06-04,1,1,1,1,1
            BAD,2024-06-03,1,1,1,1,1
            BAD,2024-06-04,1,0.5,1,1,1
            """);
        Func<Task> import = () => market.Import.RunAsync(file, new(), [], dryRun: false, Ct);
        Problem problem = (await import.Should().ThrowAsync<ProblemException>()).Which.Problem;
        problem.Code.Should().Be("MKT-2103");
        problem.Exit.Should().Be(ExitCode.DataRefused);
        problem.Where.Should().Be("bad.csv row 5");
        problem.Message.Should().Contain("h=0.5");
        market.Facts().Should().BeEmpty();
        (await market.RowsIn("symbols", Ct)).Should().Be(0);
    }

    [Fact]
    public async Task A_waived_fact_comes_in_and_its_reason_is_kept()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        string file = Checkout.Material("market/bars/equity/hour_ext/SPY.parquet");
        Func<Task> import = () => market.Import.RunAsync(file, new(), [], dryRun: false, Ct);
        (await import.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MKT-2105");

        ImportedSeries series = (await market.Import.RunAsync(file, new(), [QualityWaiver.Of("duplicate_ts", "copies of one feed, checked")], dryRun: false, Ct))[0];
        series.Snapshot!.Bars.Should().Be(8820 - (88 - 28), "88 rows share 28 times, one of each stays");
        StoredWaiver kept = (await market.Store.WaiversAsync(series.Published.Symbol, Interval.Hour1, Ct)).Should().ContainSingle().Subject;
        kept.Should().BeEquivalentTo(new { Rule = "duplicate_ts", Reason = "copies of one feed, checked", Bars = 88L, File = "SPY.parquet" });
    }

    [Fact]
    public async Task A_standing_waiver_counts_for_its_series_and_for_no_other()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        string Text(string symbol) => $"symbol,ts,open,high,low,close,volume\n{symbol},2024-06-03,1,1,1,1,1\n{symbol},2024-06-04,1,0.5,1,1,1\n";
        await market.Store.WaiveAsync(Symbol.Parse("ONE"), Interval.Day1, QualityWaiver.Of("high_below_body", "the exchange printed it so"), Ct);
        await market.Import.RunAsync(market.Write("one.csv", Text("ONE")), new(), [], dryRun: false, Ct);
        (await market.Store.WaiversAsync(Symbol.Parse("ONE"), Interval.Day1, Ct)).Should().ContainSingle().Which.Reason.Should().Be("the exchange printed it so");
        Func<Task> other = () => market.Import.RunAsync(market.Write("two.csv", Text("TWO")), new(), [], dryRun: false, Ct);
        (await other.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MKT-2103");
    }

    [Fact]
    public async Task Real_bars_cannot_take_a_synthetic_name()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        string file = market.Write("a.csv", "ts,open,high,low,close,volume\n2024-06-03,1,1,1,1,1\n2024-06-04,1,1,1,1,1\n");
        Func<Task> import = () => market.Import.RunAsync(file, new() { Symbol = Symbol.Parse("MKT.SYN") }, [], dryRun: false, Ct);
        (await import.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MKT-2014");
    }

    [Fact]
    public async Task Flags_stop_nothing_and_stand_for_the_whole_series_after_a_second_file()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2024, 6, 3), new(2024, 6, 14), Rng.From(1));
        double[] volume = [.. bars.Volume];
        (volume[3], volume[30], volume[40]) = (0, 0, 0);
        BarColumns flagged = new(bars.Symbol, bars.Interval, bars.StartUtcUs, bars.Open, bars.High, bars.Low, bars.Close, volume);
        await market.Import.RunAsync(market.Write("a.csv", BarFileTests.Csv(flagged.Slice(0, 28))), Named, [], dryRun: false, Ct);
        ImportedSeries second = (await market.Import.RunAsync(market.Write("b.csv", BarFileTests.Csv(flagged.Slice(28, 70))), Named, [], dryRun: false, Ct))[0];
        second.Report.Counts.Should().Equal(new Dictionary<string, int> { ["zero_volume"] = 2 });
        second.Snapshot!.Findings.Should().Equal(new Dictionary<string, int> { ["zero_volume"] = 3 }, "the evidence shows the flags of all bars");
    }

    [Fact]
    public async Task A_file_that_is_wrong_only_beside_the_stored_bars_is_refused_too()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2024, 6, 3), new(2024, 6, 14), Rng.From(1));
        double[] Cents(double[] price) => [.. price.Select(p => p * 100)];
        BarColumns cents = new BarColumns(bars.Symbol, bars.Interval, bars.StartUtcUs, Cents(bars.Open), Cents(bars.High), Cents(bars.Low), Cents(bars.Close), bars.Volume).Slice(50, 70);
        await market.Import.RunAsync(market.Write("a.csv", BarFileTests.Csv(bars.Slice(0, 50))), Named, [], dryRun: false, Ct);
        string[] facts = market.Facts();
        string file = market.Write("cents.csv", BarFileTests.Csv(cents));
        Func<Task> import = () => market.Import.RunAsync(file, Named, [], dryRun: false, Ct);
        Problem problem = (await import.Should().ThrowAsync<ProblemException>()).Which.Problem;
        problem.Code.Should().Be("MKT-2121");
        problem.Where.Should().StartWith("cents.csv");
        market.Facts().Should().Equal(facts);
        await market.Import.RunAsync(file, Named, [QualityWaiver.Of("scale_slip", "quoted in cents from here on")], dryRun: false, Ct);
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_be_refused_and_what_is_known_already()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        string bad = market.Write("bad.csv", "ts,open,high,low,close,volume\n2024-06-03,1,1,1,1,1\n2024-06-04,1,0.5,1,1,1\n");
        ImportedSeries refused = (await market.Import.RunAsync(bad, Named, [], dryRun: true, Ct))[0];
        refused.Refusals.Should().ContainSingle().Which.Code.Should().Be("MKT-2103");
        string good = market.Write("good.csv", "ts,open,high,low,close,volume\n2024-06-03,1,1,1,1,1\n2024-06-04,1,1,1,1,1\n");
        await market.Import.RunAsync(good, Named, [], dryRun: false, Ct);
        ImportedSeries known = (await market.Import.RunAsync(good, Named, [], dryRun: true, Ct))[0];
        known.ChangesNothing.Should().BeTrue();
        known.Refusals.Should().BeEmpty();
    }

    [Fact]
    public async Task Prices_without_volumes_can_be_looked_at_but_not_imported()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        Func<Task> import = () => market.Import.RunAsync(Checkout.Material("market/macro/vix_daily.parquet"), Named, [], dryRun: false, Ct);
        (await import.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MKT-2003");
    }
}
