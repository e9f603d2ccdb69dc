using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Grid;

namespace Sigmatiq.Benchmarks;

/// <summary>The four metrics of one combo, and its wins.</summary>
internal readonly record struct PlainScore(int Trades, int Wins, double TotalReturn, double MaxDrawdown, double Sharpe);

/// <summary>The workload's definition as one plain loop over all bars for every combo, written out: the yardstick beside the engine, so that
/// machines can be compared. It must stay as it is; it shares nothing but the signals of equal (p, L, H), knows no vectors and one thread.</summary>
internal sealed class PlainLoop(BarColumns bars, IReadOnlyList<DefinedCombo> combos)
{
    private const double Fee = 0.0001, StartingCash = 10_000;
    private const int EmaPeriod = 200, BarsPerYear = 1764;

    private readonly double[] open = bars.Open, high = bars.High, low = bars.Low, close = bars.Close;
    private readonly double[] equity = new double[bars.Count], returns = new double[bars.Count];
    private readonly int n = bars.Count;

    /// <summary>Runs every combo, indicators and signals included.</summary>
    public PlainScore[] Run()
    {
        var signals = new Dictionary<(int, double, HourSet), (bool[] Entry, bool[] Exit)>();
        var rsi = new Dictionary<int, double[]>();
        double[] ema = Ema();
        var scores = new PlainScore[combos.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            DefinedCombo combo = combos[i];
            if (!rsi.TryGetValue(combo.Period, out double[]? index))
            {
                rsi[combo.Period] = index = Rsi(combo.Period);
            }

            if (!signals.TryGetValue((combo.Period, combo.Level, combo.Hours), out (bool[] Entry, bool[] Exit) signal))
            {
                signals[(combo.Period, combo.Level, combo.Hours)] = signal = Signals(index, ema, combo.Level, combo.Hours);
            }

            scores[i] = Simulate(signal.Entry, signal.Exit, combo);
        }

        return scores;
    }

    private PlainScore Simulate(bool[] entry, bool[] exit, DefinedCombo combo)
    {
        double stopFactor = combo.StopLoss is { } sl ? 1 - sl : double.NegativeInfinity;
        double trailFactor = combo.Trail is { } tr ? 1 - tr : double.NegativeInfinity;
        double targetFactor = combo.TakeProfit is { } tp ? 1 + tp : double.PositiveInfinity;
        double cash = StartingCash, quantity = 0, entryPrice = 0, peak = 0;
        bool isLong = false, buys = false, sells = false;
        int trades = 0, wins = 0;
        for (int t = 0; t < n; t++)
        {
            bool isProtected = false;
            double price = 0;
            bool leaves = false;
            if (buys)
            {
                entryPrice = peak = open[t];
                double spend = combo.Size * cash;
                quantity = spend / (entryPrice * (1 + Fee));
                cash -= spend;
                isLong = true;
            }
            else if (sells)
            {
                price = open[t];
                leaves = true;
            }

            buys = sells = false;
            if (isLong && !leaves)
            {
                double level = Math.Max(entryPrice * stopFactor, peak * trailFactor);
                double target = entryPrice * targetFactor;
                if (low[t] <= level)
                {
                    price = open[t] <= level ? open[t] : level;
                    leaves = isProtected = true;
                }
                else if (high[t] >= target)
                {
                    price = open[t] >= target ? open[t] : target;
                    leaves = isProtected = true;
                }
            }

            if (leaves)
            {
                cash += quantity * price * (1 - Fee);
                quantity = 0;
                isLong = false;
                trades++;
                wins += price * (1 - Fee) > entryPrice * (1 + Fee) ? 1 : 0;
            }

            if (isLong && high[t] > peak)
            {
                peak = high[t];
            }

            equity[t] = cash + (quantity * close[t]);
            if (t < n - 1)
            {
                sells = isLong && exit[t];
                buys = !isLong && !isProtected && entry[t];
            }
        }

        return Measure(trades, wins);
    }

    private PlainScore Measure(int trades, int wins)
    {
        double top = StartingCash, drawdown = 0, previous = StartingCash, sum = 0;
        for (int t = 0; t < n; t++)
        {
            double value = equity[t];
            if (value > top)
            {
                top = value;
            }

            double fall = 1 - (value / top);
            if (fall > drawdown)
            {
                drawdown = fall;
            }

            double r = (value / previous) - 1;
            returns[t] = r;
            sum += r;
            previous = value;
        }

        double mean = sum / n, squares = 0;
        for (int t = 0; t < n; t++)
        {
            squares += (returns[t] - mean) * (returns[t] - mean);
        }

        double deviation = n > 1 ? Math.Sqrt(squares / (n - 1)) : 0;
        return new(trades, wins, (equity[n - 1] / StartingCash) - 1, drawdown, deviation > 0 ? Math.Sqrt(BarsPerYear) * mean / deviation : 0);
    }

    private (bool[] Entry, bool[] Exit) Signals(double[] rsi, double[] ema, double level, HourSet hours)
    {
        bool[] entry = new bool[n], exit = new bool[n];
        double upper = 100 - level;
        for (int t = 1; t < n; t++)
        {
            int hour = (int)((bars.StartUtcUs[t] / 3_600_000_000 % 24 + 24) % 24);
            entry[t] = rsi[t - 1] < level && rsi[t] >= level && close[t] > ema[t] && hours.Contains(hour);
            exit[t] = rsi[t - 1] > upper && rsi[t] <= upper;
        }

        return (entry, exit);
    }

    private double[] Rsi(int period)
    {
        double[] rsi = new double[n];
        double gains = 0, losses = 0;
        if (n > 0)
        {
            rsi[0] = double.NaN;
        }

        for (int t = 1; t < n; t++)
        {
            double d = close[t] - close[t - 1], gain = d > 0 ? d : 0, loss = d < 0 ? -d : 0;
            if (t <= period)
            {
                gains += gain;
                losses += loss;
                if (t == period)
                {
                    gains /= period;
                    losses /= period;
                }
            }
            else
            {
                gains = ((gains * (period - 1)) + gain) / period;
                losses = ((losses * (period - 1)) + loss) / period;
            }

            rsi[t] = t < period ? double.NaN : gains + losses == 0 ? 50 : 100 * gains / (gains + losses);
        }

        return rsi;
    }

    private double[] Ema()
    {
        double[] ema = new double[n];
        double e = 0, k = 2.0 / (EmaPeriod + 1);
        for (int t = 0; t < n; t++)
        {
            if (t < EmaPeriod)
            {
                e += close[t];
                e = t == EmaPeriod - 1 ? e / EmaPeriod : e;
            }
            else
            {
                e += k * (close[t] - e);
            }

            ema[t] = t < EmaPeriod - 1 ? double.NaN : e;
        }

        return ema;
    }
}
