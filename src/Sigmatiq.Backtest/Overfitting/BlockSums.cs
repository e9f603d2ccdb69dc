using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>Sums of r and r² of every combo over every choice of blocks, so that the Sharpe ratios of one half cost four additions each.</summary>
/// <remarks>Blocks go together in groups of four, and each of a group's 16 choices is summed once, in the order of the blocks: a half is one
/// choice of each group, added in their order. Nothing is added up and taken away again, so a half has the same bits whichever came before.
/// Columns are laid out choice by choice, shape [groups · 16][stride].</remarks>
internal sealed class BlockSums
{
    private const int GroupBlocks = 4, Choices = 1 << GroupBlocks, Lanes = 4;

    // Below this share of the squares what is left around the mean is rounding, not variance.
    private const double VarianceShareMin = 1e-13, DeviationMin = 1e-12;

    private readonly int blocks, groups, stride;
    private readonly int[] days;
    private readonly double[] sums, squares;

    /// <summary>Sums returns over blocks whose lengths differ by a day at most, the longer ones first.</summary>
    public BlockSums(IReadOnlyList<double[]> returns, int blocks)
    {
        this.blocks = blocks;
        Combos = returns.Count;
        groups = (blocks + GroupBlocks - 1) / GroupBlocks;
        stride = (Combos + Lanes - 1) / Lanes * Lanes;
        days = new int[blocks];
        sums = new double[groups * Choices * stride];
        squares = new double[groups * Choices * stride];
        int length = returns[0].Length;
        for (int b = 0, from = 0; b < blocks; b++)
        {
            days[b] = (length / blocks) + (b < length % blocks ? 1 : 0);
            Take(returns, b, from);
            from += days[b];
        }
    }

    public int Combos { get; }

    public int Blocks => blocks;

    /// <summary>Where the Sharpe ratios of a half may be written, padded to whole vectors.</summary>
    public double[] Column() => new double[stride];

    /// <summary>Sharpe ratio per day of every combo over the chosen blocks; 0 where the returns do not vary.</summary>
    /// <param name="chosen">Blocks, one bit each.</param>
    /// <param name="sharpe">Receives it, from <see cref="Column"/>.</param>
    public void Sharpe(int chosen, double[] sharpe)
    {
        int count = 0;
        for (int b = 0; b < blocks; b++)
        {
            count += (chosen >> b & 1) * days[b];
        }

        Vector256<double> n = Vector256.Create((double)count), less = Vector256.Create(count - 1.0), share = Vector256.Create(VarianceShareMin);
        Vector256<double> floor = Vector256.Create(DeviationMin * DeviationMin);
        ref double sum = ref MemoryMarshal.GetArrayDataReference(sums);
        ref double square = ref MemoryMarshal.GetArrayDataReference(squares);
        Span<int> rows = stackalloc int[groups];
        for (int g = 0; g < groups; g++)
        {
            rows[g] = ((g * Choices) + (chosen >> (g * GroupBlocks) & (Choices - 1))) * stride;
        }

        for (int i = 0; i < stride; i += Lanes)
        {
            Vector256<double> s = Vector256.LoadUnsafe(ref sum, (nuint)(rows[0] + i)), q = Vector256.LoadUnsafe(ref square, (nuint)(rows[0] + i));
            for (int g = 1; g < rows.Length; g++)
            {
                s += Vector256.LoadUnsafe(ref sum, (nuint)(rows[g] + i));
                q += Vector256.LoadUnsafe(ref square, (nuint)(rows[g] + i));
            }

            Vector256<double> mean = s / n, around = q - (s * mean), variance = around / less;
            Vector256<double> varies = Vector256.GreaterThan(around, q * share) & Vector256.GreaterThanOrEqual(variance, floor);
            Vector256.ConditionalSelect(varies, mean / Vector256.Sqrt(variance), Vector256<double>.Zero).StoreUnsafe(ref sharpe[i]);
        }
    }

    // The choices of a group that hold this block are those below it, each with the block added last.
    private void Take(IReadOnlyList<double[]> returns, int block, int from)
    {
        int bit = 1 << (block % GroupBlocks), group = block / GroupBlocks * Choices;
        double[] sum = new double[Combos], square = new double[Combos];
        for (int i = 0; i < Combos; i++)
        {
            foreach (double r in returns[i].AsSpan(from, days[block]))
            {
                sum[i] += r;
                square[i] += r * r;
            }
        }

        for (int choice = 0; choice < bit; choice++)
        {
            int without = (group + choice) * stride, with = (group + choice + bit) * stride;
            for (int i = 0; i < Combos; i++)
            {
                sums[with + i] = sums[without + i] + sum[i];
                squares[with + i] = squares[without + i] + square[i];
            }
        }
    }
}
