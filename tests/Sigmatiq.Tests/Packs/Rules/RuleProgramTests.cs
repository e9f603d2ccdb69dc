using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs.Rules;

public sealed class RuleProgramTests
{
    private const double U = double.NaN;

    [Theory]
    [InlineData("price > nosuch", "EXP-1002", "position 9")]
    [InlineData("RSI > 50", "EXP-1002", "position 1")]
    [InlineData("nosuch(price)", "EXP-1002", "position 1")]
    [InlineData("rsi.nosuch > 1", "EXP-1002", "position 1")]
    [InlineData("position.days > 3", "EXP-1002", "position 1")]
    [InlineData("rsi AND true", "EXP-1003", "position 1")]
    [InlineData("NOT rsi", "EXP-1003", "position 5")]
    [InlineData("true + 1", "EXP-1003", "position 1")]
    [InlineData("macd_cross > 1", "EXP-1003", "position 1")]
    [InlineData("macd_cross == 1", "EXP-1003", "position 12")]
    [InlineData("-true", "EXP-1003", "position 2")]
    [InlineData("true increasing", "EXP-1003", "position 1")]
    [InlineData("avg(rsi, price)", "EXP-1003", "position 10")]
    [InlineData("avg(rsi, 2.5)", "EXP-1003", "position 10")]
    [InlineData("avg(rsi, 0)", "EXP-1003", "position 10")]
    [InlineData("stdev(rsi, 1)", "EXP-1003", "position 12")]
    [InlineData("within(rsi, 5)", "EXP-1003", "position 8")]
    [InlineData("avg(rsi)", "EXP-1004", "position 1")]
    [InlineData("sign()", "EXP-1004", "position 1")]
    [InlineData("1 + sign(1, 2)", "EXP-1004", "position 5")]
    [InlineData("max(1)", "EXP-1004", "position 1")]
    public void Names_types_and_arguments_are_checked_before_anything_runs(string rule, string code, string place)
    {
        ParseResult<RuleProgram> compiled = RuleProgram.Compile(rule, RuleScope.OfPack(SomePack.Swing));
        compiled.IsOk.Should().BeFalse();
        (compiled.Problems[0].Code, compiled.Problems[0].Where).Should().Be((code, place));
        compiled.Problems[0].Remedy.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void A_feature_that_needs_itself_is_refused_with_its_circle()
    {
        RuleScope scope = SomeFrame.Scope([], ("a", "b + 1"), ("b", "c * 2"), ("c", "a - 1"), ("d", "d"));
        Problem problem = RuleProgram.Compile("a > 0", scope).Problems[0];
        problem.Code.Should().Be("EXP-1005");
        problem.Message.Should().Contain("a → b → c → a");
        scope.FeatureProgram("d").Problems[0].Code.Should().Be("EXP-1005");
    }

    [Fact]
    public void A_long_chain_of_features_is_no_circle()
    {
        RuleScope scope = SomeFrame.Scope([], [.. Enumerable.Range(0, 100).Select(i => ($"f{i}", i == 0 ? "close" : $"f{i - 1} + 1"))]);
        SomeFrame.Evaluate("f99", SomeFrame.Bars([5, 6]), scope).Should().Equal(104, 105);
    }

    [Theory]
    [InlineData("AND", "000 0U1 0UU")]
    [InlineData("OR", "0U1 111 UU1")]
    public void Logic_has_three_values(string op, string table)
    {
        // Rows 0, 1, undefined; columns 0, undefined, 1, as Kleene (1938) has them.
        string[] rows = table.Split(' ');
        double[] left = [0, 1, U], right = [0, U, 1];
        for (int r = 0; r < 3; r++)
        {
            for (int c = 0; c < 3; c++)
            {
                double expected = rows[r][c] switch { '0' => 0, '1' => 1, _ => U };
                SomeFrame.Evaluate($"(close > 0) {op} (volume > 0)", SomeFrame.Bars([left[r]], [right[c]]))[0].Should().Be(expected, $"{left[r]} {op} {right[c]}");
            }
        }
    }

    [Fact]
    public void The_opposite_of_undefined_is_undefined() =>
        SomeFrame.Evaluate("NOT (close > 0)", SomeFrame.Bars([1, 0, U])).Should().Equal(0, 1, U);

    [Theory]
    [InlineData("close / volume", 6, 0, U)]
    [InlineData("0 / close", 0, 1, U)]
    [InlineData("close / volume", 6, 4, 1.5)]
    [InlineData("close == volume", 1, 1.00000000001, 0)]
    [InlineData("close == volume", 1, 1.0000000000009, 1)]
    [InlineData("close != volume", 0.3, 0.30000000000000004, 0)]
    [InlineData("close > volume", 0.30000000000000004, 0.3, 1)]
    [InlineData("close == volume", 0, 0, 1)]
    [InlineData("close > volume", 1, U, U)]
    [InlineData("sign(close)", -3, 0, -1)]
    [InlineData("sign(close)", 0, 0, 0)]
    [InlineData("sign(close)", U, 0, U)]
    [InlineData("max(close, volume, 7)", 3, 5, 7)]
    [InlineData("min(close, volume)", 3, U, U)]
    public void Arithmetic_and_comparisons_follow_the_definition(string rule, double close, double volume, double expected) =>
        SomeFrame.Evaluate(rule, SomeFrame.Bars([close], [volume]))[0].Should().Be(expected);

    [Fact]
    public void Windows_include_this_bar_and_are_undefined_until_they_are_full()
    {
        BarColumns bars = SomeFrame.Bars([1, 2, 4, 3, U, 5, 6, 7]);
        SomeFrame.Evaluate("avg(close, 3)", bars).Should().Equal(U, U, 7 / 3.0, 3, U, U, U, 6);
        SomeFrame.Evaluate("highest(close, 3)", bars).Should().Equal(U, U, 4, 4, U, U, U, 7);
        SomeFrame.Evaluate("lowest(close, 2)", bars).Should().Equal(U, 1, 2, 3, U, U, 5, 6);
        SomeFrame.Evaluate("change(close, 2)", bars).Should().Equal(U, U, 3, 1, U, 2, U, 2);
        SomeFrame.Evaluate("pct_change(close, 1)", bars).Should().Equal(U, 1, 1, -0.25, U, U, (6 / 5.0) - 1, (7 / 6.0) - 1);
        SomeFrame.Evaluate("close[2]", bars).Should().Equal(U, U, 1, 2, 4, 3, U, 5);

        // Sample deviation of 1, 2, 4: mean 7/3, squares 16/9 + 1/9 + 25/9 = 42/9, over 2 = 7/3.
        SomeFrame.Evaluate("stdev(close, 3)", bars)[2].Should().BeApproximately(Math.Sqrt(7 / 3.0), 1e-15);
        SomeFrame.Evaluate("within(close > 3, 3)", bars).Should().Equal(U, U, 1, 1, 1, 1, 1, 1);
        SomeFrame.Evaluate("within(close < 2, 3)", bars).Should().Equal(1, 1, 1, 0, U, U, U, 0);
    }

    [Fact]
    [Trait("Row", "S1-25")]
    public void Increasing_is_true_where_every_step_of_the_window_rises()
    {
        BarColumns bars = SomeFrame.Bars([1, 2, 3, 3, 4, 5, 6, U, 7, 8]);
        SomeFrame.Evaluate("close increasing", bars).Should().Equal(U, 1, 1, 0, 1, 1, 1, U, U, 1);
        SomeFrame.Evaluate("close > close[1]", bars).Should().Equal(U, 1, 1, 0, 1, 1, 1, U, U, 1);
        SomeFrame.Evaluate("close increasing(3)", bars).Should().Equal(U, U, U, 0, 0, 0, 1, U, U, U);
        SomeFrame.Evaluate("-close decreasing(3)", bars).Should().Equal(U, U, U, 0, 0, 0, 1, U, U, U);
    }

    [Fact]
    public void Crosses_need_the_other_side_one_bar_before()
    {
        BarColumns bars = SomeFrame.Bars([1, 2, 3, 2, 2, 3], SomeFrame.Filled(6, 2));
        SomeFrame.Evaluate("crosses_above(close, volume)", bars).Should().Equal(0, 0, 1, 0, 0, 1);
        SomeFrame.Evaluate("crosses_below(close, volume)", bars).Should().Equal(U, 0, 0, 0, 0, 0);
        SomeFrame.Evaluate("crosses_below(close, 2.5)", bars).Should().Equal(U, 0, 0, 1, 0, 0);
    }

    [Fact]
    [Trait("Row", "S1-22")]
    public void Normalized_is_a_clipped_z_score_over_a_hundred_bars()
    {
        // Nineteen fours and a six: mean 4.1, squares 19·0.01 + 3.61 = 3.8, σ = √0.2; z = 1.9/√0.2 = 4.2485, clipped to 3, is 1.
        double[] close = [.. SomeFrame.Filled(19, 4), 6, 4];
        double[] y = SomeFrame.Evaluate("normalized(close)", SomeFrame.Bars(close));
        y[18].Should().Be(U, "twenty defined values are needed");
        y[19].Should().Be(1);

        // With one more four: mean 86/21, Σ(x − mean)² = 20·(2/21)² + (40/21)² = 1680/441, σ = √(1680/441/20) = 0.43644; z = −(2/21)/σ = −0.21822.
        y[20].Should().BeApproximately(-0.21821789 / 3, 1e-8);
        SomeFrame.Evaluate("normalized(close)", SomeFrame.Bars(SomeFrame.Filled(30, 0.1)))[29].Should().Be(0, "no deviation is no signal");
    }

    [Fact]
    [Trait("Row", "S1-22")]
    public void The_composite_is_the_sum_of_three_rolling_scores()
    {
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(400, 22));
        NaiveRule naive = new(columns.Frame, columns.Column);
        RuleExpr expr = RuleParser.Parse(SomePack.Swing.FindFeature("momentum_composite")!.Calculation).Value;
        double[] composite = columns.Column("momentum_composite");
        composite.Count(v => !double.IsNaN(v)).Should().BeGreaterThan(300);
        for (int t = 0; t < 400; t += 7)
        {
            double expected = naive.At(expr, t);
            (double.IsNaN(expected) ? double.IsNaN(composite[t]) : Math.Abs(composite[t] - expected) < 1e-12).Should().BeTrue($"bar {t}: {expected}, {composite[t]}");
        }
    }

    [Fact]
    [Trait("Row", "S1-17")]
    public void A_lower_low_with_a_higher_indicator_low_is_a_bullish_divergence()
    {
        // Lows at bars 3 (90) and 9 (88); the indicator has 30 there, then 40; elsewhere 50. Mean (12·50 + 30 + 40)/14 = 47.857,
        // Σ(x − mean)² = 12·(2.142857)² + (17.857143)² + (7.857143)² = 435.714, σ = √(435.714/13) = 5.78935; 0.5·10/σ = 0.863655.
        double[] price = [100, 96, 93, 90, 94, 97, 96, 94, 91, 88, 92, 95, 96, 97];
        double[] indicator = [50, 50, 50, 30, 50, 50, 50, 50, 50, 40, 50, 50, 50, 50];
        SomeFrame.Evaluate("detect_divergence(close, volume)", SomeFrame.Bars(price, indicator))[13].Should().BeApproximately(0.863655, 1e-6);

        // The mirror image: highs at 110 and 112 while the indicator falls from 70 to 60.
        double[] upside = [.. price.Select(p => 200 - p)], mirrored = [.. indicator.Select(i => 100 - i)];
        SomeFrame.Evaluate("detect_divergence(close, volume)", SomeFrame.Bars(upside, mirrored))[13].Should().BeApproximately(-0.863655, 1e-6);
        SomeFrame.Evaluate("detect_divergence(close, close)", SomeFrame.Bars(price))[13].Should().Be(0, "an indicator that moves with the price does not diverge");
        SomeFrame.Evaluate("detect_divergence(close, 5)", SomeFrame.Bars(price))[13].Should().Be(0, "no deviation is no signal");
        SomeFrame.Evaluate("detect_divergence(close, volume)", SomeFrame.Bars(price[..13], indicator[..13]))[12].Should().Be(U, "fourteen bars are needed");
    }

    [Fact]
    public void A_pivot_is_known_only_two_bars_later()
    {
        double[] price = [100, 100, 96, 93, 90, 94, 97, 96, 95, 94, 93, 92, 88, 92, 95];
        double[] indicator = [50, 50, 50, 50, 30, 50, 50, 50, 50, 50, 50, 50, 40, 50, 50];
        double[] y = SomeFrame.Evaluate("detect_divergence(close, volume)", SomeFrame.Bars(price, indicator));
        y[13].Should().Be(0, "the second low is one bar old");
        y[14].Should().BePositive();
    }

    [Fact]
    [Trait("Row", "S1-18")]
    public void Macd_cross_is_the_line_above_its_signal()
    {
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(200, 18));
        double[] cross = columns.Column("macd_cross"), line = columns.Column("macd"), signal = columns.Column("signal_line");
        for (int t = 0; t < 200; t++)
        {
            cross[t].Should().Be(double.IsNaN(line[t]) || double.IsNaN(signal[t]) ? U : line[t] > signal[t] ? 1 : 0);
        }

        (cross.Contains(0) && cross.Contains(1) && cross.Contains(U)).Should().BeTrue();
    }

    [Fact]
    [Trait("Row", "S1-19")]
    public void Trend_strength_turns_its_sign_where_the_averages_cross()
    {
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(600, 19));
        double[] strength = columns.Column("trend_strength"), fast = columns.Column("ema_20"), slow = columns.Column("ema_50"), adx = columns.Column("adx");
        int turns = 0;
        for (int t = 50; t < 600; t++)
        {
            strength[t].Should().Be(adx[t] * Math.Sign(fast[t] - slow[t]));
            turns += Math.Sign(strength[t]) != Math.Sign(strength[t - 1]) ? 1 : 0;
        }

        turns.Should().BePositive();
    }

    [Fact]
    [Trait("Row", "S1-20")]
    public void The_squeeze_is_true_exactly_where_the_bands_are_narrower_than_four_percent()
    {
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(600, 20));
        double[] squeeze = columns.Column("bb_squeeze"), upper = columns.Column("bb_upper"), lower = columns.Column("bb_lower"), middle = columns.Column("bb_middle");
        for (int t = 19; t < 600; t++)
        {
            squeeze[t].Should().Be((upper[t] - lower[t]) / middle[t] < 0.04 ? 1 : 0);
        }

        squeeze[18].Should().Be(U);
        (squeeze.Contains(0) && squeeze.Contains(1)).Should().BeTrue();
    }

    [Fact]
    [Trait("Row", "S1-21")]
    public void A_volume_of_exactly_one_and_a_half_averages_is_no_surge()
    {
        // Nineteen volumes of 370 and one of 570: mean (19·370 + 570)/20 = 380, 1.5·380 = 570.
        double[] volume = [.. SomeFrame.Filled(19, 370), 570];
        SomeFrame.Evaluate("volume_surge", SomeFrame.Bars(SomeFrame.Filled(20, 100), volume))[19].Should().Be(0);
        volume[19] = 571;
        SomeFrame.Evaluate("volume_surge", SomeFrame.Bars(SomeFrame.Filled(20, 100), volume))[19].Should().Be(1);
    }

    [Fact]
    public void Constants_take_the_parameters_of_the_instance()
    {
        RuleScope scope = RuleScope.OfPack(SomePack.Swing);
        BarColumns bars = SomeFrame.Bars([1]);
        SomeFrame.Evaluate("rsi.overbought - rsi.oversold", bars, scope).Should().Equal(40);
        SomeFrame.Evaluate("rsi.period", bars, scope.With([new("rsi", [new("period", 21)])])).Should().Equal(21);
        SomeFrame.Evaluate("adx.threshold", bars, scope).Should().Equal(25);
    }

    [Fact]
    public void Aliases_name_the_same_column()
    {
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(60, 1));
        columns.Column("macd").Should().BeSameAs(columns.Column("macd_line"));
        columns.Column("stoch_k").Should().BeSameAs(columns.Column("stochastic"));
        columns.Column("price").Should().BeSameAs(columns.Column("close"));
    }

    [Fact]
    [Trait("Row", "S1-40")]
    public void Each_distinct_indicator_setting_is_computed_once()
    {
        RuleFrame frame = RuleFrame.OfBars(SomeFrame.Walk(300, 40));
        IndicatorColumns shared = new(frame);
        RuleScope scope = RuleScope.OfPack(SomePack.Bench);
        RuleProgram rule = RuleProgram.Compile(SomePack.Bench.Strategies[0].EntryLogic[0], scope).Value;
        foreach (double period in (double[])[14, 21, 28])
        {
            foreach (double level in (double[])[30, 40, 50])
            {
                rule.Evaluate(new(frame, NyseCalendar.Instance, scope.With([new("rsi", [new("period", period), new("oversold", level)])]), shared));
            }
        }

        shared.Computed.Should().Be(4, "three lengths of the index and one average; levels are constants");
    }

    [Fact]
    public void Hours_and_days_are_those_of_the_exchange()
    {
        // 2018-01-02 was a Tuesday; New York opens at 14:30 UTC in winter.
        BarColumns bars = SomeFrame.Bars(SomeFrame.Filled(8, 1));
        SomeFrame.Evaluate("hour", bars).Should().Equal(9, 10, 11, 12, 13, 14, 15, 9);
        SomeFrame.Evaluate("minute", bars)[0].Should().Be(30);
        SomeFrame.Evaluate("day_of_week", bars).Should().Equal(2, 2, 2, 2, 2, 2, 2, 3);
    }

    [Fact]
    public void On_a_day_frame_one_bar_ago_is_yesterday_s_last_value()
    {
        BarColumns bars = SomeFrame.Walk(7 * 30, 3);
        RuleScope scope = RuleScope.OfPack(SomePack.Swing);
        FrameColumns columns = new(RuleFrame.OfDays(bars, NyseCalendar.Instance), NyseCalendar.Instance, scope);
        double[] yesterday = RuleProgram.Compile("close[1]", scope).Value.Evaluate(columns);
        int[] dayOf = columns.Frame.PeriodOf;
        for (int t = 0; t < bars.Count; t++)
        {
            yesterday[t].Should().Be(dayOf[t] == 0 ? U : bars.Close[columns.Frame.LastBarOf[dayOf[t] - 1]]);
        }
    }

    [Theory]
    [InlineData(false, 11)]
    [InlineData(true, 12)]
    public void Passes_over_columns_equal_a_walk_over_the_tree_at_every_bar(bool isDayFrame, long seed)
    {
        BarColumns bars = SomeFrame.Walk(180, seed);
        bars.Volume[90] = 0;
        RuleScope scope = SomeFrame.Scope(["rsi", "ema_20"], ("up", "close > open"));
        FrameColumns columns = new(isDayFrame ? RuleFrame.OfDays(bars, NyseCalendar.Instance) : RuleFrame.OfBars(bars), NyseCalendar.Instance, scope);
        NaiveRule naive = new(columns.Frame, columns.Column);
        Rng rng = Rng.From(seed);
        int compared = 0, skipped = 0;
        HashSet<string> met = [];
        for (int i = 0; i < 400; i++)
        {
            RuleExpr expr = SomeRule.Any(rng, 2 + rng.NextInt(2));
            string text = RulePrinter.Print(expr);
            met.UnionWith(RuleFunctions.All.Keys.Where(f => text.Contains(f + "(", StringComparison.Ordinal)));
            double[] values = RuleProgram.Compile(text, scope).Value.Evaluate(columns);
            for (int t = rng.NextInt(17); t < bars.Count; t += 17)
            {
                naive.Narrowest = double.PositiveInfinity;
                double expected = naive.At(expr, t);
                if (naive.Narrowest < 1e-9)
                {
                    // Two sides that differ by rounding alone: either answer is right.
                    skipped++;
                    continue;
                }

                compared++;
                bool same = double.IsNaN(expected) ? double.IsNaN(values[t])
                    : values[t] == expected || Math.Abs(values[t] - expected) <= 1e-7 * Math.Max(1, Math.Abs(expected));
                same.Should().BeTrue($"seed {seed}, step {i}, bar {t}: {text} is {expected}, was {values[t]}");
            }
        }

        compared.Should().BeGreaterThan(4 * skipped);
        met.Should().BeEquivalentTo(RuleFunctions.All.Keys, "every function is held against its second reading");
    }

    [Fact]
    public void Rules_that_know_the_position_are_evaluated_bar_by_bar_without_allocation()
    {
        RuleScope scope = RuleScope.OfPack(SomePack.Swing);
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(100, 5), scope);
        RuleProgram rule = RuleProgram.Compile(
            "position.return < -0.02 OR (position.days >= 3 AND rsi > avg(rsi, 5)) OR position.best - position.return > 0.05", scope, allowsPosition: true).Value;
        rule.UsesPosition.Should().BeTrue();
        rule.Invoking(r => r.Evaluate(columns)).Should().Throw<InvalidOperationException>();
        PositionRule bound = rule.BindPosition(columns);
        double[] rises = RuleProgram.Compile("rsi > avg(rsi, 5)", scope).Value.Evaluate(columns);
        for (int t = 30; t < 100; t++)
        {
            bound.Evaluate(t, -0.03, 0, 0).Should().Be(1);
            bound.Evaluate(t, 0, 2, 0).Should().Be(0);
            bound.Evaluate(t, 0, 3, 0).Should().Be(rises[t]);
            bound.Evaluate(t, 0, 0, 0.06).Should().Be(1);
        }

        bound.Evaluate(0, 0, 3, 0).Should().Be(U, "the index is not yet defined");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 0; t < 100; t++)
        {
            bound.Evaluate(t, 0.01, 1, 0.02);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Theory]
    [InlineData("position.return[1] > 0")]
    [InlineData("avg(position.return, 3) > 0")]
    [InlineData("position.return increasing")]
    [InlineData("crosses_above(position.return, 0)")]
    [InlineData("detect_divergence(price, position.best) > 0")]
    [InlineData("within(position.days > 2, 3)")]
    public void A_position_has_no_history(string rule) =>
        RuleProgram.Compile(rule, RuleScope.OfPack(SomePack.Swing), allowsPosition: true).Problems[0].Code.Should().Be("EXP-1003");
}
