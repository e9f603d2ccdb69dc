using System.Text.Json.Nodes;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Packs.Models;

public sealed class ModelBuilderTests
{
    // 01 §1.14, as printed there, with the rules written out.
    private const string Golden = """
        {"model":{"id":"spy_swing_momentum_v1","pack_id":"swingsigma","pack_version":"1.1.0","user_id":"user_12345",
          "risk_profile":"balanced","created_at":"2024-01-15T10:00:00Z","config_version":1},
         "instrument":{"type":"stocks","ticker":"SPY"},
         "strategy":{"id":"momentum_swing","entry_rules":["rsi > 50 AND rsi < 70","macd_cross == true","adx > 25","price > ema_20"],
          "exit_rules":["rsi > 70 OR rsi < 30","macd_cross == false","price < ema_20"]},
         "indicators":[{"rsi":{"period":21}},{"macd":{"fast_period":12,"slow_period":26,"signal_period":9}},
          {"adx":{"period":14,"threshold":25}},{"ema_20":{"period":20}},{"ema_50":{"period":50}},
          {"bollinger_bands":{"period":20,"std_dev":2}},{"volume_ma":{"period":20}}],
         "hidden_inputs":[{"stochastic":{"k_period":14,"d_period":3,"smooth_k":3}}],
         "features":["rsi_divergence","macd_cross","trend_strength","volume_surge","momentum_composite"],
         "risk_management":{"stop_loss_pct":6,"take_profit_pct":16,"max_position_pct":3,"trailing_stop":true,
          "trailing_stop_pct":5,"time_stop_days":10,"max_positions":10}}
        """;

    [Fact]
    [Trait("Row", "S0-06")]
    public void The_example_model_writes_the_golden_config()
    {
        string yaml = ModelConfigFile.Write(SomePack.Model);
        JsonObject written = (JsonObject)YamlText.Parse(yaml, "config.yaml", "MDL-1008").Value.ToJson()!;

        // Gates and execution are copied from the pack (01 §1.14, table); the printed golden leaves them out.
        JsonNode execution = written["execution"]!, gates = written["gates"]!;
        written.Remove("execution");
        written.Remove("gates");
        CanonicalJson.Text(written).Should().Be(CanonicalJson.Text(JsonNode.Parse(Golden)));
        CanonicalJson.Text(gates).Should().Be(CanonicalJson.Text(SomePack.Swing.Content["gates.yaml"]!["gates"]));
        CanonicalJson.Text(execution).Should().Be(CanonicalJson.Text(SomePack.Swing.Content["policies.yaml"]!["policies"]!["execution"]));
    }

    [Fact]
    [Trait("Row", "S0-07")]
    public void The_config_holds_the_tuned_period_and_the_pack_s_defaults_otherwise()
    {
        IReadOnlyList<IndicatorInstance> full = SomePack.Model.FullIndicators(SomePack.Swing);
        full.Single(i => i.Id == "rsi").Params.Select(p => (p.Name, p.Value)).Should().Equal(("period", 21), ("overbought", 70), ("oversold", 30));
        foreach (IndicatorInstance other in full.Where(i => i.Id != "rsi"))
        {
            other.Params.Should().Equal(SomePack.Swing.FindIndicator(other.Id)!.Params, other.Id);
        }
    }

    [Fact]
    [Trait("Row", "S0-08")]
    public void Five_features_come_back_in_order() =>
        ModelConfigFile.Read(ModelConfigFile.Write(SomePack.Model), "config.yaml").Value.Features
            .Should().Equal("rsi_divergence", "macd_cross", "trend_strength", "volume_surge", "momentum_composite");

    [Fact]
    [Trait("Row", "S0-09")]
    public void Risk_takes_overrides_where_given_and_the_pack_s_policy_elsewhere() =>
        SomePack.Model.Risk.Should().Be(new ModelRisk(6, 16, 3, TrailingStop: true, 5, 10, 10));

    [Fact]
    public void What_is_written_reads_back_as_the_same_model()
    {
        string yaml = ModelConfigFile.Write(SomePack.Model);
        ModelConfig read = ModelConfigFile.Read(yaml, "config.yaml").Value;
        ModelConfigFile.Write(read).Should().Be(yaml);
        read.Indicators.Should().Equal(SomePack.Model.Indicators);
        read.Gates.Should().Be(SomePack.Model.Gates);
        ModelConfig bench = ModelBuilder.Build(ModelBuilder.Default(SomePack.Bench, "SPY", "u", []), SomePack.Bench, SomePack.CreatedAt).Value.Config;
        ModelConfigFile.Read(ModelConfigFile.Write(bench), "c").Value.Risk.Should().Be(bench.Risk);
    }

    [Fact]
    [Trait("Row", "S0-07")]
    public void Flow_style_and_the_short_names_of_the_sources_are_read_too()
    {
        string yaml = ModelConfigFile.Write(SomePack.Model);
        int at = yaml.IndexOf("  - macd:", StringComparison.Ordinal), end = yaml.IndexOf("  - adx:", StringComparison.Ordinal);
        string flow = yaml[..at] + "  - macd: {fast: 12, slow: 26, signal: 9}\n" + yaml[end..];
        ModelConfigFile.Read(flow, "config.yaml").Value.Indicators.Should().Equal(SomePack.Model.Indicators);
    }

    [Theory]
    [InlineData("config_version: 1", "config_versoin: 1")]
    [InlineData("pack_version: \"1.1.0\"", "pack_version: \"one\"")]
    [InlineData("created_at: \"2024-01-15T10:00:00Z\"", "created_at: \"yesterday\"")]
    [InlineData("type: \"stocks\"", "type: \"bonds\"")]
    [InlineData("trailing_stop: true", "trailing_stop: perhaps")]
    [InlineData("  - rsi:\n      period: 21", "  - rsi")]
    public void A_damaged_config_is_refused_with_its_place(string from, string to)
    {
        string yaml = ModelConfigFile.Write(SomePack.Model);
        yaml.Should().Contain(from);
        ParseResult<ModelConfig> read = ModelConfigFile.Read(yaml.Replace(from, to), "config.yaml");
        read.IsOk.Should().BeFalse();
        read.Problems.Should().OnlyContain(p => p.Code == "MDL-1008" && p.Where!.StartsWith("config.yaml:"));
    }

    [Fact]
    [Trait("Row", "S1-32")]
    public void The_request_of_the_sources_is_accepted_with_all_its_fields()
    {
        JsonNode json = JsonNode.Parse("""
            { "model_id":"spy_swing_momentum_v1","pack_id":"swingsigma","user_id":"user_12345",
              "name":"SPY Momentum Swing","description":"My SPY swing trading model using momentum strategy","instrument":"stocks","ticker":"SPY",
              "strategy_id":"momentum_swing",
              "selected_indicators":["rsi","macd","adx","ema_20","ema_50","bollinger_bands","volume_ma"],
              "selected_features":["rsi_divergence","macd_cross","trend_strength","volume_surge","momentum_composite"],
              "risk_profile":"balanced",
              "parameter_overrides":{"rsi_period":21,"stop_loss_pct":6,"max_position_pct":3} }
            """)!;
        ModelRequest request = ModelRequest.Parse(json).Value;
        ModelConfig config = ModelBuilder.Build(request, SomePack.Swing, SomePack.CreatedAt).Value.Config;
        ModelConfigFile.Write(config).Should().Be(ModelConfigFile.Write(SomePack.Model));
    }

    public static TheoryData<string, Func<ModelRequest, ModelRequest>> Wrong => new()
    {
        { "MDL-1003", r => r with { SelectedIndicators = ["rsi", "vwap"] } },
        { "MDL-1003", r => r with { SelectedFeatures = ["moon_phase"] } },
        { "MDL-1003", r => r with { StrategyId = "martingale" } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("rsi_length", 21)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("atr_period", 21)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("rsi_period", 1)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("rsi_period", 501)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("rsi_period", 14.5)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("ema_20_period", 21)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("stop_loss_pct", 0)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("take_profit_pct", 101)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("max_position_pct", 5.1)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("time_stop_days", 2.5)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("rsi_period", 14), new("rsi_period", 15)] } },
        { "MDL-1005", r => r with { ParameterOverrides = [new("macd_fast_period", 40)] } },
        { "MDL-1006", r => r with { Instrument = "futures" } },
        { "MDL-1006", r => r with { Instrument = "bonds" } },
        { "MDL-1007", r => r with { SelectedIndicators = [] } },
        { "MDL-1008", r => r with { ModelId = "../evil" } },
        { "MDL-1008", r => r with { UserId = "" } },
        { "MDL-1008", r => r with { Name = " " } },
        { "MDL-1008", r => r with { RiskProfile = "reckless" } },
        { "MDL-1008", r => r with { SelectedIndicators = ["rsi", "rsi"] } },
        { "MKT-1001", r => r with { Ticker = "S P Y" } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    [Trait("Row", "S1-32")]
    [Trait("Row", "S1-33")]
    public void Each_invalid_field_has_its_own_error(string code, Func<ModelRequest, ModelRequest> change)
    {
        ParseResult<ModelDraft> built = ModelBuilder.Build(change(SomePack.Request), SomePack.Swing, SomePack.CreatedAt);
        built.IsOk.Should().BeFalse();
        built.Problems.Should().OnlyContain(p => p.Code == code && p.Remedy != null);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"model_id":1}""")]
    [InlineData("""{"model_id":"a","pack_id":"p","user_id":"u","ticker":"SPY","selected_indicators":"rsi"}""")]
    [InlineData("""{"model_id":"a","pack_id":"p","user_id":"u","ticker":"SPY","selected_indicators":["rsi"],"colour":"red"}""")]
    [InlineData("""{"model_id":"a","pack_id":"p","user_id":"u","ticker":"SPY","selected_indicators":["rsi"],"parameter_overrides":[1]}""")]
    public void A_malformed_request_is_refused(string json) =>
        ModelRequest.Parse(JsonNode.Parse(json)).Problems.Should().NotBeEmpty().And.OnlyContain(p => p.Code == "MDL-1008");

    [Fact]
    public void An_override_that_is_no_number_is_refused() =>
        ModelRequest.Parse(JsonNode.Parse("""{"model_id":"a","pack_id":"p","user_id":"u","ticker":"SPY","selected_indicators":["rsi"],"parameter_overrides":{"rsi_period":"x"}}"""))
            .Problems.Select(p => p.Code).Should().Equal("MDL-1005");

    [Fact]
    public void Missing_dependencies_become_hidden_inputs_with_a_warning()
    {
        ModelDraft draft = ModelBuilder.Build(SomePack.Request, SomePack.Swing, SomePack.CreatedAt).Value;
        draft.Config.HiddenInputs.Select(i => i.Id).Should().Equal("stochastic");
        draft.Warnings.Select(w => w.Code).Should().Equal("MDL-1004");
        draft.Warnings[0].Message.Should().Be("The feature momentum_composite needs the indicator stochastic, which was not selected.");

        ModelDraft bare = ModelBuilder.Build(SomePack.Request with { SelectedIndicators = ["rsi"], SelectedFeatures = [] }, SomePack.Swing, SomePack.CreatedAt).Value;
        bare.Config.HiddenInputs.Select(i => i.Id).Should().Equal("macd", "ema_20", "adx");
        bare.Config.HiddenFeatures.Should().Equal("macd_cross");
        ModelConfigFile.Read(ModelConfigFile.Write(bare.Config), "c").Value.HiddenFeatures.Should().Equal("macd_cross");
    }

    [Theory]
    [InlineData("momentum_swing", "macd:feature macd_cross ema_20:strategy momentum_swing adx:strategy momentum_swing macd_cross:strategy momentum_swing")]
    [InlineData("mean_reversion_swing", "stochastic:strategy mean_reversion_swing bollinger_bands:strategy mean_reversion_swing volume_ma:feature volume_surge volume_surge:strategy mean_reversion_swing")]
    [InlineData("breakout_swing", "ema_20:strategy breakout_swing adx:strategy breakout_swing bollinger_bands:strategy breakout_swing volume_ma:strategy breakout_swing bb_squeeze:strategy breakout_swing volume_surge:strategy breakout_swing")]
    public void Each_strategy_brings_what_it_reads_and_says_for_whom(string strategy, string hidden)
    {
        ModelDraft draft = ModelBuilder.Build(SomePack.Request with { StrategyId = strategy, SelectedIndicators = ["rsi"], SelectedFeatures = [] }, SomePack.Swing, SomePack.CreatedAt).Value;
        string.Join(" ", HiddenInput.Of(SomePack.Swing, strategy, ["rsi"], []).Select(h => $"{h.Id}:{h.NeededBy}")).Should().Be(hidden);
        draft.Warnings.Should().HaveCount(draft.Config.HiddenInputs.Count + draft.Config.HiddenFeatures.Count).And.OnlyContain(w => w.Code == "MDL-1004" && w.Remedy!.Contains("hidden"));

        // Nothing is missing and nothing too much: the rules compile on exactly these names, and on no fewer.
        Compiles(draft.Config).Should().BeTrue();
        foreach (IndicatorInstance input in draft.Config.HiddenInputs)
        {
            Compiles(draft.Config with { HiddenInputs = [.. draft.Config.HiddenInputs.Where(i => i != input)] }).Should().BeFalse(input.Id);
        }

        foreach (string feature in draft.Config.HiddenFeatures)
        {
            Compiles(draft.Config with { HiddenFeatures = [.. draft.Config.HiddenFeatures.Where(f => f != feature)] }).Should().BeFalse(feature);
        }

        static bool Compiles(ModelConfig model) => Sigmatiq.Packs.Rules.StrategyProgram.Compile(model.Strategy, Sigmatiq.Packs.Rules.RuleScope.OfModel(SomePack.Swing, model)).IsOk;
    }

    [Fact]
    public void Features_that_need_features_bring_them_and_what_those_need()
    {
        Pack pack = SomePack.With(("features:\n", "features:\n  - {id: calm, name: Calm, calculation: \"NOT busy\"}\n  - {id: busy, name: Busy, calculation: \"within(volume_surge, 3)\"}\n"));
        ModelConfig model = ModelBuilder.Build(SomePack.Request with { SelectedIndicators = ["rsi"], SelectedFeatures = ["calm"] }, pack, SomePack.CreatedAt).Value.Config;
        model.HiddenFeatures.Should().Equal("busy", "macd_cross", "volume_surge");
        model.HiddenInputs.Select(i => i.Id).Should().Contain("volume_ma");
        HiddenInput.Of(pack, "momentum_swing", ["rsi"], ["calm"]).Single(h => h.Id == "volume_surge").NeededBy.Should().Be("feature busy");
    }

    [Fact]
    [Trait("Row", "S1-34")]
    public void Each_override_lands_at_its_path()
    {
        ModelConfig config = ModelBuilder.Build(SomePack.Request with
        {
            ParameterOverrides =
            [
                new("macd_fast_period", 10), new("adx_threshold", 20), new("bollinger_bands_std_dev", 2.5), new("rsi_overbought", 75), new("take_profit_pct", 20),
                new("trailing_stop_pct", 4), new("time_stop_days", 5), new("max_positions", 3),
            ],
        }, SomePack.Swing, SomePack.CreatedAt).Value.Config;
        Dictionary<string, IndicatorInstance> full = config.FullIndicators(SomePack.Swing).ToDictionary(i => i.Id);
        (full["macd"].Param("fast_period"), full["macd"].Param("slow_period")).Should().Be((10, 26));
        full["adx"].Param("threshold").Should().Be(20);
        full["bollinger_bands"].Param("std_dev").Should().Be(2.5);
        full["rsi"].Param("overbought").Should().Be(75);
        config.Risk.Should().Be(new ModelRisk(8, 20, 5, TrailingStop: true, 4, 5, 3));
    }

    [Theory]
    [InlineData("conservative", 6, 2.5, 15)]
    [InlineData("balanced", 8, 5, 25)]
    [InlineData("aggressive", 10, 5, 35)]
    public void A_risk_profile_scales_stop_cap_and_drawdown_gate_within_the_risk_gate(string profile, double stop, double cap, double drawdown)
    {
        ModelConfig config = ModelBuilder.Build(SomePack.Request with { RiskProfile = profile, ParameterOverrides = [] }, SomePack.Swing, SomePack.CreatedAt).Value.Config;
        (config.Risk.StopLossPct, config.Risk.MaxPositionPct, config.Gates.Quality.MaxDrawdownPct).Should().Be((stop, cap, drawdown));
        ModelConfig tuned = ModelBuilder.Build(SomePack.Request with { RiskProfile = profile }, SomePack.Swing, SomePack.CreatedAt).Value.Config;
        tuned.Risk.StopLossPct.Should().Be(6, "a model's override comes before the preset");
    }

    [Fact]
    public void The_default_model_selects_what_its_strategy_and_features_need()
    {
        ModelRequest request = ModelBuilder.Default(SomePack.Swing, "spy", "operator", []);
        (request.Ticker, request.StrategyId, request.ModelId).Should().Be(("SPY", "momentum_swing", "spy_momentum_swing_swingsigma-1-1-0"));
        ModelDraft draft = ModelBuilder.Build(request, SomePack.Swing, SomePack.CreatedAt).Value;
        draft.Warnings.Should().BeEmpty();
        draft.Config.Indicators.Select(i => i.Id).Should().Equal("rsi", "macd", "stochastic", "ema_20", "ema_50", "adx", "bollinger_bands", "volume_ma");
        draft.Config.Features.Should().Equal(SomePack.Swing.Features.Select(f => f.Id));

        ModelRequest tuned = ModelBuilder.Default(SomePack.Swing, "SPY", "operator", [new("rsi_period", 21), new("stop_loss_pct", 6)]);
        tuned.ModelId.Should().StartWith("spy_momentum_swing_swingsigma-1-1-0-");
        ModelBuilder.Default(SomePack.Swing, "SPY", "operator", [new("stop_loss_pct", 6), new("rsi_period", 21)]).ModelId.Should().Be(tuned.ModelId);
        ModelBuilder.Default(SomePack.Swing, "AVERYLONGTICKERX.SYN", "o", [new("rsi_period", 21)], "mean_reversion_swing", "aggressive").ModelId.Length.Should().BeLessThanOrEqualTo(64);
        ModelBuilder.Build(ModelBuilder.Default(SomePack.Swing, "1810.HK", "o", []), SomePack.Swing, SomePack.CreatedAt).IsOk.Should().BeTrue("a ticker may begin with a digit, an id may not");
        PackLibraryTests.Refused(() => ModelBuilder.Default(SomePack.Swing, "SPY", "o", [], "nosuch")).Code.Should().Be("MDL-1003");
    }

    [Theory]
    [InlineData("rsi_period")]
    [InlineData("=21")]
    [InlineData("rsi_period=many")]
    [InlineData("rsi_period=NaN")]
    public void A_setting_without_a_number_is_refused(string text) =>
        PackLibraryTests.Refused(() => ModelBuilder.ParseOverride(text)).Code.Should().Be("MDL-1005");
}
