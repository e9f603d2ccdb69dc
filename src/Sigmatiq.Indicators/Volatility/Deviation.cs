using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Volatility;

/// <summary>Standard deviation of a window by two passes, right from denormals up to the largest prices that are seen.</summary>
internal static class Deviation
{
    private const double SmallestSafe = 1e-270, LargestSafe = 1e300;

    /// <summary>Whether sums of squares are far from underflow and overflow.</summary>
    internal static bool AreSafe(Vector256<double> squares) =>
        Vector256.GreaterThanOrEqualAll(squares, Vector256.Create(SmallestSafe))
        && Vector256.LessThanOrEqualAll(squares, Vector256.Create(LargestSafe));

    /// <summary>√(Σ(x − mean)²/divisor).</summary>
    internal static double Of(ReadOnlySpan<double> window, double mean, double divisor)
    {
        double squares = 0;
        foreach (double value in window)
        {
            double distance = value - mean;
            squares += distance * distance;
        }

        return squares is >= SmallestSafe and <= LargestSafe ? Math.Sqrt(squares / divisor) : Scaled(window, mean, divisor);
    }

    // Squares of such distances would vanish or overflow; measured in units of the largest distance they do neither.
    private static double Scaled(ReadOnlySpan<double> window, double mean, double divisor)
    {
        double largest = 0;
        foreach (double value in window)
        {
            largest = Math.Max(largest, Math.Abs(value - mean));
        }

        if (largest == 0)
        {
            return 0;
        }

        double squares = 0;
        foreach (double value in window)
        {
            double share = (value - mean) / largest;
            squares += share * share;
        }

        return Gaps.Finite(largest * Math.Sqrt(squares / divisor));
    }
}
