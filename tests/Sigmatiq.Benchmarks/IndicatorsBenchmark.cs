using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Benchmarks;

/// <summary><c>indicators --bars N</c>: nanoseconds per bar of the batch kernels, one thread, outputs allocated before.</summary>
internal static class IndicatorsBenchmark
{
    private static readonly (string Key, string Indicator)[] Cases =
    [
        ("rsi_14", "rsi"), ("ema_20", "ema"), ("sma_20", "sma"), ("macd_12_26_9", "macd"), ("adx_14", "adx"), ("atr_14", "atr"),
        ("bollinger_20_2", "bollinger_bands"), ("stochastic_14_3_3", "stochastic"), ("obv", "obv"),
    ];

    public static int Run(string[] args)
    {
        int count = args is ["--bars", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 100_000;
        BarColumns bars = RandomWalk(count);
        var nanoseconds = new Dictionary<string, double>();
        var minima = new Dictionary<string, double>();
        double check = 0;
        foreach (var (key, name) in Cases)
        {
            IndicatorSpec spec = IndicatorCatalog.Get(name);
            IndicatorSettings settings = IndicatorSettings.Defaults(spec);
            double[][] outputs = [.. spec.Outputs.Select(_ => new double[count])];
            double[] times = Measure(() => spec.Batch(bars, settings, outputs), count);
            nanoseconds[key] = Math.Round(times[times.Length / 2], 2);
            minima[key] = Math.Round(times[0], 2);
            check += outputs[0][^1];
        }

        Console.WriteLine(JsonSerializer.Serialize(new { benchmark = "indicators", bars = count, ns_per_bar = nanoseconds, ns_per_bar_min = minima, check }));
        return 0;
    }

    // Sorted nanoseconds per bar of runs over about a second, after a warm-up long enough for the last tier of the JIT.
    private static double[] Measure(Action run, int count)
    {
        var warmUp = Stopwatch.StartNew();
        for (int i = 0; i < 60 || warmUp.ElapsedMilliseconds < 300; i++)
        {
            run();
        }

        List<double> times = [];
        var whole = Stopwatch.StartNew();
        while (times.Count < 11 || whole.ElapsedMilliseconds < 500)
        {
            long from = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(from).TotalNanoseconds / count);
        }

        times.Sort();
        return [.. times];
    }

    private static BarColumns RandomWalk(int count)
    {
        Rng rng = Rng.From(42);
        double[][] columns = [.. Enumerable.Range(0, 5).Select(_ => new double[count])];
        double price = 100;
        for (int t = 0; t < count; t++)
        {
            double open = price;
            price *= Math.Exp(0.002 * rng.NextGaussian());
            columns[0][t] = open;
            columns[1][t] = Math.Max(open, price) * (1 + (0.001 * rng.NextDouble()));
            columns[2][t] = Math.Min(open, price) * (1 - (0.001 * rng.NextDouble()));
            columns[3][t] = price;
            columns[4][t] = 1000 + rng.NextInt(100_000);
        }

        long[] start = [.. Enumerable.Range(0, count).Select(i => i * 60_000_000L)];
        return new(Symbol.Parse("BENCH"), Interval.Minute1, start, columns[0], columns[1], columns[2], columns[3], columns[4]);
    }
}
