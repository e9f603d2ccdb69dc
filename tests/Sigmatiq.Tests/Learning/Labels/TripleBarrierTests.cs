using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning.Labels;

public sealed class TripleBarrierTests
{
    private static readonly EngineOptions Free = new() { SlippageBps = 0, Fee = FeeModel.Zero };
    private static readonly Barriers Narrow = new(StopLossPct: 5, TakeProfitPct: 10, TrailingStopPct: null, TimeStopDays: 2);

    [Fact]
    public void A_target_is_a_gain_a_stop_is_none_and_the_end_is_known()
    {
        // Day bars (open, high, low, close). Decided on bar 0, bought at 100: the target 110 trades in bar 2.
        // Decided on bar 1, bought at 105: the stop 99.75 trades in bar 3, at its open 98.
        LabelColumns labels = TripleBarrier.Label(
            Days((100, 101, 99, 100), (100, 106, 100, 105), (105, 111, 104, 106), (98, 99, 97, 98), (98, 98, 98, 98)), Free, Narrow);
        labels.Label[0].Should().Be(1);
        labels.EndBar[0].Should().Be(2);
        labels.NetReturn[0].Should().BeApproximately(0.10, 1e-12);
        labels.Label[1].Should().Be(0);
        labels.EndBar[1].Should().Be(3);
        labels.NetReturn[1].Should().BeApproximately((98.0 / 105) - 1, 1e-12);
    }

    [Fact]
    public void A_time_stop_closes_at_its_days_close_and_what_is_open_at_the_end_has_no_label()
    {
        // Bought on day 1 at 100, two days allowed: closed at day 3's close 103. Bought on day 2: its day 4 never comes.
        LabelColumns labels = TripleBarrier.Label(
            Days((100, 100, 100, 100), (100, 101, 99, 100), (100, 102, 99, 101), (101, 104, 100, 103)), Free, Narrow);
        labels.Label[0].Should().Be(1);
        labels.EndBar[0].Should().Be(3);
        labels.NetReturn[0].Should().BeApproximately(0.03, 1e-12);
        labels.Label[1..].Should().OnlyContain(y => double.IsNaN(y));
        labels.EndBar[1..].Should().OnlyContain(e => e == -1);
        labels.LabelledBars().Should().Equal(0);
    }

    [Fact]
    public void A_gain_that_costs_eat_is_none()
    {
        // Bought at 100 with 5 bps slippage: 100.05. The time stop sells at 100.10 less 5 bps: 100.04995. A gross gain, a net loss.
        FillBars bars = Days((100, 100, 100, 100), (100, 100, 100, 100), (100, 100, 100, 100), (100, 100.1, 100, 100.1));
        TripleBarrier.Label(bars, Free, Narrow).Label[0].Should().Be(1);
        TripleBarrier.Label(bars, Free with { SlippageBps = 5 }, Narrow).Label[0].Should().Be(0);
        // Commission: 1,000 shares, half a cent each way, at most 1 %: $5 + $5 of 100,000.
        TripleBarrier.Label(bars, Free with { Fee = FeeModel.IbkrFixed }, Narrow).NetReturn[0].Should().BeApproximately(0.001 - 0.0001, 1e-12);
    }

    [Fact]
    public void The_stop_counts_before_the_target_in_the_bar_that_holds_both()
    {
        LabelColumns labels = TripleBarrier.Label(Days((100, 100, 100, 100), (100, 120, 90, 110), (110, 110, 110, 110)), Free, Narrow);
        labels.Label[0].Should().Be(0);
        labels.EndBar[0].Should().Be(1);
    }

    [Fact]
    public void Labels_are_the_engines_own_trades()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Rng rng = Rng.From(seed);
            FillBars bars = Walk(rng, 300);
            Barriers barriers = new(2 + rng.NextInt(4), 3 + rng.NextInt(6), rng.NextInt(2) == 0 ? null : 2 + rng.NextInt(3), 1 + rng.NextInt(8));
            EngineOptions options = new() { OpenAtEnd = OpenAtEnd.List };
            LabelColumns labels = TripleBarrier.Label(bars, options, barriers);
            int t = rng.NextInt(250);
            TradePath path = PathFinder.Find(bars, new SignalSet([t], []), barriers, options, 0, bars.Count);
            path.Count.Should().Be(1);
            path.ExitBar[0].Should().Be(labels.EndBar[t], $"seed {seed}");
            if (labels.EndBar[t] >= 0)
            {
                double gross = (path.ExitPrice[0] / path.EntryPrice[0]) - 1;
                labels.NetReturn[t].Should().BeLessThan(gross).And.BeApproximately(gross, 0.0002, $"seed {seed}");
                labels.Label[t].Should().Be(labels.NetReturn[t] > 0 ? 1 : 0, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Bars_after_the_end_of_a_label_never_change_it()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Rng rng = Rng.From(500 + seed);
            (double Open, double High, double Low, double Close)[] days = Prices(rng, 200);
            Barriers barriers = new(3, 5, 2, 5);
            LabelColumns before = TripleBarrier.Label(Days(days), new(), barriers);
            int cut = 60 + rng.NextInt(100);
            for (int u = cut + 1; u < days.Length; u++)
            {
                days[u] = (days[u].Open * 2, days[u].High * 2, days[u].Low * 2, days[u].Close * 2);
            }

            LabelColumns after = TripleBarrier.Label(Days(days), new(), barriers);
            for (int t = 0; t < days.Length; t++)
            {
                if (before.EndBar[t] >= 0 && before.EndBar[t] <= cut)
                {
                    (after.EndBar[t], after.NetReturn[t]).Should().Be((before.EndBar[t], before.NetReturn[t]), $"seed {seed}, bar {t}");
                }
            }
        }
    }

    internal static FillBars Walk(Rng rng, int n) => Days(Prices(rng, n));

    internal static FillBars Days(params (double Open, double High, double Low, double Close)[] days)
    {
        long start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000;
        BarColumns bars = new(
            Symbol.Parse("MKT.SYN"), Interval.Day1, [.. days.Select((_, i) => start + (i * 86_400_000_000L))], [.. days.Select(d => d.Open)],
            [.. days.Select(d => d.High)], [.. days.Select(d => d.Low)], [.. days.Select(d => d.Close)], [.. days.Select(_ => 1e6)]);
        return FillBars.From(bars, TimeZoneInfo.Utc, PriceKind.Raw);
    }

    private static (double Open, double High, double Low, double Close)[] Prices(Rng rng, int n)
    {
        double price = 100;
        var days = new (double, double, double, double)[n];
        for (int t = 0; t < n; t++)
        {
            double open = price * Math.Exp(0.004 * rng.NextGaussian());
            double close = open * Math.Exp(0.012 * rng.NextGaussian());
            double high = Math.Max(open, close) * (1 + (0.005 * rng.NextDouble())), low = Math.Min(open, close) * (1 - (0.005 * rng.NextDouble()));
            days[t] = (open, high, low, close);
            price = close;
        }

        return days;
    }
}
