using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;

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
}
