using System.Text.Json.Nodes;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;

namespace Sigmatiq.Tests.Packs.Grid;

public sealed class EffectiveConfigTests
{
    private static readonly HourSet Session = HourSet.RegularSession(NyseCalendar.Instance);

    [Fact]
    public void A_combo_comes_before_the_model_and_the_model_before_the_pack()
    {
        EffectiveConfig config = Of(("rsi_period", GridValue.Of(28)), ("stop_loss_pct", GridValue.Of(4)), ("hold_days", GridValue.Of(7)));
        config.Indicators.Single(i => i.Id == "rsi").Param("period").Should().Be(28);
        config.Indicators.Single(i => i.Id == "rsi").Param("overbought").Should().Be(70);
        (config.StopLossPct, config.TakeProfitPct, config.TrailingStopPct, config.TimeStopDays, config.MaxPositions).Should().Be((4, 16, 5, 7, 10));
        Of().StopLossPct.Should().Be(6, "the model says so");
        Of().Indicators.Single(i => i.Id == "rsi").Param("period").Should().Be(21);
        Of(("stop_loss_pct", GridValue.None)).StopLossPct.Should().BeNull("none switches an exit off");
        Of(("trailing_stop_pct", GridValue.None)).TrailingStop.Should().BeNull();
        Of().AllowedHours.Should().Be(Session);
    }

    [Fact]
    [Trait("Row", "S0-16")]
    public void The_config_hash_knows_values_and_not_the_order_of_keys()
    {
        (string, GridValue)[] values = [("threshold", GridValue.Of(0.6)), ("position_size_pct", GridValue.Of(2)), ("stop_loss_pct", GridValue.Of(6))];
        string hash = Hash(Of(values));
        hash.Should().MatchRegex("^[0-9a-f]{64}$");
        Hash(Of([.. values.Reverse()])).Should().Be(hash, "the order of keys is no content");
        Hash(Of(values[..2])).Should().Be(hash, "a stop of 6 by combo trades as a stop of 6 by model");
        Hash(Of(("threshold", GridValue.Of(0.65)), values[1], values[2])).Should().NotBe(hash);
        Hash(Of(values[0], values[1], ("stop_loss_pct", GridValue.None))).Should().NotBe(hash);
        Of(values).ConfigHash("2.0.0", new JsonObject { ["model"] = "zero" }).Hex.Should().NotBe(hash);
        Of(values).ConfigHash("1.0.0", new JsonObject { ["model"] = "ibkr" }).Hex.Should().NotBe(hash);
    }

    [Fact]
    [Trait("Row", "S0-16")]
    public void Names_times_and_tags_are_no_part_of_the_hash()
    {
        ModelConfig renamed = ModelBuilder.Build(
            SomePack.Request with { ModelId = "another", UserId = "someone", Name = "Another", Description = "x" }, SomePack.Swing, SomePack.CreatedAt.AddYears(1)).Value.Config;
        Hash(EffectiveConfig.Of(SomePack.Swing, renamed, Combo(), Session)).Should().Be(Hash(Of()));
        Hash(EffectiveConfig.Of(SomePack.Swing, SomePack.Model with { Instrument = new(InstrumentType.Stocks, "QQQ") }, Combo(), Session)).Should().NotBe(Hash(Of()));
    }

    [Fact]
    public void A_preset_and_its_hours_are_one_config() =>
        Hash(Of(("allowed_hours", GridValue.Of(HourSet.Of([9, 10, 11]), "morning_only")))).Should().Be(Hash(Of(("allowed_hours", GridValue.Of(HourSet.Of([11, 10, 9]))))));

    [Fact]
    public void Equal_indicator_parameters_share_a_key()
    {
        Of(("threshold", GridValue.Of(0.6))).IndicatorKey.Should().Be(Of(("threshold", GridValue.Of(0.7)), ("stop_loss_pct", GridValue.Of(4))).IndicatorKey);
        Of(("rsi_period", GridValue.Of(28))).IndicatorKey.Should().NotBe(Of(("rsi_period", GridValue.Of(14))).IndicatorKey);
        Of(("rsi_period", GridValue.Of(21))).IndicatorKey.Should().Be(Of().IndicatorKey);
    }

    [Theory]
    [InlineData(0.5, 0.005)]
    [InlineData(0.75, 0.0075)]
    [InlineData(1.5, 0.015)]
    [InlineData(0.1, 0.001)]
    [InlineData(0.7, 0.007)]
    [InlineData(33.3, 0.333)]
    [InlineData(1, 0.01)]
    [InlineData(20, 0.2)]
    [InlineData(60, 0.6)]
    public void A_percentage_becomes_the_double_of_the_decimal_fraction(double percent, double fraction) => Percent.ToFraction(percent).Should().Be(fraction);

    [Fact]
    public void Hours_know_their_bars()
    {
        HourSet hours = HourSet.Of([9, 15]);
        (hours.Contains(9), hours.Contains(10), hours.Contains(15), hours.Count).Should().Be((true, false, true, 2));
        HourSet.All.Count.Should().Be(24);
        FluentActions.Invoking(() => HourSet.Of([24])).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static string Hash(EffectiveConfig config) => config.ConfigHash("1.0.0", new JsonObject { ["model"] = "zero" }).Hex;

    private static EffectiveConfig Of(params (string Key, GridValue Value)[] values) => EffectiveConfig.Of(SomePack.Swing, SomePack.Model, Combo(values), Session);

    private static Combo Combo(params (string Key, GridValue Value)[] values) => new(1, [.. values.Select(v => KeyValuePair.Create(v.Key, v.Value))]);
}
