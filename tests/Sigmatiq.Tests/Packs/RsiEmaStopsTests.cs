using System.Text.Json.Nodes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Tests.Backtest.Sweeps;
using Sigmatiq.Tests.Packs.Rules;

namespace Sigmatiq.Tests.Packs;

/// <summary>The workload of shared/bench/SPEC.md as a pack: rules, terms and grid.</summary>
public sealed class RsiEmaStopsTests
{
    private static readonly ModelConfig Model =
        ModelBuilder.Build(ModelBuilder.Default(SomePack.Bench, "SPY", "operator", []), SomePack.Bench, SomePack.CreatedAt).Value.Config;

    private const string LargeGrid = """
        { "model_id": "bench", "sweep_type": "custom", "holdout": 0, "parameters": {
            "rsi_period": [14,21,28], "rsi_oversold": [30,35,40,45,50,55,60],
            "stop_loss_pct": ["none",0.5,1,2], "take_profit_pct": ["none",1,2], "trailing_stop_pct": ["none",0.75,1.5],
            "position_size_pct": [20,40,60,80,100],
            "allowed_hours": ["all_day",[13,14,15],[16,17],[18,19,20],[15,16,17,18,19]] } }
        """;

    [Fact]
    public void Its_terms_are_those_of_the_benchmark() =>
        SomePack.Bench.Policies.Engine.Should().Be(new EnginePolicy
        {
            Interval = Interval.Hour1, RuleFrame = RuleFrameKind.Bar, ConfirmationBars = 0, Prices = PriceKind.Raw, StartingCash = 10_000,
            Quantity = QuantityKind.Fractional, SizeOf = SizeBase.Cash, SizePrice = SizePrice.Fill, Commission = CommissionKind.Bps, CommissionBps = 1, SlippageBps = 0,
            LimitFill = LimitFill.Touch, OpenAtEnd = OpenAtEnd.List, Hours = HoursClock.Utc, Returns = ReturnSeries.Bar, PeriodsPerYear = 1764, Confidence = ConfidenceUse.None,
        });

    [Fact]
    public void Its_grid_has_18_900_combos_with_exactly_the_doubles_of_the_definition()
    {
        SweepPlan plan = Plan();
        plan.ComboIds.Should().HaveCount(18_900);
        plan.Warnings.Should().BeEmpty();
        EffectiveConfig[] configs = [.. plan.Configs()];
        configs.Select(c => c.StopLoss).Distinct().Should().BeEquivalentTo(new double?[] { null, 0.005, 0.01, 0.02 });
        configs.Select(c => c.TakeProfit).Distinct().Should().BeEquivalentTo(new double?[] { null, 0.01, 0.02 });
        configs.Select(c => c.TrailingStop).Distinct().Should().BeEquivalentTo(new double?[] { null, 0.0075, 0.015 });
        configs.Select(c => c.PositionSize).Distinct().Should().Equal(0.2, 0.4, 0.6, 0.8, 1.0);
        configs.Select(c => c.AllowedHours.ToString()).Distinct().Should().Equal(
            HourSet.All.ToString(), "[13,14,15]", "[16,17]", "[18,19,20]", "[15,16,17,18,19]");
        configs.Select(c => c.IndicatorKey).Distinct().Should().HaveCount(21, "three lengths by seven levels");
        configs.Should().OnlyContain(c => c.TimeStopDays == null && c.Threshold == null);
    }

    [Theory]
    [InlineData(14, 30)]
    [InlineData(21, 50)]
    [InlineData(28, 60)]
    public void Its_signals_are_those_of_the_definition_bar_by_bar(int period, double level)
    {
        BarColumns bars = SomeFrame.Walk(1500, 200 + period);
        RuleScope scope = RuleScope.OfModel(SomePack.Bench, Model).With([new("rsi", [new("period", period), new("oversold", level)])]);
        FrameColumns columns = new(RuleFrame.OfBars(bars), NyseCalendar.Instance, scope);
        StrategyProgram program = StrategyProgram.Compile(Model.Strategy, scope).Value;
        double[] entry = program.EntryMask(columns), exit = program.ExitMask(columns), r = BenchWorkload.Rsi(bars.Close, period), e = BenchWorkload.Ema(bars.Close, 200);
        double upper = 100 - level;
        for (int t = 1; t < bars.Count; t++)
        {
            entry[t].Should().Be(r[t - 1] < level && r[t] >= level && bars.Close[t] > e[t] ? 1 : 0, $"bar {t}");
            exit[t].Should().Be(r[t - 1] > upper && r[t] <= upper ? 1 : 0, $"bar {t}");
        }

        (entry[0], exit[0]).Should().Be((0, 0));
        exit.Should().Contain(1);
    }

    private static SweepPlan Plan() => SweepPlan.Of(
        SweepRequest.Parse(JsonNode.Parse(LargeGrid)).Value, SomePack.Bench, Model, Sigmatiq.Packs.Grid.Plan.Unlimited, NyseCalendar.Instance).Value;
}
