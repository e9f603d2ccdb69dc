using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;

namespace Sigmatiq.Tests.Packs;

/// <summary>08 §8.10: a hypothesis is known by content.</summary>
public sealed class HypothesisTests
{
    [Fact]
    public void A_renamed_or_copied_pack_is_the_same_hypothesis()
    {
        Pack copy = SomePack.With(("id: \"swingsigma\"", "id: \"mine\""), ("id: \"momentum_swing\"", "id: \"my_momentum\""), ("id: \"macd_cross\"", "id: \"cross\""),
            ("- \"macd_cross == true\"", "- \"cross == true\""), ("- \"macd_cross == false\"", "- \"cross == false\""));
        Hypothesis renamed = Of(copy, "my_momentum", ["cross"]), parent = Of(SomePack.Swing, "momentum_swing", []);
        renamed.Key.Should().Be(parent.Key);
        renamed.Lineage.Should().NotBe(parent.Lineage);
    }

    [Fact]
    public void A_moved_level_another_order_of_lines_and_other_parameters_are_the_same_hypothesis()
    {
        Hypothesis parent = Of(SomePack.Swing, "momentum_swing", []);
        Of(SomePack.With(("- \"rsi > 50 AND rsi < 70\"", "- \"rsi > 52 AND rsi < 70.5\"")), "momentum_swing", []).Key.Should().Be(parent.Key);
        Of(SomePack.With(("- \"adx > 25\"\n      - \"price > ema_20\"", "- \"close > ema_20\"\n      - \"adx > adx.threshold\"")), "momentum_swing", []).Key.Should().Be(parent.Key);
        Hypothesis.Of(SomePack.Swing, SomePack.Model).Key.Should().Be(parent.Key, "barriers and indicator parameters are the combo's");
    }

    [Fact]
    public void A_new_version_with_another_rule_keeps_its_lineage()
    {
        Hypothesis parent = Of(SomePack.Swing, "momentum_swing", []);
        Hypothesis next = Of(SomePack.With(("version: \"1.1.0\"", "version: \"2.0.0\""), ("- \"adx > 25\"", "- \"adx increasing\"")), "momentum_swing", []);
        next.Key.Should().NotBe(parent.Key);
        next.Lineage.Should().Be(parent.Lineage);
    }

    [Fact]
    public void Another_instrument_is_another_hypothesis_and_synthetic_data_count_apart()
    {
        Hypothesis spy = Of(SomePack.Swing, "momentum_swing", []);
        ModelConfig other = SomePack.Model with { Instrument = new(InstrumentType.Stocks, "SPY.SYN") };
        Hypothesis.Of(SomePack.Swing, other).Key.Should().NotBe(spy.Key);
        Of(SomePack.Swing, "mean_reversion_swing", []).Key.Should().NotBe(spy.Key);
    }

    private static Hypothesis Of(Pack pack, string strategy, string[] features) =>
        Hypothesis.Of(pack, ModelBuilder.Build(
            SomePack.Request with { StrategyId = strategy, SelectedFeatures = features, ParameterOverrides = [] }, pack, SomePack.CreatedAt).Value.Config);
}
