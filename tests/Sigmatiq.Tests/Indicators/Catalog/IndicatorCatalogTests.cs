using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Indicators.Catalog;

public sealed class IndicatorCatalogTests
{
    [Fact]
    [Trait("Row", "S1-07")]
    public void The_catalog_offers_the_indicators_of_the_specification_with_their_defaults()
    {
        var offered = IndicatorCatalog.All.ToDictionary(i => i.Name, i => $"{i.Group}: {string.Join(", ", i.Parameters.Select(p => $"{p.Name} {p.Default:r}"))}"
            + $" -> {string.Join(", ", i.Outputs)}");
        offered.Should().Equal(new Dictionary<string, string>
        {
            ["rsi"] = "momentum: period 14, overbought 70, oversold 30 -> rsi",
            ["macd"] = "momentum: fast_period 12, slow_period 26, signal_period 9 -> macd_line, signal_line, histogram",
            ["stochastic"] = "momentum: k_period 14, d_period 3, smooth_k 3 -> stochastic, stoch_d",
            ["ema"] = "trend: period 20 -> ema",
            ["adx"] = "trend: period 14, threshold 25 -> adx, plus_di, minus_di",
            ["bollinger_bands"] = "volatility: period 20, std_dev 2 -> upper, middle, lower",
            ["atr"] = "volatility: period 14 -> atr",
            ["obv"] = "volume: cumulative 1 -> obv",
            ["volume_ma"] = "volume: period 20 -> volume_ma",
            ["sma"] = "trend: period 20 -> sma",
        });
        IndicatorCatalog.All.SelectMany(i => i.Parameters.Where(p => p.IsConstant).Select(p => $"{i.Name}.{p.Name}"))
            .Should().Equal("rsi.overbought", "rsi.oversold", "adx.threshold");
    }

    [Fact]
    public void Warm_up_ends_exactly_where_the_catalog_says()
    {
        Rng rng = Rng.From(7);
        double[] close = [.. Enumerable.Range(0, 200).Select(_ => 100 + rng.NextGaussian())];
        BarColumns bars = Vectors.VectorBars.Of(close, [.. close.Select(c => c + 1)], [.. close.Select(c => c - 1)], [.. close.Select(c => 1000 * c)]);
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            foreach (IndicatorSettings settings in new[] { IndicatorSettings.Defaults(spec), Shortest(spec) })
            {
                double[][] outputs = [.. spec.Outputs.Select(_ => new double[bars.Count])];
                spec.Batch(bars, settings, outputs);
                int first = Enumerable.Range(0, bars.Count).First(t => outputs.All(o => !double.IsNaN(o[t])));
                first.Should().Be(spec.WarmUpBars(settings), spec.Name);
                outputs.Should().OnlyContain(o => o.Skip(first).All(double.IsFinite), spec.Name);
            }
        }
    }

    [Fact]
    public void Fewer_bars_than_the_warm_up_give_no_value_and_no_failure()
    {
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            IndicatorSettings settings = IndicatorSettings.Defaults(spec);
            for (int n = 0; n <= spec.WarmUpBars(settings); n++)
            {
                BarColumns bars = Vectors.VectorBars.Of([.. Enumerable.Range(0, n).Select(t => 10.0 + t)]);
                double[][] outputs = [.. spec.Outputs.Select(_ => new double[n])];
                spec.Batch(bars, settings, outputs);
                outputs.Should().Contain(o => o.All(double.IsNaN), $"{spec.Name} on {n} bars");
            }
        }
    }

    [Fact]
    public void An_unknown_indicator_is_refused_with_the_names_there_are() =>
        Refused("IND-1001", () => IndicatorCatalog.Get("rsj")).Remedy.Should().Contain("rsi");

    [Theory]
    [InlineData("rsi", "period", "0")]
    [InlineData("rsi", "period", "2.5")]
    [InlineData("rsi", "period", "5001")]
    [InlineData("rsi", "period", "NaN")]
    [InlineData("rsi", "period", "1e3")]
    [InlineData("rsi", "period", "")]
    [InlineData("rsi", "period", "true")]
    [InlineData("rsi", "oversold", "101")]
    [InlineData("bollinger_bands", "std_dev", "0")]
    [InlineData("obv", "cumulative", "2")]
    [InlineData("obv", "cumulative", "yes")]
    public void A_setting_out_of_range_is_refused_with_its_value(string indicator, string name, string value)
    {
        Problem problem = Refused("IND-1002", () => IndicatorSettings.Parse(IndicatorCatalog.Get(indicator), new Dictionary<string, string> { [name] = value }));
        problem.Where.Should().Be($"{indicator}.{name}");
        problem.Message.Contains(value, StringComparison.Ordinal).Should().BeTrue();
    }

    [Fact]
    public void An_unknown_setting_is_refused_with_the_names_there_are() =>
        Refused("IND-1003", () => IndicatorSettings.Parse(IndicatorCatalog.Get("macd"), new Dictionary<string, string> { ["fast"] = "12" }))
            .Remedy.Should().Contain("fast_period");

    [Fact]
    public void A_fast_average_that_is_not_faster_is_refused() =>
        Refused("IND-1004", () => IndicatorSettings.Of(IndicatorCatalog.Get("macd"), new Dictionary<string, double> { ["fast_period"] = 26 }))
            .Message.Should().Contain("26 against 26");

    [Fact]
    public void Settings_with_the_same_values_are_the_same_settings()
    {
        IndicatorSpec rsi = IndicatorCatalog.Get("rsi");
        IndicatorSettings given = IndicatorSettings.Of(rsi, new Dictionary<string, double> { ["period"] = 14 });
        given.Should().Be(IndicatorSettings.Defaults(rsi)).And.NotBe(IndicatorSettings.Of(rsi, new Dictionary<string, double> { ["period"] = 15 }));
        given.GetHashCode().Should().Be(IndicatorSettings.Defaults(rsi).GetHashCode());
    }

    [Fact]
    public void Yes_and_no_are_one_and_zero()
    {
        IndicatorSpec obv = IndicatorCatalog.Get("obv");
        foreach (var (text, value) in new[] { ("true", 1.0), ("false", 0.0), ("1", 1.0), ("0", 0.0) })
        {
            IndicatorSettings.Parse(obv, new Dictionary<string, string> { ["cumulative"] = text }).Values.Should().Equal(value);
        }
    }

    [Theory]
    [Trait("Row", "S1-11")]
    [InlineData("ema_20", "ema", 20)]
    [InlineData("ema_50", "ema", 50)]
    [InlineData("sma_200", "sma", 200)]
    public void A_length_behind_the_name_is_the_period(string id, string indicator, double period)
    {
        PackIndicator found = PackIndicator.Find(id)!;
        found.Spec.Name.Should().Be(indicator);
        found.Implied.Should().Equal(new Dictionary<string, double> { ["period"] = period });
        found.RuleNames().Should().Equal(new Dictionary<string, int> { [id] = 0 });
    }

    [Theory]
    [InlineData("ema_0")]
    [InlineData("ema_020")]
    [InlineData("ema_5001")]
    [InlineData("ema_")]
    [InlineData("ema_-5")]
    [InlineData("rsi_14")]
    [InlineData("EMA_20")]
    [InlineData("_20")]
    [InlineData("")]
    public void Other_names_are_no_indicators(string id) => PackIndicator.Find(id).Should().BeNull();

    [Fact]
    public void Rules_know_every_output_by_the_names_of_the_specification()
    {
        var names = IndicatorCatalog.All.Where(i => i.Outputs.Count > 1).ToDictionary(i => i.Name, i => PackIndicator.Find(i.Name)!.RuleNames());
        names["macd"].Should().Equal(new Dictionary<string, int> { ["macd_line"] = 0, ["signal_line"] = 1, ["histogram"] = 2, ["macd"] = 0 });
        names["stochastic"].Should().Equal(new Dictionary<string, int> { ["stochastic"] = 0, ["stoch_d"] = 1, ["stoch_k"] = 0 });
        names["adx"].Should().Equal(new Dictionary<string, int> { ["adx"] = 0, ["plus_di"] = 1, ["minus_di"] = 2 });
        names["bollinger_bands"].Should().Equal(new Dictionary<string, int> { ["bb_upper"] = 0, ["bb_middle"] = 1, ["bb_lower"] = 2 });
    }

    [Fact]
    public void Obv_that_does_not_add_up_gives_each_bar_its_signed_volume()
    {
        double[] signed = Vectors.VectorBars.Output(
            Vectors.VectorBars.Of([5, 6, 6, 4], volume: [10, 20, 30, 40]), "obv", "obv", ("cumulative", 0));
        signed.Should().Equal(0, 20, 0, -40);
    }

    private static IndicatorSettings Shortest(IndicatorSpec spec) =>
        new([.. spec.Parameters.Select(p => p.Name == "slow_period" ? 2 : p.IsWhole ? 1 : p.Default)]);

    private static Problem Refused(string code, Action act)
    {
        Problem problem = act.Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be(code);
        problem.Exit.Should().Be(ExitCode.BadUsage);
        return problem;
    }
}
