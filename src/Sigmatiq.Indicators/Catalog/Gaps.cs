using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>A kernel from one column without gaps to one output of its length.</summary>
internal delegate void ColumnKernel(ReadOnlySpan<double> column, Span<double> output);

/// <summary>A kernel from highs, lows and closes without gaps to one output of their length.</summary>
internal delegate void RangeKernel(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, Span<double> output);

/// <summary>The one rule for bars that lack a number (see <see cref="IndicatorCatalog"/>).</summary>
/// <remarks>A bar is <i>seen</i> by an indicator if every field the indicator reads is a number of at most <see cref="Largest"/>; NaN,
/// infinities and larger magnitudes are not seen. An unseen bar has no value and leaves no trace: the bars around it are treated as
/// neighbours. So one missing bar neither poisons a recursion for ever nor is replaced by an invented price.</remarks>
public static class Gaps
{
    /// <summary>Largest magnitude that is seen. Sums and products of the kernels stay finite below it, so no recursion can overflow.</summary>
    public const double Largest = 1e300;

    /// <summary>Whether a value counts as a number here.</summary>
    public static bool IsSeen(double value) => Math.Abs(value) <= Largest;

    /// <summary>Whether every value of a column is seen.</summary>
    public static bool AllSeen(ReadOnlySpan<double> column)
    {
        Vector256<double> limit = Vector256.Create(Largest);
        ref double first = ref MemoryMarshal.GetReference(column);
        int t = 0;
        for (; t + 16 <= column.Length; t += 16)
        {
            Vector256<double> seen = Vector256.LessThanOrEqual(Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)t)), limit)
                & Vector256.LessThanOrEqual(Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)t + 4)), limit)
                & Vector256.LessThanOrEqual(Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)t + 8)), limit)
                & Vector256.LessThanOrEqual(Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)t + 12)), limit);
            if (BitOperations.PopCount(seen.ExtractMostSignificantBits()) != 4)
            {
                return false;
            }
        }

        for (; t < column.Length; t++)
        {
            if (!IsSeen(column[t]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether every value of three columns of one length is seen.</summary>
    internal static bool AllSeen(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c)
    {
        Vector256<double> limit = Vector256.Create(Largest), seen = Vector256<double>.AllBitsSet;
        ref double firstA = ref MemoryMarshal.GetReference(a), firstB = ref MemoryMarshal.GetReference(b), firstC = ref MemoryMarshal.GetReference(c);
        int t = 0;
        for (; t + 4 <= a.Length; t += 4)
        {
            seen &= Vector256.LessThanOrEqual(Vector256.Abs(Vector256.LoadUnsafe(ref firstA, (nuint)t)), limit)
                & Vector256.LessThanOrEqual(Vector256.Abs(Vector256.LoadUnsafe(ref firstB, (nuint)t)), limit)
                & Vector256.LessThanOrEqual(Vector256.Abs(Vector256.LoadUnsafe(ref firstC, (nuint)t)), limit);
        }

        bool all = BitOperations.PopCount(seen.ExtractMostSignificantBits()) == 4;
        for (; t < a.Length; t++)
        {
            all &= IsSeen(a[t]) & IsSeen(b[t]) & IsSeen(c[t]);
        }

        return all;
    }

    /// <summary>The value, or NaN where the arithmetic left the range of numbers.</summary>
    internal static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;

    /// <summary>Turns infinities into NaN.</summary>
    internal static void KeepFinite(Span<double> column)
    {
        if (!AllSeen(column))
        {
            foreach (ref double value in column)
            {
                value = Finite(value);
            }
        }
    }

    /// <summary>Indices of the bars at which every column is seen.</summary>
    internal static int[] Seen(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c)
    {
        var seen = new List<int>(a.Length);
        for (int t = 0; t < a.Length; t++)
        {
            if (IsSeen(a[t]) && IsSeen(b[t]) && IsSeen(c[t]))
            {
                seen.Add(t);
            }
        }

        return [.. seen];
    }

    /// <summary>Runs a kernel on the seen values of a column and puts its values back at their bars.</summary>
    internal static void Run(ReadOnlySpan<double> column, Span<double> output, ColumnKernel kernel)
    {
        SameLength(column.Length, output.Length);
        if (AllSeen(column))
        {
            kernel(column, output);
            return;
        }

        int[] seen = Seen(column, column, column);
        double[] dense = new double[seen.Length];
        kernel(Take(column, seen), dense);
        Put(dense, seen, output);
    }

    /// <summary>Runs a kernel on the bars of which high, low and close are seen and puts its values back at them.</summary>
    internal static void Run(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, Span<double> output, RangeKernel kernel)
    {
        SameLength(close.Length, high.Length, low.Length, output.Length);
        if (AllSeen(high, low, close))
        {
            kernel(high, low, close, output);
            return;
        }

        int[] seen = Seen(high, low, close);
        double[] dense = new double[seen.Length];
        kernel(Take(high, seen), Take(low, seen), Take(close, seen), dense);
        Put(dense, seen, output);
    }

    /// <summary>The values of a column at some bars, side by side.</summary>
    internal static double[] Take(ReadOnlySpan<double> column, int[] bars)
    {
        double[] taken = new double[bars.Length];
        for (int i = 0; i < bars.Length; i++)
        {
            taken[i] = column[bars[i]];
        }

        return taken;
    }

    /// <summary>Puts values back at their bars and NaN everywhere else.</summary>
    internal static void Put(double[] values, int[] bars, Span<double> column)
    {
        column.Fill(double.NaN);
        for (int i = 0; i < bars.Length; i++)
        {
            column[bars[i]] = values[i];
        }
    }

    /// <summary>Refuses columns of different lengths.</summary>
    internal static void SameLength(int length, params ReadOnlySpan<int> others)
    {
        foreach (int other in others)
        {
            if (other != length)
            {
                throw new ArgumentException($"Columns must have one length, were {length} and {other}.");
            }
        }
    }
}
