using System.Globalization;
using Sigmatiq.Market.Bars;
using static Sigmatiq.Tests.Indicators.Vectors.VectorBars;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>The test data of Tulip Indicators (LGPL-3.0): <c>atoz</c> from Achelis's book, <c>extra</c> worked by hand, <c>untest</c> the
/// library's own output at three decimals.</summary>
internal static class TulipVectors
{
    private delegate IEnumerable<VectorCase> Reading(Block block);

    // Name, rows of input, and how its outputs are read.
    private static readonly (string Name, int Inputs, Reading Read)[] Offered =
    [
        ("rsi", 1, b => b.One("rsi", $"period={b.Option(0)}", Of(b.In[0]))),
        ("macd", 1, Macd),
        ("stoch", 3, Stochastic),
        ("mom", 1, b => b.One("roc", $"period={b.Option(0)} form=difference", Of(b.In[0]))),
        ("ema", 1, b => b.One("ema", $"period={b.Option(0)} seed=first_value", Of(b.In[0]))),
        ("sma", 1, b => b.One("sma", $"period={b.Option(0)}", Of(b.In[0])).Concat(b.One("volume_ma", $"period={b.Option(0)}", Of(b.In[0], volume: b.In[0])))),
        ("wma", 1, b => b.One("wma", $"period={b.Option(0)}", Of(b.In[0]))),
        ("linregslope", 1, b => b.One("slope", $"period={b.Option(0)}", Of(b.In[0]))),
        ("linreg", 1, EndOfLine),
        ("adx", 2, b => b.One("adx", $"period={b.Option(0)} first_bar=still", Of(b.In[1], b.In[0], b.In[1]))),
        ("dx", 2, DirectionalIndex),
        ("di", 3, DirectionalIndicators),
        ("bbands", 1, b => b.Each("bollinger_bands", $"period={b.Option(0)} std_dev={b.Option(1)}", Of(b.In[0]), "lower", "middle", "upper")),
        ("atr", 3, b => b.One("atr", $"period={b.Option(0)} first_bar=counted", HighLowClose(b))),
        ("natr", 3, AtrInPercent),
        ("stddev", 1, b => b.One("stdev", $"period={b.Option(0)}", Of(b.In[0]))),
        ("var", 1, b => [b.Case("stdev", $"period={b.Option(0)}", "squared", 0, [.. Output(Of(b.In[0]), "stdev", "stdev", $"period={b.Option(0)}").Select(d => d * d)])]),
        ("min", 1, b => b.Each("donchian", $"period={b.Option(0)} window=with_this_bar", Of(b.In[0]), "lower")),
        ("obv", 2, b => b.One("obv", "", Of(b.In[0], volume: b.In[1]))),
    ];

    public static IEnumerable<VectorCase> Cases()
    {
        HashSet<string> met = [];
        foreach (string file in (string[])["atoz", "extra", "untest"])
        {
            string[] lines = File.ReadAllLines(Checkout.Material($"market/vectors/indicators/tulip/{file}.txt"));
            for (int i = 0; i < lines.Length; i++)
            {
                string[] head = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                foreach (var (name, inputs, read) in Offered.Where(o => head.Length > 0 && o.Name == head[0]))
                {
                    met.Add(name);
                    string[][] rows = [.. lines[(i + 1)..].TakeWhile(line => line.StartsWith('{') || line.StartsWith('#')).Where(line => line[0] == '{')
                        .Select(line => line.Trim('{', '}').Split(',', StringSplitOptions.TrimEntries))];
                    double[][] columns = [.. rows[..inputs].Select(row => row.Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray())];

                    // Outputs are shorter than inputs by the warm-up.
                    Published[] published = [.. rows[inputs..].Select(row => new Published([.. Enumerable.Repeat("", columns[0].Length - row.Length), .. row]))];
                    foreach (VectorCase found in read(new(file, lines[i].Trim(), head[1..], columns, published)))
                    {
                        yield return found;
                    }
                }
            }
        }

        met.Should().BeEquivalentTo(Offered.Select(o => o.Name), "what is offered for comparison and is not there was not compared");
    }

    private static BarColumns HighLowClose(Block b) => Of(b.In[2], b.In[0], b.In[1]);

    private static IEnumerable<VectorCase> Macd(Block b)
    {
        string constants = b.Options is ["12", "26", _] ? "rounded" : "exact";
        string settings = $"fast_period={b.Option(0)} slow_period={b.Option(1)} signal_period={b.Option(2)} seed=first_value constants={constants}";
        return b.Each("macd", settings, Of(b.In[0]), emptyMeansUndefined: false, "macd_line", "signal_line", "histogram");
    }

    // The source begins %K where %D begins.
    private static IEnumerable<VectorCase> Stochastic(Block b) => b.Each(
        "stochastic", $"k_period={b.Option(0)} smooth_k={b.Option(1)} d_period={b.Option(2)}", HighLowClose(b), emptyMeansUndefined: false, "stochastic", "stoch_d");

    private static IEnumerable<VectorCase> EndOfLine(Block b)
    {
        string period = $"period={b.Option(0)}";
        double half = (double.Parse(b.Option(0), CultureInfo.InvariantCulture) - 1) / 2;
        double[] mean = Output(Of(b.In[0]), "sma", "sma", period);
        yield return b.Case("slope", period, "mean + slope·(n − 1)/2", 0, [.. Output(Of(b.In[0]), "slope", "slope", period).Zip(mean, (s, m) => m + (half * s))]);
    }

    private static IEnumerable<VectorCase> DirectionalIndex(Block b)
    {
        string settings = $"period={b.Option(0)} first_bar=still";
        BarColumns bars = Of(b.In[1], b.In[0], b.In[1]);
        double[] minus = Output(bars, "adx", "minus_di", settings);
        yield return b.Case("adx", settings, "DX of both DI", 0, [.. Output(bars, "adx", "plus_di", settings).Zip(minus, (p, m) => 100 * Math.Abs(p - m) / (p + m))]);
    }

    private static IEnumerable<VectorCase> DirectionalIndicators(Block b) =>
        b.Each("adx", $"period={b.Option(0)} first_bar=still", HighLowClose(b), "plus_di", "minus_di");

    private static IEnumerable<VectorCase> AtrInPercent(Block b)
    {
        // Left out of extra: there the source divides the book's ATR, which is rounded to four digits.
        if (b.File != "extra")
        {
            string settings = $"period={b.Option(0)} first_bar=counted";
            yield return b.Case("atr", settings, "in percent of the close", 0, [.. Output(HighLowClose(b), "atr", "atr", settings).Zip(b.In[2], (a, c) => 100 * a / c)]);
        }
    }

    private sealed record Block(string File, string Head, string[] Options, double[][] In, Published[] Out)
    {
        public string Option(int i) => Options[i];

        public IEnumerable<VectorCase> One(string indicator, string settings, BarColumns bars) => Each(indicator, settings, bars, indicator);

        public IEnumerable<VectorCase> Each(string indicator, string settings, BarColumns bars, params string[] outputs) =>
            Each(indicator, settings, bars, emptyMeansUndefined: true, outputs);

        public IEnumerable<VectorCase> Each(string indicator, string settings, BarColumns bars, bool emptyMeansUndefined, params string[] outputs) =>
            outputs.Select((output, i) => Case(indicator, settings, output, i, Output(bars, indicator, output, settings), emptyMeansUndefined));

        public VectorCase Case(string indicator, string settings, string what, int i, double[] ours, bool emptyMeansUndefined = true) =>
            new(indicator, settings, "tulip", $"{File} {Head}, {what}", AsRounded(Out[i]), ours, emptyMeansUndefined);

        // The book's sheet goes on with rounded numbers: its first DX is 73.5850, where the first 14 highs and lows, all in sixteenths, give
        // 100·39/53 = 73.5849 exactly. So its directional figures may be off by one unit of the last digit.
        private Published AsRounded(Published published) =>
            File == "atoz" && Head.Split(' ')[0] is "dx" or "di" or "adx" ? published with { Units = 1 } : published;
    }
}
