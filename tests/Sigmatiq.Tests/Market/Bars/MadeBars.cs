using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Market.Bars;

/// <summary>Bars for tests, on the real session grid.</summary>
internal static class MadeBars
{
    public static BarColumns OnSessions(Interval interval, DateOnly from, DateOnly to, Rng rng, string symbol = "TEST")
    {
        List<long> starts = [.. NyseCalendar.Instance.Sessions(from, to).SelectMany(s => s.BarStarts(interval))];
        return At(interval, [.. starts], rng, symbol);
    }

    public static BarColumns At(Interval interval, long[] starts, Rng rng, string symbol = "TEST")
    {
        int n = starts.Length;
        double[] open = new double[n], high = new double[n], low = new double[n], close = new double[n], volume = new double[n];
        double price = 100;
        for (int t = 0; t < n; t++)
        {
            open[t] = price * (1 + (0.002 * rng.NextGaussian()));
            close[t] = open[t] * (1 + (0.005 * rng.NextGaussian()));
            high[t] = Math.Max(open[t], close[t]) * (1 + (0.002 * rng.NextDouble()));
            low[t] = Math.Min(open[t], close[t]) * (1 - (0.002 * rng.NextDouble()));
            volume[t] = 1 + rng.NextInt(1_000_000);
            price = close[t];
        }

        return new(Symbol.Parse(symbol), interval, starts, open, high, low, close, volume);
    }

    /// <summary>The same bars up to and with t, then others at the same times.</summary>
    public static BarColumns WithNoiseAfter(BarColumns bars, int t, Rng rng)
    {
        double[] Noisy(double[] column) => [.. column.Select((x, i) => i <= t ? x : 1 + (200 * rng.NextDouble()))];
        return new(bars.Symbol, bars.Interval, bars.StartUtcUs, Noisy(bars.Open), Noisy(bars.High), Noisy(bars.Low), Noisy(bars.Close), Noisy(bars.Volume));
    }
}
