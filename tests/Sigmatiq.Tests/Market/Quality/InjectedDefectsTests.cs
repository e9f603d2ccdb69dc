using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Market.Quality;

/// <summary>Clean simulated bars, and the same with known defects put in: the gates find these and nothing else.</summary>
public sealed class InjectedDefectsTests
{
    private static readonly NyseCalendar Nyse = NyseCalendar.Instance;
    private static readonly string[] Kinds = ["null", "high", "low", "zero", "negative", "wick", "jump", "scale", "duplicate", "gap", "order"];

    [Fact]
    public void Nothing_is_found_in_the_simulators_own_bars()
    {
        int bars = 0;
        foreach (Symbol symbol in MarketSimulator.Default.Symbols)
        {
            foreach ((Interval interval, DateOnly from) in new[] { (Interval.Hour1, new DateOnly(2018, 1, 2)), (Interval.Day1, new(2018, 1, 2)), (Interval.Minute5, new(2024, 1, 2)) })
            {
                BarColumns clean = MarketSimulator.Default.Bars(symbol, interval, from, new(2024, 6, 28));
                bars += clean.Count;
                QualityGates.Check(clean, Nyse).Findings.Should().BeEmpty($"{symbol} {interval.Text()}");
            }
        }

        bars.Should().BeGreaterThan(100_000);
    }

    [Fact]
    public void Defects_put_into_clean_bars_are_found_each_by_its_rule_and_bar()
    {
        Symbol[] symbols = [.. MarketSimulator.Default.Symbols];
        int injected = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            Rng rng = Rng.From(seed);
            BarColumns clean = MarketSimulator.Default.Bars(symbols[seed % symbols.Length], Interval.Hour1, new(2022, 1, 3), new(2022, 6, 30));
            var made = new Injected(clean);
            for (int at = 20; at < clean.Count - 40; at += 30 + rng.NextInt(20))
            {
                made.Add(Kinds[rng.NextInt(Kinds.Length)], at, rng);
                injected++;
            }

            QualityReport report = QualityGates.Check(made.Bars(), Nyse);
            string[] found = [.. report.Findings.Select(f => $"{report.Bars.StartUtc(f.Bar):yyyy-MM-dd HH:mm} {f.Rule.Name}").Order(StringComparer.Ordinal)];
            found.Except(made.Expected).Should().BeEmpty($"seed {seed}: nothing else was put in");
            made.Expected.Except(found).Should().BeEmpty($"seed {seed}: this was put in");
            found.Should().Equal(made.Expected.Order(StringComparer.Ordinal), $"seed {seed}");
        }

        injected.Should().BeGreaterThan(1000);
    }

    private sealed class Injected(BarColumns clean)
    {
        private readonly long[] start = [.. clean.StartUtcUs];
        private readonly double[] open = [.. clean.Open], high = [.. clean.High], low = [.. clean.Low], close = [.. clean.Close], volume = [.. clean.Volume];
        private readonly HashSet<int> gone = [];

        public List<string> Expected { get; } = [];

        public void Add(string kind, int t, Rng rng)
        {
            switch (kind)
            {
                case "null":
                    (rng.NextInt(2) == 0 ? open : low)[t] = double.NaN;
                    Expect(t, "null_price");
                    break;
                case "high":
                    high[t] = Math.Max(open[t], close[t]) * 0.9999;
                    Expect(t, "high_below_body");
                    break;
                case "low":
                    low[t] = Math.Min(open[t], close[t]) * 1.0001;
                    high[t] = Math.Max(high[t], low[t]);
                    Expect(t, "low_above_body");
                    break;
                case "zero":
                    volume[t] = 0;
                    Expect(t, "zero_volume");
                    break;
                case "negative":
                    volume[t] = -1 - rng.NextInt(100);
                    Expect(t, "negative_volume");
                    break;
                case "wick":
                    low[t] = Math.Min(open[t], close[t]) * 0.94;
                    Expect(t, "wick_over_5pct_intraday");
                    break;
                case "jump":
                    // Up by 28 %, so that the way back is less than 25 %.
                    close[t] = close[t - 1] * 1.28;
                    high[t] = Math.Max(high[t], close[t]);
                    Expect(t, "jump_over_25pct");
                    break;
                case "scale":
                    int rows = 1 + rng.NextInt(8);
                    for (int i = t; i < t + rows; i++)
                    {
                        foreach (double[] price in new[] { open, high, low, close })
                        {
                            price[i] *= 100;
                        }

                        Expect(i, "scale_slip");
                    }

                    Expect(t, "jump_over_25pct");
                    Expect(t + rows, "jump_over_25pct");
                    break;
                case "duplicate":
                    start[t] = start[t - 1];
                    Expect(t - 1, "duplicate_ts");
                    Expect(t, "duplicate_ts");
                    Expect(t + 1, "gap");
                    break;
                case "gap":
                    int missing = 1 + rng.NextInt(9);
                    gone.UnionWith(Enumerable.Range(t, missing));
                    Expect(t + missing, "gap");
                    break;
                default:
                    Swap(t);
                    Expect(t, "unordered_ts");
                    break;
            }
        }

        public BarColumns Bars()
        {
            T[] Kept<T>(T[] column) => [.. column.Where((_, t) => !gone.Contains(t))];
            return new(clean.Symbol, clean.Interval, Kept(start), Kept(open), Kept(high), Kept(low), Kept(close), Kept(volume));
        }

        // Rows t - 1 and t change places, each with its own time.
        private void Swap(int t)
        {
            (start[t - 1], start[t]) = (start[t], start[t - 1]);
            foreach (double[] column in new[] { open, high, low, close, volume })
            {
                (column[t - 1], column[t]) = (column[t], column[t - 1]);
            }
        }

        private void Expect(int t, string rule) => Expected.Add($"{DateTimeOffset.UnixEpoch.AddTicks(start[t] * 10):yyyy-MM-dd HH:mm} {rule}");
    }
}
