using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sigmatiq.Indicators.Average;

/// <summary>Means over sliding windows of a column without gaps.</summary>
/// <remarks>Each window is summed anew, left to right from 0.0, four windows side by side. That costs O(n · length / 4) instead of O(n),
/// and is still the faster way for the lengths that are used; in return a value depends on its own window alone: no drift, and an
/// extreme price is forgotten completely when it leaves.</remarks>
internal static class Windows
{
    /// <summary>(x₁ + … + xₙ)/n, summed left to right from 0.0.</summary>
    internal static double Mean(ReadOnlySpan<double> window)
    {
        double sum = 0;
        foreach (double value in window)
        {
            sum += value;
        }

        return sum / window.Length;
    }

    /// <summary>Mean of each window of <paramref name="length"/> values; NaN for the first length − 1. Columns must not overlap.</summary>
    internal static void Means(ReadOnlySpan<double> column, int length, Span<double> mean)
    {
        int n = column.Length;
        int t = Math.Min(length - 1, n);
        mean[..t].Fill(double.NaN);
        ref double source = ref MemoryMarshal.GetReference(column);
        ref double target = ref MemoryMarshal.GetReference(mean);
        Vector256<double> divisor = Vector256.Create((double)length);
        for (; t + 16 <= n; t += 16)
        {
            Vector256<double> a = default, b = default, c = default, d = default;
            for (int i = t - length + 1; i <= t; i++)
            {
                a += Vector256.LoadUnsafe(ref source, (nuint)i);
                b += Vector256.LoadUnsafe(ref source, (nuint)i + 4);
                c += Vector256.LoadUnsafe(ref source, (nuint)i + 8);
                d += Vector256.LoadUnsafe(ref source, (nuint)i + 12);
            }

            (a / divisor).StoreUnsafe(ref target, (nuint)t);
            (b / divisor).StoreUnsafe(ref target, (nuint)t + 4);
            (c / divisor).StoreUnsafe(ref target, (nuint)t + 8);
            (d / divisor).StoreUnsafe(ref target, (nuint)t + 12);
        }

        for (; t < n; t++)
        {
            mean[t] = Mean(column.Slice(t - length + 1, length));
        }
    }
}
