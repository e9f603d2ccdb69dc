using System.Text.Json.Nodes;
using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Learning;

public sealed class ComboTrainingTests
{
    private static readonly Lazy<BarColumns> Bars = new(() =>
        MarketSimulator.Default.Bars(Symbol.Parse("MKT.SYN"), Interval.Hour1, null, new(2020, 6, 30)));

    private static readonly ModelConfig Model = SomePack.Model;

    private static readonly EffectiveConfig Config = EffectiveConfig.Of(
        SomePack.Swing, Model, new Combo(1, [new("threshold", GridValue.Of(0.5)), new("position_size_pct", GridValue.Of(2))]),
        HourSet.RegularSession(NyseCalendar.Instance));

    [Fact]
    public void The_inputs_are_the_selected_features_scaled_and_the_raw_outputs_of_the_selected_indicators()
    {
        BarColumns bars = Bars.Value.Slice(0, 1500);
        FeatureColumns features = Combo(bars).Data.ComputeFeatures(bars);
        features.Names.Should().Equal(
            "rsi_divergence", "macd_cross", "trend_strength", "volume_surge", "momentum_composite", "rsi", "macd_line", "signal_line", "histogram", "adx",
            "plus_di", "minus_di", "ema_20", "ema_50", "bb_upper", "bb_middle", "bb_lower", "volume_ma");
        double[] trend = Column(features, "trend_strength"), adx = Column(features, "adx"), fast = Column(features, "ema_20"), slow = Column(features, "ema_50");
        int defined = 0;
        for (int t = 0; t < bars.Count; t++)
        {
            // adx · sign(ema_20 − ema_50) over 100 (01 §1.4): the adx is far from 100, so nothing is cut off.
            double expected = adx[t] * Math.Sign(fast[t] - slow[t] is var d && double.IsNaN(d) ? 0 : d) / 100;
            if (!double.IsNaN(trend[t]))
            {
                trend[t].Should().BeApproximately(expected, 1e-12);
                defined++;
            }
        }

        defined.Should().BeGreaterThan(500);
        Column(features, "momentum_composite").Where(double.IsFinite).Should().OnlyContain(v => v >= -1 && v <= 1);
        Column(features, "macd_cross").Where(double.IsFinite).Should().OnlyContain(v => v == 0 || v == 1);
    }

    [Fact]
    public void No_input_of_the_built_in_pack_sees_the_future()
    {
        BarColumns bars = Bars.Value.Slice(0, 1200);
        TrainingData data = Combo(bars).Data;
        foreach (int t in new[] { 600, 603, 1000 })
        {
            LeakageCheck.Future(bars, t, data.ComputeFeatures);
        }
    }

    [Fact]
    [Trait("Row", "S1-54")]
    public void The_hold_out_backtest_is_the_engines_own_with_the_trained_probabilities()
    {
        ComboTraining combo = Combo(Bars.Value);
        SweepWindow window = SweepWindow.Cut(combo.Data.Fills, null, null, HoldoutRule.Default);
        TrainingPlan plan = combo.Plan(
            "sweep_20240101_000000", 1, GateStatus.Pass, new() { SharpeRatio = 1.1, TotalTrades = 60 }, window, HoldoutRule.Default, new('c', 64), new('d', 64),
            TrainingParameters.Parse(new JsonObject { ["n_estimators"] = 30, ["learning_rate"] = 0.1, ["max_depth"] = 3 }), isEvidenceOnly: false);
        TrainingResult result = new TrainingRun(new XgBoost(), TimeProvider.System).Run(plan, combo.Data, _ => { }, TestContext.Current.CancellationToken);
        result.HoldoutStart.Should().Be(window.HoldoutFrom);
        BacktestResult holdout = combo.Run(result.HoldoutConfidence, window.HoldoutFrom, window.HoldoutTo);
        result.SharpeValidation.Should().Be(ComboOutcome.Of(holdout.Metrics, holdout.Account.Path));
        holdout.Account.Path.DecisionBar.Should().OnlyContain(t => t >= window.HoldoutFrom && result.HoldoutConfidence[t] >= 0.5);
        result.SharpeOof.Trades.Should().BeGreaterThan(0);
        result.Rows.Training.Should().BeGreaterThan(1000);
    }

    [Fact]
    [Trait("Row", "S1-54")]
    public void A_sweep_that_held_nothing_out_contaminates_and_one_that_held_out_what_follows_does_not()
    {
        foreach (var (rule, end, isSeen) in new[] { (new HoldoutRule(0, false), (DateOnly?)null, true), (HoldoutRule.After, new DateOnly(2019, 12, 31), false) })
        {
            SweepWindow window = SweepWindow.Cut(Combo(Bars.Value).Data.Fills, null, end, rule);
            ComboTraining combo = ComboTraining.OnWindow(SomePack.Swing, Model, Config, Bars.Value, NyseCalendar.Instance, window);
            TrainingPlan plan = combo.Plan(
                "s", 1, GateStatus.Pass, new(), window, rule, "c", "d", TrainingParameters.Parse(new JsonObject { ["n_estimators"] = 2 }), isEvidenceOnly: false);
            TrainingResult result = new TrainingRun(new XgBoost(), TimeProvider.System).Run(plan, combo.Data, _ => { }, TestContext.Current.CancellationToken);
            result.Flags.Contains(TrainingFlags.ValidationContaminated).Should().Be(isSeen);
            if (!isSeen)
            {
                result.HoldoutStart.Should().Be(window.HoldoutFrom);
            }
        }
    }

    private static ComboTraining Combo(BarColumns bars) => new(SomePack.Swing, Model, Config, bars, NyseCalendar.Instance, 0);

    private static double[] Column(FeatureColumns features, string name) => features.Columns[features.Names.ToList().IndexOf(name)];
}
