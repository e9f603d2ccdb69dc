using System.Globalization;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>Bootstrap of the mean trade return over whole calendar weeks, so that overlapping trades stay together (02 §2.8).</summary>
/// <param name="PValue">(1 + number of means ≤ 0)/(resamples + 1), but no less than 0.5^weeks: a resample of few weeks that all gained can draw
/// no loss, and without an edge that many weeks gain by chance alone that often (decision 0056).</param>
/// <param name="Low">2.5 % quantile of the means.</param>
/// <param name="High">97.5 % quantile of the means.</param>
/// <param name="Weeks">Weeks that were drawn from.</param>
public sealed record WeekBootstrap(double PValue, double Low, double High, int Weeks)
{
    /// <summary>Resamples drawn.</summary>
    public const int Resamples = 10_000;

    /// <summary>The seed that 02 names.</summary>
    public const long Seed = 42;

    /// <summary>Draws as many weeks as there are, with replacement, 10,000 times.</summary>
    /// <returns>Null where there is no trade.</returns>
    public static WeekBootstrap? Of(ReadOnlySpan<double> tradeReturns, ReadOnlySpan<DateOnly> entryDates, long seed = Seed)
    {
        if (tradeReturns.Length == 0)
        {
            return null;
        }

        var weeks = new SortedDictionary<int, (double Sum, int Count)>();
        for (int i = 0; i < tradeReturns.Length; i++)
        {
            DateTime day = entryDates[i].ToDateTime(TimeOnly.MinValue);
            int week = (ISOWeek.GetYear(day) * 100) + ISOWeek.GetWeekOfYear(day);
            (double sum, int count) = weeks.GetValueOrDefault(week);
            weeks[week] = (sum + tradeReturns[i], count + 1);
        }

        double[] sums = [.. weeks.Values.Select(w => w.Sum)];
        int[] counts = [.. weeks.Values.Select(w => w.Count)];
        double[] means = new double[Resamples];
        Rng rng = Rng.From(seed).Fork("week_bootstrap");
        int notAbove = 0;
        for (int b = 0; b < Resamples; b++)
        {
            double sum = 0;
            int count = 0;
            for (int w = 0; w < sums.Length; w++)
            {
                int drawn = rng.NextInt(sums.Length);
                sum += sums[drawn];
                count += counts[drawn];
            }

            means[b] = sum / count;
            notAbove += means[b] <= 0 ? 1 : 0;
        }

        Array.Sort(means);
        return new(Math.Max((1.0 + notAbove) / (Resamples + 1), Math.ScaleB(1, -sums.Length)), MetricFormulas.Quantile(means, 0.025), MetricFormulas.Quantile(means, 0.975), sums.Length);
    }
}
