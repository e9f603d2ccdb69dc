using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Momentum;

/// <summary>Commodity Channel Index (Donald Lambert, 1980): (TP − mean)/(0.015·mean deviation), with TP = (H + L + C)/3.</summary>
/// <remarks>The mean deviation is the mean of |TP − mean| over the same window. Where it is 0 the index is undefined.</remarks>
public static class Cci
{
    private const double Lambert = 0.015;

    /// <summary>Fills the index.</summary>
    /// <param name="high">Highest prices, oldest first, shape [n].</param>
    /// <param name="low">Lowest prices, shape [n].</param>
    /// <param name="close">Closing prices, shape [n].</param>
    /// <param name="period">Length of the window, at least 2.</param>
    /// <param name="cci">Receives the index, shape [n]; NaN for the first period − 1 seen bars and where nothing moved.</param>
    public static void Compute(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int period, Span<double> cci)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 2);
        Gaps.Run(high, low, close, cci, (h, l, c, output) =>
        {
            double[] typical = new double[c.Length];
            for (int t = 0; t < typical.Length; t++)
            {
                typical[t] = TypicalPrice.Of(h[t], l[t], c[t]);
            }

            Dense(typical, period, output);
        });
    }

    /// <summary>The index of one window of typical prices.</summary>
    internal static double Of(ReadOnlySpan<double> window)
    {
        double mean = Windows.Mean(window), last = window[^1], deviation = 0;
        bool moved = false;
        foreach (double price in window)
        {
            deviation += Math.Abs(price - mean);
            moved |= price != last;
        }

        // The mean of equal prices may miss them by a rounding, which is no deviation.
        return moved ? Gaps.Finite((last - mean) / (Lambert * (deviation / window.Length))) : double.NaN;
    }

    private static void Dense(double[] typical, int period, Span<double> cci)
    {
        // The output holds the means until it receives its own values.
        Windows.Means(typical, period, cci);
        ref double source = ref MemoryMarshal.GetArrayDataReference(typical);
        ref double target = ref MemoryMarshal.GetReference(cci);
        Vector256<double> divisor = Vector256.Create((double)period), lambert = Vector256.Create(Lambert), none = Vector256.Create(double.NaN);
        int t = Math.Min(period - 1, cci.Length);
        for (; t + 4 <= cci.Length; t += 4)
        {
            Vector256<double> mean = Vector256.LoadUnsafe(ref target, (nuint)t), last = Vector256.LoadUnsafe(ref source, (nuint)t);
            Vector256<double> deviation = default, still = Vector256.Equals(divisor, divisor);
            for (int i = t - period + 1; i <= t; i++)
            {
                Vector256<double> price = Vector256.LoadUnsafe(ref source, (nuint)i);
                deviation += Vector256.Abs(price - mean);
                still &= Vector256.Equals(price, last);
            }

            Vector256<double> index = (last - mean) / (lambert * (deviation / divisor));
            Vector256.ConditionalSelect(still, none, index).StoreUnsafe(ref target, (nuint)t);
        }

        Gaps.KeepFinite(cci[..t]);
        for (; t < cci.Length; t++)
        {
            cci[t] = Of(typical.AsSpan(t - period + 1, period));
        }
    }
}
