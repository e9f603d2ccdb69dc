using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Indicators.Volume;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Indicators.Catalog;

/// <summary>Batch is the truth; the stream must equal it bit for bit, and a look ahead must leave no trace.</summary>
public sealed class StreamEqualsBatchTests(ITestOutputHelper output)
{
    private const long Seed = 20260401;

    [Fact]
    public void Every_stream_equals_its_batch_bit_for_bit_on_ten_thousand_random_series()
    {
        const int Series = 10_000;
        Rng root = Rng.From(Seed);
        long defined = 0;
        for (int i = 0; i < Series; i++)
        {
            Rng rng = root.Fork("series", i);
            BarColumns bars = RandomBars.Make(rng, rng.NextInt(91), rng.NextInt(2) == 0 ? Interval.Day1 : Interval.Hour1);
            foreach (IndicatorSpec spec in IndicatorCatalog.All)
            {
                defined += Compare(spec, RandomSettings(spec, rng), bars, rng, i);
            }
        }

        defined.Should().BeGreaterThan(1_000_000, "most of the values compared must be numbers");
        output.WriteLine($"seed {Seed}: {Series} series, {IndicatorCatalog.All.Count} indicators, {defined} numbers equal to the bit");
    }

    [Fact]
    public void Long_series_run_through_every_vector_loop_and_still_agree()
    {
        Rng root = Rng.From(Seed).Fork("long");
        for (int i = 0; i < 20; i++)
        {
            Rng rng = root.Fork("series", i);
            BarColumns bars = RandomBars.Make(rng, 700 + rng.NextInt(50));
            foreach (IndicatorSpec spec in IndicatorCatalog.All)
            {
                Compare(spec, IndicatorSettings.Defaults(spec), bars, rng, i).Should().BePositive(spec.Name);
            }
        }
    }

    [Fact]
    public void An_unseen_bar_has_no_value_and_changes_no_other()
    {
        Rng rng = Rng.From(Seed).Fork("gaps");
        BarColumns bars = RandomBars.Make(Rng.From(1), 200);
        BarColumns whole = Replace(bars, t => rng.NextInt(6) != 0 || t < 3);
        int[] kept = [.. Enumerable.Range(0, whole.Count).Where(t => !double.IsNaN(whole.Close[t]))];
        kept.Length.Should().BeLessThan(whole.Count);
        double[] Keep(double[] column) => [.. kept.Select(t => column[t])];
        BarColumns dense = new(
            whole.Symbol, whole.Interval, [.. kept.Select(t => whole.StartUtcUs[t])],
            Keep(whole.Open), Keep(whole.High), Keep(whole.Low), Keep(whole.Close), Keep(whole.Volume));
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            IndicatorSettings settings = IndicatorSettings.Defaults(spec);
            double[][] withGaps = Batch(spec, settings, whole), without = Batch(spec, settings, dense);
            for (int o = 0; o < withGaps.Length; o++)
            {
                Keep(withGaps[o]).Should().Equal(without[o], (a, b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b), spec.Name);
                Enumerable.Range(0, whole.Count).Except(kept).Should().OnlyContain(t => double.IsNaN(withGaps[o][t]), spec.Name);
            }
        }
    }

    [Fact]
    public void An_extreme_bar_is_forgotten_when_it_leaves_the_window()
    {
        double[] tame = [.. Enumerable.Range(0, 100).Select(t => 100 + Math.Sin(t))];
        double[] wild = [.. tame];
        wild[30] = 1e300;
        wild[31] = -1e300;
        foreach (string name in new[] { "sma", "bollinger_bands", "stochastic" })
        {
            IndicatorSpec spec = IndicatorCatalog.Get(name);
            IndicatorSettings settings = IndicatorSettings.Defaults(spec);
            double[][] calm = Batch(spec, settings, Vectors.VectorBars.Of(tame)), upset = Batch(spec, settings, Vectors.VectorBars.Of(wild));
            for (int o = 0; o < calm.Length; o++)
            {
                upset[o][51..].Should().Equal(calm[o][51..], name);
            }
        }
    }

    private long Compare(IndicatorSpec spec, IndicatorSettings settings, BarColumns bars, Rng rng, int series)
    {
        double[][] batch = Batch(spec, settings, bars);
        IIndicatorStream stream = spec.CreateStream(settings);
        double[] next = new double[spec.Outputs.Count], peeked = new double[spec.Outputs.Count];
        int[] session = BarSessions.Of(bars);
        long defined = 0;
        for (int t = 0; t < bars.Count; t++)
        {
            stream.Peek(At(bars, session, rng.NextInt(bars.Count)), peeked);
            stream.Peek(At(bars, session, t), peeked);
            stream.Next(At(bars, session, t), next);
            for (int o = 0; o < next.Length; o++)
            {
                if (!Same(batch[o][t], next[o]) || !Same(batch[o][t], peeked[o]))
                {
                    Assert.Fail($"seed {Seed}, series {series}, {spec.Name}({string.Join(", ", settings.Values)}).{spec.Outputs[o]} at bar {t}: "
                        + $"batch {batch[o][t]:r}, next {next[o]:r}, peek {peeked[o]:r}");
                }

                double.IsInfinity(next[o]).Should().BeFalse("an output is a number or undefined");
                defined += double.IsNaN(next[o]) ? 0 : 1;
            }
        }

        return defined;
    }

    private static bool Same(double a, double b) => double.IsNaN(a) ? double.IsNaN(b) : BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private static Bar At(BarColumns bars, int[] session, int t) => new(bars.Open[t], bars.High[t], bars.Low[t], bars.Close[t], bars.Volume[t], session[t]);

    private static double[][] Batch(IndicatorSpec spec, IndicatorSettings settings, BarColumns bars)
    {
        // Old numbers in the outputs must not shine through.
        double[][] outputs = [.. spec.Outputs.Select(_ => Enumerable.Repeat(-77.0, bars.Count).ToArray())];
        spec.Batch(bars, settings, outputs);
        return outputs;
    }

    private static IndicatorSettings RandomSettings(IndicatorSpec spec, Rng rng)
    {
        double[] values = [.. spec.Parameters.Select(p => p.IsFlag ? rng.NextInt(2) : p.IsChoice ? rng.NextInt(p.Choices.Count) : p.IsWhole ? (int)p.Min + rng.NextInt(24) : p.Default)];
        if (spec.Name == "macd")
        {
            values[1] = values[0] + 1 + rng.NextInt(10);
        }

        if (spec.Conflict(new(values)) is not null)
        {
            values[0]++;
        }

        return IndicatorSettings.Of(spec, spec.Parameters.Select((p, i) => (p.Name, values[i])).ToDictionary(p => p.Name, p => p.Item2));
    }

    private static BarColumns Replace(BarColumns bars, Func<int, bool> keep)
    {
        bool[] kept = [.. Enumerable.Range(0, bars.Count).Select(keep)];
        double[] Column(int factor) => [.. kept.Select((k, t) => k ? 50 + factor + Math.Sin(t * 0.7) : double.NaN)];
        return new(bars.Symbol, bars.Interval, bars.StartUtcUs, Column(0), Column(2), Column(-2), Column(0), Column(1000));
    }
}
