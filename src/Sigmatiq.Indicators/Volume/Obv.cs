using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Volume;

/// <summary>With what the balance begins.</summary>
public enum ObvStart
{
    /// <summary>With 0: the first bar has no change.</summary>
    Zero,

    /// <summary>With the first bar's volume.</summary>
    FirstVolume,
}

/// <summary>On-Balance Volume (Joseph Granville): volume added on a rising close, taken away on a falling one.</summary>
public static class Obv
{
    /// <summary>Fills the balance.</summary>
    /// <param name="close">Closing prices, oldest first, shape [n].</param>
    /// <param name="volume">Volumes, shape [n].</param>
    /// <param name="cumulative">Whether to add up; if not, each bar has its own signed volume.</param>
    /// <param name="obv">Receives the balance, shape [n].</param>
    /// <param name="start">With what it begins.</param>
    public static void Compute(
        ReadOnlySpan<double> close, ReadOnlySpan<double> volume, bool cumulative, Span<double> obv, ObvStart start = ObvStart.Zero)
    {
        Gaps.SameLength(close.Length, volume.Length, obv.Length);
        if (Gaps.AllSeen(close) && Gaps.AllSeen(volume))
        {
            Dense(close, volume, cumulative, start, obv);
            return;
        }

        int[] seen = Gaps.Seen(close, volume, volume);
        double[] dense = new double[seen.Length];
        Dense(Gaps.Take(close, seen), Gaps.Take(volume, seen), cumulative, start, dense);
        Gaps.Put(dense, seen, obv);
    }

    /// <summary>Volume with the sign of the close's change.</summary>
    internal static double Signed(double close, double previous, double volume) => close > previous ? volume : close < previous ? -volume : 0;

    private static void Dense(ReadOnlySpan<double> close, ReadOnlySpan<double> volume, bool cumulative, ObvStart start, Span<double> obv)
    {
        if (close.Length == 0)
        {
            return;
        }

        ref double closes = ref MemoryMarshal.GetReference(close);
        ref double volumes = ref MemoryMarshal.GetReference(volume);
        obv[0] = start == ObvStart.FirstVolume ? volume[0] : 0;
        int t = 1;
        for (; t + 4 <= close.Length; t += 4)
        {
            Vector256<double> now = Vector256.LoadUnsafe(ref closes, (nuint)t), before = Vector256.LoadUnsafe(ref closes, (nuint)t - 1);
            Vector256<double> v = Vector256.LoadUnsafe(ref volumes, (nuint)t);
            Vector256<double> falling = Vector256.ConditionalSelect(Vector256.LessThan(now, before), -v, Vector256<double>.Zero);
            Vector256.ConditionalSelect(Vector256.GreaterThan(now, before), v, falling).StoreUnsafe(ref MemoryMarshal.GetReference(obv), (nuint)t);
        }

        for (; t < close.Length; t++)
        {
            obv[t] = Signed(close[t], close[t - 1], volume[t]);
        }

        if (cumulative)
        {
            double sum = 0;
            foreach (ref double value in obv)
            {
                sum += value;
                value = sum;
            }
        }
    }
}

/// <summary>The streaming twin of <see cref="Obv"/>.</summary>
internal sealed class ObvStream(bool cumulative, ObvStart start) : IIndicatorStream
{
    private double previous = double.NaN, sum;

    public void Next(in Bar bar, Span<double> outputs)
    {
        Peek(bar, outputs);
        if (!double.IsNaN(outputs[0]))
        {
            previous = bar.Close;
            sum = outputs[0];
        }
    }

    public void Peek(in Bar bar, Span<double> outputs)
    {
        if (!Gaps.IsSeen(bar.Close) || !Gaps.IsSeen(bar.Volume))
        {
            outputs[0] = double.NaN;
            return;
        }

        double signed = double.IsNaN(previous) && start == ObvStart.FirstVolume ? bar.Volume : Obv.Signed(bar.Close, previous, bar.Volume);
        outputs[0] = cumulative ? sum + signed : signed;
    }
}
