using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>What a plan says of its cost.</summary>
public sealed class SweepCostTests
{
    [Fact]
    public void A_plan_knows_how_often_a_classifier_is_fitted_and_how_many_trade_lists_there_are()
    {
        // 02 §2.6: 3 lengths x 36 barrier sets = 108 pairs for the custom example; a stop wider than the trail never fires, so that 12 stop and
        // trail pairs act like 6: 3 x 3 x 6 = 54 fits.
        SweepRequest custom = SomeSweep.Custom("""
            {"thresholds":[0.45,0.50,0.55,0.60,0.65,0.70,0.75],"allowed_hours":[[9,10],[9,10,11],[13,14,15],[14,15,16],"all_day"],"position_size_pct":[1,2,3,4,5],
             "rsi_period":[14,21,28],"stop_loss_pct":[4,6,8,10],"take_profit_pct":[12,16,20],"trailing_stop_pct":[3,5,7]}
            """);
        SweepCost cost = SweepCost.Of(SomeSweep.Work(custom).Plan, 3_500);
        (cost.IndicatorSets, cost.ConfidenceFits, cost.SignalSets, cost.Paths).Should().Be((3, 54, 54 * 7 * 5, 54 * 7 * 5));
        SweepCost rule = SweepCost.Of(SomeSweep.Work(custom with { Confidence = ConfidenceKind.Rule }).Plan, 3_500);
        (rule.ConfidenceFits, rule.SignalSets, rule.Paths).Should().Be((0, 3 * 7 * 5, 3 * 7 * 5 * 18));
        SweepCost.Of(SomeSweep.Work().Plan, 3_500).ConfidenceFits.Should().Be(1);
        cost.Seconds.Should().BeGreaterThan(rule.Seconds);

        // 180 fits and 240 combos on two years of hours took 20 s on two threads of a busy machine.
        ((cost.Seconds - rule.Seconds) / 54).Should().BeLessThan(0.2, "a fit takes an eighth of a second");
        SweepCost.Of(SomeSweep.Work(custom).Plan, 15_600).Seconds.Should().BeGreaterThan(cost.Seconds, "more bars take longer");
    }
}
