using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Fills;

/// <summary>How an entry leaves and fills: each word of <c>policies.execution</c> changes what happens (01 §1.7, 02 §2.7, 08 §8.9).
/// Decided on bar 0 at a close of 100.</summary>
[Trait("Row", "S1-29")]
public sealed class EntryOrderTests
{
    private static readonly EngineOptions Limit = SomePath.Plain with { Order = OrderType.Limit };

    [Fact]
    public void A_market_order_fills_at_the_next_open() => Expect(SomePath.Plain, "1@103 → -1@104 open",
        """
        100 100 100 100
        103 105  98 104
        """);

    [Fact]
    public void A_limit_order_fills_at_an_open_below_it() => Expect(Limit, "1@97 → -1@104 open",
        """
        100 100 100 100
         97 105  96 104
        """);

    [Fact]
    public void A_limit_order_fills_at_its_limit_once_a_bar_reaches_it() => Expect(Limit, "2@100 → -1@104 open",
        """
        100 100 100 100
        103 105 101 104
        104 105 100 104
        """);

    [Fact]
    public void A_limit_that_must_be_traded_through_is_not_filled_by_a_touch() => Expect(Limit with { LimitFill = LimitFill.Through }, "2@100 → -1@103 open",
        """
        100 100 100 100
        103 105 100 104
        104 105 99.99 103
        """);

    [Fact]
    public void A_day_order_expires_with_its_session_and_a_gtc_order_does_not()
    {
        // Three bars a day: bars 1 and 2 are what is left of the session, bar 3 is the next.
        const string text = """
            100 100 100 100
            103 105 101 104
            104 105 102 104
            104 105  99 103
            """;
        BacktestResult day = SomePath.Run(text, Limit, Barriers.None, [0]);
        (day.Account.Path.Count, day.Account.Path.Tally.ExpiredOrders).Should().Be((0, 1));
        Expect(Limit with { TimeInForce = TimeInForce.Gtc }, "3@100 → -1@103 open", text);
    }

    [Fact]
    public void A_day_order_decided_on_the_last_bar_of_a_session_works_in_the_next()
    {
        const string text = """
            100 100 100 100
            100 100 100 100
            100 100 100 100
            103 105 101 104
            104 105  99 103
            """;
        SomePath.Trades(SomePath.Run(text, Limit, Barriers.None, [2])).Should().Equal("4@100 → -1@103 open");
    }

    [Fact]
    public void A_stop_order_becomes_a_market_order_at_its_trigger() => Expect(
        SomePath.Plain with { Order = OrderType.Stop, OrderOffsetBps = 200, SlippageBps = 100 }, "2@103.02 → -1@103 open",
        """
        100 100 100 100
         99 101  98 100
        100 104  99 103
        """);

    [Fact]
    public void In_the_bar_whose_limit_filled_inside_the_stop_counts_and_the_target_does_not()
    {
        const string text = """
            100 100 100 100
            104 120  91 100
            101 102  99 101
            """;
        SomePath.Trades(SomePath.Run(text, Limit, new(StopLossPct: 8, TakeProfitPct: 10), [0])).Should().Equal("1@100 → 1@92 stop");
        SomePath.Trades(SomePath.Run(text, Limit, new(TakeProfitPct: 10), [0])).Should().Equal("1@100 → -1@101 open");

        // The high of 120 may lie before the fill, so the trail starts from the close of 100, not from 120.
        SomePath.Trades(SomePath.Run(text, Limit, new(TrailingStopPct: 10), [0])).Should().Equal("1@100 → -1@101 open");
    }

    [Fact]
    public void A_limit_order_above_a_tenth_of_the_volume_fills_in_part_or_not_at_all()
    {
        const string text = """
            100 100 100 100
            100 101  99 101
            101 102 100 102
            """;
        BacktestResult part = SomePath.Run(text, Limit with { Quantity = QuantityKind.Whole }, Barriers.None, [0], volume: 300);
        part.Account.Quantity.Should().Equal(30);
        part.Account.CashAfterEntry.Should().Equal(7_000);
        BacktestResult none = SomePath.Run(text, Limit with { Quantity = QuantityKind.Whole, PartialFills = false }, Barriers.None, [0], volume: 300);
        (none.Account.Path.Count, none.Account.Path.Tally.RefusedOrders).Should().Be((0, 1));
        SomePath.Run(text, Limit with { Quantity = QuantityKind.Whole, PartialFills = false }, Barriers.None, [0], volume: 1000).Account.Quantity.Should().Equal(100);
    }

    [Fact]
    public void Confirmation_asks_for_the_rules_on_two_closes_in_a_row()
    {
        int[] Entries(Pack pack)
        {
            ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(pack, "MKT.SYN", "operator", []), pack, SomePack.CreatedAt).Value.Config;
            EffectiveConfig config = EffectiveConfig.Of(pack, model, new(1, []), HourSet.RegularSession(NyseCalendar.Instance));
            return new ModelBars(pack, model, SomeBars.Synthetic.Slice(0, 6000), NyseCalendar.Instance).Signals(config, null).Entries;
        }

        int[] alone = Entries(SomePack.With(("wait_for_confirmation: true", "wait_for_confirmation: false"))), confirmed = Entries(SomePack.Swing);
        alone.Length.Should().BeGreaterThan(confirmed.Length).And.BePositive();
        HashSet<int> held = [.. alone];
        confirmed.Should().NotBeEmpty().And.OnlyContain(t => held.Contains(t));
        EngineOptions.Of(SomePack.Swing.Policies.Engine, SomePack.Swing.Policies.Execution, SizingMethod.FixedPct).Should().BeEquivalentTo(
            new { Order = OrderType.Limit, TimeInForce = TimeInForce.Day, PartialFills = true, ConfirmationBars = 1, LimitFill = LimitFill.Through });
    }

    private static void Expect(EngineOptions options, string trade, string text) =>
        SomePath.Trades(SomePath.Run(text, options, Barriers.None, [0])).Should().Equal(trade);
}
