using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Momentum;

/// <summary>Moving Average Convergence/Divergence (Gerald Appel): EMA(fast) − EMA(slow), its EMA, and their difference.</summary>
/// <remarks>Every average has the constant 2/(n + 1) and is seeded by its own first n values. Some sources round the constants of 12 and 26 to
/// 0.15 and 0.075, as Appel first gave them, or start the two averages on the first close: then the line is defined from bar 0 and the signal
/// starts with the line's value at bar slow − 1.</remarks>
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
    /// <param name="seed">How the averages begin.</param>
    /// <param name="isRounded">Whether 12 and 26 stand for the constants 0.15 and 0.075.</param>
    public static void Compute(
        ReadOnlySpan<double> close, int fastPeriod, int slowPeriod, int signalPeriod,
        Span<double> line, Span<double> signal, Span<double> histogram, EmaSeed seed = EmaSeed.Mean, bool isRounded = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fastPeriod, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(slowPeriod, fastPeriod);
        ArgumentOutOfRangeException.ThrowIfLessThan(signalPeriod, 1);
        Gaps.SameLength(close.Length, line.Length, signal.Length, histogram.Length);
        if (Gaps.AllSeen(close))
        {
            Dense(close, fastPeriod, slowPeriod, signalPeriod, seed, isRounded, line, signal, histogram);
            return;
        }

        int[] seen = Gaps.Seen(close, close, close);
        double[] a = new double[seen.Length], b = new double[seen.Length], c = new double[seen.Length];
        Dense(Gaps.Take(close, seen), fastPeriod, slowPeriod, signalPeriod, seed, isRounded, a, b, c);
        Gaps.Put(a, seen, line);
        Gaps.Put(b, seen, signal);
        Gaps.Put(c, seen, histogram);
    }

    /// <summary>The constants of the fast and the slow average.</summary>
    internal static (double Fast, double Slow) Constants(int fastPeriod, int slowPeriod, bool isRounded) =>
        isRounded && (fastPeriod, slowPeriod) == (12, 26) ? (0.15, 0.075) : (2.0 / (fastPeriod + 1), 2.0 / (slowPeriod + 1));

    private static void Dense(
        ReadOnlySpan<double> close, int fastPeriod, int slowPeriod, int signalPeriod, EmaSeed seed, bool isRounded,
        Span<double> line, Span<double> signal, Span<double> histogram)
    {
        int n = close.Length;
        bool isMean = seed == EmaSeed.Mean;
        int fastFirst = isMean ? fastPeriod : 1, slowFirst = isMean ? slowPeriod : 1, signalFirst = slowPeriod - 1 + (isMean ? signalPeriod : 1);
        int full = Math.Min(signalFirst, n);
        line[..full].Fill(double.NaN);
        signal[..full].Fill(double.NaN);
        histogram[..full].Fill(double.NaN);
        if (n < slowFirst)
        {
            return;
        }

        var (kFast, kSlow) = Constants(fastPeriod, slowPeriod, isRounded);
        double kSignal = 2.0 / (signalPeriod + 1);
        double fast = Windows.Mean(close[..fastFirst]);
        for (int t = fastFirst; t < slowFirst; t++)
        {
            fast += kFast * (close[t] - fast);
        }

        double slow = Windows.Mean(close[..slowFirst]);
        line[slowFirst - 1] = fast - slow;
        for (int t = slowFirst; t < full; t++)
        {
            fast += kFast * (close[t] - fast);
            slow += kSlow * (close[t] - slow);
            line[t] = fast - slow;
        }

        if (full < signalFirst)
        {
            return;
        }

        double average = Windows.Mean(line[(slowPeriod - 1)..full]);
        signal[full - 1] = average;
        histogram[full - 1] = line[full - 1] - average;
        // The fast and the slow average travel side by side; the signal follows them without being waited for.
        Vector128<double> both = Vector128.Create(fast, slow), constants = Vector128.Create(kFast, kSlow);
        ref double source = ref MemoryMarshal.GetReference(close);
        ref double lines = ref MemoryMarshal.GetReference(line);
        ref double signals = ref MemoryMarshal.GetReference(signal);
        ref double histograms = ref MemoryMarshal.GetReference(histogram);
        for (int t = full; t < n; t++)
        {
            both += constants * (Vector128.Create(Unsafe.Add(ref source, t)) - both);
            double difference = both.ToScalar() - both.GetElement(1);
            average += kSignal * (difference - average);
            Unsafe.Add(ref lines, t) = difference;
            Unsafe.Add(ref signals, t) = average;
            Unsafe.Add(ref histograms, t) = difference - average;
        }
    }
}

/// <summary>The streaming twin of <see cref="Macd"/>.</summary>
internal sealed class MacdStream(int fastPeriod, int slowPeriod, int signalPeriod, EmaSeed seed, bool isRounded) : IIndicatorStream
{
    private readonly int slowPeriod = slowPeriod;
    private EmaState fast = new(fastPeriod, seed, Macd.Constants(fastPeriod, slowPeriod, isRounded).Fast);
    private EmaState slow = new(slowPeriod, seed, Macd.Constants(fastPeriod, slowPeriod, isRounded).Slow);
    private EmaState signal = new(signalPeriod, seed);
    private int taken;

    public void Next(in Bar bar, Span<double> outputs) => Step(ref fast, ref slow, ref signal, ref taken, bar.Close, outputs);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        EmaState fastCopy = fast, slowCopy = slow, signalCopy = signal;
        int takenCopy = taken;
        Step(ref fastCopy, ref slowCopy, ref signalCopy, ref takenCopy, bar.Close, outputs);
    }

    private void Step(ref EmaState fast, ref EmaState slow, ref EmaState signal, ref int taken, double close, Span<double> outputs)
    {
        outputs[..3].Fill(double.NaN);
        if (!Gaps.IsSeen(close))
        {
            return;
        }

        outputs[0] = fast.Next(close) - slow.Next(close);
        taken = Math.Min(taken + 1, slowPeriod);
        if (taken == slowPeriod)
        {
            outputs[1] = signal.Next(outputs[0]);
            outputs[2] = outputs[0] - outputs[1];
        }
    }
}
