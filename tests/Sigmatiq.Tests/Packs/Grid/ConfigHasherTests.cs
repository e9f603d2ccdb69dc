using System.Text.Json.Nodes;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs.Grid;

/// <summary>The fast way to a config's hash against the plain one.</summary>
public sealed class ConfigHasherTests
{
    private static readonly JsonObject Costs = new() { ["slippage_bps"] = 5, ["fee"] = new JsonObject { ["kind"] = "zero" } };

    [Theory]
    [InlineData("swing")]
    [InlineData("bench")]
    public void A_grid_hashes_to_the_hashes_of_its_configs_one_by_one(string which)
    {
        Pack pack = which == "swing" ? SomePack.Swing : SomePack.Bench;
        ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(pack, which == "swing" ? "MKT.SYN" : "SPY", "operator", []), pack, SomePack.CreatedAt).Value.Config;
        string parameters = which == "swing"
            ? """{ "thresholds": [0.3, 0.55, 0.6], "allowed_hours": ["all_day", [10, 11]], "stop_loss_pct": [1, 2.5, "none"], "hold_days": [3, 5], "rsi_period": [7, 14] }"""
            : """{ "rsi_period": [14, 21], "rsi_oversold": [30, 45], "take_profit_pct": ["none", 1], "trailing_stop_pct": ["none", 0.75], "position_size_pct": [20, 100], "allowed_hours": ["all_day", [16, 17]] }""";
        SweepRequest request = SweepRequest.Parse(new JsonObject
        {
            ["model_id"] = model.Id, ["sweep_type"] = "custom", ["holdout"] = 0, ["parameters"] = JsonNode.Parse(parameters),
        }).Value;
        EffectiveConfig[] configs = [.. SweepPlan.Of(request, pack, model, Plan.Unlimited, NyseCalendar.Instance).Value.Configs()];
        configs.Length.Should().BeGreaterThan(60);
        var hasher = new ConfigHasher(configs[^1], "9.9.9", Costs);
        Rng rng = Rng.From(3);
        foreach (EffectiveConfig config in configs)
        {
            hasher.Of(config).Should().Be(config.ConfigHash("9.9.9", Costs), $"combo {config.Combo.Id}");
        }

        configs.Select(c => hasher.Of(c)).Distinct().Should().HaveCount(configs.Length);
        new ConfigHasher(configs[0], "9.9.8", Costs).Of(configs[0]).Should().NotBe(hasher.Of(configs[0]));

        // A config of another model is not of this hasher's fragments.
        EffectiveConfig other = configs[rng.NextInt(configs.Length)] with { Model = model with { Id = "other" } };
        hasher.Of(other).Should().Be(other.ConfigHash("9.9.9", Costs));
    }

    [Fact]
    public void Two_models_that_differ_in_the_gate_that_caps_their_sizes_share_no_config_hash_and_one_in_another_risk_gate_shares_all()
    {
        ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(SomePack.Swing, "MKT.SYN", "operator", []), SomePack.Swing, SomePack.CreatedAt).Value.Config;
        ModelConfig capped = model with { Gates = model.Gates with { Risk = model.Gates.Risk with { MaxPositionSizePct = 3 } } };
        ModelConfig uncorrelated = model with { Gates = model.Gates with { Risk = model.Gates.Risk with { MaxCorrelation = 0.11 } } };
        string[] hashes = Hashes(model);
        Hashes(capped).Should().NotIntersectWith(hashes).And.HaveCount(hashes.Length);
        Hashes(uncorrelated).Should().Equal(hashes, "it decides no trade of a backtest");

        static string[] Hashes(ModelConfig model)
        {
            EffectiveConfig[] configs = [.. SweepPlan.Of(SweepRequest.Simple(model.Id), SomePack.Swing, model, Plan.Unlimited, NyseCalendar.Instance).Value.Configs()];
            var hasher = new ConfigHasher(configs[0], "9.9.9", Costs);
            return [.. configs.Select(c => hasher.Of(c).Hex)];
        }
    }
}
