using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Backtest.Overfitting;

public sealed class OverfitProbabilityTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_worked_example_with_four_blocks()
    {
        // Blocks of two days, mean + 1 and mean − 1. Over two blocks with the means a and b: mean (a + b)/2, Σ(r − mean)² = 4 + (a − b)²,
        // so the Sharpe ratio is (a + b)/2·√3/√(4 + (a − b)²).
        //             {1,2}    {3,4}    one of each
        //   3 3 -1 -1  2.598   -0.866    0.387
        //   1 1  1  1  0.866    0.866    0.866
        //  -1-1  3  3 -0.866    2.598    0.387
        // Chosen on {1,2} the first is best and last on {3,4}; chosen on {3,4} the third, likewise. Chosen on any of the four halves with
        // one block of each, the second is best on both. So 2 of 6 splits overfit.
        double[] Of(params double[] means) => [.. means.SelectMany(m => new[] { m + 1, m - 1 })];
        double[][] returns = [Of(3, 3, -1, -1), Of(1, 1, 1, 1), Of(-1, -1, 3, 3)];
        OverfitProbability pbo = OverfitProbability.Of(returns, blocks: 4, combosMin: 2, longestHoldDays: 0, threads: 1, Ct);
        pbo.Splits.Should().Be(6);
        pbo.Overfit.Should().Be(2);
        pbo.Value.Should().BeApproximately(1.0 / 3, 1e-15);
        pbo.BlockDays.Should().Be(2);
    }

    [Fact]
    public void Sixteen_blocks_have_all_their_halves_and_a_combo_that_is_truly_better_is_never_overfit()
    {
        double[][] returns = Noise(seed: 1, combos: 20, days: 320);
        for (int d = 0; d < 320; d++)
        {
            returns[7][d] += 0.05;
        }

        OverfitProbability pbo = Of(returns);
        pbo.Splits.Should().Be(12_870, "that is 16 over 8");
        pbo.Value.Should().Be(0);
    }

    [Fact]
    public void What_gains_on_one_half_only_to_lose_it_on_the_other_is_always_overfit()
    {
        // Every combo ends where it began, so what is best on one half is worst on the other.
        double[][] returns = [.. Noise(seed: 2, combos: 30, days: 480).Select(r => (double[])[.. r.Select(x => x - r.Average())])];
        Of(returns).Value.Should().BeGreaterThan(0.99);
    }

    [Fact]
    public void Noise_stays_under_a_half_in_about_half_of_all_sweeps()
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(s => Of(Noise(seed: 100 + s, combos: 12, days: 160)).Value!.Value)];
        values.Count(v => v < 0.5).Should().BeInRange(18, 42, "of 60");
        values.Average().Should().BeInRange(0.4, 0.6);
    }

    [Fact]
    public void It_equals_the_definition_split_by_split_ties_and_idle_combos_included()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            Rng rng = Rng.From(seed).Fork("shape");
            int blocks = 4 + (2 * rng.NextInt(3)), combos = 10 + rng.NextInt(6), days = (blocks * 3) + rng.NextInt(40);
            double[][] returns = Noise(seed, combos, days);
            Array.Clear(returns[3]);
            returns[5] = [.. returns[4]];
            returns[6] = [.. returns[6].Select((r, d) => d < days / 2 ? 0 : -Math.Abs(r))];
            OverfitProbability pbo = OverfitProbability.Of(returns, blocks, 10, 0, 2, Ct);
            pbo.Value!.Value.Should().BeApproximately(Naive(returns, blocks), 1e-12, $"seed {seed}, {blocks} blocks, {combos} combos, {days} days");
        }
    }

    [Fact]
    public void The_order_of_the_combos_the_threads_and_a_constant_gain_of_size_change_nothing()
    {
        double[][] returns = Noise(seed: 5, combos: 33, days: 501);
        OverfitProbability one = Of(returns);
        OverfitProbability.Of(returns, 0, 4, Ct).Should().Be(one);
        Of([.. returns.Reverse()]).Should().Be(one);
        Of([.. returns.Select(r => (double[])[.. r.Select(x => x * 4)])]).Should().Be(one);
    }

    [Fact]
    public void Under_ten_combos_or_a_day_a_block_it_says_nothing_and_why()
    {
        OverfitProbability few = Of(Noise(seed: 6, combos: 9, days: 400));
        few.Value.Should().BeNull();
        few.Reason.Should().Contain("9 different combos");
        OverfitProbability brief = Of(Noise(seed: 7, combos: 20, days: 15));
        brief.Value.Should().BeNull();
        brief.Reason.Should().Contain("15 days");
        Of([]).Value.Should().BeNull();
        Of(Noise(seed: 8, combos: 10, days: 16)).Value.Should().NotBeNull();
    }

    [Fact]
    public void A_block_shorter_than_the_longest_position_is_flagged()
    {
        double[][] returns = Noise(seed: 9, combos: 12, days: 320);
        OverfitProbability.Of(returns, 20, 1, Ct).IsFlagged.Should().BeFalse("a block has 20 days");
        OverfitProbability longer = OverfitProbability.Of(returns, 21, 1, Ct);
        longer.IsFlagged.Should().BeTrue();
        OverfitProbability.Parse(longer.ToJson()).Should().Be(longer);
    }

    private static OverfitProbability Of(double[][] returns) => OverfitProbability.Of(returns, 0, 1, Ct);

    private static double[][] Noise(long seed, int combos, int days)
    {
        Rng rng = Rng.From(seed);
        return [.. Enumerable.Range(0, combos).Select(_ => Enumerable.Range(0, days).Select(_ => 0.01 * rng.NextGaussian()).ToArray())];
    }

    // From the definition: both halves written out, two passes, ranks by sorting, the logit itself.
    private static double Naive(double[][] returns, int blocks)
    {
        int days = returns[0].Length;
        int[] blockOf = [.. Enumerable.Range(0, blocks).SelectMany(b => Enumerable.Repeat(b, (days / blocks) + (b < days % blocks ? 1 : 0)))];
        double overfit = 0;
        int splits = 0;
        for (int half = 0; half < 1 << blocks; half++)
        {
            if (int.PopCount(half) != blocks / 2)
            {
                continue;
            }

            double[] chosenOn = [.. returns.Select(r => Sharpe([.. r.Where((_, d) => (half >> blockOf[d] & 1) == 1)]))];
            double[] judgedOn = [.. returns.Select(r => Sharpe([.. r.Where((_, d) => (half >> blockOf[d] & 1) == 0)]))];
            int[] best = [.. Enumerable.Range(0, returns.Length).Where(n => chosenOn[n] == chosenOn.Max())];
            overfit += best.Average(n =>
            {
                double rank = judgedOn.Select((s, m) => (s, m)).OrderBy(p => p.s).Select((p, i) => (p.s, Rank: i + 1.0)).Where(p => p.s == judgedOn[n]).Average(p => p.Rank);
                double omega = rank / (returns.Length + 1);
                return Math.Log(omega / (1 - omega)) <= 0 ? 1.0 : 0.0;
            });
            splits++;
        }

        return overfit / splits;
    }

    private static double Sharpe(double[] returns)
    {
        double mean = returns.Average(), deviation = Math.Sqrt(returns.Sum(r => (r - mean) * (r - mean)) / (returns.Length - 1));
        return deviation < 1e-12 ? 0 : mean / deviation;
    }
}
