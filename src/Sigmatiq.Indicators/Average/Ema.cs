using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Average;

/// <summary>How an exponential average begins.</summary>
public enum EmaSeed
{
    /// <summary>With the mean of the first n values, at bar n − 1.</summary>
    Mean,

    /// <summary>With the first value itself, at bar 0.</summary>
    FirstValue,
}

/// <summary>Exponential moving average: e + k·(x − e) with k = 2/(period + 1), seeded by the mean of the first <c>period</c> values.</summary>
/// <remarks>Sources differ on the beginning only: some start on the first value itself (<see cref="EmaSeed"/>).</remarks>
public static class Ema
{
    /// <summary>Fills the exponential moving average.</summary>
    /// <param name="close">Values, oldest first, shape [n].</param>
    /// <param name="period">Length, at least 1.</param>
    /// <param name="ema">Receives the average, shape [n]; NaN for the first period − 1 seen bars if it begins with a mean.</param>
    /// <param name="seed">How it begins.</param>
    public static void Compute(ReadOnlySpan<double> close, int period, Span<double> ema, EmaSeed seed = EmaSeed.Mean)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.SameLength(close.Length, ema.Length);
        if (Gaps.AllSeen(close))
        {
            Dense(close, period, seed, ema);
            return;
        }

        int[] seen = Gaps.Seen(close, close, close);
        double[] dense = new double[seen.Length];
        Dense(Gaps.Take(close, seen), period, seed, dense);
        Gaps.Put(dense, seen, ema);
    }

    /// <summary>The average of a column without gaps.</summary>
    internal static void Dense(ReadOnlySpan<double> close, int period, EmaSeed seed, Span<double> ema)
    {
        int first = seed == EmaSeed.Mean ? period : 1;
        int warmUp = Math.Min(first - 1, close.Length);
        ema[..warmUp].Fill(double.NaN);
        if (close.Length < first)
        {
            return;
        }

        double k = 2.0 / (period + 1);
        double e = Windows.Mean(close[..first]);
        ema[warmUp] = e;
        Steps(close[first..], k, e, ema[first..]);
    }

    // Each step waits for a subtraction, a multiplication and an addition. The last two fused are sooner there and nearly always the same number:
    // the loop goes on with it, while the step as it is written is worked out beside it and put in its place where a bit differs.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Steps(ReadOnlySpan<double> close, double k, double e, Span<double> ema)
    {
        ref double source = ref MemoryMarshal.GetReference(close);
        ref double target = ref MemoryMarshal.GetReference(ema);
        for (nint i = 0; i < close.Length; i++)
        {
            double distance = Unsafe.Add(ref source, i) - e;
            double written = e + (k * distance);
            e = Math.FusedMultiplyAdd(k, distance, e);
            if (BitConverter.DoubleToInt64Bits(e) != BitConverter.DoubleToInt64Bits(written))
            {
                e = written;
            }

            Unsafe.Add(ref target, i) = e;
        }
    }
}

/// <summary>One exponential moving average in progress; a copy of it is a look ahead.</summary>
internal struct EmaState(int period, EmaSeed seed, double k)
{
    private readonly double k = k;
    private readonly int first = seed == EmaSeed.Mean ? period : 1;
    private int taken;
    private double value;

    internal EmaState(int period, EmaSeed seed)
        : this(period, seed, 2.0 / (period + 1))
    {
    }

    internal double Next(double x)
    {
        if (taken >= first)
        {
            value += k * (x - value);
            return value;
        }

        value += x;
        if (++taken < first)
        {
            return double.NaN;
        }

        value /= first;
        return value;
    }
}

/// <summary>The streaming twin of <see cref="Ema"/>.</summary>
internal sealed class EmaStream(int period, EmaSeed seed) : IIndicatorStream
{
    private EmaState state = new(period, seed);

    public void Next(in Bar bar, Span<double> outputs) => outputs[0] = Step(ref state, bar.Close);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        EmaState copy = state;
        outputs[0] = Step(ref copy, bar.Close);
    }

    private static double Step(ref EmaState state, double close) => Gaps.IsSeen(close) ? state.Next(close) : double.NaN;
}
