using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sigmatiq.Indicators.Volatility;

/// <summary>Wilder's true range: the largest of H − L, |H − C₋₁| and |L − C₋₁|; the first bar has none.</summary>
internal static class TrueRange
{
    internal static double Of(double high, double low, double previousClose) =>
        Math.Max(Math.Max(high - low, Math.Abs(high - previousClose)), Math.Abs(low - previousClose));

    /// <summary>Fills the range from bar 1 on; bar 0 is left as it is.</summary>
    internal static void Fill(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, Span<double> range)
    {
        ref double highs = ref MemoryMarshal.GetReference(high);
        ref double lows = ref MemoryMarshal.GetReference(low);
        ref double closes = ref MemoryMarshal.GetReference(close);
        ref double target = ref MemoryMarshal.GetReference(range);
        int t = 1;
        for (; t + 4 <= close.Length; t += 4)
        {
            Vector256<double> h = Vector256.LoadUnsafe(ref highs, (nuint)t);
            Vector256<double> l = Vector256.LoadUnsafe(ref lows, (nuint)t);
            Vector256<double> before = Vector256.LoadUnsafe(ref closes, (nuint)t - 1);
            // Seen values have no NaN, and a zero from Abs in the second place is +0: the native maximum has the bits of Math.Max.
            Vector256.MaxNative(Vector256.MaxNative(h - l, Vector256.Abs(h - before)), Vector256.Abs(l - before)).StoreUnsafe(ref target, (nuint)t);
        }

        for (; t < close.Length; t++)
        {
            range[t] = Of(high[t], low[t], close[t - 1]);
        }
    }
}
