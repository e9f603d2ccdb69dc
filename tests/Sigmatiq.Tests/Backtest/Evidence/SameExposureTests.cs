using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Backtest.Evidence;

/// <summary>Buy and hold with as much invested as the strategy had.</summary>
public sealed class SameExposureTests
{
    [Fact]
    public void Two_of_four_marks_with_a_tenth_invested_are_a_twentieth_on_average()
    {
        // Bars 10, 20, 30, 40; 100 of money. One position of 1 share from bar 20 to 40, at closes of 10: at bars 20 and 30 it holds 10 of 100, so
        // (0 + 0.1 + 0.1 + 0) / 4 = 0.05. The instrument doubles, so that twentieth makes 5.
        ColumnSet equity = Equity([10, 10, 20, 30, 40], [10, 10, 10, 10, 20], [100, 100, 100, 100, 100], [100, 100, 100, 100, 200]);
        SameExposure same = SameExposure.Of(equity, Trades([20], [40], [1]));
        same.Share.Should().BeApproximately(0.05, 1e-15);
        same.Account.Should().HaveCount(5);
        same.Account[0].Should().Be(100);
        same.Account[^1].Should().BeApproximately(105, 1e-12);
    }

    [Fact]
    public void A_position_that_is_still_open_counts_to_the_end_and_no_trade_is_money()
    {
        ColumnSet equity = Equity([10, 10, 20], [10, 10, 10], [100, 100, 100], [100, 100, 50]);
        SameExposure.Of(equity, Trades([10], [null], [2])).Share.Should().BeApproximately(0.2, 1e-15);
        SameExposure none = SameExposure.Of(equity, Trades([], [], []));
        none.Share.Should().Be(0);
        none.Account.Should().AllBeEquivalentTo(100.0);
    }

    [Fact]
    public void A_strategy_that_is_always_fully_invested_is_buy_and_hold()
    {
        var rng = Rng.From(4711);
        for (int round = 0; round < 50; round++)
        {
            int marks = 2 + rng.NextInt(40);
            double[] close = new double[marks + 1];
            close[0] = 10 + (rng.NextDouble() * 90);
            for (int m = 1; m <= marks; m++)
            {
                close[m] = close[m - 1] * (0.9 + (rng.NextDouble() * 0.2));
            }

            double[] account = [.. close.Select(c => 3 * c)];
            long[] ts = [.. Enumerable.Range(0, marks + 1).Select(m => 10L * Math.Max(1, m))];
            SameExposure same = SameExposure.Of(Equity(ts, close, account, account), Trades([10], [null], [3]));
            same.Share.Should().BeApproximately(1, 1e-12, "round {0}", round);
            same.Account[^1].Should().BeApproximately(account[^1], 1e-9 * account[^1], "round {0}", round);
        }
    }

    private static ColumnSet Equity(long[] ts, double[] close, double[] equity, double[] held) =>
        new(Column.OfTimestamps("ts", ts), Column.Of("close", close), Column.Of("equity", equity), Column.Of("buy_and_hold", held));

    private static ColumnSet Trades(long[] entry, long?[] exit, double[] quantity) => new(
        Column.OfTimestamps("entry_ts", entry), Column.OfTimestamps("exit_ts", [.. exit.Select(e => e ?? 0)], [.. exit.Select(e => e is null)]), Column.Of("quantity", quantity));
}
