using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Average;

/// <summary>Weighted moving average: the newest of n closes counts n times, the one before n − 1 times, the oldest once.</summary>
/// <remarks>Σ i·xᵢ / (n(n + 1)/2) with i from 1, summed from the oldest on (Achelis, Technical Analysis from A to Z).</remarks>
public static class Wma
{
    /// <summary>Fills the weighted moving average.</summary>
    /// <param name="close">Closing prices, oldest first, shape [n].</param>
    /// <param name="period">Length of the window, at least 1.</param>
    /// <param name="wma">Receives the average, shape [n]; NaN for the first period − 1 seen bars. Must not overlap the closes.</param>
    public static void Compute(ReadOnlySpan<double> close, int period, Span<double> wma)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.Run(close, wma, (column, output) => Dense(column, period, output));
    }

    /// <summary>The average of one window.</summary>
    internal static double Of(ReadOnlySpan<double> window)
    {
        double sum = 0;
        for (int i = 0; i < window.Length; i++)
        {
            sum += (i + 1.0) * window[i];
        }

        return sum / Weights(window.Length);
    }

    private static double Weights(int period) => period * (period + 1.0) / 2;

    private static void Dense(ReadOnlySpan<double> close, int period, Span<double> wma)
    {
        int n = close.Length;
        int t = Math.Min(period - 1, n);
        wma[..t].Fill(double.NaN);
        ref double source = ref MemoryMarshal.GetReference(close);
        Vector256<double> divisor = Vector256.Create(Weights(period)), one = Vector256<double>.One;
        for (; t + 8 <= n; t += 8)
        {
            Vector256<double> a = default, b = default, weight = default;
            for (int i = t - period + 1; i <= t; i++)
            {
                weight += one;
                a += weight * Vector256.LoadUnsafe(ref source, (nuint)i);
                b += weight * Vector256.LoadUnsafe(ref source, (nuint)i + 4);
            }

            (a / divisor).StoreUnsafe(ref MemoryMarshal.GetReference(wma), (nuint)t);
            (b / divisor).StoreUnsafe(ref MemoryMarshal.GetReference(wma), (nuint)t + 4);
        }

        for (; t < n; t++)
        {
            wma[t] = Of(close.Slice(t - period + 1, period));
        }
    }
}
