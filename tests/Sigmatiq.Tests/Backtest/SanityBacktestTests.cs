using Sigmatiq.Backtest;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Packs;
using Sigmatiq.Tests.Packs.Rules;

namespace Sigmatiq.Tests.Backtest;

public sealed class SanityBacktestTests
{
    private static readonly Lazy<BarColumns> Sample = new(() => SanityBacktest.SampleBars(SomePack.Swing));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_shipped_pack_trades_by_its_default_strategy_and_warns_of_those_that_hardly_do()
    {
        IReadOnlyList<SanityRun> runs = SanityBacktest.Run(SomePack.Swing, Sample.Value, Token);
        runs.Select(r => r.StrategyId).Should().Equal("momentum_swing", "mean_reversion_swing", "breakout_swing");
        runs.Should().OnlyContain(r => r.TradingDays > 7 * SanityFindings.YearDays && r.Bars == "MKT.SYN 1h, synthetic" && r.EntryBarsLastYear <= r.EntryBars);
        IReadOnlyList<LintFinding> findings = SanityFindings.Of(SomePack.Swing, runs, isOfficial: true);
        findings.Should().OnlyContain(f => f.Level == LintLevel.Warn, "a shipped pack's default strategy trades on the bars that ship with it");
        string[] silent = [.. runs.Where(r => r.EntryBarsLastYear == 0).Select(r => r.StrategyId)];
        silent.Should().NotBeEmpty("the sample's last year leaves a strategy without an entry");
        findings.Where(f => f.Code == "PCK-2004" && f.Path.StartsWith("strategies.yaml:")).Should()
            .Match(found => silent.All(id => found.Any(f => f.Path.Contains(id))));
    }

    [Fact]
    public void Entry_bars_are_those_at_whose_close_every_line_holds()
    {
        // An entry at 11:00 on Tuesdays, of which 2018 to 2025 had one a week but for holidays.
        Pack tuesdays = With("[hour == 11, day_of_week == 2]", "[position.days >= 1]");
        SanityRun run = SanityBacktest.Run(tuesdays, Sample.Value, Token).Should().ContainSingle().Which;
        int expected = 0, lastYear = 0;
        List<DateOnly> days = [];
        for (int t = 0; t < Sample.Value.Count; t++)
        {
            DateTimeOffset start = TimeZoneInfo.ConvertTime(Sample.Value.StartUtc(t), Sigmatiq.Market.Calendars.NyseCalendar.Instance.Zone);
            DateOnly day = DateOnly.FromDateTime(start.DateTime);
            if (days.Count == 0 || days[^1] != day)
            {
                days.Add(day);
            }

            expected += start.Hour == 11 && start.DayOfWeek == DayOfWeek.Tuesday ? 1 : 0;
        }

        DateOnly from = days[^SanityFindings.YearDays];
        for (int t = 0; t < Sample.Value.Count; t++)
        {
            DateTimeOffset start = TimeZoneInfo.ConvertTime(Sample.Value.StartUtc(t), Sigmatiq.Market.Calendars.NyseCalendar.Instance.Zone);
            lastYear += start.Hour == 11 && start.DayOfWeek == DayOfWeek.Tuesday && DateOnly.FromDateTime(start.DateTime) >= from ? 1 : 0;
        }

        (run.EntryBars, run.EntryBarsLastYear, run.TradingDays, run.From, run.To).Should().Be((expected, lastYear, days.Count, days[0], days[^1]));
        expected.Should().BeGreaterThan(380);
    }

    [Fact]
    public void A_default_strategy_that_never_trades_is_an_error_in_an_official_pack_and_a_warning_in_one_s_own()
    {
        Pack idle = With("[price < 0]", "[price > 0]");
        IReadOnlyList<SanityRun> runs = SanityBacktest.Run(idle, Sample.Value, Token);
        SanityFindings.Of(idle, runs, isOfficial: true).Select(f => (f.Code, f.Level)).Should().Equal(("PCK-2003", LintLevel.Error), ("PCK-2004", LintLevel.Warn));
        LintFinding own = SanityFindings.Of(idle, runs, isOfficial: false)[0];
        own.Level.Should().Be(LintLevel.Warn);
        own.Path.Should().StartWith("strategies.yaml:1:");
        own.Message.Should().Contain("0 entry bars").And.Contain("0 trades").And.Contain("Sharpe none").And.Contain("MKT.SYN 1h, synthetic").And.Contain("2018-01-02 to 2025-12-31");
        own.Remediation.Should().NotBeNullOrEmpty();
    }

    [Theory]
    [InlineData(30, 0.30, false)]
    [InlineData(29, 2.00, true)]
    [InlineData(300, 0.29, true)]
    [InlineData(300, null, true)]
    public void Thirty_trades_and_a_sharpe_of_three_tenths_are_enough(int trades, double? sharpe, bool isFound)
    {
        SanityRun run = new("momentum_swing", "X 1h", new(2024, 1, 2), new(2024, 12, 31), 252, 5, 5, trades, sharpe);
        SanityFindings.Of(SomePack.Swing, [run], isOfficial: true).Any(f => f is { Code: "PCK-2003", Level: LintLevel.Error }).Should().Be(isFound);
        SanityFindings.Of(SomePack.Swing, [run with { StrategyId = "breakout_swing" }], isOfficial: true).Any(f => f is { Code: "PCK-2003", Level: LintLevel.Warn })
            .Should().Be(isFound, "only the default strategy decides");
        SanityFindings.Of(SomePack.Bench, [run with { StrategyId = "rsi_reclaim" }], isOfficial: true).Should().NotContain(f => f.Level == LintLevel.Error, "a workload claims nothing");
    }

    [Fact]
    public void Bars_of_less_than_a_year_are_refused()
    {
        BarColumns bars = SomeFrame.Walk(7 * 245, 1);
        Action run = () => SanityBacktest.Run(SomePack.Swing, bars, Token);
        Problem refused = run.Should().Throw<ProblemException>().Which.Problem;
        (refused.Code, refused.Exit).Should().Be(("PCK-1010", ExitCode.DataRefused));
        SanityBacktest.Run(SomePack.Swing, SomeFrame.Walk(7 * 260, 1), Token).Should().HaveCount(3);
    }

    [Fact]
    public void A_strategy_that_does_not_compile_is_left_to_the_linter() =>
        SanityBacktest.Run(SomePack.With(("- \"adx > 25\"", "- \"adx > nosuch\"")), Sample.Value, Token).Select(r => r.StrategyId)
            .Should().Equal("mean_reversion_swing", "breakout_swing");

    [Theory]
    [InlineData("minutes", "5m")]
    [InlineData("weeks", "1h")]
    public void A_pack_is_held_against_bars_of_its_own_length_or_the_nearest_that_the_market_has(string horizon, string interval)
    {
        Pack pack = SomePack.With(("time_horizon: \"days\"", $"time_horizon: \"{horizon}\""));
        BarColumns bars = SanityBacktest.SampleBars(pack);
        bars.Interval.Text().Should().Be(interval);
        bars.Symbol.Should().Be(MarketSimulator.Default.Symbols[0]);
    }

    private static Pack With(string entry, string exit)
    {
        Dictionary<string, string> texts = SomePack.Texts();
        texts["strategies.yaml"] = $"strategies: [{{id: only, name: Only, description: Only, entry_logic: {entry}, exit_logic: {exit}}}]\n";
        return PackFolder.Parse(texts).Value;
    }
}
