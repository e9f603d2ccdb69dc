using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Backtest.Metrics;

/// <summary>The tail that is selected against the tail of everything sorted.</summary>
public sealed class LowerTailTests
{
    [Fact]
    public void A_selected_tail_is_the_sorted_one_to_the_bit()
    {
        for (int seed = 0; seed < 4_000; seed++)
        {
            Rng rng = Rng.From(seed).Fork("tail");
            double idle = rng.NextDouble() * 1.2, q = rng.NextInt(3) == 0 ? rng.NextDouble() : 0.05;
            int kinds = rng.NextInt(4);
            double[] values = [.. Enumerable.Range(0, 1 + rng.NextInt(600)).Select(_ =>
                rng.NextDouble() < idle ? 0 : kinds == 0 ? Math.Round(rng.NextGaussian(), 1) : kinds == 1 ? Math.Abs(rng.NextGaussian()) : rng.NextGaussian() * 0.01)];
            if (seed % 50 == 0)
            {
                values[rng.NextInt(values.Length)] = double.NaN;
            }

            double[] sorted = [.. values];
            Array.Sort(sorted);
            double want = MetricFormulas.Quantile(sorted, q), wantSum = 0;
            int wantCount = 0;
            while (wantCount < sorted.Length && sorted[wantCount] <= want)
            {
                wantSum += sorted[wantCount++];
            }

            double got = LowerTail.Of(values, q, out double sum, out int count);
            (got, sum, count).Should().Be((want, wantSum, wantCount), $"seed {seed}, {values.Length} values, q {q:R}");
        }
    }
}
