using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Tests.Backtest.Fills;

/// <summary>Each way out of a position, on a path that a reader can follow (01 §1.7, 02 §2.7, 08 §8.9). Decided on bar 0, in at the open of
/// bar 1.</summary>
[Trait("Row", "S1-31")]
public sealed class ExitTests
{
    [Fact]
    public void The_fixed_stop_takes_its_level_when_the_trail_is_off() => Expect(
        "1@100 → 2@92 stop", new(StopLossPct: 8, TakeProfitPct: 16, TimeStopDays: 10),
        """
        100 100 100 100
        100 101  99 100
        100 100  91  95
        """);

    [Fact]
    public void The_fixed_stop_fires_before_a_trail_that_is_wider() => Expect(
        "1@100 → 2@92 stop", new(StopLossPct: 8, TrailingStopPct: 10),
        """
        100 100 100 100
        100 101  99 100
        100 100  91  95
        """);

    [Fact]
    public void A_stop_wider_than_the_trail_never_fires() => Expect(
        "1@100 → 2@95.95 trail", new(StopLossPct: 8, TrailingStopPct: 5),
        """
        100 100 100 100
        100 101  99 100
        100 100  91  95
        """);

    [Fact]
    public void A_gap_below_the_stop_fills_at_the_open() => Expect(
        "1@100 → 2@90 stop", new(StopLossPct: 8),
        """
        100 100 100 100
        100 101  99 100
         90  93  88  91
        """);

    [Fact]
    public void The_trail_follows_the_highs_of_earlier_bars_only() => Expect(
        // Bar 2 makes the high of 120, but its own low of 112 is judged by the trail from bar 1's 101: 95.95. Bar 3 meets 120 · 0.95 = 114.
        "1@100 → 3@114 trail", new(TrailingStopPct: 5),
        """
        100 100 100 100
        100 101  99 100
        101 120 112 118
        118 119 113 116
        """);

    [Fact]
    public void The_target_takes_its_level() => Expect(
        "1@100 → 2@116 target", new(StopLossPct: 8, TakeProfitPct: 16),
        """
        100 100 100 100
        100 101  99 100
        110 117 109 112
        """);

    [Fact]
    public void A_gap_above_the_target_fills_at_the_open() => Expect(
        "1@100 → 2@118 target", new(TakeProfitPct: 16),
        """
        100 100 100 100
        100 101  99 100
        118 119 109 112
        """);

    [Fact]
    public void A_target_that_must_be_traded_through_is_not_filled_by_a_touch() => Expect(
        "1@100 → 3@116 target", new(TakeProfitPct: 16),
        """
        100 100 100 100
        100 101  99 100
        110 116 109 112
        110 116.01 109 112
        """, SomePath.Plain with { LimitFill = LimitFill.Through });

    [Fact]
    public void A_stop_and_a_target_in_the_same_bar_take_the_stop_and_are_counted()
    {
        const string text = """
            100 100 100 100
            100 101  99 100
            100 117  91 112
            """;
        BacktestResult pessimistic = SomePath.Run(text, SomePath.Plain, new(StopLossPct: 8, TakeProfitPct: 16), [0]);
        SomePath.Trades(pessimistic).Should().Equal("1@100 → 2@92 stop");
        pessimistic.Account.Path.Tally.AmbiguousBars.Should().Be(1);
        BacktestResult optimistic = SomePath.Run(text, SomePath.Plain with { BothTouched = BothTouched.TargetFirst }, new(StopLossPct: 8, TakeProfitPct: 16), [0]);
        SomePath.Trades(optimistic).Should().Equal("1@100 → 2@116 target");
    }

    [Fact]
    public void The_time_stop_closes_at_the_last_close_of_its_trading_day() => Expect(
        // Three bars a day; in on day 0, out on day 1 at the close of bar 5.
        "1@100 → 5@104 time_stop", new(TimeStopDays: 1),
        """
        100 100 100 100
        100 101  99 100
        100 101  99 101
        101 102 100 102
        102 103 101 103
        103 104 102 104
        104 105 103 105
        """);

    [Fact]
    public void An_exit_rule_is_decided_at_a_close_and_filled_at_the_next_open() => Expect(
        "1@100 → 3@97 signal", Barriers.None,
        """
        100 100 100 100
        100 101  99 100
         99 100  98  99
         97  99  96  98
        """, exits: [2]);

    [Fact]
    public void The_bar_that_filled_the_entry_is_the_first_that_may_decide_an_exit() => Expect(
        "1@100 → 2@99 signal", Barriers.None,
        """
        100 100 100 100
        100 101  99 100
         99 100  98  99
        """, exits: [0, 1]);

    [Fact]
    public void A_pending_exit_fills_at_the_open_before_the_stop_can() => Expect(
        "1@100 → 2@90 signal", new(StopLossPct: 8),
        """
        100 100 100 100
        100 101  99 100
         90  93  80  91
        """, exits: [1]);

    [Fact]
    public void A_position_open_at_the_end_is_closed_at_the_last_close_or_listed()
    {
        const string text = """
            100 100 100 100
            100 101  99 100
            100 103  99 102
            """;
        Expect("1@100 → -1@102 open", Barriers.None, text);
        Expect("1@100 → 2@102 end_of_data", Barriers.None, text, SomePath.Plain with { OpenAtEnd = OpenAtEnd.Close });
    }

    [Fact]
    public void A_bar_with_a_protective_fill_takes_no_new_entry_and_one_whose_open_closed_by_rule_does()
    {
        const string text = """
            100 100 100 100
            100 101  99 100
            100 100  91  95
             95  96  94  95
             95  96  94  95
            """;
        SomePath.Trades(SomePath.Run(text, SomePath.Plain, new(StopLossPct: 8), [0, 2])).Should().Equal("1@100 → 2@92 stop");
        SomePath.Trades(SomePath.Run(text, SomePath.Plain, new(StopLossPct: 8), [0, 2], [1])).Should().Equal("1@100 → 2@100 signal", "3@95 → -1@95 open");
    }

    [Fact]
    public void Slippage_hurts_market_stop_trail_and_time_stop_fills_and_never_limits_and_targets()
    {
        EngineOptions slipping = SomePath.Plain with { SlippageBps = 100 };
        const string fall = """
            100 100 100 100
            100 101  99 100
            100 100  80  85
            """;
        const string rise = """
            100 100 100 100
            100 101  99 100
            110 130 109 112
            """;
        Expect("1@101 → 2@91.9908 stop", new(StopLossPct: 8), fall, slipping);
        Expect("1@101 → 2@94.9905 trail", new(TrailingStopPct: 5), fall, slipping);
        Expect("1@101 → 2@117.16 target", new(TakeProfitPct: 16), rise, slipping);
        Expect("1@101 → 2@110.88 time_stop", new(TimeStopDays: 0), rise, slipping);
        Expect("1@101 → 2@108.9 signal", Barriers.None, rise, slipping, [1]);
        Expect("1@100 → -1@85 open", Barriers.None, fall, slipping with { Order = OrderType.Limit });
    }

    private static void Expect(string trade, Barriers barriers, string text, EngineOptions? options = null, int[]? exits = null) =>
        SomePath.Trades(SomePath.Run(text, options ?? SomePath.Plain, barriers, [0], exits)).Should().Equal(trade);
}
