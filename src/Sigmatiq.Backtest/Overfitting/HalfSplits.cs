using System.Numerics;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>All ways to halve the blocks of days: who is best on one half, and where it stands on the other.</summary>
internal static class HalfSplits
{
    private const int HalvesAtOnce = 256;

    /// <summary>Judges every split.</summary>
    /// <returns>Number of splits, and of those whose best combo came at or below the median on the other half.</returns>
    public static (int Splits, double Overfit) Judge(BlockSums sums, int threads, CancellationToken ct)
    {
        int[] halves = WithLastBlock(sums.Blocks);
        double[] overfit = new double[(halves.Length + HalvesAtOnce - 1) / HalvesAtOnce];
        void Take(int part)
        {
            double[] here = sums.Column(), there = sums.Column();
            int everything = (1 << sums.Blocks) - 1;
            for (int h = part * HalvesAtOnce; h < Math.Min(halves.Length, (part + 1) * HalvesAtOnce); h++)
            {
                sums.Sharpe(halves[h], here);
                sums.Sharpe(everything ^ halves[h], there);
                overfit[part] += LowerHalf(here.AsSpan(0, sums.Combos), there.AsSpan(0, sums.Combos)) + LowerHalf(there.AsSpan(0, sums.Combos), here.AsSpan(0, sums.Combos));
            }
        }

        SharedLoop.Run(overfit.Length, threads, Take, ct);
        return (2 * halves.Length, overfit.Sum());
    }

    // Of each pair of a half and the rest the one with the last block: both directions of it are judged together.
    private static int[] WithLastBlock(int blocks) =>
        [.. Enumerable.Range(1 << (blocks - 1), 1 << (blocks - 1)).Where(m => BitOperations.PopCount((uint)m) == blocks / 2)];

    /// <summary>1 where the combo best on one half is at or below the median on the other: logit of rank/(N + 1) not above 0, equal values
    /// sharing their mean rank. Where several are best alike, the share of them.</summary>
    internal static double LowerHalf(ReadOnlySpan<double> chosenOn, ReadOnlySpan<double> judgedOn)
    {
        double best = double.NegativeInfinity, sum = 0;
        int ties = 0;
        foreach (double sharpe in chosenOn)
        {
            best = Math.Max(best, sharpe);
        }

        for (int i = 0; i < chosenOn.Length; i++)
        {
            if (chosenOn[i] == best)
            {
                ties++;
                sum += IsLower(judgedOn, judgedOn[i]) ? 1 : 0;
            }
        }

        return sum / ties;
    }

    // rank = below + (equal + 1)/2 with itself among the equal, and the logit is not above 0 where 2·rank ≤ N + 1.
    private static bool IsLower(ReadOnlySpan<double> values, double value)
    {
        int below = 0, equal = 0;
        foreach (double other in values)
        {
            below += other < value ? 1 : 0;
            equal += other == value ? 1 : 0;
        }

        return (2 * below) + equal <= values.Length;
    }
}
