using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Tests.Backtest.Fills;

namespace Sigmatiq.Tests.Backtest.Costs;

/// <summary>Fees (05 §5.11), quantities (02 §2.7) and Kelly's size (01 §1.7), by hand.</summary>
public sealed class CostTests
{
    private const string Rise = """
        100 100 100 100
        100 101  99 100
        100 110 100 110
        110 110 110 110
        """;

    [Theory]
    [InlineData(1000, 50, 5.00)]
    [InlineData(100, 50, 1.00)]
    [InlineData(10, 5, 0.50)]
    [InlineData(0, 5, 0.00)]
    public void The_share_commission_has_a_minimum_of_one_and_a_maximum_of_one_percent(double shares, double price, double fee) =>
        FeeModel.IbkrFixed.Of(shares, price).Should().BeApproximately(fee, 1e-12);

    [Fact]
    public void Shares_are_the_whole_part_of_the_equity_share_over_the_decision_close()
    {
        // 2.5 % of 10,000 is 250 at 100: 2 shares. Bought at the open of 100 with 1 bp slippage, 0.01·200 = 2 % cap of 2.0004: fee min(1, 2.0002) = 1.
        BacktestResult run = SomePath.Run(Rise, SomePath.Plain with { Quantity = QuantityKind.Whole, Fee = FeeModel.IbkrFixed, SlippageBps = 1 }, Barriers.None, [0], [2], sizePct: 2.5);
        run.Account.Quantity.Should().Equal(2);
        run.Account.CashAfterEntry[0].Should().BeApproximately(10_000 - (2 * 100.01) - 1, 1e-9);
        run.Account.Profit[0].Should().BeApproximately((2 * 110 * 0.9999) - 1 - (2 * 100.01) - 1, 1e-9);
        run.Account.TradeReturn[0].Should().BeApproximately(run.Account.Profit[0] / (2 * 100.01), 1e-12);
    }

    [Fact]
    public void An_order_of_no_share_is_refused_and_counted_and_opens_no_position()
    {
        BacktestResult run = SomePath.Run(Rise, SomePath.Plain with { Quantity = QuantityKind.Whole }, Barriers.None, [0, 1], sizePct: 0.5);
        (run.Account.Path.Count, run.Account.Path.Tally.RefusedOrders, run.Account.IsOwnPath).Should().Be((0, 2, true));
        run.Metrics.TotalReturn.Should().Be(0);
    }

    [Fact]
    public void A_buy_never_spends_more_than_there_is()
    {
        // Sized at the close of 100, filled at the open of 125: 100 shares would cost 12,500 of 10,000.
        const string gap = """
            100 100 100 100
            125 126 124 125
            """;
        BacktestResult whole = SomePath.Run(gap, SomePath.Plain with { Quantity = QuantityKind.Whole, Fee = FeeModel.OfBps(10) }, Barriers.None, [0]);
        (whole.Account.Quantity[0], whole.Account.CashAfterEntry[0]).Should().Be((79, 10_000 - (79 * 125 * 1.001)));
        SomePath.Run(gap, SomePath.Plain, Barriers.None, [0]).Account.CashAfterEntry[0].Should().BeApproximately(0, 1e-9);
    }

    [Theory]
    [Trait("Row", "S1-30")]
    [InlineData(0.6, 1.0, 0.05, 0.05)]
    [InlineData(0.6, 1.0, 0.50, 0.10)]
    [InlineData(0.5, 1.0, 0.05, 0)]
    [InlineData(0.4, 1.0, 0.05, 0)]
    [InlineData(0.52, 1.0, 0.05, 0.02)]
    public void Half_kelly_is_held_between_nothing_and_the_cap(double winRate, double payoff, double cap, double want) =>
        // f* = p − (1 − p)/b: 0.6 − 0.4 = 0.2, half of it 0.1.
        PositionSize.HalfKelly(winRate, payoff, cap).Should().BeApproximately(want, 1e-12);

    [Fact]
    [Trait("Row", "S1-30")]
    public void Kelly_takes_half_the_cap_until_thirty_trades_have_closed_and_then_what_they_say()
    {
        // In at 100, out at 102 or 99 in turn: p = 1/2, b = 2, f* = 1/4, half of it 1/8, above the cap of 10 %.
        string path = string.Join('\n', Enumerable.Range(0, 160).Select(i => (i % 4) switch
        {
            0 or 1 => "100 100 100 100",
            2 => i / 4 % 2 == 0 ? "100 102 100 102" : "100 100 99 99",
            _ => "100 100 100 100",
        }));
        int[] entries = [.. Enumerable.Range(0, 40).Select(k => 4 * k)];
        EngineOptions kelly = SomePath.Plain with { Sizing = SizingMethod.KellyFraction, StartingCash = 100_000 };
        BacktestResult run = SomePath.Run(path, kelly, new(StopLossPct: 1, TakeProfitPct: 2), entries, sizePct: 10);
        run.Account.Path.Closed.Should().Be(40);
        double cash = 100_000;
        for (int i = 0; i < 40; i++)
        {
            run.Account.Quantity[i].Should().BeApproximately((i < 30 ? 0.05 : 0.10) * cash / 100, 1e-6, $"trade {i}");
            cash = run.Account.CashAfterExit[i];
        }

        // All losses: f* < 0, so after thirty trades there is no further one.
        string falling = path.Replace("100 102 100 102", "100 100 99 99");
        SomePath.Run(falling, kelly, new(StopLossPct: 1, TakeProfitPct: 2), entries, sizePct: 10).Account.Path.Closed.Should().Be(30);
    }

    [Fact]
    [Trait("Row", "S1-30")]
    public void A_size_by_volatility_is_the_share_whose_swings_come_to_the_target_and_never_above_the_cap()
    {
        // Closes 100 and 101 in turn, one bar a day: returns of +0.01 and −1/101, ten of each in any twenty. They lie 0.00995049505 to both
        // sides of their mean; ddof 1: σ = 0.00995049505·√(20/19) = 0.010208999 a day, ·√252 = 0.162062829 a year; 2 % of that is 12.3409 %.
        string path = string.Join('\n', Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "100 101 100 100" : "101 101 100 101"));
        EngineOptions options = SomePath.Plain with { Sizing = SizingMethod.VolTarget };
        double[] Shares(double cap, double target)
        {
            FillBars fills = FillBars.From(SomePath.Bars(path, barsADay: 1), TimeZoneInfo.Utc, PriceKind.Raw);
            BacktestResult run = new BacktestRun(
                fills, options, new([20, 25, 30], [22, 27, 32]), Barriers.None, new(SizingMethod.VolTarget, cap, target), 0, fills.Count).Execute();
            double cash = options.StartingCash;
            return [.. run.Account.Quantity.Select((q, i) =>
            {
                double share = q * fills.Close[run.Account.Path.DecisionBar[i]] / cash;
                cash = run.Account.CashAfterExit[i];
                return Math.Round(share, 6);
            })];
        }

        // On day 20 twenty closes came before: nineteen returns, one too few, so half the cap.
        Shares(cap: 40, target: 2).Should().Equal(0.2, 0.123409, 0.123409);
        Shares(cap: 5, target: 2).Should().Equal(0.025, 0.05, 0.05);
        PositionSize.OfVolatility(0.02, 0, 0.4).Should().Be(0.4, "a price that stood still asks for no limit but the cap");
    }

    [Fact]
    public void A_volatility_knows_nothing_of_the_day_it_is_used_in()
    {
        double[] close = [.. Enumerable.Range(0, 30).Select(i => 100.0 + (i * 7 % 5))];
        int[] days = [.. Enumerable.Range(0, 30)];
        double[] before = DayVolatility.Of(close, days);
        before.Take(21).Should().OnlyContain(v => double.IsNaN(v));
        close[25] = 500;
        double[] after = DayVolatility.Of(close, days);
        after[25].Should().Be(before[25]);
        after[26].Should().BeGreaterThan(10 * before[26]);
    }

    [Fact]
    public void A_fee_in_basis_points_is_paid_out_of_a_fractional_budget()
    {
        BacktestResult run = SomePath.Run(Rise, SomePath.Plain with { Fee = FeeModel.OfBps(1), SizePrice = SizePrice.Fill }, Barriers.None, [0], [2], sizePct: 40);
        run.Account.Quantity[0].Should().Be(4000 / (100 * 1.0001));
        run.Account.CashAfterEntry[0].Should().Be(6000);
        run.Account.CashAfterExit[0].Should().Be(6000 + (4000 / (100 * 1.0001) * 110 * (1 - 0.0001)));
    }
}
