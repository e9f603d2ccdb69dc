using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Packs.Rules;

namespace Sigmatiq.Tests.Packs.Models;

public sealed class ModelMigrationTests
{
    [Fact]
    [Trait("Row", "S0-05")]
    public void From_1_0_0_to_1_1_0_only_the_version_changes_and_every_indicator_keeps_its_values()
    {
        Pack old = SomePack.Library.Load("swingsigma@1.0.0");
        ModelConfig model = ModelBuilder.Build(SomePack.Request with { Pack = "swingsigma@1.0.0" }, old, SomePack.CreatedAt).Value.Config;
        ModelMigration migration = ModelMigration.Of(model, old, SomePack.Swing).Value;
        migration.Changes.Should().Equal(new ConfigChange("model.pack_version", "\"1.0.0\"", "\"1.1.0\""), new ConfigChange("model.config_version", "1", "2"));
        migration.Config.FullIndicators(SomePack.Swing).Select(i => i.ValueKey()).Should().Equal(model.FullIndicators(old).Select(i => i.ValueKey()));
    }

    [Theory]
    [InlineData("id: \"rsi\"\n      name: \"Relative Strength Index\"\n      params:\n        period: 14", "id: \"rsi\"\n      name: \"Relative Strength Index\"\n      params:\n        period: 15", null)]
    [InlineData("d_period: 3", "d_period: 4", null)]
    [InlineData("calculation: \"volume > volume_ma * 1.5\"", "calculation: \"volume > volume_ma * 2\"", "MDL-1010")]
    [InlineData("id: \"volume_surge\"", "id: \"volume_spike\"", "MDL-1003")]
    [InlineData("id: \"momentum_swing\"", "id: \"momentum\"", "MDL-1003")]
    [InlineData("supported_instruments: [\"stocks\", \"options\"]", "supported_instruments: [\"options\"]", "MDL-1006")]
    [InlineData("max_position_size_pct: 5", "max_position_size_pct: 2", "MDL-1005")]
    [InlineData("risk_management:", "engine:\n    rule_frame: bar\n  risk_management:", "MDL-1010")]
    [InlineData("risk_management:", "engine:\n    interval: 5m\n  risk_management:", "MDL-1010")]
    [InlineData("risk_management:", "engine:\n    prices: raw\n  risk_management:", "MDL-1010")]
    [InlineData("- \"adx > 25\"", "- \"adx > nosuch\"", "EXP-1002")]
    public void A_version_that_would_change_values_is_refused(string from, string to, string? code)
    {
        Pack next = SomePack.With((from, to), ("version: \"1.1.0\"", "version: \"2.0.0\""));
        var migration = ModelMigration.Of(SomePack.Model, SomePack.Swing, next);

        // The model lists its own parameters, so a new default of the pack does not reach it.
        migration.Problems.Select(p => p.Code).Should().Equal(code is null ? [] : [code]);
    }

    [Fact]
    public void A_tuned_indicator_takes_untuned_parameters_from_the_pack_and_so_may_refuse_it()
    {
        ModelConfig tuned = ModelBuilder.Build(
            SomePack.Request with { ParameterOverrides = [new("macd_fast_period", 10)] }, SomePack.Swing, SomePack.CreatedAt).Value.Config;
        Pack next = SomePack.With(("slow_period: 26", "slow_period: 30"), ("version: \"1.1.0\"", "version: \"2.0.0\""));
        ModelMigration.Of(tuned, SomePack.Swing, next).Problems.Select(p => p.Code).Should().Equal("MDL-1010");
    }

    [Fact]
    public void Rules_gates_and_untouched_limits_follow_the_new_version_and_the_maker_s_own_choices_stay()
    {
        Pack next = SomePack.With(
            ("- \"adx > 25\"", "- \"adx > 20 AND obv > obv[5]\""), ("stop_loss_pct: 8", "stop_loss_pct: 9"), ("take_profit_pct: 16", "take_profit_pct: 20"),
            ("min_sharpe: 0.7", "min_sharpe: 0.9"), ("time_in_force: \"day\"", "time_in_force: \"gtc\""), ("version: \"1.1.0\"", "version: \"2.0.0\""));
        ModelMigration migration = ModelMigration.Of(SomePack.Model, SomePack.Swing, next).Value;
        ModelConfig after = migration.Config;

        // The model set its stop to 6 itself and took the target of the pack.
        (after.Risk.StopLossPct, after.Risk.TakeProfitPct, after.Risk.MaxPositionPct).Should().Be((6, 20, 3));
        (after.Gates.Quality.MinSharpe, after.Execution.TimeInForce).Should().Be((0.9, TimeInForce.Gtc));
        after.HiddenInputs.Select(i => i.Id).Should().Equal("stochastic", "obv");
        StrategyOf(after, next).IsOk.Should().BeTrue("an input that a new rule needs comes with it");
        migration.Changes.Select(c => c.Path).Should().Equal(
            "model.pack_version", "model.config_version", "strategy.entry_rules[2]", "hidden_inputs.obv.cumulative", "risk_management.take_profit_pct", "execution.time_in_force",
            "gates.quality.min_sharpe");
        ConfigDiff.Unified(SomePack.Model, after).Should().Contain("@@ strategy.entry_rules[2] @@\n-\"adx > 25\"\n+\"adx > 20 AND obv > obv[5]\"\n")
            .And.StartWith("--- models/user_12345/spy_swing_momentum_v1/config.yaml  swingsigma@1.1.0, config version 1\n+++ models/user_12345/spy_swing_momentum_v1/config.yaml  swingsigma@2.0.0, config version 2\n");
    }

    [Fact]
    public void Every_input_is_computed_on_both_versions_and_what_differs_is_named_with_its_first_bar()
    {
        BarColumns bars = SomeFrame.Walk(7 * 120, 5);
        IReadOnlyList<InputCheck> same = MigrationCheck.Of(SomePack.Model, SomePack.Swing, SomePack.Model, SomePack.Swing, bars, NyseCalendar.Instance);
        same.Select(c => c.Name).Should().Equal(
            "rsi", "macd_line", "signal_line", "histogram", "adx", "plus_di", "minus_di", "ema_20", "ema_50", "bb_upper", "bb_middle", "bb_lower", "volume_ma", "stochastic", "stoch_d",
            "rsi_divergence", "macd_cross", "trend_strength", "volume_surge", "momentum_composite");
        same.Should().OnlyContain(c => c.Differing == 0 && c.Bars == bars.Count && c.Defined > 100 && c.FirstDifference == null);

        // Ten bars surge twice, so that one and a half averages and two tell them apart.
        Pack next = SomePack.With(("calculation: \"volume > volume_ma * 1.5\"", "calculation: \"volume > volume_ma * 2\""), ("version: \"1.1.0\"", "version: \"2.0.0\""));
        var (config, problems) = ModelMigration.Propose(SomePack.Model, SomePack.Swing, next);
        problems.Select(p => p.Code).Should().Equal("MDL-1010");
        IReadOnlyList<InputCheck> checks = MigrationCheck.Of(SomePack.Model, SomePack.Swing, config!, next, bars, NyseCalendar.Instance);
        InputCheck changed = checks.Single(c => c.Differing > 0);
        changed.Name.Should().Be("volume_surge");
        changed.FirstDifference.Should().EndWith("(1 → 0)");
        Problem refusal = MigrationCheck.Problems(checks, next).Should().ContainSingle().Which;
        (refusal.Code, refusal.Where).Should().Be(("MDL-1010", "features.volume_surge"));
        refusal.Message.Should().Contain($"{changed.Differing} of {bars.Count} bars").And.Contain("swingsigma@2.0.0");
    }

    [Fact]
    public void One_bit_is_a_difference()
    {
        BarColumns bars = SomeFrame.Walk(7 * 120, 6);
        Pack next = SomePack.With(("calculation: \"adx * sign(ema_20 - ema_50)\"", "calculation: \"adx * sign(ema_20 - ema_50) * (1 + 0.0000000000000003)\""));
        var (config, _) = ModelMigration.Propose(SomePack.Model, SomePack.Swing, next);
        MigrationCheck.Of(SomePack.Model, SomePack.Swing, config!, next, bars, NyseCalendar.Instance).Where(c => c.Differing > 0).Select(c => c.Name).Should().Equal("trend_strength");
    }

    private static Sigmatiq.Packs.Yaml.ParseResult<Sigmatiq.Packs.Rules.StrategyProgram> StrategyOf(ModelConfig model, Pack pack) =>
        Sigmatiq.Packs.Rules.StrategyProgram.Compile(model.Strategy, Sigmatiq.Packs.Rules.RuleScope.OfModel(pack, model));
}
