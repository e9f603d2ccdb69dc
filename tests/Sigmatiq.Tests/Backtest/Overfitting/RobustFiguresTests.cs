using System.Text.Json.Nodes;
using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Tests.Backtest.Evidence;

namespace Sigmatiq.Tests.Backtest.Overfitting;

public sealed class RobustFiguresTests
{
    [Fact]
    public void With_the_break_even_cost_on_top_the_engine_leaves_no_return()
    {
        // Fractional shares of a fixed sum, so that the fee changes no quantity: then the closed form is exact.
        BacktestRun run = Run(new Barriers(StopLossPct: 4, TakeProfitPct: 6));
        run = run with { Options = run.Options with { Fee = FeeModel.OfBps(1), Quantity = QuantityKind.Fractional } };
        RobustFigures figures = Figures(run);
        double bps = figures.BreakEvenBps!.Value;
        bps.Should().NotBe(0);
        double left = (run with { Options = run.Options with { Fee = FeeModel.OfBps(1 + bps) } }).Execute().Metrics.TotalReturn!.Value;
        Math.Abs(left).Should().BeLessThan(Math.Abs(run.Execute().Metrics.TotalReturn!.Value) * 0.02, "sizes follow the equity, which the fee moves a little");
    }

    [Fact]
    public void The_break_even_cost_is_profit_over_the_value_of_all_fills()
    {
        // 10 shares in at 100 and out at 104, 5 in at 200 and out at 190: 1000 + 1040 + 1000 + 950 = 3990 traded, 40 − 50 − 6 of fees = −16 made.
        var path = new TradePath(default, [0, 2], [1, 3], [100, 200], [2, 4], [104, 190], [ExitReason.Target, ExitReason.Stop], []);
        var account = new AccountPath(path, false, default, [10, 5], [0, 0], [0, 0], [37, -53], [0.037, -0.053]);
        BreakEvenCost.Bps(account, -16).Should().BeApproximately(-16 / 3990.0 * 10_000, 1e-12);
        var idle = new AccountPath(new TradePath(default, [], [], [], [], [], [], []), false, default, [], [], [], [], []);
        BreakEvenCost.Bps(idle, 0).Should().Be(double.NaN);
    }

    [Fact]
    public void Ambiguous_bars_are_shown_both_ways_and_a_combo_without_one_is_run_once()
    {
        // A fifth of a percent either way: hourly bars often hold both.
        BacktestRun tight = Run(new Barriers(StopLossPct: 0.2, TakeProfitPct: 0.2));
        RobustFigures figures = Figures(tight);
        figures.AmbiguousBars.Should().BePositive();
        double pessimistic = tight.Execute().Metrics.TotalReturn!.Value;
        figures.OptimisticReturn.Should().BeGreaterThan(pessimistic);
        BacktestRun optimistic = tight with { Options = tight.Options with { BothTouched = BothTouched.TargetFirst } };
        figures.OptimisticReturn.Should().Be(optimistic.Execute().Metrics.TotalReturn);
        figures.OptimisticSharpe.Should().Be(optimistic.Execute().Metrics.SharpeRatio);

        BacktestRun wide = Run(new Barriers(StopLossPct: 30));
        RobustFigures calm = Figures(wide);
        (calm.AmbiguousBars, calm.OptimisticReturn).Should().Be((0, wide.Execute().Metrics.TotalReturn));
    }

    [Fact]
    public void A_trial_starts_where_the_combo_itself_can_whatever_its_sweep_holds()
    {
        BacktestRun own = Run(new Barriers(StopLossPct: 4, TakeProfitPct: 6)), late = own with { From = own.From + 700 };
        RobustFigures.Of(late, late.Execute(), own.From).Trial.Should().Be(Figures(own).Trial);
        Figures(late).Trial.Should().NotBe(Figures(own).Trial);
    }

    [Fact]
    public void They_are_kept_and_read_as_they_were()
    {
        RobustFigures figures = Figures(Run(new Barriers(StopLossPct: 4, TakeProfitPct: 6)));
        figures.LongestHoldDays.Should().BePositive();
        RobustFigures.Parse(JsonNode.Parse(figures.ToJson().ToJsonString())!.AsObject()).Should().Be(figures);
        RobustFigures.Parse([]).Should().Be(RobustFigures.None, "a sweep of before kept none");
    }

    [Fact]
    public void Sizes_do_the_same_and_another_exit_does_not()
    {
        BacktestRun run = Run(new Barriers(StopLossPct: 4, TakeProfitPct: 6));
        string key = Figures(run).Trial!.BehaviourKey;
        Figures(run with { Size = run.Size with { Pct = run.Size.Pct / 2 } }).Trial!.BehaviourKey.Should().Be(key);
        Figures(run with { Barriers = new(StopLossPct: 4, TakeProfitPct: 6, TrailingStopPct: 40) }).Trial!.BehaviourKey.Should().Be(key, "a trail so wide never fires");
        Figures(run with { Barriers = new(StopLossPct: 4, TakeProfitPct: 5) }).Trial!.BehaviourKey.Should().NotBe(key);
    }

    private static RobustFigures Figures(BacktestRun run) => RobustFigures.Of(run, run.Execute(), run.From);

    private static BacktestRun Run(Barriers barriers)
    {
        EvidenceRequest request = SomeEvidence.Request(SomeBars.Synthetic);
        ModelBars bars = request.Bars;
        return new(
            bars.Fills, bars.Options, bars.Signals(request.Config, request.SelectionConfidence), barriers, bars.SizeOf(request.Config), request.SelectionStart,
            request.Window.To);
    }
}
