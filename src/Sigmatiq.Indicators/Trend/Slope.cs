using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Trend;

/// <summary>Slope of the least-squares line through the last n closes, in price per bar.</summary>
/// <remarks>Σ(i − m)·xᵢ / Σ(i − m)² with m = (n − 1)/2, i.e. ordinary least squares on equally spaced bars. The two ends of the window are
/// taken together, (i − m)·(xᵢ − x₍ₙ₋₁₋ᵢ₎), so that a market that stands still has a slope of exactly 0.</remarks>
public static class Slope
{
    /// <summary>Fills the slope.</summary>
    /// <param name="close">Closing prices, oldest first, shape [n].</param>
    /// <param name="period">Bars in the line, at least 2.</param>
    /// <param name="slope">Receives the slope, shape [n]; NaN for the first period − 1 seen bars. Must not overlap the closes.</param>
    public static void Compute(ReadOnlySpan<double> close, int period, Span<double> slope)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 2);
        Gaps.Run(close, slope, (column, output) => Dense(column, period, output));
    }

    /// <summary>The slope of one window.</summary>
    internal static double Of(ReadOnlySpan<double> window)
    {
        int last = window.Length - 1;
        double middle = last / 2.0, sum = 0;
        for (int i = 0; i < window.Length / 2; i++)
        {
            sum += (middle - i) * (window[last - i] - window[i]);
        }

        return sum / Squares(window.Length);
    }

    // Σ(i − m)² = n(n² − 1)/12.
    private static double Squares(double period) => period * ((period * period) - 1) / 12;

    private static void Dense(ReadOnlySpan<double> close, int period, Span<double> slope)
    {
        int n = close.Length;
        int t = Math.Min(period - 1, n);
        slope[..t].Fill(double.NaN);
        ref double source = ref MemoryMarshal.GetReference(close);
        Vector256<double> divisor = Vector256.Create(Squares(period));
        double middle = (period - 1) / 2.0;
        for (; t + 4 <= n; t += 4)
        {
            Vector256<double> sum = default;
            for (int i = 0; i < period / 2; i++)
            {
                Vector256<double> distance = Vector256.LoadUnsafe(ref source, (nuint)(t - i)) - Vector256.LoadUnsafe(ref source, (nuint)(t - period + 1 + i));
                sum += Vector256.Create(middle - i) * distance;
            }

            (sum / divisor).StoreUnsafe(ref MemoryMarshal.GetReference(slope), (nuint)t);
        }

        for (; t < n; t++)
        {
            slope[t] = Of(close.Slice(t - period + 1, period));
        }
    }
}
