using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store.Seeds;
using static Sigmatiq.Tests.Backtest.Fills.EngineEqualsReferenceTests;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>What a sweep shares between combos changes nothing: each combo has the trades and the score it has alone.</summary>
public sealed class SweepEngineTests
{
    private sealed class LeavesOnGain : IPositionExit
    {
        public bool Leaves(int bar, in PositionState position) => position.Return > 0.02;
    }

    [Fact]
    public void Each_combo_of_a_sweep_has_the_trades_and_the_score_it_has_alone_whatever_runs_beside_it()
    {
        int trades = 0, proportional = 0, own = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            Rng rng = Rng.From(7_500).Fork("sweep", seed);
            (BarColumns bars, _) = RandomBars(rng, 30 + rng.NextInt(300));
            EngineOptions options = RandomOptions(rng) with { Returns = Pick(rng, ReturnSeries.Bar, ReturnSeries.Day) };
            if (seed % 2 == 0)
            {
                options = options with
                {
                    Quantity = QuantityKind.Fractional, Fee = FeeModel.OfBps(3), SizePrice = SizePrice.Fill, Order = OrderType.Market, Sizing = SizingMethod.FixedPct,
                    Returns = ReturnSeries.Bar,
                };
            }

            FillBars fills = FillBars.From(bars, TimeZoneInfo.Utc, PriceKind.Raw);
            int from = rng.NextInt(3) == 0 ? rng.NextInt(10) : 0, to = bars.Count - (rng.NextInt(3) == 0 ? rng.NextInt(10) : 0);
            SignalSet[] signals = [.. Enumerable.Range(0, 3).Select(k => new SignalSet(
                Bars(Flags(rng, bars.Count, 0.3)), Bars(Flags(rng, bars.Count, 0.1)), k == 2 ? new LeavesOnGain() : null))];
            Barriers[] barriers = [Barriers.None, .. Enumerable.Range(0, 4).Select(_ => RandomBarriers(rng))];
            double[] sizes = [0.2, 12.5, 40, 60, 75, 100];
            List<ComboWork> work = [];
            foreach (double pct in sizes)
            {
                work.AddRange(from s in Enumerable.Range(0, 3) from b in barriers select new ComboWork(s, b, new(options.Sizing, pct, 2)));
            }

            var engine = new SweepEngine(fills, options, from, to);
            SweepOutcome whole = engine.Run(signals, work, 1, null, TestContext.Current.CancellationToken);
            SweepOutcome threads = engine.Run(signals, work, 3, null, TestContext.Current.CancellationToken);
            threads.Scores.Should().Equal(whole.Scores, $"seed {seed}");
            int at = rng.NextInt(work.Count), length = 1 + rng.NextInt(work.Count - at);
            engine.Run(signals, work.GetRange(at, length), 1, null, TestContext.Current.CancellationToken).Scores
                .Should().Equal(whole.Scores[at..(at + length)], $"seed {seed}, combos from {at}");
            for (int i = 0; i < work.Count; i++)
            {
                ComboWork combo = work[i];
                string where = $"seed {seed}, combo {i}, {combo}, {options}";
                BacktestResult alone = new BacktestRun(fills, options, signals[combo.SignalSet], combo.Barriers, combo.Size, from, to).Execute();
                whole.Paths[i].SameTrades(alone.Account.Path).Should().BeTrue(where);
                whole.Paths[i].Tally.AmbiguousBars.Should().Be(alone.Account.Path.Tally.AmbiguousBars, where);
                Score score = whole.Scores[i];
                (alone.Metrics.SharpeRatio ?? double.NaN).Should().Be(double.IsFinite(score.Sharpe) ? score.Sharpe : double.NaN, where);
                alone.Metrics.MaxDrawdown.Should().Be(score.MaxDrawdown, where);
                alone.Metrics.TotalReturn.Should().Be(score.TotalReturn, where);
                AgreesWithEquity(score, alone, options, where);
                trades += score.Trades;
                proportional += LaneAccount.Fits(options, combo.Size) ? 1 : 0;
                own += alone.Account.IsOwnPath ? 1 : 0;
            }
        }

        trades.Should().BeGreaterThan(100_000);
        proportional.Should().BeGreaterThan(10_000);
        own.Should().BeGreaterThan(300);
    }

    // The account, its equity mark by mark and the formulas on it are written apart from the score.
    private static void AgreesWithEquity(Score score, BacktestResult alone, EngineOptions options, string where)
    {
        double[] equity = alone.Equity, returns = new double[equity.Length - 1];
        for (int t = 0; t < returns.Length; t++)
        {
            returns[t] = (equity[t + 1] / equity[t]) - 1;
        }

        Score plain = Score.Of(equity, returns, options.PeriodsPerYear, 0, alone.Trades.Return);
        (score.Trades, score.Wins, score.Returns).Should().Be((plain.Trades, plain.Wins, plain.Returns), where);
        score.TotalReturn.Should().Be(plain.TotalReturn, where);
        score.MaxDrawdown.Should().BeApproximately(plain.MaxDrawdown, 1e-12, where);
        score.Mean.Should().BeApproximately(plain.Mean, 1e-13, where);
        if (plain.Deviation > 1e-9)
        {
            score.Deviation.Should().BeApproximately(plain.Deviation, plain.Deviation * 1e-9, where);
            score.Sharpe.Should().BeApproximately(plain.Sharpe, 1e-9 * Math.Max(1, Math.Abs(plain.Sharpe)), where);
        }
    }

    [Fact]
    public void Returns_that_hardly_differ_from_their_mean_keep_a_deviation_to_nine_digits()
    {
        // A price that grows by a thousandth a bar and swings by a hundred-millionth: the sum of squares holds little but the mean.
        const int n = 400;
        double[] price = new double[n];
        price[0] = 100;
        for (int t = 1; t < n; t++)
        {
            price[t] = price[t - 1] * (1.001 + (t % 2 == 0 ? 1e-8 : -1e-8));
        }

        long[] start = [.. Enumerable.Range(0, n).Select(t => t * 3_600_000_000L)];
        BarColumns bars = new(Sigmatiq.Market.Symbols.Symbol.Parse("TEST"), Interval.Hour1, start, price, price, price, price, new double[n]);
        FillBars fills = FillBars.From(bars, TimeZoneInfo.Utc, PriceKind.Raw);
        EngineOptions options = EngineOptions.Bench with { Fee = FeeModel.Zero };
        BacktestResult run = new BacktestRun(fills, options, new SignalSet([0], []), Barriers.None, new(SizingMethod.FixedPct, 100), 1, n).Execute();
        run.Account.Path.Count.Should().Be(0, "the only decision lies before the window");
        run = new BacktestRun(fills, options, new SignalSet([0], []), Barriers.None, new(SizingMethod.FixedPct, 100), 0, n).Execute();
        Score score = new PathScorer(fills, options, run.Marks).Alone(run.Account, 0);
        double[] returns = [.. Enumerable.Range(0, n).Select(t => (run.Equity[t + 1] / run.Equity[t]) - 1)];
        decimal mean = returns.Sum(r => (decimal)r) / n;
        double deviation = Math.Sqrt((double)(returns.Sum(r => ((decimal)r - mean) * ((decimal)r - mean)) / (n - 1)));
        score.Deviation.Should().BeApproximately(deviation, deviation * 1e-9);
    }

    [Fact]
    public void A_size_whose_returns_hardly_vary_does_not_change_the_bits_of_the_sizes_beside_it()
    {
        // Fully invested in a price that grows by a hundredth a bar the returns are all alike; with 5 % of the cash they grow with the price.
        const int n = 400;
        double[] price = [.. Enumerable.Range(0, n).Select(t => 100 * Math.Pow(1.01, t) * (1 + (1e-4 * Math.Sin(t * t))))];
        SweepEngine engine = Following(price);
        int compared = 0;
        for (int i = 0; i < 60; i++)
        {
            double pct = 3 + (i * 0.11);
            Score[] beside = Scores(engine, 100, pct), alone = Scores(engine, pct);
            beside[1].Should().Be(alone[0], $"{pct} %");
            beside[0].SharpePerPeriod.Should().BeGreaterThan(10, "its returns are to be taken anew from their mean");
            compared += alone[0].SharpePerPeriod < 9 ? 1 : 0;
        }

        compared.Should().Be(60, "these are to be reckoned the plain way");
    }

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_sizes()
    {
        const int n = 20_000, sizes = 4_000;
        Rng rng = Rng.From(78);
        double[] price = new double[n];
        price[0] = 100;
        for (int t = 1; t < n; t++)
        {
            price[t] = price[t - 1] * (1 + (0.001 * rng.NextGaussian()));
        }

        SweepEngine engine = Following(price);
        double[] pct = [.. Enumerable.Range(1, sizes).Select(i => i * 0.02)];
        Score[] first = Scores(engine, pct[..8]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Score[] all = Scores(engine, pct);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20_000_000, "a list of the bars for each four sizes would be 80 MB");
        all[..8].Should().Equal(first);
        all[^1].Should().Be(Scores(engine, pct[^1])[0]);
    }

    private static SweepEngine Following(double[] price)
    {
        BarColumns bars = new(
            Sigmatiq.Market.Symbols.Symbol.Parse("TEST"), Interval.Hour1, [.. Enumerable.Range(0, price.Length).Select(t => t * 3_600_000_000L)], price, price, price, price,
            new double[price.Length]);
        return new(FillBars.From(bars, TimeZoneInfo.Utc, PriceKind.Raw), EngineOptions.Bench, 0, price.Length);
    }

    // In from the second bar on, and never out.
    private static Score[] Scores(SweepEngine engine, params double[] sizes) => engine.Run(
        [new SignalSet([0], [])], [.. sizes.Select(pct => new ComboWork(0, Barriers.None, new(SizingMethod.FixedPct, pct)))], 1, null,
        TestContext.Current.CancellationToken).Scores;

    [Fact]
    public void Fixed_shares_of_the_percent_become_the_nearest_double_of_their_decimal_fraction()
    {
        Rng rng = Rng.From(11);
        for (int i = 0; i < 20_000; i++)
        {
            double percent = rng.NextInt(2) == 0 ? (double)(rng.NextInt(2_000_000) / (decimal)Pick(rng, 1, 10, 100, 1000, 10_000, 100_000)) : rng.NextDouble() * 300;
            Percent.ToFraction(percent).Should().Be((double)((decimal)percent / 100m), $"{percent:R}");
            Percent.ToFraction(-percent).Should().Be((double)((decimal)-percent / 100m), $"{-percent:R}");
        }
    }
}
