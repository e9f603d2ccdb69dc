using System.Globalization;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>The workload of the benchmark's SPEC.md with the indicators and signals written out as the text has them, so that the
/// engine can be held against the oracle without rules or packs in between.</summary>
internal sealed class BenchWorkload
{
    public static readonly int[] Periods = [14, 21, 28];
    public static readonly int[] Levels = [30, 35, 40, 45, 50, 55, 60];
    public static readonly double?[] Stops = [null, 0.5, 1, 2];
    public static readonly double?[] Targets = [null, 1, 2];
    public static readonly double?[] Trails = [null, 0.75, 1.5];
    public static readonly double[] Sizes = [20, 40, 60, 80, 100];
    public static readonly (int First, int Last)[] Hours = [(0, 23), (13, 15), (16, 17), (18, 20), (15, 19)];

    public BenchWorkload()
    {
        string folder = Checkout.Material("bench");
        Oracle = Path.Combine(folder, "oracle");
        ColumnSet set = ParquetFile.Read(
            Checkout.Material("market/bars/equity/hour/SPY.parquet"), ["ts", "open", "high", "low", "close", "volume"], TestContext.Current.CancellationToken);
        double[] volume = new double[set.Rows];
        Bars = new(Symbol.Parse("SPY"), Interval.Hour1, set["ts"].TimestampsUtcUs, set["open"].Doubles, set["high"].Doubles, set["low"].Doubles, set["close"].Doubles, volume);
        Fills = FillBars.From(Bars, TimeZoneInfo.Utc, PriceKind.Raw);
        double[] ema = Ema(Bars.Close, 200);
        foreach (int p in Periods)
        {
            double[] rsi = Rsi(Bars.Close, p);
            foreach (int level in Levels)
            {
                int[] exits = [.. Bar(t => rsi[t - 1] > 100 - level && rsi[t] <= 100 - level)];
                foreach ((int first, int last) in Hours)
                {
                    Signals.Add(new([.. Bar(t => rsi[t - 1] < level && rsi[t] >= level && Bars.Close[t] > ema[t] && Hour(t) >= first && Hour(t) <= last)], exits));
                }
            }
        }

        for (int pl = 0; pl < Periods.Length * Levels.Length; pl++)
        {
            foreach (double? stop in Stops)
            {
                foreach (double? target in Targets)
                {
                    foreach (double? trail in Trails)
                    {
                        foreach (double size in Sizes)
                        {
                            for (int h = 0; h < Hours.Length; h++)
                            {
                                Combos.Add(new((pl * Hours.Length) + h, new(stop, target, trail), new(SizingMethod.FixedPct, size)));
                            }
                        }
                    }
                }
            }
        }
    }

    public string Oracle { get; }

    public BarColumns Bars { get; }

    public FillBars Fills { get; }

    public List<SignalSet> Signals { get; } = [];

    public List<ComboWork> Combos { get; } = [];

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private int Hour(int t) => (int)(Bars.StartUtcUs[t] / 3_600_000_000 % 24);

    private IEnumerable<int> Bar(Func<int, bool> holds) => Enumerable.Range(1, Bars.Count - 1).Where(holds);

    /// <summary>SPEC.md §2, word for word.</summary>
    public static double[] Rsi(double[] close, int p)
    {
        double[] rsi = new double[close.Length];
        Array.Fill(rsi, double.NaN);
        double ag = 0, al = 0;
        for (int t = 1; t < close.Length; t++)
        {
            double d = close[t] - close[t - 1], g = d > 0 ? d : 0, l = d < 0 ? -d : 0;
            if (t <= p)
            {
                ag += g;
                al += l;
                if (t < p)
                {
                    continue;
                }

                ag /= p;
                al /= p;
            }
            else
            {
                ag = ((ag * (p - 1)) + g) / p;
                al = ((al * (p - 1)) + l) / p;
            }

            rsi[t] = ag + al == 0 ? 50 : 100 * ag / (ag + al);
        }

        return rsi;
    }

    /// <summary>SPEC.md §2, word for word.</summary>
    public static double[] Ema(double[] close, int m)
    {
        double[] ema = new double[close.Length];
        Array.Fill(ema, double.NaN);
        double e = 0, k = 2.0 / (m + 1);
        for (int t = 0; t < close.Length; t++)
        {
            if (t < m)
            {
                e += close[t];
                if (t < m - 1)
                {
                    continue;
                }

                e /= m;
            }
            else
            {
                e += k * (close[t] - e);
            }

            ema[t] = e;
        }

        return ema;
    }
}
