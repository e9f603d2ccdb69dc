using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sigmatiq.Indicators.Average;

/// <summary>Highest and lowest values of sliding windows over a column without gaps.</summary>
internal static class Extremes
{
    internal static double Highest(ReadOnlySpan<double> window)
    {
        double highest = window[0];
        foreach (double value in window[1..])
        {
            highest = Math.Max(highest, value);
        }

        return highest;
    }

    internal static double Lowest(ReadOnlySpan<double> window)
    {
        double lowest = window[0];
        foreach (double value in window[1..])
        {
            lowest = Math.Min(lowest, value);
        }

        return lowest;
    }

    /// <summary>Highest value of each window of <paramref name="length"/>; NaN for the first length − 1. Columns must not overlap.</summary>
    internal static void Highest(ReadOnlySpan<double> column, int length, Span<double> highest)
    {
        int t = Math.Min(length - 1, column.Length);
        highest[..t].Fill(double.NaN);
        ref double source = ref MemoryMarshal.GetReference(column);
        for (; t + 4 <= column.Length; t += 4)
        {
            Vector256<double> most = Vector256.LoadUnsafe(ref source, (nuint)(t - length + 1));
            for (int i = t - length + 2; i <= t; i++)
            {
                most = Vector256.Max(most, Vector256.LoadUnsafe(ref source, (nuint)i));
            }

            most.StoreUnsafe(ref MemoryMarshal.GetReference(highest), (nuint)t);
        }

        for (; t < column.Length; t++)
        {
            highest[t] = Highest(column.Slice(t - length + 1, length));
        }
    }

    /// <summary>Lowest value of each window of <paramref name="length"/>; NaN for the first length − 1. Columns must not overlap.</summary>
    internal static void Lowest(ReadOnlySpan<double> column, int length, Span<double> lowest)
    {
        int t = Math.Min(length - 1, column.Length);
        lowest[..t].Fill(double.NaN);
        ref double source = ref MemoryMarshal.GetReference(column);
        for (; t + 4 <= column.Length; t += 4)
        {
            Vector256<double> least = Vector256.LoadUnsafe(ref source, (nuint)(t - length + 1));
            for (int i = t - length + 2; i <= t; i++)
            {
                least = Vector256.Min(least, Vector256.LoadUnsafe(ref source, (nuint)i));
            }

            least.StoreUnsafe(ref MemoryMarshal.GetReference(lowest), (nuint)t);
        }

        for (; t < column.Length; t++)
        {
            lowest[t] = Lowest(column.Slice(t - length + 1, length));
        }
    }
}
