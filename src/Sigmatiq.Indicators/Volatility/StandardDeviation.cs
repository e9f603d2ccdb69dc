using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Volatility;

/// <summary>What the squares of a deviation are divided by.</summary>
public enum DeviationKind
{
    /// <summary>n: the deviation of these values.</summary>
    Population,

    /// <summary>n − 1: an estimate for what these values are a sample of.</summary>
    Sample,
}

/// <summary>Standard deviation of the last n closes, √(Σ(x − mean)²/n), and how many of them the close is away from the mean.</summary>
/// <remarks>Two passes over each window. A window of equal closes has a deviation of exactly 0 and no z-score.</remarks>
public static class StandardDeviation
{
    /// <summary>Fills the deviation.</summary>
    /// <param name="close">Closing prices, oldest first, shape [n].</param>
    /// <param name="period">Length of the window, at least 1; at least 2 for a sample.</param>
    /// <param name="kind">Population or sample.</param>
    /// <param name="deviation">Receives the deviation, shape [n]; NaN for the first period − 1 seen bars. Must not overlap the closes.</param>
    public static void Compute(ReadOnlySpan<double> close, int period, DeviationKind kind, Span<double> deviation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, kind == DeviationKind.Sample ? 2 : 1);
        Gaps.Run(close, deviation, (column, output) => Dense(column, period, kind, new double[column.Length], output));
    }

    /// <summary>Fills the z-score, (close − mean)/deviation.</summary>
    /// <param name="close">Closing prices, oldest first, shape [n].</param>
    /// <param name="period">Length of the window, at least 2.</param>
    /// <param name="kind">Population or sample.</param>
    /// <param name="zScore">Receives the score, shape [n]; NaN for the first period − 1 seen bars and where nothing moved.</param>
    public static void ComputeZScore(ReadOnlySpan<double> close, int period, DeviationKind kind, Span<double> zScore)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 2);
        Gaps.Run(close, zScore, (column, output) =>
        {
            double[] mean = new double[column.Length];
            Dense(column, period, kind, mean, output);
            for (int t = period - 1; t < column.Length; t++)
            {
                output[t] = Score(column[t], mean[t], output[t]);
            }
        });
    }

    /// <summary>The deviation of one window.</summary>
    internal static double Of(ReadOnlySpan<double> window, DeviationKind kind) => Of(window, Windows.Mean(window), kind);

    /// <summary>The z-score of the last value of a window.</summary>
    internal static double ScoreOf(ReadOnlySpan<double> window, DeviationKind kind)
    {
        double mean = Windows.Mean(window);
        return Score(window[^1], mean, Of(window, mean, kind));
    }

    private static double Score(double x, double mean, double deviation) => deviation == 0 ? double.NaN : Gaps.Finite((x - mean) / deviation);

    // The mean of equal values may miss them by a rounding, which is no deviation.
    private static double Of(ReadOnlySpan<double> window, double mean, DeviationKind kind) =>
        window.IndexOfAnyExcept(window[0]) < 0 ? 0 : Deviation.Of(window, mean, Divisor(window.Length, kind));

    /// <summary>What the squares of a window are divided by.</summary>
    internal static double Divisor(int period, DeviationKind kind) => kind == DeviationKind.Sample ? period - 1 : period;

    private static void Dense(ReadOnlySpan<double> close, int period, DeviationKind kind, double[] mean, Span<double> deviation)
    {
        Windows.Means(close, period, mean);
        int t = Math.Min(period - 1, close.Length);
        deviation[..t].Fill(double.NaN);
        ref double source = ref MemoryMarshal.GetReference(close);
        Vector256<double> divisor = Vector256.Create(Divisor(period, kind));
        for (; t + 4 <= close.Length; t += 4)
        {
            Vector256<double> middle = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(mean), (nuint)t), squares = default;
            for (int i = t - period + 1; i <= t; i++)
            {
                Vector256<double> distance = Vector256.LoadUnsafe(ref source, (nuint)i) - middle;
                squares += distance * distance;
            }

            // So small a deviation may be the rounding of a mean of equal values.
            if (Deviation.AreSafe(squares) && Vector256.GreaterThanAll(squares, middle * middle * Vector256.Create(1e-24)))
            {
                Vector256.Sqrt(squares / divisor).StoreUnsafe(ref MemoryMarshal.GetReference(deviation), (nuint)t);
                continue;
            }

            for (int i = t; i < t + 4; i++)
            {
                deviation[i] = Of(close.Slice(i - period + 1, period), mean[i], kind);
            }
        }

        for (; t < close.Length; t++)
        {
            deviation[t] = Of(close.Slice(t - period + 1, period), mean[t], kind);
        }
    }
}
