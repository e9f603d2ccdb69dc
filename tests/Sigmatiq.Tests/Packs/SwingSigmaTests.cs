using System.Diagnostics;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Lint;

namespace Sigmatiq.Tests.Packs;

/// <summary>The built-in pack against 01 §1.2 to §1.7, value by value.</summary>
public sealed class SwingSigmaTests
{
    private static readonly Pack Old = SomePack.Library.Load("swingsigma@1.0.0");
    private static readonly Pack New = SomePack.Swing;

    [Fact]
    [Trait("Row", "S0-01")]
    public void Version_1_1_0_carries_its_identity_as_written()
    {
        New.Id.Should().Be("swingsigma");
        New.Name.Should().Be("Swing Sigma");
        New.Version.ToString().Should().Be("1.1.0");
        New.Description.Should().Be("2–10 day swing strategies for stocks and options");
        New.Author.Should().Be("Sigmatiq Team");
        New.CreatedAt.Should().Be(new DateOnly(2024, 1, 1));
    }

    [Fact]
    [Trait("Row", "S1-01")]
    public void Version_1_0_0_loads_with_every_key_in_less_than_a_second()
    {
        Pack pack = null!;
        TimeSpan least = TimeSpan.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long started = Stopwatch.GetTimestamp();
            pack = SomePack.Library.Load("swingsigma@1.0.0");
            least = TimeSpan.FromTicks(Math.Min(least.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
        }

        least.Should().BeLessThan(TimeSpan.FromSeconds(1), "whatever else the machine does, one of five is not held up");
        (pack.Id, pack.Name, pack.Version.ToString(), pack.Author).Should().Be(("swingsigma", "Swing Sigma", "1.0.0", "Sigmatiq Team"));
        pack.Description.Should().Be("2-10 day swing trading strategies for stocks and options");
        pack.CreatedAt.Should().Be(new DateOnly(2024, 1, 1));
        pack.Vibe.Should().Be(New.Vibe);
        pack.SupportedInstruments.Should().Equal(InstrumentType.Stocks, InstrumentType.Options);
        pack.DefaultInstrument.Should().Be(InstrumentType.Stocks);
    }

    [Fact]
    [Trait("Row", "S0-02")]
    public void Its_character_has_five_dimensions() =>
        New.Vibe.Should().Be(new Vibe(TimeHorizon.Days, RiskAppetite.Balanced, DecisionStyle.Technical, MarketPreference.Trending, ExecutionCharacter.Patient));

    [Fact]
    [Trait("Row", "S0-03")]
    public void Both_versions_have_the_same_tags_though_they_stand_in_two_places()
    {
        New.Tags.Should().Equal("swing", "technical", "intermediate", "stocks", "options", "2-10_days");
        Old.Tags.Should().Equal(New.Tags);
        New.Content["pack.yaml"]!["tags"].Should().NotBeNull();
        New.Content["pack.yaml"]!["metadata"]!["tags"].Should().BeNull();
        Old.Content["pack.yaml"]!["metadata"]!["tags"].Should().NotBeNull();
    }

    [Fact]
    [Trait("Row", "S0-05")]
    public void The_component_files_of_both_versions_are_the_same_bytes()
    {
        foreach (string file in PackFolder.FileNames.Where(f => f != "pack.yaml"))
        {
            File.ReadAllBytes(Path.Combine(SomePack.Library.FolderOf("swingsigma", Old.Version), file))
                .Should().Equal(File.ReadAllBytes(Path.Combine(SomePack.Library.FolderOf("swingsigma", New.Version), file)), file);
        }

        Old.Hash.Should().NotBe(New.Hash, "the version is part of the content");
    }

    [Fact]
    [Trait("Row", "S1-07")]
    public void The_indicators_are_ten_in_four_groups_with_their_parameters()
    {
        string[] expected =
        [
            "momentum/rsi/Relative Strength Index period=14 overbought=70 oversold=30",
            "momentum/macd/MACD fast_period=12 slow_period=26 signal_period=9",
            "momentum/stochastic/Stochastic Oscillator k_period=14 d_period=3 smooth_k=3",
            "trend/ema_20/20-day EMA period=20", "trend/ema_50/50-day EMA period=50",
            "trend/adx/Average Directional Index period=14 threshold=25",
            "volatility/bollinger_bands/Bollinger Bands period=20 std_dev=2", "volatility/atr/Average True Range period=14",
            "volume/obv/On-Balance Volume cumulative=1", "volume/volume_ma/Volume Moving Average period=20",
        ];
        New.Indicators.Select(i => $"{i.Group}/{i.Id}/{i.Name} {string.Join(' ', i.Params.Select(p => $"{p.Name}={p.Value}"))}").Should().Equal(expected);
        New.FindIndicator("obv")!.Params[0].IsFlag.Should().BeTrue();
    }

    [Fact]
    [Trait("Row", "S1-16")]
    public void The_features_are_six_and_compile()
    {
        New.Features.Select(f => $"{f.Id}: {f.Calculation}").Should().Equal(
            "rsi_divergence: detect_divergence(price, rsi)", "macd_cross: macd_line > signal_line", "trend_strength: adx * sign(ema_20 - ema_50)",
            "bb_squeeze: (bb_upper - bb_lower) / bb_middle < 0.04", "volume_surge: volume > volume_ma * 1.5",
            "momentum_composite: normalized(rsi) + normalized(macd) + normalized(stochastic)");
        PackLinter.Lint(New).Where(f => f.Code == "PCK-1006").Should().BeEmpty();
    }

    [Fact]
    [Trait("Row", "S1-23")]
    public void The_strategies_are_three_and_momentum_is_the_default()
    {
        New.Strategies.Select(s => s.Id).Should().Equal("momentum_swing", "mean_reversion_swing", "breakout_swing");
        PackStrategy momentum = New.Strategies[0];
        momentum.Description.Should().Be("Trade strong momentum with trend confirmation");
        momentum.EntryLogic.Should().Equal("rsi > 50 AND rsi < 70", "macd_cross == true", "adx > 25", "price > ema_20");
        momentum.ExitLogic.Should().Equal("rsi > 70 OR rsi < 30", "macd_cross == false", "price < ema_20");
        momentum.Side.Should().Be(StrategySide.Long);
        New.Strategies[1].EntryLogic.Should().Equal("rsi < 30", "price < bb_lower", "volume_surge == true", "stochastic < 20");
        New.Strategies[1].ExitLogic.Should().Equal("rsi > 50", "price > bb_middle", "stochastic > 80");
        New.Strategies[2].EntryLogic.Should().Equal("bb_squeeze == true", "price > bb_upper", "volume_surge == true", "adx increasing");
        New.Strategies[2].ExitLogic.Should().Equal("price < ema_20", "volume < volume_ma", "adx < 20");
    }

    [Fact]
    [Trait("Row", "S1-26")]
    [Trait("Row", "S1-30")]
    public void Gates_and_policies_are_those_of_the_sources()
    {
        New.Gates.Should().Be(new PackGates(new(30, 0.7, 25, 40), new(10, 100_000, 1.0), new(5, 0.7, 10)));
        New.Policies.Execution.Should().Be(new ExecutionPolicy(OrderType.Limit, TimeInForce.Day, WaitForConfirmation: true, PartialFillsAllowed: true));
        New.Policies.Sizing.Should().Be(new SizingPolicy(SizingMethod.KellyFraction, 5, ScaleInAllowed: true, 10));
        New.Policies.Risk.Should().Be(new RiskPolicy(8, 16, TrailingStop: true, 5, 10));
    }

    [Fact]
    [Trait("Row", "S1-30")]
    public void A_kelly_size_is_capped_at_five_percent()
    {
        SizingPolicy sizing = New.Policies.Sizing;

        // p = 0.58, b = 0.028/0.013: f* = 0.58 − 0.42/2.1538 = 0.385, half of it 0.1925, above the cap; p = 0.40, b = 1 has f* < 0: no trade.
        Sigmatiq.Backtest.Costs.PositionSize.HalfKelly(0.58, 0.028 / 0.013, Percent.ToFraction(sizing.MaxPositionPct)).Should().Be(0.05);
        Sigmatiq.Backtest.Costs.PositionSize.HalfKelly(0.40, 1, 0.05).Should().Be(0);
    }

    [Fact]
    public void Without_an_engine_block_the_terms_are_the_defaults_of_the_spec() =>
        New.Policies.Engine.Should().Be(new EnginePolicy { Interval = Interval.Hour1, RuleFrame = RuleFrameKind.Day, ConfirmationBars = 1 });

    [Fact]
    public void The_linter_finds_only_that_the_trail_hides_the_stop() =>
        PackLinter.Lint(New).Select(f => (f.Code, f.Level)).Should().Equal(("PCK-2006", LintLevel.Warn));

    [Fact]
    public void The_hash_depends_on_content_and_not_on_the_order_of_keys_or_comments()
    {
        Pack reordered = SomePack.With(("  id: \"swingsigma\"\n  name: \"Swing Sigma\"\n", "  name: \"Swing Sigma\" # a comment\n  id: swingsigma\n"));
        reordered.Hash.Should().Be(New.Hash);
        SomePack.With(("period: 14", "period: 15")).Hash.Should().NotBe(New.Hash);
    }
}
