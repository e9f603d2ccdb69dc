using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Market.Simulator;

/// <summary>One session of one symbol in 5-minute steps; prices as logarithms.</summary>
internal readonly struct SymbolDay(int steps)
{
    public double[] Open { get; } = new double[steps];

    public double[] High { get; } = new double[steps];

    public double[] Low { get; } = new double[steps];

    public double[] Close { get; } = new double[steps];

    public double[] Volume { get; } = new double[steps];

    /// <summary>Adds the session's bars of an interval, prices in whole cents.</summary>
    public void AddTo(BarsBuilder bars, Session session, Interval interval)
    {
        long[] starts = session.BarStarts(interval);
        int perBar = interval == Interval.Day1 ? Open.Length : interval.Minutes() / 5;
        for (int i = 0; i < starts.Length; i++)
        {
            int first = i * perBar, last = Math.Min(first + perBar, Open.Length) - 1;
            double high = High[first], low = Low[first], volume = 0;
            for (int j = first; j <= last; j++)
            {
                high = Math.Max(high, High[j]);
                low = Math.Min(low, Low[j]);
                volume += Volume[j];
            }

            bars.Add(starts[i], Cents(Open[first]), Cents(high), Cents(low), Cents(Close[last]), volume);
        }
    }

    private static double Cents(double log) => Math.Max(0.01, Math.Round(Math.Exp(log), 2));
}
