using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Average;

/// <summary>Exponential moving average: e + k·(x − e) with k = 2/(period + 1), seeded by the mean of the first <c>period</c> values.</summary>
public static class Ema
{
    /// <summary>Fills the exponential moving average.</summary>
    /// <param name="close">Values, oldest first, shape [n].</param>
    /// <param name="period">Length, at least 1.</param>
    /// <param name="ema">Receives the average, shape [n]; NaN for the first period − 1 seen bars.</param>
    public static void Compute(ReadOnlySpan<double> close, int period, Span<double> ema)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.SameLength(close.Length, ema.Length);
        if (Gaps.AllSeen(close))
        {
            Dense(close, period, ema);
            return;
        }

        int[] seen = Gaps.Seen(close, close, close);
        double[] dense = new double[seen.Length];
        Dense(Gaps.Take(close, seen), period, dense);
        Gaps.Put(dense, seen, ema);
    }

    /// <summary>The average of a column without gaps.</summary>
    internal static void Dense(ReadOnlySpan<double> close, int period, Span<double> ema)
    {
        int warmUp = Math.Min(period - 1, close.Length);
        ema[..warmUp].Fill(double.NaN);
        if (close.Length < period)
        {
            return;
        }

        double k = 2.0 / (period + 1);
        double e = Windows.Mean(close[..period]);
        ema[warmUp] = e;
        for (int t = period; t < close.Length; t++)
        {
            e += k * (close[t] - e);
            ema[t] = e;
        }
    }
}

/// <summary>One exponential moving average in progress; a copy of it is a look ahead.</summary>
internal struct EmaState(int period)
{
    private readonly double k = 2.0 / (period + 1);
    private readonly int period = period;
    private int taken;
    private double value;

    internal double Next(double x)
    {
        if (taken >= period)
        {
            value += k * (x - value);
            return value;
        }

        value += x;
        if (++taken < period)
        {
            return double.NaN;
        }

        value /= period;
        return value;
    }
}

/// <summary>The streaming twin of <see cref="Ema"/>.</summary>
internal sealed class EmaStream(int period) : IIndicatorStream
{
    private EmaState state = new(period);

    public void Next(in Bar bar, Span<double> outputs) => outputs[0] = Step(ref state, bar.Close);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        EmaState copy = state;
        outputs[0] = Step(ref copy, bar.Close);
    }

    private static double Step(ref EmaState state, double close) => Gaps.IsSeen(close) ? state.Next(close) : double.NaN;
}
