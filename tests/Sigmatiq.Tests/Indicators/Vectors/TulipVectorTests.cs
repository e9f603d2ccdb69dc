using System.Globalization;
using Sigmatiq.Indicators.Average;
using Sigmatiq.Market.Bars;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>The test data of Tulip Indicators (LGPL-3.0): <c>atoz</c> from Achelis's book, <c>extra</c> worked by hand, <c>untest</c> the
/// library's own output at three decimals.</summary>
/// <remarks>Tulip starts an EMA on the first value and counts the first bar's own range; both are our conventions on a series that stood
/// still before (<see cref="VectorBars.AfterStandingStill"/>).</remarks>
public sealed class TulipVectorTests(ITestOutputHelper output)
{
    private static readonly string[] Files = ["atoz", "extra", "untest"];

    [Fact]
    [Trait("Row", "S1-08")]
    public void Rsi_equals_the_published_series() => EachBlock("rsi", 1, (comparison, what, rows, published, options) =>
        comparison.Whole(what, published[0], VectorBars.Output(VectorBars.Of(rows[0]), "rsi", "rsi", ("period", options[0]))));

    [Fact]
    [Trait("Row", "S1-09")]
    public void Macd_equals_the_published_series() => EachBlock("macd", 1, (comparison, what, rows, published, options) =>
    {
        if (options is [12, 26, 9])
        {
            comparison.LeftOut(what, "for 12 and 26 the source smooths with 0.15 and 0.075 instead of 2/13 and 2/27");
            return;
        }

        double[] line = VectorBars.AfterStandingStill(
            VectorBars.Of(rows[0]), options[1] - 1, "macd", "macd_line",
            ("fast_period", options[0]), ("slow_period", options[1]), ("signal_period", options[2]));
        comparison.Given($"{what} line", published[0], line);

        // The source starts the signal on the first published value of the line.
        int first = Array.FindIndex(published[0].Texts, t => t.Length > 0), still = options[2] - 1;
        double[] led = [.. Enumerable.Repeat(line[first], still), .. line[first..]];
        double[] signal = new double[led.Length];
        Ema.Compute(led, options[2], signal);
        signal = [.. new double[first], .. signal[still..]];
        comparison.Given($"{what} signal", published[1], signal);
        comparison.Given($"{what} histogram", published[2], [.. line.Zip(signal, (l, s) => l - s)]);
    });

    [Fact]
    [Trait("Row", "S1-10")]
    public void Stochastic_equals_the_published_series() => EachBlock("stoch", 3, (comparison, what, rows, published, options) =>
    {
        BarColumns bars = VectorBars.Of(rows[2], rows[0], rows[1]);
        (string, double)[] settings = [("k_period", options[0]), ("smooth_k", options[1]), ("d_period", options[2])];

        // The source begins %K where %D begins.
        comparison.Given($"{what} %K", published[0], VectorBars.Output(bars, "stochastic", "stoch_k", settings));
        comparison.Whole($"{what} %D", published[1], VectorBars.Output(bars, "stochastic", "stoch_d", settings));
    });

    [Fact]
    [Trait("Row", "S1-11")]
    public void Ema_equals_the_published_series() => EachBlock("ema", 1, (comparison, what, rows, published, options) =>
        comparison.Whole(what, published[0], VectorBars.AfterStandingStill(VectorBars.Of(rows[0]), options[0] - 1, "ema", "ema", ("period", options[0]))));

    [Fact]
    [Trait("Row", "S1-12")]
    public void Adx_equals_the_published_series() => EachBlock("adx", 2, (comparison, what, rows, published, options) =>
        comparison.Whole(what, AsRoundedBy(what, published[0]), VectorBars.AfterStandingStill(VectorBars.Of(rows[1], rows[0], rows[1]), 1, "adx", "adx", ("period", options[0]))));

    [Fact]
    [Trait("Row", "S1-12")]
    public void The_directional_indicators_give_the_published_directional_index() => EachBlock("dx", 2, (comparison, what, rows, published, options) =>
    {
        BarColumns bars = VectorBars.Of(rows[1], rows[0], rows[1]);
        double[] plus = VectorBars.AfterStandingStill(bars, 1, "adx", "plus_di", ("period", options[0]));
        double[] minus = VectorBars.AfterStandingStill(bars, 1, "adx", "minus_di", ("period", options[0]));
        comparison.Whole(what, AsRoundedBy(what, published[0]), [.. plus.Zip(minus, (p, m) => 100 * Math.Abs(p - m) / (p + m))]);
        comparison.LeftOut(what.Replace("dx", "di"), "the source seeds the range with period − 1 bars");
    });

    [Fact]
    [Trait("Row", "S1-13")]
    public void Bollinger_bands_equal_the_published_series() => EachBlock("bbands", 1, (comparison, what, rows, published, options) =>
    {
        foreach (var (band, i) in new[] { ("lower", 0), ("middle", 1), ("upper", 2) })
        {
            comparison.Whole(
                $"{what} {band}", published[i],
                VectorBars.Output(VectorBars.Of(rows[0]), "bollinger_bands", band, ("period", options[0]), ("std_dev", options[1])));
        }
    });

    [Fact]
    [Trait("Row", "S1-14")]
    public void Atr_equals_the_published_series() => EachBlock("atr", 3, (comparison, what, rows, published, options) =>
        comparison.Whole(what, published[0], VectorBars.AfterStandingStill(VectorBars.Of(rows[2], rows[0], rows[1]), 1, "atr", "atr", ("period", options[0]))));

    [Fact]
    [Trait("Row", "S1-14")]
    public void Atr_in_percent_of_the_close_equals_the_published_series() => EachBlock("natr", 3, (comparison, what, rows, published, options) =>
    {
        if (what.Contains(" extra "))
        {
            comparison.LeftOut(what, "the source divides the book's ATR, which is rounded to four digits");
            return;
        }

        double[] atr = VectorBars.AfterStandingStill(VectorBars.Of(rows[2], rows[0], rows[1]), 1, "atr", "atr", ("period", options[0]));
        comparison.Whole(what, published[0], [.. atr.Zip(rows[2], (a, c) => 100 * a / c)]);
    });

    [Fact]
    [Trait("Row", "S1-15")]
    public void Obv_equals_the_published_series() => EachBlock("obv", 2, (comparison, what, rows, published, options) =>
        comparison.Whole(what, published[0], VectorBars.Output(VectorBars.Of(rows[0], volume: rows[1]), "obv", "obv")));

    [Fact]
    [Trait("Row", "S1-15")]
    public void Averages_of_volume_and_of_price_equal_the_published_series() => EachBlock("sma", 1, (comparison, what, rows, published, options) =>
    {
        BarColumns bars = VectorBars.Of(rows[0], volume: rows[0]);
        comparison.Whole(what, published[0], VectorBars.Output(bars, "sma", "sma", ("period", options[0])));
        comparison.Whole($"{what}, read as volume", published[0], VectorBars.Output(bars, "volume_ma", "volume_ma", ("period", options[0])));
    });

    /// <summary>The book's sheet goes on with rounded numbers: its first DX is 73.5850, where the first 14 highs and lows, all in sixteenths,
    /// give 100·39/53 = 73.5849 exactly. So its directional figures may be off by one unit of the last digit.</summary>
    private static Published AsRoundedBy(string what, Published published) => what.Contains(" atoz ") ? published with { Units = 1 } : published;

    private delegate void Check(Comparison comparison, string what, double[][] inputs, Published[] published, int[] options);

    /// <summary>Runs a check on every block of a name in the three files; outputs are padded to the length of the inputs.</summary>
    private void EachBlock(string name, int inputs, Check check) => Comparison.Run(output, comparison =>
    {
        foreach (string file in Files)
        {
            string[] lines = File.ReadAllLines(Checkout.Material($"market/vectors/indicators/tulip/{file}.txt"));
            for (int i = 0; i < lines.Length; i++)
            {
                string[] head = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (head.Length == 0 || head[0] != name)
                {
                    continue;
                }

                string[][] rows = [.. lines[(i + 1)..].TakeWhile(line => line.StartsWith('{') || line.StartsWith('#')).Where(line => line[0] == '{')
                    .Select(line => line.Trim('{', '}').Split(',', StringSplitOptions.TrimEntries))];
                double[][] columns = [.. rows[..inputs].Select(row => row.Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray())];
                Published[] published = [.. rows[inputs..].Select(row => new Published([.. Enumerable.Repeat("", columns[0].Length - row.Length), .. row]))];
                int[] options = [.. head[1..].Select(o => int.Parse(o, CultureInfo.InvariantCulture))];
                check(comparison, $"tulip {file} {lines[i].Trim()}", columns, published, options);
            }
        }
    });
}
