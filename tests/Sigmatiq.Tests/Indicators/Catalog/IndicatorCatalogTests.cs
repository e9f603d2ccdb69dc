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
        var offered = IndicatorCatalog.All.ToDictionary(i => i.Name, i => $"{i.Group}: {string.Join(", ", i.Parameters.Select(p => $"{p.Name} {p.Text(p.Default)}"))}"
            + $" -> {string.Join(", ", i.Outputs)}");
        offered.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["rsi"] = "momentum: period 14, overbought 70, oversold 30, seed mean -> rsi",
            ["macd"] = "momentum: fast_period 12, slow_period 26, signal_period 9, seed mean, constants exact -> macd_line, signal_line, histogram",
            ["stochastic"] = "momentum: k_period 14, d_period 3, smooth_k 3, flat 50 -> stochastic, stoch_d",
            ["ema"] = "trend: period 20, seed mean -> ema",
            ["adx"] = "trend: period 14, threshold 25, first_bar skipped -> adx, plus_di, minus_di",
            ["bollinger_bands"] = "volatility: period 20, std_dev 2, deviation population -> upper, middle, lower",
            ["atr"] = "volatility: period 14, first_bar skipped -> atr",
            ["obv"] = "volume: cumulative true, start zero -> obv",
            ["volume_ma"] = "volume: period 20 -> volume_ma",
            ["sma"] = "trend: period 20 -> sma",
            ["wma"] = "trend: period 14 -> wma",
            ["slope"] = "trend: period 14 -> slope",
            ["vwap"] = "volume: period 14, anchor start -> vwap",
            ["roc"] = "momentum: period 14, form percent -> roc",
            ["cci"] = "momentum: period 20 -> cci",
            ["williams_r"] = "momentum: period 14, flat -50 -> williams_r",
            ["zscore"] = "momentum: period 14, deviation population -> zscore",
            ["donchian"] = "volatility: period 20, window before -> upper, middle, lower",
            ["keltner"] = "volatility: period 20, multiplier 2, atr_period 10, seed mean, first_bar skipped -> upper, middle, lower",
            ["stdev"] = "volatility: period 14, deviation population -> stdev",
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
            foreach (IndicatorSettings settings in EveryConvention(spec).Append(Shortest(spec)))
            {
                double[][] outputs = [.. spec.Outputs.Select(_ => new double[bars.Count])];
                spec.Batch(bars, settings, outputs);
                int first = Enumerable.Range(0, bars.Count).First(t => outputs.All(o => !double.IsNaN(o[t])));
                first.Should().Be(spec.WarmUpBars(settings), $"{spec.Name} {string.Join(", ", spec.Parameters.Zip(settings.Values, (p, v) => p.Text(v)))}");
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

            // Without a warm-up (OBV, VWAP) only the empty file has no value; these bars trade nothing, so VWAP has none on one bar either.
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
    [InlineData("ema", "seed", "first")]
    [InlineData("ema", "seed", "1")]
    [InlineData("vwap", "anchor", "")]
    [InlineData("slope", "period", "1")]
    [InlineData("williams_r", "flat", "1")]
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
            IndicatorSettings.Parse(obv, new Dictionary<string, string> { ["cumulative"] = text }).Values[0].Should().Be(value);
        }
    }

    [Theory]
    [Trait("Row", "S1-11")]
    [InlineData("ema_20", "ema", 20)]
    [InlineData("ema_50", "ema", 50)]
    [InlineData("sma_200", "sma", 200)]
    [InlineData("wma_30", "wma", 30)]
    [InlineData("roc_10", "roc", 10)]
    [InlineData("stdev_20", "stdev", 20)]
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
        names["donchian"].Keys.Should().Equal("donchian_upper", "donchian_middle", "donchian_lower");
        names["keltner"].Keys.Should().Equal("keltner_upper", "keltner_middle", "keltner_lower");
        names["bollinger_bands"].Should().Equal(new Dictionary<string, int> { ["bb_upper"] = 0, ["bb_middle"] = 1, ["bb_lower"] = 2 });
    }

    [Fact]
    public void Obv_that_does_not_add_up_gives_each_bar_its_signed_volume()
    {
        double[] signed = Vectors.VectorBars.Output(
            Vectors.VectorBars.Of([5, 6, 6, 4], volume: [10, 20, 30, 40]), "obv", "obv", ("cumulative", 0));
        signed.Should().Equal(0, 20, 0, -40);
    }

    [Fact]
    public void Every_indicator_says_in_one_sentence_what_it_tells_and_every_word_of_a_setting_what_it_means()
    {
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            spec.Meaning.Should().EndWith(".").And.NotContain(". ", spec.Name);
            spec.Group.Should().BeOneOf("momentum", "trend", "volatility", "volume");
            spec.Parameters.Should().OnlyContain(p => p.Help.EndsWith('.') && p.Choices.All(c => c.Meaning.Length > 10), spec.Name);
        }
    }

    [Theory]
    [InlineData("bollinger_bands")]
    [InlineData("stdev")]
    public void A_sample_of_one_has_no_deviation(string indicator) => Refused("IND-1004", () => IndicatorSettings.Parse(
        IndicatorCatalog.Get(indicator), new Dictionary<string, string> { ["period"] = "1", ["deviation"] = "sample" }));

    /// <summary>The defaults, and the defaults with each word of each setting in turn.</summary>
    private static IEnumerable<IndicatorSettings> EveryConvention(IndicatorSpec spec)
    {
        yield return IndicatorSettings.Defaults(spec);
        foreach (IndicatorParameter choice in spec.Parameters.Where(p => p.IsChoice))
        {
            for (int i = 1; i < choice.Choices.Count; i++)
            {
                yield return new([.. spec.Parameters.Select(p => p == choice ? i : p.Default)]);
            }
        }
    }

    private static IndicatorSettings Shortest(IndicatorSpec spec) =>
        new([.. spec.Parameters.Select(p => p.Name == "slow_period" ? 2 : p.IsChoice || !p.IsWhole ? p.Default : p.Min)]);

    private static Problem Refused(string code, Action act)
    {
        Problem problem = act.Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be(code);
        problem.Exit.Should().Be(ExitCode.BadUsage);
        return problem;
    }
}
