using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Tests.Packs.Rules;

public sealed class StrategyProgramTests
{
    private const double U = double.NaN;

    [Fact]
    [Trait("Row", "S1-23")]
    public void Momentum_enters_where_all_four_lines_hold_and_leaves_on_any_of_three()
    {
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(1500, 23));
        StrategyProgram program = Compile(SomePack.Swing.Strategies[0]);
        double[] entry = program.EntryMask(columns), exit = program.ExitMask(columns);
        double[] rsi = columns.Column("rsi"), line = columns.Column("macd_line"), signal = columns.Column("signal_line"), adx = columns.Column("adx");
        double[] ema = columns.Column("ema_20"), close = columns.Column("close");
        for (int t = 0; t < 1500; t++)
        {
            entry[t].Should().Be(rsi[t] > 50 && rsi[t] < 70 && line[t] > signal[t] && adx[t] > 25 && close[t] > ema[t] ? 1 : 0, $"bar {t}");
            exit[t].Should().Be(rsi[t] > 70 || rsi[t] < 30 || line[t] <= signal[t] || close[t] < ema[t] ? 1 : 0, $"bar {t}");
        }

        (entry.Contains(1) && exit.Contains(1) && exit.Contains(0)).Should().BeTrue();
    }

    [Fact]
    [Trait("Row", "S1-24")]
    public void Mean_reversion_enters_on_the_constructed_oversold_bar_only()
    {
        // Sixty quiet bars that alternate by a cent, then one fall of 8 % on ten times the volume, then quiet again.
        double[] close = new double[70], volume = SomeFrame.Filled(70, 1000);
        for (int t = 0; t < 70; t++)
        {
            close[t] = (t < 60 ? 100 : 92) + (0.01 * (t % 2));
        }

        volume[60] = 10_000;
        double[] entry = Compile(SomePack.Swing.Strategies[1]).EntryMask(SomeFrame.Columns(SomeFrame.Bars(
            close, [.. close.Select(c => c + 0.02)], [.. close.Select(c => c - 0.02)], close, volume)));

        // Smoothed over three bars, %K is below 20 only once the fall fills its window, so the same fall is spread over three bars below.
        entry.Should().NotContain(1);
        (close[58], close[59], close[60]) = (97, 94, 90);
        entry = Compile(SomePack.Swing.Strategies[1]).EntryMask(SomeFrame.Columns(SomeFrame.Bars(
            close, [.. close.Select(c => c + 0.02)], [.. close.Select(c => c - 0.02)], close, volume)));
        Enumerable.Range(0, 70).Where(t => entry[t] == 1).Should().Equal(60);
    }

    [Fact]
    public void Undefined_counts_as_false_for_entries_and_for_exits()
    {
        StrategyProgram program = StrategyProgram.Compile(["close > 1", "close[1] > 1"], ["close[1] > 1", "close > 5"], SomeFrame.Scope([]), "s").Value;
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Bars([2, 3, U, 6]));
        program.EntryMask(columns).Should().Equal(0, 1, 0, 0);
        program.ExitMask(columns).Should().Equal(0, 1, 1, 1);
    }

    [Fact]
    public void A_line_that_is_a_number_or_does_not_compile_is_refused_with_its_place()
    {
        ParseResult<StrategyProgram> compiled = StrategyProgram.Compile(["close > 1", "close"], ["nosuch > 1", "position.days > 2"], SomeFrame.Scope([]), "strategies.s");
        compiled.Problems.Select(p => (p.Code, p.Where)).Should().Equal(
            ("EXP-1003", "strategies.s.entry_logic[1]"), ("EXP-1002", "strategies.s.exit_logic[0], position 1"));
    }

    [Fact]
    public void The_score_is_the_mean_clearance_of_the_lines_in_their_own_deviations()
    {
        // A hundred closes that alternate 0 and 2 have, against 1, distances of ∓1 with σ = √(100/99); the last one clears by 1/σ = 0.994987.
        // The mean over one such line and a bool line (m = 1) is 0.9974937, the score 0.5 + 0.5 of it.
        double[] close = [.. Enumerable.Range(0, 100).Select(t => t % 2 == 0 ? 0.0 : 2.0)];
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Bars(close), SomeFrame.Scope([], ("up", "close > 1")));
        double[] score = Compile(columns.Scope, "close > 1", "up == true").Score(columns);
        score[98].Should().Be(U, "the deviation needs a hundred bars");
        score[99].Should().BeApproximately(0.99874686, 1e-8);

        // Below the level the distance is negative: m = 0, score 0.5 + 0.5·(0 + 1)/2.
        double[] falling = [.. close[1..], 0.0];
        FrameColumns last = SomeFrame.Columns(SomeFrame.Bars(falling), columns.Scope);
        Compile(columns.Scope, "close > 1", "up == true").Score(last)[99].Should().Be(0.75);
    }

    [Theory]
    [InlineData("NOT close < 1", 1)]
    [InlineData("close > 1 AND close < 3", 1)]
    [InlineData("close > 1 OR close > 5", 0)]
    [InlineData("NOT (close < 1 OR close > 5)", 1)]
    [InlineData("close increasing", 1)]
    [InlineData("NOT close decreasing", 1)]
    [InlineData("close == 2", 1)]
    [InlineData("2 > 1", 1)]
    [InlineData("1 > 2", 0)]
    public void Every_comparison_of_a_line_counts_with_the_sign_that_makes_it_hold(string line, double m)
    {
        // Closes alternate 0 and 2 and end on 2: every distance from the middle is about one deviation, so m is about 0 or 1.
        double[] close = [.. Enumerable.Range(0, 102).Select(t => t % 2 == 0 ? 0.0 : 2.0)];
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Bars(close), SomeFrame.Scope([]));
        Compile(columns.Scope, line).Score(columns)[101].Should().BeApproximately(0.5 + (0.5 * m), 0.005);
    }

    private static StrategyProgram Compile(PackStrategy strategy) =>
        StrategyProgram.Compile(strategy.EntryLogic, strategy.ExitLogic, RuleScope.OfPack(SomePack.Swing), strategy.Id).Value;

    private static StrategyProgram Compile(RuleScope scope, params string[] entry) => StrategyProgram.Compile(entry, [], scope, "s").Value;
}
