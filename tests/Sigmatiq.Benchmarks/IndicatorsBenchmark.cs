using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Benchmarks;

/// <summary><c>indicators --bars N</c>: nanoseconds per bar of the batch kernels, one thread, outputs allocated before, beside those of a plain
/// loop over the same bars in the same run (<see cref="PlainIndicators"/>).</summary>
/// <remarks>Kernel and plain loop take turns, so that a machine that slows down for a while slows both. Times are of the wall clock; on a busy
/// machine the minimum is the figure to read. <c>against_plain</c> is plain/kernel of the minima: above 1 the kernel is faster. The last values
/// agree with the kernel's, but for beginnings that have not quite faded (ADX) or roundings that have been carried on (SMA, Bollinger).</remarks>
internal static class IndicatorsBenchmark
{
    private static readonly Case[] Cases =
    [
        new("rsi_14", "rsi", (b, o) => PlainIndicators.Rsi(b.Close, 14, o[0])),
        new("ema_20", "ema", (b, o) => PlainIndicators.Ema(b.Close, 20, o[0])),
        new("sma_20", "sma", (b, o) => PlainIndicators.Sma(b.Close, 20, o[0])),
        new("macd_12_26_9", "macd", (b, o) => PlainIndicators.Macd(b.Close, o[0], o[1], o[2])),
        new("adx_14", "adx", (b, o) => PlainIndicators.Adx(b.High, b.Low, b.Close, 14, o[0], o[1], o[2])),
        new("atr_14", "atr", (b, o) => PlainIndicators.Atr(b.High, b.Low, b.Close, 14, o[0])),
        new("bollinger_20_2", "bollinger_bands", (b, o) => PlainIndicators.Bollinger(b.Close, 20, o[0], o[1], o[2])),
        new("stochastic_14_3_3", "stochastic", (b, o) => PlainIndicators.Stochastic(b.High, b.Low, b.Close, o[0], o[1])),
        new("obv", "obv", (b, o) => PlainIndicators.Obv(b.Close, b.Volume, o[0])),
    ];

    private sealed record Case(string Key, string Indicator, Action<BarColumns, double[][]> Plain);

    public static int Run(string[] args)
    {
        int count = args is [] ? 100_000 : args is ["--bars", var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 0;
        if (count < 100)
        {
            Console.Error.WriteLine("indicators --bars N, N at least 100");
            return 2;
        }

        WarmUp();
        BarColumns bars = RandomWalk(count);
        Dictionary<string, double> nanoseconds = [], minima = [], plainMinima = [], ratios = [];
        double check = 0;
        foreach (Case each in Cases)
        {
            IndicatorSpec spec = IndicatorCatalog.Get(each.Indicator);
            IndicatorSettings settings = IndicatorSettings.Defaults(spec);
            double[][] outputs = [.. spec.Outputs.Select(_ => new double[count])], plainOutputs = [.. spec.Outputs.Select(_ => new double[count])];
            double[][] times = Measure(count, () => spec.Batch(bars, settings, outputs), () => each.Plain(bars, plainOutputs));
            nanoseconds[each.Key] = Math.Round(times[0][times[0].Length / 2], 2);
            minima[each.Key] = Math.Round(times[0][0], 2);
            plainMinima[each.Key] = Math.Round(times[1][0], 2);
            ratios[each.Key] = Math.Round(times[1][0] / times[0][0], 2);
            for (int o = 0; o < outputs.Length; o++)
            {
                check += outputs[o][^1] + plainOutputs[o][^1];
                if (Math.Abs(outputs[o][^1] - plainOutputs[o][^1]) > 1e-6 * (1 + Math.Abs(outputs[o][^1])))
                {
                    Console.Error.WriteLine($"{each.Key}: kernel and plain loop end on {outputs[o][^1]:r} and {plainOutputs[o][^1]:r}");
                    return 1;
                }
            }
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = "indicators", bars = count, ns_per_bar = nanoseconds, ns_per_bar_min = minima, plain_ns_per_bar_min = plainMinima, against_plain = ratios, check,
        }));
        return 0;
    }

    // The last tier of the JIT comes from a thread of its own, which waits for its turn on a busy machine: all cases run until it had time.
    private static void WarmUp()
    {
        const int Count = 5_000;
        BarColumns bars = RandomWalk(Count);
        var whole = Stopwatch.StartNew();
        for (int i = 0; i < 200 || whole.ElapsedMilliseconds < 2_000; i++)
        {
            foreach (Case each in Cases)
            {
                IndicatorSpec spec = IndicatorCatalog.Get(each.Indicator);
                double[][] outputs = [.. spec.Outputs.Select(_ => new double[Count])];
                spec.Batch(bars, IndicatorSettings.Defaults(spec), outputs);
                each.Plain(bars, outputs);
            }
        }
    }

    // Sorted nanoseconds per bar of each of two, in turns, over about a second.
    private static double[][] Measure(int count, params Action[] runs)
    {
        for (int i = 0; i < 5; i++)
        {
            foreach (Action run in runs)
            {
                run();
            }
        }

        List<double>[] times = [.. runs.Select(_ => new List<double>())];
        var whole = Stopwatch.StartNew();
        while (times[0].Count < 11 || whole.ElapsedMilliseconds < 800)
        {
            for (int i = 0; i < runs.Length; i++)
            {
                long from = Stopwatch.GetTimestamp();
                runs[i]();
                times[i].Add(Stopwatch.GetElapsedTime(from).TotalNanoseconds / count);
            }
        }

        return [.. times.Select(t => t.Order().ToArray())];
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
