using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Momentum;

/// <summary>Moving Average Convergence/Divergence (Gerald Appel): EMA(fast) − EMA(slow), its EMA, and their difference.</summary>
/// <remarks>Every average has the constant 2/(n + 1) and is seeded by its own first n values.</remarks>
public static class Macd
{
    /// <summary>Fills line, signal and histogram.</summary>
    /// <param name="close">Closing prices, oldest first, shape [n].</param>
    /// <param name="fastPeriod">Length of the fast average, shorter than the slow one.</param>
    /// <param name="slowPeriod">Length of the slow average.</param>
    /// <param name="signalPeriod">Length of the average of the line.</param>
    /// <param name="line">Receives the line, shape [n]; NaN for the first slow − 1 seen bars.</param>
    /// <param name="signal">Receives the signal, shape [n]; NaN for the first slow + signal − 2 seen bars.</param>
    /// <param name="histogram">Receives line − signal, shape [n].</param>
    public static void Compute(
        ReadOnlySpan<double> close, int fastPeriod, int slowPeriod, int signalPeriod,
        Span<double> line, Span<double> signal, Span<double> histogram)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fastPeriod, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(slowPeriod, fastPeriod);
        ArgumentOutOfRangeException.ThrowIfLessThan(signalPeriod, 1);
        Gaps.SameLength(close.Length, line.Length, signal.Length, histogram.Length);
        if (Gaps.AllSeen(close))
        {
            Dense(close, fastPeriod, slowPeriod, signalPeriod, line, signal, histogram);
            return;
        }

        int[] seen = Gaps.Seen(close, close, close);
        double[] a = new double[seen.Length], b = new double[seen.Length], c = new double[seen.Length];
        Dense(Gaps.Take(close, seen), fastPeriod, slowPeriod, signalPeriod, a, b, c);
        Gaps.Put(a, seen, line);
        Gaps.Put(b, seen, signal);
        Gaps.Put(c, seen, histogram);
    }

    private static void Dense(
        ReadOnlySpan<double> close, int fastPeriod, int slowPeriod, int signalPeriod,
        Span<double> line, Span<double> signal, Span<double> histogram)
    {
        int n = close.Length;
        int full = Math.Min(slowPeriod - 1 + signalPeriod, n);
        line[..full].Fill(double.NaN);
        signal[..full].Fill(double.NaN);
        histogram[..full].Fill(double.NaN);
        if (n < slowPeriod)
        {
            return;
        }

        double kFast = 2.0 / (fastPeriod + 1), kSlow = 2.0 / (slowPeriod + 1), kSignal = 2.0 / (signalPeriod + 1);
        double fast = Windows.Mean(close[..fastPeriod]);
        for (int t = fastPeriod; t < slowPeriod; t++)
        {
            fast += kFast * (close[t] - fast);
        }

        double slow = Windows.Mean(close[..slowPeriod]);
        line[slowPeriod - 1] = fast - slow;
        for (int t = slowPeriod; t < full; t++)
        {
            fast += kFast * (close[t] - fast);
            slow += kSlow * (close[t] - slow);
            line[t] = fast - slow;
        }

        if (full < slowPeriod - 1 + signalPeriod)
        {
            return;
        }

        double average = Windows.Mean(line[(slowPeriod - 1)..full]);
        signal[full - 1] = average;
        histogram[full - 1] = line[full - 1] - average;
        for (int t = full; t < n; t++)
        {
            fast += kFast * (close[t] - fast);
            slow += kSlow * (close[t] - slow);
            double difference = fast - slow;
            average += kSignal * (difference - average);
            line[t] = difference;
            signal[t] = average;
            histogram[t] = difference - average;
        }
    }
}

/// <summary>The streaming twin of <see cref="Macd"/>.</summary>
internal sealed class MacdStream(int fastPeriod, int slowPeriod, int signalPeriod) : IIndicatorStream
{
    private EmaState fast = new(fastPeriod), slow = new(slowPeriod), signal = new(signalPeriod);

    public void Next(in Bar bar, Span<double> outputs) => Step(ref fast, ref slow, ref signal, bar.Close, outputs);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        EmaState fastCopy = fast, slowCopy = slow, signalCopy = signal;
        Step(ref fastCopy, ref slowCopy, ref signalCopy, bar.Close, outputs);
    }

    private static void Step(ref EmaState fast, ref EmaState slow, ref EmaState signal, double close, Span<double> outputs)
    {
        outputs[..3].Fill(double.NaN);
        if (!Gaps.IsSeen(close))
        {
            return;
        }

        double line = fast.Next(close) - slow.Next(close);
        if (double.IsNaN(line))
        {
            return;
        }

        double average = signal.Next(line);
        outputs[0] = line;
        outputs[1] = average;
        outputs[2] = line - average;
    }
}
