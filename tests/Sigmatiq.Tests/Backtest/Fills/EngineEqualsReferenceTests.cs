using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Backtest.Fills;

/// <summary>The engine that jumps against the loop that visits every bar, on random bars, signals and options: equal to the last bit.</summary>
public sealed class EngineEqualsReferenceTests
{
    private sealed class RandomRule(long seed, double p) : IPositionExit
    {
        public bool Leaves(int bar, in PositionState position) => Leaves(bar, position.Return, position.Days, position.Best);

        public bool Leaves(int bar, double positionReturn, int days, double best) =>
            Rng.From(seed).Fork("leaves", bar).NextDouble() < p || positionReturn > 0.04 || days > 6 || best > 0.07;
    }

    [Fact]
    public void The_engine_gives_the_trades_cash_and_counts_of_the_bar_by_bar_reference()
    {
        int trades = 0, ambiguous = 0, expired = 0, refused = 0, own = 0;
        var reasons = new Dictionary<ExitReason, int>();
        for (int i = 0; i < 8_000; i++)
        {
            Rng rng = Rng.From(20_240_101).Fork("path", i);
            (BarColumns bars, int[] dayOf) = RandomBars(rng, 5 + rng.NextInt(150));
            int n = bars.Count;
            double entryShare = rng.NextDouble() * 0.6, exitShare = rng.NextDouble() * 0.3;
            bool[] entry = Flags(rng, n, entryShare), exit = Flags(rng, n, exitShare);
            EngineOptions options = RandomOptions(rng);
            Barriers barriers = RandomBarriers(rng);
            double sizePct = Pick(rng, 0.2, 1.0, 5.0, 40.0, 100.0), volTargetPct = Pick(rng, 0.5, 2, 10);
            int from = rng.NextInt(3) == 0 ? rng.NextInt(n) : 0, to = rng.NextInt(3) == 0 ? 1 + rng.NextInt(n) : n;
            from = Math.Min(from, to);
            RandomRule? rule = rng.NextInt(4) == 0 ? new(i, 0.05) : null;

            FillBars fills = FillBars.From(bars, TimeZoneInfo.Utc, PriceKind.Raw);
            fills.DayOf.Should().Equal(dayOf);
            var signals = new SignalSet(Bars(entry), Bars(exit), rule);
            TradePath shared = PathFinder.Find(fills, signals, barriers, options, from, to);
            AccountPath account = AccountPath.Run(fills, signals, barriers, options, shared, new(options.Sizing, sizePct, volTargetPct), from, to);

            var reference = new ReferenceEngine(
                bars.Open, bars.High, bars.Low, bars.Close, bars.Volume, dayOf, entry, exit, barriers, options, sizePct, from, to)
            { PositionExit = rule is null ? null : rule.Leaves, VolTargetPct = volTargetPct };
            reference.Run();

            string where = $"path {i}, {options}, {barriers}";
            TradePath path = account.Path;
            path.Count.Should().Be(reference.Trades.Count, where);
            for (int k = 0; k < path.Count; k++)
            {
                ReferenceEngine.Trade want = reference.Trades[k];
                var got = (path.DecisionBar[k], path.EntryBar[k], path.EntryPrice[k], path.ExitBar[k], path.ExitPrice[k], path.Reason[k].Text(),
                    account.Quantity[k], account.CashAfterEntry[k]);
                if (got != (want.DecisionBar, want.EntryBar, want.EntryPrice, want.ExitBar, want.ExitPrice, want.Reason, want.Quantity, want.CashAfterEntry)
                    || !account.Profit[k].Equals(want.Profit))
                {
                    Assert.Fail($"{where}: trade {k} is {got} {account.Profit[k]:R}, the reference has {want}");
                }

                reasons[path.Reason[k]] = reasons.GetValueOrDefault(path.Reason[k]) + 1;
            }

            path.Tally.Should().Be(new PathTally(reference.Ambiguous, reference.Expired, reference.Refused), where);
            trades += path.Count;
            ambiguous += path.Tally.AmbiguousBars;
            expired += path.Tally.ExpiredOrders;
            refused += path.Tally.RefusedOrders;
            own += account.IsOwnPath ? 1 : 0;
        }

        // The comparison means something only where everything happened.
        trades.Should().BeGreaterThan(10_000);
        ambiguous.Should().BeGreaterThan(50);
        expired.Should().BeGreaterThan(200);
        refused.Should().BeGreaterThan(100);
        own.Should().BeGreaterThan(100);
        Enum.GetValues<ExitReason>().Should().OnlyContain(r => reasons.ContainsKey(r));
        reasons.Values.Should().OnlyContain(c => c > 50);
    }

    internal static (BarColumns Bars, int[] DayOf) RandomBars(Rng rng, int n)
    {
        var start = new long[n];
        double[] open = new double[n], high = new double[n], low = new double[n], close = new double[n], volume = new double[n];
        int[] dayOf = new int[n];
        double price = 20 + (rng.NextDouble() * 400), scale = 0.002 + (rng.NextDouble() * 0.02);
        int day = 0, left = 1 + rng.NextInt(7);
        for (int t = 0; t < n; t++)
        {
            if (left-- == 0)
            {
                day++;
                left = rng.NextInt(7);
                price *= 1 + (rng.NextGaussian() * scale * 2);
            }

            dayOf[t] = day;
            start[t] = 1_600_000_000_000_000 / 86_400_000_000 * 86_400_000_000 + (day * 86_400_000_000L) + ((8 - left) * 3_600_000_000L);
            double o = price * (1 + (rng.NextGaussian() * scale * 0.5)), c = o * (1 + (rng.NextGaussian() * scale));
            open[t] = Math.Round(o, 2);
            close[t] = Math.Round(c, 2);
            high[t] = Math.Round(Math.Max(o, c) * (1 + Math.Abs(rng.NextGaussian() * scale * 0.7)), 2);
            low[t] = Math.Round(Math.Min(o, c) * (1 - Math.Abs(rng.NextGaussian() * scale * 0.7)), 2);
            high[t] = Math.Max(high[t], Math.Max(open[t], close[t]));
            low[t] = Math.Min(low[t], Math.Min(open[t], close[t]));
            volume[t] = rng.NextInt(4) == 0 ? 0 : Math.Floor(Math.Exp(rng.NextDouble() * 12));
            price = c;
        }

        return (new(Symbol.Parse("TEST"), Interval.Hour1, start, open, high, low, close, volume), dayOf);
    }

    internal static EngineOptions RandomOptions(Rng rng) => new()
    {
        Quantity = Pick(rng, QuantityKind.Whole, QuantityKind.Fractional),
        Fee = Pick(rng, FeeModel.Zero, FeeModel.OfBps(1), FeeModel.OfBps(12.5), FeeModel.IbkrFixed),
        SlippageBps = Pick(rng, 0.0, 5, 20),
        SizePrice = Pick(rng, SizePrice.DecisionClose, SizePrice.Fill),
        Sizing = Pick(rng, SizingMethod.FixedPct, SizingMethod.FixedPct, SizingMethod.KellyFraction, SizingMethod.VolTarget),
        OpenAtEnd = Pick(rng, OpenAtEnd.Close, OpenAtEnd.List),
        Order = Pick(rng, OrderType.Market, OrderType.Limit, OrderType.Stop),
        OrderOffsetBps = Pick(rng, 0.0, 0, 10, 40),
        TimeInForce = Pick(rng, TimeInForce.Day, TimeInForce.Gtc),
        PartialFills = Pick(rng, true, false),
        VolumeShareMax = Pick(rng, 0.1, 0.1, 1, 1e9),
        LimitFill = Pick(rng, LimitFill.Touch, LimitFill.Through),
        BothTouched = rng.NextInt(4) == 0 ? BothTouched.TargetFirst : BothTouched.StopFirst,
        StartingCash = Pick(rng, 150.0, 10_000, 100_000),
    };

    internal static Barriers RandomBarriers(Rng rng) => new(
        rng.NextInt(3) == 0 ? null : Pick(rng, 0.5, 1, 2, 4), rng.NextInt(3) == 0 ? null : Pick(rng, 0.5, 1, 2, 6),
        rng.NextInt(3) == 0 ? null : Pick(rng, 0.75, 1.5, 3), rng.NextInt(3) == 0 ? rng.NextInt(5) : null);

    internal static bool[] Flags(Rng rng, int n, double share)
    {
        bool[] flags = new bool[n];
        for (int t = 0; t < n; t++)
        {
            flags[t] = rng.NextDouble() < share;
        }

        return flags;
    }

    internal static int[] Bars(bool[] flags) => [.. Enumerable.Range(0, flags.Length).Where(t => flags[t])];

    internal static T Pick<T>(Rng rng, params T[] values) => values[rng.NextInt(values.Length)];
}
