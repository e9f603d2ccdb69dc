using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>Sums in one fixed order: eight lanes by position, then a fixed tree. The same bits on any vector width, any thread, and
/// without fused multiply-add (spec 08 §8.9).</summary>
internal static class LaneSum
{
    /// <summary>Sum of the values.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        Vector512<double> lanes = Vector512<double>.Zero;
        ReadOnlySpan<Vector512<double>> blocks = MemoryMarshal.Cast<double, Vector512<double>>(values);
        foreach (Vector512<double> block in blocks)
        {
            lanes += block;
        }

        return Close(lanes, values[(blocks.Length * 8)..], 0, 1);
    }

    /// <summary>Sums of the powers of the deviations from a mean.</summary>
    /// <param name="values">The values.</param>
    /// <param name="mean">What they deviate from.</param>
    /// <param name="cubes">Σ(x − mean)³.</param>
    /// <param name="fourths">Σ(x − mean)⁴.</param>
    /// <returns>Σ(x − mean)².</returns>
    public static double Deviations(ReadOnlySpan<double> values, double mean, out double cubes, out double fourths)
    {
        Vector512<double> two = Vector512<double>.Zero, three = two, four = two, center = Vector512.Create(mean);
        ReadOnlySpan<Vector512<double>> blocks = MemoryMarshal.Cast<double, Vector512<double>>(values);
        foreach (Vector512<double> block in blocks)
        {
            Vector512<double> d = block - center;
            Vector512<double> square = d * d;
            two += square;
            three += square * d;
            four += square * square;
        }

        ReadOnlySpan<double> rest = values[(blocks.Length * 8)..];
        cubes = Close(three, rest, mean, 3);
        fourths = Close(four, rest, mean, 4);
        return Close(two, rest, mean, 2);
    }

    /// <summary>Σ(x − mean)² alone.</summary>
    public static double Squares(ReadOnlySpan<double> values, double mean)
    {
        Vector512<double> two = Vector512<double>.Zero, center = Vector512.Create(mean);
        ReadOnlySpan<Vector512<double>> blocks = MemoryMarshal.Cast<double, Vector512<double>>(values);
        foreach (Vector512<double> block in blocks)
        {
            Vector512<double> d = block - center;
            two += d * d;
        }

        return Close(two, values[(blocks.Length * 8)..], mean, 2);
    }

    /// <summary>Σ (x − a)(y − b).</summary>
    /// <param name="x">Values, shape [n].</param>
    /// <param name="a">What they deviate from.</param>
    /// <param name="y">Other values, shape [n].</param>
    /// <param name="b">What those deviate from.</param>
    public static double Products(ReadOnlySpan<double> x, double a, ReadOnlySpan<double> y, double b)
    {
        Vector512<double> sum = Vector512<double>.Zero, centerX = Vector512.Create(a), centerY = Vector512.Create(b);
        ReadOnlySpan<Vector512<double>> blocksX = MemoryMarshal.Cast<double, Vector512<double>>(x), blocksY = MemoryMarshal.Cast<double, Vector512<double>>(y);
        for (int i = 0; i < blocksX.Length; i++)
        {
            sum += (blocksX[i] - centerX) * (blocksY[i] - centerY);
        }

        Span<double> lane = stackalloc double[8];
        sum.CopyTo(lane);
        for (int i = blocksX.Length * 8, l = 0; i < x.Length; i++, l++)
        {
            lane[l] += (x[i] - a) * (y[i] - b);
        }

        return Tree(lane);
    }

    /// <summary>Σ min(x − limit, 0)².</summary>
    public static double SquaresBelow(ReadOnlySpan<double> values, double limit)
    {
        Vector512<double> sum = Vector512<double>.Zero, edge = Vector512.Create(limit);
        ReadOnlySpan<Vector512<double>> blocks = MemoryMarshal.Cast<double, Vector512<double>>(values);
        foreach (Vector512<double> block in blocks)
        {
            Vector512<double> below = Vector512.Min(block - edge, Vector512<double>.Zero);
            sum += below * below;
        }

        Span<double> lane = stackalloc double[8];
        sum.CopyTo(lane);
        for (int i = blocks.Length * 8, l = 0; i < values.Length; i++, l++)
        {
            double below = Math.Min(values[i] - limit, 0);
            lane[l] += below * below;
        }

        return Tree(lane);
    }

    private static double Tree(ReadOnlySpan<double> lane) => (lane[0] + lane[4] + (lane[2] + lane[6])) + (lane[1] + lane[5] + (lane[3] + lane[7]));

    private static double Close(Vector512<double> lanes, ReadOnlySpan<double> rest, double mean, int power)
    {
        Span<double> lane = stackalloc double[8];
        lanes.CopyTo(lane);
        for (int i = 0; i < rest.Length; i++)
        {
            double d = rest[i] - mean;
            lane[i] += power switch { 1 => d, 2 => d * d, 3 => d * d * d, _ => d * d * (d * d) };
        }

        return Tree(lane);
    }
}
