using System.Text.Json.Nodes;
using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Sweeps;

public sealed class SweepRunnerTests
{
    private static readonly Lazy<SweepResult> SimpleSweep = new(() => SomeSweep.Run(SomeSweep.Work(), 2));

    private static SweepResult Result => SimpleSweep.Value;

    [Fact]
    [Trait("Row", "S0-10")]
    [Trait("Row", "S1-37")]
    public void The_simple_sweep_evaluates_all_45_combos()
    {
        Result.Combos.Select(c => c.ComboId).Should().Equal(Enumerable.Range(1, 45));
        Result.ScoreSource.Should().Be("rule");
        Result.Combos.Should().Contain(c => c.Metrics.TotalTrades > 0);
    }

    [Fact]
    [Trait("Row", "S1-94")]
    public void Forty_five_combos_on_two_years_of_real_hours_take_less_than_five_minutes()
    {
        BarColumns hours = new BenchWorkload().Bars;
        ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(SomePack.Swing, "SPY", "operator", []), SomePack.Swing, SomePack.CreatedAt).Value.Config;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        SweepResult result = SomeSweep.Run(SomeSweep.Work(SweepRequest.Simple(model.Id), model, bars: hours), 2);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(5));
        result.Combos.Should().HaveCount(45);
        result.Inputs.Window.To.Should().BeLessThan(hours.Count);
    }

    [Fact]
    public void One_thread_and_two_give_the_same_result_to_the_bit()
    {
        SweepResult one = SomeSweep.Run(SomeSweep.Work(), 1);
        one.Leaderboard.Hash.Should().Be(Result.Leaderboard.Hash);
        for (int i = 0; i < 45; i++)
        {
            one.Combos[i].Metrics.Should().Be(Result.Combos[i].Metrics);
            one.Combos[i].DailyReturns.Should().Equal(Result.Combos[i].DailyReturns);
        }
    }

    [Fact]
    public void Overfitting_is_judged_by_the_size_that_somebody_would_choose_whatever_smaller_ones_were_tried_beside_it()
    {
        const string Rest = "\"thresholds\": [0.3, 0.5, 0.7], \"allowed_hours\": [\"all_day\", \"morning_only\", \"afternoon_only\", [9], [10], [11], [12], [13], [14], [9, 10], [11, 12], [13, 14]]";
        SweepResult large = Sizes("[3]"), both = Sizes("[0.25, 3]"), small = Sizes("[0.25]");
        both.Combos.Where(c => c.DuplicateOf is not null).Should().OnlyContain(c => c.Metrics.SharpeRatio >= both.Combos.Single(f => f.ComboId == c.DuplicateOf).Metrics.SharpeRatio, "a least fee weighs less on it");
        Pbo(both).Should().Be(Pbo(large));
        Pbo(both).Should().NotBe(Pbo(small));

        static SweepResult Sizes(string sizes) => SomeSweep.Run(SomeSweep.Work(SomeSweep.Custom($$"""{ {{Rest}}, "position_size_pct": {{sizes}} }""")));
        static double? Pbo(SweepResult sweep)
        {
            OverfitProbability overfit = sweep.Overfit(1, TestContext.Current.CancellationToken);
            overfit.Reason.Should().BeNull();
            return overfit.Value;
        }
    }

    [Fact]
    public void No_bar_of_the_hold_out_can_change_the_ranking()
    {
        BarColumns bars = SomeSweep.Bars;
        int from = Result.Inputs.Window.HoldoutFrom;
        double[] Wild(double[] prices) => [.. prices.Select((p, t) => t < from ? p : p * (1.5 + ((t % 7) * 0.1)))];
        BarColumns other = new(bars.Symbol, bars.Interval, bars.StartUtcUs, Wild(bars.Open), Wild(bars.High), Wild(bars.Low), Wild(bars.Close), bars.Volume);
        SomeSweep.Run(SomeSweep.Work(bars: other)).Leaderboard.Hash.Should().Be(Result.Leaderboard.Hash);
    }

    [Fact]
    public void The_last_fifth_of_the_trading_days_is_held_out_and_the_bars_end_with_it()
    {
        SweepWindow window = Result.Inputs.Window;
        FillBars fills = Result.Fills;
        int all = fills.DayOf[window.HoldoutTo - 1] - fills.DayOf[window.From] + 1, held = fills.DayOf[window.HoldoutTo - 1] - fills.DayOf[window.HoldoutFrom] + 1;
        held.Should().Be(all / 5);
        window.HoldoutFrom.Should().Be(window.To);
        fills.Count.Should().Be(window.HoldoutTo);
        window.From.Should().BeGreaterThan(0, "bars before the range are the warm-up");
        Result.Combos.Should().OnlyContain(c => c.Account.Path.ExitBar.All(b => b < window.To));
    }

    [Fact]
    public void Bars_after_the_last_session_are_not_seen()
    {
        SweepResult cut = SomeSweep.Run(SomeSweep.Work(SomeSweep.Simple with { To = null }) with { LastSession = new(2020, 12, 31) });
        cut.Fills.DateOfDay(cut.Fills.Days - 1).Should().Be(new DateOnly(2020, 12, 31));
        cut.Leaderboard.Hash.Should().Be(SomeSweep.Run(SomeSweep.Work(SomeSweep.Simple with { To = new(2020, 12, 31) })).Leaderboard.Hash);
    }

    [Fact]
    public void Metrics_of_all_combos_start_where_every_set_has_a_confidence()
    {
        SweepResult late = SomeSweep.Run(SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.5]}""") with { From = null }));
        late.Start.Should().BeGreaterThan(late.Inputs.Window.From, "the first bars have no rule score yet");
        late.Combos.Should().OnlyContain(c => c.DailyReturns.Length == late.Days.Length && c.Metrics.Periods == late.Days.Length);
        late.Days[0].Should().Be(late.Fills.DateOfDay(late.Fills.DayOf[late.Start]));
    }

    [Fact]
    [Trait("Row", "S1-43")]
    public void The_execution_log_has_its_four_stages_in_order()
    {
        Result.Log.Select(e => (e.Status, e.Message)).Should().Equal(
            ("started", "Loading data matrix"), ("processing", "Calculating indicators"), ("processing", "Running backtest simulation"),
            ("completed", "Backtest complete, calculating metrics"));
        Result.Log.Select(e => e.Timestamp).Should().BeInAscendingOrder();
    }

    [Fact]
    [Trait("Row", "S1-44")]
    public void Metrics_recompute_from_the_trade_list()
    {
        ComboResult combo = Result.Combos.MaxBy(c => c.Metrics.TotalTrades)!;
        combo.Metrics.TotalTrades.Should().BeGreaterThan(5);
        double cash = Result.Inputs.Bars.Options.StartingCash, peak = cash, worst = 0;
        List<double> daily = [];
        int from = Result.Start, to = Result.Inputs.Window.To;
        double before = cash;
        for (int t = from; t < to; t++)
        {
            if (t < to - 1 && Result.Fills.DayOf[t + 1] == Result.Fills.DayOf[t])
            {
                continue;
            }

            // Money at a day's close: the start, plus every profit taken by then, plus what the open position would bring before its costs.
            double equity = cash;
            for (int i = 0; i < combo.Account.Path.Count; i++)
            {
                if (combo.Account.Path.ExitBar[i] <= t)
                {
                    equity += combo.Account.Profit[i];
                }
                else if (combo.Account.Path.EntryBar[i] <= t)
                {
                    double q = combo.Account.Quantity[i], entry = q * combo.Account.Path.EntryPrice[i];
                    equity += (q * Result.Fills.Close[t]) - entry - Result.Inputs.Bars.Options.Fee.Of(q, combo.Account.Path.EntryPrice[i]);
                }
            }

            daily.Add((equity / before) - 1);
            before = equity;
            peak = Math.Max(peak, equity);
            worst = Math.Min(worst, (equity / peak) - 1);
        }

        double mean = daily.Average(), deviation = Math.Sqrt(daily.Sum(r => (r - mean) * (r - mean)) / (daily.Count - 1));
        combo.Metrics.SharpeRatio.Should().BeApproximately(mean / deviation * Math.Sqrt(252), 1e-9);
        combo.Metrics.TotalReturn.Should().BeApproximately((before / cash) - 1, 1e-9);
        combo.Metrics.MaxDrawdown.Should().BeApproximately(worst, 1e-9);
        double[] rho = [.. combo.Account.TradeReturn];
        double[] profit = [.. combo.Account.Profit];
        combo.Metrics.WinRate.Should().BeApproximately(rho.Count(r => r > 0) / (double)rho.Length, 1e-9);
        combo.Metrics.AvgTradeReturn.Should().BeApproximately(rho.Average(), 1e-9);
        (combo.Metrics.BestTrade, combo.Metrics.WorstTrade).Should().Be((rho.Max(), rho.Min()));
        combo.Metrics.ProfitFactor.Should().BeApproximately(profit.Where(p => p > 0).Sum() / -profit.Where(p => p < 0).Sum(), 1e-9);
        combo.DailyReturns.Zip(daily).Max(p => Math.Abs(p.First - p.Second)).Should().BeLessThan(1e-12);
    }

    [Fact]
    public void A_combo_alone_gives_the_figures_it_has_in_the_sweep()
    {
        foreach (ComboResult combo in Result.Combos.Where(c => c.ComboId % 7 == 1))
        {
            ModelBars bars = Result.Inputs.Bars;
            ConfidenceColumn score = new RuleScoreConfidence().For(new(combo.Config, bars.Rules(combo.Config), Result.Inputs, 42), TestContext.Current.CancellationToken);
            MetricSet alone = new BacktestRun(
                bars.Fills, bars.Options, bars.Signals(combo.Config, score), ModelBars.BarriersOf(combo.Config), bars.SizeOf(combo.Config), Result.Start,
                Result.Inputs.Window.To).Execute().Metrics;
            alone.Should().Be(combo.Metrics);
        }
    }

    [Fact]
    public void Combos_with_the_same_trades_point_at_the_lowest_id()
    {
        foreach (ComboResult combo in Result.Combos)
        {
            int lowest = Result.Combos.First(c => c.Account.Path.SameTrades(combo.Account.Path)).ComboId;
            combo.DuplicateOf.Should().Be(lowest == combo.ComboId ? null : lowest);
        }

        Result.Combos.Count(c => c.DuplicateOf is not null).Should().BeGreaterThanOrEqualTo(30, "three sizes of each of fifteen make the same trades");
    }

    [Fact]
    public void A_stop_wider_than_the_trail_is_a_duplicate_of_the_next_one()
    {
        SweepResult result = SomeSweep.Run(SomeSweep.Work(SomeSweep.Custom("""{"stop_loss_pct": [6, 8, 10], "trailing_stop_pct": [5]}""")));
        result.Combos.Select(c => c.DuplicateOf).Should().Equal(null, 1, 1);
    }

    [Fact]
    [Trait("Row", "S0-12")]
    public void Gates_of_the_request_win_and_the_others_stay_the_packs()
    {
        SweepResult result = SomeSweep.Run(SomeSweep.Work(SomeSweep.Simple with { QualityGates = new(MinTrades: 7) }));
        result.Combos[0].Gate.Checks.ToDictionary(c => c.Name, c => c.Required).Should().BeEquivalentTo(
            new Dictionary<string, double> { ["min_trades"] = 7, ["min_sharpe"] = 0.7, ["max_drawdown"] = 0.25, ["min_win_rate"] = 0.4 });
    }

    [Fact]
    [Trait("Row", "S0-15")]
    [Trait("Row", "S1-45")]
    public void The_four_checks_recompute_from_the_metrics()
    {
        foreach (ComboResult combo in Result.Combos)
        {
            JsonObject checks = combo.Gate.ToJson()["checks"]!.AsObject();
            checks.Select(c => c.Key).Should().Equal("min_trades", "min_sharpe", "max_drawdown", "min_win_rate");
            MetricSet m = combo.Metrics;
            double?[] actual = [m.TotalTrades, m.SharpeRatio, m.MaxDrawdown is { } d ? Math.Abs(d) : null, m.WinRate];
            double[] required = [30, 0.7, 0.25, 0.4];
            combo.Gate.Checks.Select(c => c.Required).Should().Equal(required, "percent of the pack is a fraction here");
            combo.Gate.Checks.Select(c => c.Actual).Should().Equal(actual);
            combo.Gate.Checks.Select(c => c.Pass).Should().Equal(
                actual[0] >= 30, actual[1] >= 0.7, actual[2] <= 0.25, actual[3] >= 0.4);
            (combo.Gate.Status == GateStatus.Pass).Should().Be(combo.Gate.Checks.All(c => c.Pass));
            combo.Gate.Reasons.Should().HaveCount(combo.Gate.Checks.Count(c => !c.Pass));
        }
    }

    [Fact]
    public void Each_indicator_set_is_computed_once_and_thresholds_share_it()
    {
        SweepResult result = SomeSweep.Run(SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.5, 0.6, 0.7], "rsi_period": [14, 21]}""")));
        result.Combos.Should().HaveCount(6);
        result.Inputs.Bars.SignalSets.Should().Be(6);
        SweepResult one = SomeSweep.Run(SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.5]}""")));
        result.Inputs.Bars.IndicatorsComputed.Should().Be(one.Inputs.Bars.IndicatorsComputed + 1, "only the RSI has a second length");
    }

    [Fact]
    public void Sizes_above_the_models_cap_run_and_are_flagged()
    {
        SweepResult result = SomeSweep.Run(SomeSweep.Work(SomeSweep.Custom("""{"position_size_pct": [2, 5]}"""), SomeSweep.Model with
        {
            Risk = SomeSweep.Model.Risk with { MaxPositionPct = 3 },
        }));
        result.Work.Plan.Warnings.Should().Contain(w => w.Code == "SWS-1005");
        result.Leaderboard.Rows.OrderBy(r => r.ComboId).Select(r => r.ExceedsModelCap).Should().Equal(false, true);
    }

    [Fact]
    public void A_range_under_sixty_trading_days_is_refused() =>
        Refusal(SomeSweep.Work(SomeSweep.Simple with { From = new(2021, 11, 1) })).Should().Be(("SWS-2001", ExitCode.DataRefused));

    [Fact]
    public void A_range_inside_the_warm_up_is_refused() =>
        Refusal(SomeSweep.Work(SomeSweep.Simple with { From = null, To = new(2018, 4, 30), HoldoutShare = 0.5 })).Should().Be(("SWS-2001", ExitCode.DataRefused));

    [Fact]
    public void A_gap_of_more_than_a_twentieth_is_refused()
    {
        BarColumns bars = SomeSweep.Bars;
        int[] kept = [.. Enumerable.Range(0, bars.Count).Where(t => t < 3000 || t >= 3500)];
        T[] Of<T>(T[] column) => [.. kept.Select(t => column[t])];
        BarColumns holed = new(bars.Symbol, bars.Interval, Of(bars.StartUtcUs), Of(bars.Open), Of(bars.High), Of(bars.Low), Of(bars.Close), Of(bars.Volume));
        Refusal(SomeSweep.Work(bars: holed)).Should().Be(("SWS-2002", ExitCode.DataRefused));
    }

    [Fact]
    public void An_hour_filter_on_daily_bars_is_refused_and_all_day_is_not()
    {
        BarColumns days = Sigmatiq.Market.Simulator.MarketSimulator.Default.Bars(SomeSweep.Bars.Symbol, Interval.Day1, null, new(2021, 12, 31));
        Refusal(SomeSweep.Work(bars: days)).Should().Be(("SWS-2003", ExitCode.BadUsage));
        SomeSweep.Run(SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.5], "allowed_hours": ["all_day"]}"""), bars: days)).Combos.Should().HaveCount(1);
    }

    [Fact]
    public void A_pack_that_sizes_by_volatility_trades_by_it_and_its_target_is_part_of_the_hash()
    {
        SweepResult Of(string sizing) => SomeSweep.Run(SomeSweep.Work(
            SomeSweep.Custom("""{"thresholds": [0.5]}"""), pack: SomePack.With(("method: \"kelly_fraction\"", sizing))));
        ComboResult low = Of("method: vol_target\n    vol_target_pct: 0.2").Combos[0], high = Of("method: vol_target\n    vol_target_pct: 0.6").Combos[0];
        ComboResult fixedShare = Of("method: fixed_pct").Combos[0];
        (low.Account.Path.Count > 0 && low.Account.Quantity[0] * 2 < high.Account.Quantity[0] && high.Account.Quantity[0] <= fixedShare.Account.Quantity[0]).Should().BeTrue();
        low.ConfigHash.Should().NotBe(high.ConfigHash);
    }

    [Fact]
    public void A_cancelled_sweep_stops()
    {
        using var cancel = new CancellationTokenSource();
        int seen = 0;
        Action run = () => new SweepRunner(new SomeSweep.Clock()).Run(SomeSweep.Work(), 1, at =>
        {
            seen = at.Done;
            if (at.Done == 5)
            {
                cancel.Cancel();
            }
        }, cancel.Token);
        run.Should().Throw<OperationCanceledException>();
        seen.Should().Be(5);
    }

    private static (string Code, ExitCode Exit) Refusal(SweepWork work)
    {
        Problem problem = ((Action)(() => SomeSweep.Run(work))).Should().Throw<ProblemException>().Which.Problem;
        return (problem.Code, problem.Exit);
    }
}
