using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Indicators.Catalog;

/// <summary>Indicators of a frame: one step from the last completed day, nothing of the running one kept, nothing of the future seen.</summary>
public sealed class FrameIndicatorsTests
{
    private const long Seed = 4711;

    [Fact]
    public void On_a_bar_frame_they_are_the_batch()
    {
        BarColumns bars = RandomBars.Make(Rng.From(Seed), 150, Interval.Hour1);
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            Equal(FrameIndicators.Compute(spec, IndicatorSettings.Defaults(spec), RuleFrame.OfBars(bars)), Batch(spec, bars), spec.Name);
        }
    }

    [Fact]
    public void On_a_day_frame_of_daily_bars_they_are_the_batch()
    {
        for (int i = 0; i < 20; i++)
        {
            BarColumns bars = RandomBars.Make(Rng.From(Seed).Fork("daily", i), 120);
            foreach (IndicatorSpec spec in IndicatorCatalog.All)
            {
                Equal(FrameIndicators.Compute(spec, IndicatorSettings.Defaults(spec), RuleFrame.OfDays(bars, NyseCalendar.Instance)), Batch(spec, bars), $"seed {Seed}/{i} {spec.Name}");
            }
        }
    }

    [Fact]
    public void At_each_bar_of_a_day_they_are_the_batch_of_the_completed_days_and_the_running_one()
    {
        Rng rng = Rng.From(Seed).Fork("hours");
        RuleFrame frame = Days(RandomBars.Make(rng, 260, Interval.Hour1), rng);
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            double[][] ours = FrameIndicators.Compute(spec, IndicatorSettings.Defaults(spec), frame);
            for (int t = 0; t < frame.Count; t++)
            {
                int[] ends = [.. frame.LastBarOf.Take(frame.PeriodOf[t]), t];
                double[] Take(double[] column) => [.. ends.Select(e => column[e])];
                BarColumns days = new(
                    frame.Bars.Symbol, Interval.Day1, [.. ends.Select(e => frame.Bars.StartUtcUs[e])],
                    Take(frame.Open), Take(frame.High), Take(frame.Low), Take(frame.Close), Take(frame.Volume));
                double[][] batch = Batch(spec, days);
                for (int o = 0; o < ours.Length; o++)
                {
                    BitConverter.DoubleToInt64Bits(ours[o][t]).Should().Be(BitConverter.DoubleToInt64Bits(batch[o][^1]), $"{spec.Name} at bar {t}, seed {Seed}");
                }
            }
        }
    }

    [Fact]
    public void No_change_of_a_later_bar_changes_an_earlier_value()
    {
        Rng rng = Rng.From(Seed).Fork("future");
        BarColumns bars = RandomBars.Make(rng.Fork("tame"), 200, Interval.Hour1);
        BarColumns other = RandomBars.Make(rng.Fork("other"), 200, Interval.Hour1);
        for (int cut = 1; cut < bars.Count; cut += 13)
        {
            double[] Mixed(double[] a, double[] b) => [.. a[..cut], .. b[cut..]];
            BarColumns mutated = new(
                bars.Symbol, bars.Interval, bars.StartUtcUs, Mixed(bars.Open, other.Open), Mixed(bars.High, other.High), Mixed(bars.Low, other.Low),
                Mixed(bars.Close, other.Close), Mixed(bars.Volume, other.Volume));
            foreach (IndicatorSpec spec in IndicatorCatalog.All)
            {
                IndicatorSettings settings = IndicatorSettings.Defaults(spec);
                double[][] before = FrameIndicators.Compute(spec, settings, RuleFrame.OfDays(bars, NyseCalendar.Instance));
                double[][] after = FrameIndicators.Compute(spec, settings, RuleFrame.OfDays(mutated, NyseCalendar.Instance));
                Equal([.. after.Select(o => o[..cut])], [.. before.Select(o => o[..cut])], $"{spec.Name} before bar {cut}, seed {Seed}");
            }
        }
    }

    /// <summary>Cuts bars into days of chance length, with the values of each day so far.</summary>
    private static RuleFrame Days(BarColumns bars, Rng rng)
    {
        double[] open = [.. bars.Open], high = [.. bars.High], low = [.. bars.Low], volume = [.. bars.Volume];
        int[] periodOf = new int[bars.Count];
        List<int> lastBarOf = [];
        for (int t = 1; t < bars.Count; t++)
        {
            if (rng.NextInt(5) == 0)
            {
                lastBarOf.Add(t - 1);
            }
            else
            {
                open[t] = open[t - 1];
                high[t] = Math.Max(high[t - 1], high[t]);
                low[t] = Math.Min(low[t - 1], low[t]);
                volume[t] += volume[t - 1];
            }

            periodOf[t] = lastBarOf.Count;
        }

        return new(bars, RuleFrameKind.Day, open, high, low, bars.Close, volume, periodOf, [.. lastBarOf, bars.Count - 1]);
    }

    private static double[][] Batch(IndicatorSpec spec, BarColumns bars)
    {
        double[][] outputs = [.. spec.Outputs.Select(_ => new double[bars.Count])];
        spec.Batch(bars, IndicatorSettings.Defaults(spec), outputs);
        return outputs;
    }

    private static void Equal(double[][] ours, double[][] expected, string because)
    {
        for (int o = 0; o < expected.Length; o++)
        {
            ours[o].Select(BitConverter.DoubleToInt64Bits).Should().Equal(expected[o].Select(BitConverter.DoubleToInt64Bits), because);
        }
    }
}
