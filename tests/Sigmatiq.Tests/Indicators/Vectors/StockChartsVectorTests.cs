using System.Globalization;
using Sigmatiq.Market.Bars;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>StockCharts example sheets as kept by bukosabino/ta (MIT), rounded; empty cells there are not a statement.</summary>
/// <remarks>The sheets start an EMA on the first value, gains and losses at zero, and count the first bar's own range: our conventions on
/// a series that stood still before (<see cref="VectorBars.AfterStandingStill"/>).</remarks>
public sealed class StockChartsVectorTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Row", "S1-08")]
    public void Rsi_equals_the_published_sheets() => Comparison.Run(output, comparison =>
    {
        foreach (string sheet in new[] { "rsi", "stochrsi" })
        {
            Sheet rows = Sheet.Read(sheet);
            comparison.Given(
                $"stockcharts cs-{sheet} RSI", rows.Published("RSI"),
                VectorBars.AfterStandingStill(VectorBars.Of(rows.Numbers("Close")), 14, "rsi", "rsi", ("period", 14)));
        }
    });

    [Fact]
    [Trait("Row", "S1-09")]
    public void Macd_equals_the_published_sheet() => Comparison.Run(output, comparison =>
    {
        Sheet rows = Sheet.Read("macd");
        BarColumns bars = VectorBars.Of(rows.Numbers("Close"));
        comparison.Given("stockcharts cs-macd line", rows.Published("MACD_line"), VectorBars.AfterStandingStill(bars, 25, "macd", "macd_line"));

        // The sheet's signal begins on closes before its first row. What is left of the two beginnings after 100 rows is below
        // 0.15 · 0.8^100 = 3e-11.
        const int From = 102;
        double[] signal = VectorBars.AfterStandingStill(bars, 33, "macd", "signal_line");
        double[] histogram = VectorBars.AfterStandingStill(bars, 33, "macd", "histogram");
        comparison.Given("stockcharts cs-macd signal, late rows", new(rows.Published("MACD_signal").Texts[From..]), signal.AsSpan(From));
        comparison.Given("stockcharts cs-macd histogram, late rows", new(rows.Published("MACD_diff").Texts[From..]), histogram.AsSpan(From));
    });

    [Fact]
    [Trait("Row", "S1-11")]
    public void Ema_equals_the_published_sheets() => Comparison.Run(output, comparison =>
    {
        foreach (var (sheet, column, period) in new[]
        {
            ("macd", "short_ema", 12), ("macd", "long_ema", 26), ("ppo", "12 day EMA", 12), ("ppo", "26 day EMA", 26), ("kc", "middle_band", 20),
        })
        {
            Sheet rows = Sheet.Read(sheet);
            comparison.Given(
                $"stockcharts cs-{sheet} {column}", rows.Published(column),
                VectorBars.AfterStandingStill(VectorBars.Of(rows.Numbers("Close")), period - 1, "ema", "ema", ("period", period)));
        }
    });

    [Fact]
    [Trait("Row", "S1-14")]
    public void Atr_equals_the_published_sheets() => Comparison.Run(output, comparison =>
    {
        foreach (var (sheet, average, range) in new[] { ("atr2", "ATR", "TR"), ("kc", "atr", "true_range") })
        {
            Sheet rows = Sheet.Read(sheet);
            BarColumns bars = VectorBars.Of(rows.Numbers("Close"), rows.Numbers("High"), rows.Numbers("Low"));

            // The sheet writes 0 where it has no value yet.
            Published published = new([.. rows.Published(average).Texts.Select(t => t.Trim('0', '.').Length == 0 ? "" : t)]);
            comparison.Whole($"stockcharts cs-{sheet} {average}", published, VectorBars.AfterStandingStill(bars, 1, "atr", "atr", ("period", 10)));
            comparison.Given($"stockcharts cs-{sheet} {range}", rows.Published(range), VectorBars.AfterStandingStill(bars, 1, "atr", "atr", ("period", 1)));
        }
    });

    [Fact]
    [Trait("Row", "S1-15")]
    public void Obv_equals_the_published_sheet() => Comparison.Run(output, comparison =>
    {
        Sheet rows = Sheet.Read("obv");
        BarColumns bars = VectorBars.Of(rows.Numbers("Close"), volume: rows.Numbers("Volume"));
        comparison.Given("stockcharts cs-obv OBV", rows.Published("OBV"), VectorBars.Output(bars, "obv", "obv"));
    });

    private sealed record Sheet(string[] Header, string[][] Rows)
    {
        public static Sheet Read(string name)
        {
            string[][] lines = [.. File.ReadLines(Checkout.Material($"market/vectors/indicators/stockcharts/cs-{name}.csv"))
                .Where(line => line.Trim().Length > 0).Select(line => line.Split(',', StringSplitOptions.TrimEntries))];
            return new(lines[0], lines[1..]);
        }

        public Published Published(string column) => new(Texts(column));

        public double[] Numbers(string column) =>
            [.. Texts(column).Select(t => t.Length == 0 ? 0 : double.Parse(t, CultureInfo.InvariantCulture))];

        private string[] Texts(string column)
        {
            int i = Array.IndexOf(Header, column);
            i.Should().BeGreaterThanOrEqualTo(0, $"the sheet must have a column {column}, has {string.Join(", ", Header)}");
            return [.. Rows.Select(row => i < row.Length ? row[i] : "")];
        }
    }
}
