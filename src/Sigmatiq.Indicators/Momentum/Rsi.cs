using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Momentum;

/// <summary>How the averages of gains and losses begin.</summary>
public enum RsiSeed
{
    /// <summary>With the mean of the first n changes.</summary>
    Mean,

    /// <summary>With 0 before the first change.</summary>
    Zero,
}

/// <summary>Relative Strength Index (J. Welles Wilder, New Concepts in Technical Trading Systems, 1978).</summary>
/// <remarks>Average gain and loss are seeded by the mean of the first <c>period</c> changes, then (average·(period − 1) + x)/period;
/// rsi = 100·gain/(gain + loss), 50 where nothing moved. The arithmetic is in exactly this order, and so to the bit (<see cref="ExactDivisor"/>).</remarks>
public static class Rsi
{
    // A step keeps at least half of an average, so that one that begins a block with this much is above ExactDivisor.Smallest at its end:
    // 2^256 is 1.2e77. With a period of 1 one of the two averages is always 0, and no block qualifies.
    private const int Block = 256;
    private const double LeastOfBlock = ExactDivisor.Smallest * 1e80;

    /// <summary>Fills the index.</summary>
    /// <param name="close">Closing prices, oldest first, shape [n].</param>
    /// <param name="period">Number of changes averaged, at least 1.</param>
    /// <param name="rsi">Receives the index in [0, 100], shape [n]; NaN for the first <paramref name="period"/> seen bars.</param>
    /// <param name="seed">How the averages begin.</param>
    public static void Compute(ReadOnlySpan<double> close, int period, Span<double> rsi, RsiSeed seed = RsiSeed.Mean)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.SameLength(close.Length, rsi.Length);
        if (Gaps.AllSeen(close))
        {
            Dense(close, period, seed, rsi);
            return;
        }

        int[] seen = Gaps.Seen(close, close, close);
        double[] dense = new double[seen.Length];
        Dense(Gaps.Take(close, seen), period, seed, dense);
        Gaps.Put(dense, seen, rsi);
    }

    /// <summary>The index of average gain and loss.</summary>
    internal static double Index(double gain, double loss)
    {
        double both = gain + loss;
        return both == 0 ? 50 : 100 * gain / both;
    }

    private static void Dense(ReadOnlySpan<double> close, int period, RsiSeed seed, Span<double> rsi)
    {
        rsi[..Math.Min(period, close.Length)].Fill(double.NaN);
        if (close.Length <= period)
        {
            return;
        }

        // Gain and loss travel side by side.
        Vector128<double> average = default;
        Vector128<double> divisor = Vector128.Create((double)period);
        Vector128<double> kept = Vector128.Create(period - 1.0);
        double previous = close[0];
        for (int t = 1; t <= period; t++)
        {
            Vector128<double> moves = Moves(close[t] - previous);
            average = seed == RsiSeed.Mean ? average + moves : ((average * kept) + moves) / divisor;
            previous = close[t];
        }

        average = seed == RsiSeed.Mean ? average / divisor : average;
        rsi[period] = Index(average.ToScalar(), average.GetElement(1));
        var exact = new ExactDivisor(period);
        for (int t = period + 1; t < close.Length;)
        {
            int end = Math.Min(t + Block, close.Length);
            if (Vector128.LessThanAny(average, Vector128.Create(LeastOfBlock)))
            {
                for (; t < end; t++)
                {
                    average = ((average * kept) + Moves(close[t] - previous)) / divisor;
                    previous = close[t];
                    rsi[t] = Index(average.ToScalar(), average.GetElement(1));
                }

                continue;
            }

            average = Steps(close[(t - 1)..end], kept, exact, average, rsi[t..end]);
            previous = close[end - 1];
            t = end;
        }
    }

    // Alone in a method without calls, so that everything stays in registers: in the loop above the compiler keeps part of it on the stack, and
    // a step takes twice as long.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Vector128<double> Steps(ReadOnlySpan<double> close, Vector128<double> kept, ExactDivisor exact, Vector128<double> average, Span<double> rsi)
    {
        ref double source = ref MemoryMarshal.GetReference(close);
        ref double target = ref MemoryMarshal.GetReference(rsi);
        double previous = source;
        for (nint i = 0; i < rsi.Length; i++)
        {
            double now = Unsafe.Add(ref source, i + 1);
            Vector128<double> moves = Moves(now - previous), sum = (average * kept) + moves;
            previous = now;
            average = exact.Divide(sum, Vector128.FusedMultiplyAdd(average, kept, moves));
            double gain = average.ToScalar();
            Unsafe.Add(ref target, i) = 100 * gain / (gain + average.GetElement(1));
        }

        return average;
    }

    private static Vector128<double> Moves(double change) => Vector128.MaxNative(Vector128.Create(change, -change), Vector128<double>.Zero);
}

/// <summary>The streaming twin of <see cref="Rsi"/>.</summary>
internal sealed class RsiStream(int period, RsiSeed seed) : IIndicatorStream
{
    private State state = new(period, seed);

    public void Next(in Bar bar, Span<double> outputs) => outputs[0] = state.Next(bar.Close);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        State copy = state;
        outputs[0] = copy.Next(bar.Close);
    }

    private struct State(int period, RsiSeed seed)
    {
        private readonly int period = period;
        private readonly RsiSeed seed = seed;
        private int taken;
        private double previous, gain, loss;

        internal double Next(double close)
        {
            if (!Gaps.IsSeen(close))
            {
                return double.NaN;
            }

            double change = close - previous;
            double up = change > 0 ? change : 0;
            double down = change < 0 ? -change : 0;
            previous = close;
            if (taken > period || (seed == RsiSeed.Zero && taken > 0))
            {
                gain = ((gain * (period - 1)) + up) / period;
                loss = ((loss * (period - 1)) + down) / period;
                taken = Math.Min(taken + 1, period + 1);
                return taken > period ? Rsi.Index(gain, loss) : double.NaN;
            }

            // The first bar has no change; the next ones are summed for the seed.
            if (taken++ > 0)
            {
                gain += up;
                loss += down;
            }

            if (taken <= period)
            {
                return double.NaN;
            }

            gain /= period;
            loss /= period;
            return Rsi.Index(gain, loss);
        }
    }
}
