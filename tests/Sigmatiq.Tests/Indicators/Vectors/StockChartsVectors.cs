using System.Globalization;
using Sigmatiq.Market.Bars;
using static Sigmatiq.Tests.Indicators.Vectors.VectorBars;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>StockCharts example sheets as kept by bukosabino/ta (MIT), rounded; empty cells there are not a statement.</summary>
internal static class StockChartsVectors
{
    private const string Source = "stockcharts";

    // Sheet, columns of high, low, close and volume ("" where it has none), our indicator and settings, their columns = our outputs.
    private static readonly (string Sheet, string Columns, string Indicator, string Settings, string Series)[] Offered =
    [
        ("rsi", ",,Close,", "rsi", "period=14 seed=zero", "RSI=rsi"),
        ("stochrsi", ",,Close,", "rsi", "period=14 seed=zero", "RSI=rsi"),
        ("macd", ",,Close,", "macd", "seed=first_value", "MACD_line=macd_line"),
        ("macd", ",,Close,", "ema", "period=12 seed=first_value", "short_ema=ema"),
        ("macd", ",,Close,", "ema", "period=26 seed=first_value", "long_ema=ema"),
        ("ppo", ",,Close,", "ema", "period=12 seed=first_value", "12 day EMA=ema"),
        ("ppo", ",,Close,", "ema", "period=26 seed=first_value", "26 day EMA=ema"),
        ("kc", "High,Low,Close,", "ema", "period=20 seed=first_value", "middle_band=ema"),
        ("kc", "High,Low,Close,", "keltner", "period=20 atr_period=10 multiplier=2 seed=first_value first_bar=counted", "upper_band=upper,middle_band=middle,lower_band=lower"),
        ("kc", "High,Low,Close,", "atr", "period=10 first_bar=counted", "atr=atr"),
        ("kc", "High,Low,Close,", "atr", "period=1 first_bar=counted", "true_range=atr"),
        ("atr2", "High,Low,Close,", "atr", "period=10 first_bar=counted", "ATR=atr"),
        ("atr2", "High,Low,Close,", "atr", "period=1 first_bar=counted", "TR=atr"),
        ("dc", "high,low,close,", "donchian", "period=20 window=with_this_bar", "upper_band=upper,middle_band=middle,lower_band=lower"),
        ("dc", "high,low,close,", "sma", "period=20", "average=sma"),
        ("cci", "High,Low,Close,", "cci", "period=20", "CCI=cci"),
        ("roc", ",,Close,", "roc", "period=12", "ROC=roc"),
        ("vwap", "High,Low,Close,Volume", "vwap", "period=14 anchor=window", "vwap=vwap"),
        ("obv", ",,Close,Volume", "obv", "", "OBV=obv"),
    ];

    public static IEnumerable<VectorCase> Cases()
    {
        foreach (var (name, columns, indicator, settings, series) in Offered)
        {
            Sheet sheet = Sheet.Read(name);
            string[] fields = columns.Split(',');
            double[]? Column(int i) => fields[i].Length == 0 ? null : sheet.Numbers(fields[i]);
            BarColumns bars = Of(Column(2)!, Column(0), Column(1), Column(3));
            foreach (string[] pair in series.Split(',').Select(s => s.Split('=')))
            {
                // The sheets of ranges write 0 where they have no value yet.
                string[] texts = [.. sheet.Texts(pair[0]).Select(t => pair[0] is "atr" or "ATR" && t.Trim('0', '.').Length == 0 ? "" : t)];
                yield return new(indicator, settings, Source, $"cs-{name}.{pair[0]}", new(texts), Output(bars, indicator, pair[1], settings), EmptyMeansUndefined: false);
            }
        }

        // The sheet's signal begins on closes before its first row, ours at row 25. What is left of the two beginnings 85 rows later is below
        // 0.4 · 0.8^85 = 2.4e-9.
        const int From = 110;
        Sheet macd = Sheet.Read("macd");
        foreach (var (theirs, ours) in new[] { ("MACD_signal", "signal_line"), ("MACD_diff", "histogram") })
        {
            yield return new(
                "macd", "seed=first_value", Source, $"cs-macd.{theirs}, late rows", new(macd.Texts(theirs)[From..]),
                Output(Of(macd.Numbers("Close")), "macd", ours, "seed=first_value")[From..], EmptyMeansUndefined: false);
        }
    }

    private sealed record Sheet(string[] Header, string[][] Rows)
    {
        public static Sheet Read(string name)
        {
            string[][] lines = [.. File.ReadLines(Checkout.Material($"market/vectors/indicators/stockcharts/cs-{name}.csv"))
                .Where(line => line.Trim().Length > 0).Select(line => line.Split(',', StringSplitOptions.TrimEntries))];
            return new(lines[0], lines[1..]);
        }

        public double[] Numbers(string column) => [.. Texts(column).Select(t => t.Length == 0 ? 0 : double.Parse(t, CultureInfo.InvariantCulture))];

        public string[] Texts(string column)
        {
            int i = Array.IndexOf(Header, column);
            i.Should().BeGreaterThanOrEqualTo(0, $"the sheet must have a column {column}, has {string.Join(", ", Header)}");
            return [.. Rows.Select(row => i < row.Length ? row[i] : "")];
        }
    }
}
