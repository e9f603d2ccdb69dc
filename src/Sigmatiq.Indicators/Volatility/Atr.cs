using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Volatility;

/// <summary>Average True Range (Wilder, 1978): Wilder's mean of the true range, which starts at bar 1.</summary>
public static class Atr
{
    /// <summary>Fills the average true range.</summary>
    /// <param name="high">Highest prices, oldest first, shape [n].</param>
    /// <param name="low">Lowest prices, shape [n].</param>
    /// <param name="close">Closing prices, shape [n].</param>
    /// <param name="period">Number of ranges averaged, at least 1.</param>
    /// <param name="atr">Receives the average, shape [n]; NaN for the first <paramref name="period"/> seen bars.</param>
    public static void Compute(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int period, Span<double> atr)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.SameLength(close.Length, high.Length, low.Length, atr.Length);
        if (Gaps.AllSeen(high) && Gaps.AllSeen(low) && Gaps.AllSeen(close))
        {
            Dense(high, low, close, period, atr);
            return;
        }

        int[] seen = Gaps.Seen(high, low, close);
        double[] dense = new double[seen.Length];
        Dense(Gaps.Take(high, seen), Gaps.Take(low, seen), Gaps.Take(close, seen), period, dense);
        Gaps.Put(dense, seen, atr);
    }

    private static void Dense(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, int period, Span<double> atr)
    {
        if (close.Length <= period)
        {
            atr.Fill(double.NaN);
            return;
        }

        TrueRange.Fill(high, low, close, atr);
        double mean = Windows.Mean(atr.Slice(1, period));
        atr[..period].Fill(double.NaN);
        atr[period] = mean;
        var wilder = new Wilder(period);
        for (int t = period + 1; t < atr.Length; t++)
        {
            mean = wilder.Next(mean, atr[t]);
            atr[t] = mean;
        }
    }
}

/// <summary>The streaming twin of <see cref="Atr"/>.</summary>
internal sealed class AtrStream(int period) : IIndicatorStream
{
    private State state = new(period);

    public void Next(in Bar bar, Span<double> outputs) => outputs[0] = state.Next(bar);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        State copy = state;
        outputs[0] = copy.Next(bar);
    }

    private struct State(int period)
    {
        private readonly int period = period;
        private readonly Wilder wilder = new(period);
        private int taken;
        private double previousClose, mean;

        internal double Next(in Bar bar)
        {
            if (!Gaps.IsSeen(bar.High) || !Gaps.IsSeen(bar.Low) || !Gaps.IsSeen(bar.Close))
            {
                return double.NaN;
            }

            double range = TrueRange.Of(bar.High, bar.Low, previousClose);
            previousClose = bar.Close;
            if (taken > period)
            {
                mean = wilder.Next(mean, range);
                return mean;
            }

            if (taken++ > 0)
            {
                mean += range;
            }

            if (taken <= period)
            {
                return double.NaN;
            }

            mean /= period;
            return mean;
        }
    }
}
