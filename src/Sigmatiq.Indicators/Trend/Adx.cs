using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Indicators.Volatility;

namespace Sigmatiq.Indicators.Trend;

/// <summary>Whether the first bar, which has no bar before it, counts as one.</summary>
public enum FirstMovement
{
    /// <summary>It does not.</summary>
    Skipped,

    /// <summary>It counts as a bar without range and movement, so that every value comes one bar earlier.</summary>
    Still,
}

/// <summary>Average Directional Index with +DI and −DI (Wilder, 1978).</summary>
/// <remarks>True range and directional movements start at bar 1 and are averaged by Wilder's mean. DI = 100·mean(DM)/mean(TR), 0 where
/// nothing moved; DX = 100·|+DI − −DI|/(+DI + −DI), 0 where the sum is 0. The true range cancels in DX, which is therefore computed from
/// the movements.</remarks>
public static class Adx
{
    /// <summary>Fills the index and both directional indicators.</summary>
    /// <param name="high">Highest prices, oldest first, shape [n].</param>
    /// <param name="low">Lowest prices, shape [n].</param>
    /// <param name="close">Closing prices, shape [n].</param>
    /// <param name="period">Length of every average, at least 1.</param>
    /// <param name="adx">Receives the index, shape [n]; NaN for the first 2·period − 1 seen bars.</param>
    /// <param name="plusDi">Receives +DI, shape [n]; NaN for the first <paramref name="period"/> seen bars.</param>
    /// <param name="minusDi">Receives −DI, shape [n].</param>
    /// <param name="firstBar">Whether the first bar counts.</param>
    public static void Compute(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int period,
        Span<double> adx, Span<double> plusDi, Span<double> minusDi, FirstMovement firstBar = FirstMovement.Skipped)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.SameLength(close.Length, high.Length, low.Length, adx.Length, plusDi.Length, minusDi.Length);
        if (Gaps.AllSeen(high, low, close))
        {
            Dense(high, low, close, period, firstBar, adx, plusDi, minusDi);
            return;
        }

        int[] seen = Gaps.Seen(high, low, close);
        double[] a = new double[seen.Length], b = new double[seen.Length], c = new double[seen.Length];
        Dense(Gaps.Take(high, seen), Gaps.Take(low, seen), Gaps.Take(close, seen), period, firstBar, a, b, c);
        Gaps.Put(a, seen, adx);
        Gaps.Put(b, seen, plusDi);
        Gaps.Put(c, seen, minusDi);
    }

    /// <summary>The part of a move that goes one way: the move itself if it is positive and larger than the opposite one.</summary>
    internal static double Movement(double move, double opposite) => move > Math.Max(opposite, 0) ? move : 0;

    /// <summary>+DI or −DI.</summary>
    internal static double Indicator(double movement, double range) => range == 0 ? 0 : Gaps.Finite(100 * movement / range);

    /// <summary>DX of the two averaged movements.</summary>
    internal static double Index(double plus, double minus)
    {
        double both = plus + minus;
        return both == 0 ? 0 : 100 * Math.Abs(plus - minus) / both;
    }

    private static void Dense(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int period, FirstMovement firstBar,
        Span<double> adx, Span<double> plusDi, Span<double> minusDi)
    {
        int n = close.Length, from = firstBar == FirstMovement.Still ? 0 : 1, first = from + period - 1;
        if (n <= first)
        {
            adx.Fill(double.NaN);
            plusDi.Fill(double.NaN);
            minusDi.Fill(double.NaN);
            return;
        }

        // The outputs hold the raw ranges and movements until they receive their own values.
        TrueRange.Fill(high, low, close, adx);
        FillMovements(high, low, plusDi, minusDi);
        adx[0] = plusDi[0] = minusDi[0] = 0;
        double range = Windows.Mean(adx.Slice(from, period));
        double plus = Windows.Mean(plusDi.Slice(from, period));
        double minus = Windows.Mean(minusDi.Slice(from, period));
        adx[..first].Fill(double.NaN);
        plusDi[..first].Fill(double.NaN);
        minusDi[..first].Fill(double.NaN);

        var wilder = new Wilder(period);
        double mean = Index(plus, minus);
        plusDi[first] = Indicator(plus, range);
        minusDi[first] = Indicator(minus, range);
        int t = first + 1;
        for (; t < Math.Min(first + period, n); t++)
        {
            range = wilder.Next(range, adx[t]);
            plus = wilder.Next(plus, plusDi[t]);
            minus = wilder.Next(minus, minusDi[t]);
            mean += Index(plus, minus);
            adx[t - 1] = double.NaN;
            plusDi[t] = Indicator(plus, range);
            minusDi[t] = Indicator(minus, range);
        }

        mean /= period;
        adx[t - 1] = t == first + period ? mean : double.NaN;
        for (; t < n; t++)
        {
            range = wilder.Next(range, adx[t]);
            plus = wilder.Next(plus, plusDi[t]);
            minus = wilder.Next(minus, minusDi[t]);
            mean = wilder.Next(mean, Index(plus, minus));
            adx[t] = mean;
            plusDi[t] = Indicator(plus, range);
            minusDi[t] = Indicator(minus, range);
        }
    }

    private static void FillMovements(ReadOnlySpan<double> high, ReadOnlySpan<double> low, Span<double> plus, Span<double> minus)
    {
        ref double highs = ref MemoryMarshal.GetReference(high);
        ref double lows = ref MemoryMarshal.GetReference(low);
        int t = 1;
        for (; t + 4 <= high.Length; t += 4)
        {
            Vector256<double> up = Vector256.LoadUnsafe(ref highs, (nuint)t) - Vector256.LoadUnsafe(ref highs, (nuint)t - 1);
            Vector256<double> down = Vector256.LoadUnsafe(ref lows, (nuint)t - 1) - Vector256.LoadUnsafe(ref lows, (nuint)t);
            Vector256<double> zero = Vector256<double>.Zero;
            Vector256.ConditionalSelect(Vector256.GreaterThan(up, Vector256.Max(down, zero)), up, zero)
                .StoreUnsafe(ref MemoryMarshal.GetReference(plus), (nuint)t);
            Vector256.ConditionalSelect(Vector256.GreaterThan(down, Vector256.Max(up, zero)), down, zero)
                .StoreUnsafe(ref MemoryMarshal.GetReference(minus), (nuint)t);
        }

        for (; t < high.Length; t++)
        {
            double up = high[t] - high[t - 1], down = low[t - 1] - low[t];
            plus[t] = Movement(up, down);
            minus[t] = Movement(down, up);
        }
    }
}

/// <summary>The streaming twin of <see cref="Adx"/>.</summary>
internal sealed class AdxStream(int period, FirstMovement firstBar) : IIndicatorStream
{
    private State state = new(period, firstBar);

    public void Next(in Bar bar, Span<double> outputs) => state.Next(bar, outputs);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        State copy = state;
        copy.Next(bar, outputs);
    }

    private struct State(int period, FirstMovement firstBar)
    {
        private readonly int period = period;
        private readonly bool isStill = firstBar == FirstMovement.Still;
        private readonly Wilder wilder = new(period);
        private bool began;
        private int taken;
        private double high, low, close, range, plus, minus, mean;

        internal void Next(in Bar bar, Span<double> outputs)
        {
            outputs[..3].Fill(double.NaN);
            if (!Gaps.IsSeen(bar.High) || !Gaps.IsSeen(bar.Low) || !Gaps.IsSeen(bar.Close))
            {
                return;
            }

            double up = bar.High - high, down = low - bar.Low;
            double trueRange = TrueRange.Of(bar.High, bar.Low, close);
            (high, low, close) = (bar.High, bar.Low, bar.Close);
            if (!began)
            {
                began = true;
                if (!isStill)
                {
                    return;
                }

                (up, down, trueRange) = (0, 0, 0);
            }

            // Counts the bars that had movements, no further than it matters.
            taken = Math.Min(taken + 1, 2 * period);
            if (taken <= period)
            {
                range += trueRange;
                plus += Adx.Movement(up, down);
                minus += Adx.Movement(down, up);
                if (taken < period)
                {
                    return;
                }

                range /= period;
                plus /= period;
                minus /= period;
            }
            else
            {
                range = wilder.Next(range, trueRange);
                plus = wilder.Next(plus, Adx.Movement(up, down));
                minus = wilder.Next(minus, Adx.Movement(down, up));
            }

            outputs[1] = Adx.Indicator(plus, range);
            outputs[2] = Adx.Indicator(minus, range);
            double index = Adx.Index(plus, minus);
            if (taken > (2 * period) - 1)
            {
                mean = wilder.Next(mean, index);
                outputs[0] = mean;
                return;
            }

            mean += index;
            if (taken == (2 * period) - 1)
            {
                mean /= period;
                outputs[0] = mean;
            }
        }
    }
}
