using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>What a pack's YAML says about orders and sizes reaches the trades of a sweep (01 §1.7).</summary>
public sealed class PolicyFlagsTests
{
    // Money enough that a limit entry meets the tenth of its bar's volume.
    private const string Rich = "  risk_management:", RichTo = "  engine: {starting_cash: 1000000000000}\n\n  risk_management:";

    // Confirmed at the close of the session: where the next one opens above it and stays there, the order finds no fill in its day.
    private const string Entry = "- \"rsi > 50 AND rsi < 70\"\n      - \"macd_cross == true\"\n      - \"adx > 25\"\n      - \"price > ema_20\"";
    private const string LateEntry = "- \"hour == 14 OR hour == 15\"";

    [Theory]
    [Trait("Row", "S1-29")]
    [InlineData("order_type: \"limit\"", "order_type: \"market\"", "", "")]
    [InlineData("order_type: \"limit\"", "order_type: \"stop\"", "", "")]
    [InlineData("time_in_force: \"day\"", "time_in_force: \"gtc\"", Entry, LateEntry)]
    [InlineData("wait_for_confirmation: true", "wait_for_confirmation: false", "", "")]
    [InlineData("partial_fills_allowed: true", "partial_fills_allowed: false", Rich, RichTo)]
    public void Each_flag_of_the_order_policy_changes_the_trades(string from, string to, string alsoFrom, string alsoTo)
    {
        // Kelly would stop trading for good after thirty trades that lose.
        (string, string)[] common = [("method: \"kelly_fraction\"", "method: fixed_pct"), .. alsoFrom.Length > 0 ? [(alsoFrom, alsoTo)] : ((string, string)[])[]];
        AccountPath before = Trades(SomePack.With(common)), after = Trades(SomePack.With([.. common, (from, to)]));
        (before.Path.Count, after.Path.Count).Should().NotBe((0, 0));
        (before.Path.SameTrades(after.Path) && before.Quantity.SequenceEqual(after.Quantity)).Should().BeFalse();
    }

    [Fact]
    [Trait("Row", "S1-29")]
    public void Without_partial_fills_an_entry_that_a_tenth_of_the_volume_cannot_fill_is_refused_and_with_them_it_takes_that_tenth()
    {
        AccountPath partial = Trades(SomePack.With((Rich, RichTo))), whole = Trades(SomePack.With((Rich, RichTo), ("partial_fills_allowed: true", "partial_fills_allowed: false")));
        partial.Path.Count.Should().BePositive();
        for (int i = 0; i < partial.Path.Count; i++)
        {
            partial.Quantity[i].Should().Be(Math.Floor(SomeSweep.Bars.Volume[partial.Path.EntryBar[i]] * 0.1), $"trade {i}");
        }

        (whole.Path.Count, whole.Path.Tally.RefusedOrders).Should().Match<(int Trades, int Refused)>(w => w.Trades == 0 && w.Refused > 0);
    }

    [Fact]
    [Trait("Row", "S1-30")]
    public void One_ticker_holds_one_position_whatever_scale_in_allows()
    {
        AccountPath with = Trades(SomePack.Swing), without = Trades(SomePack.With(("scale_in_allowed: true", "scale_in_allowed: false")));
        with.Path.SameTrades(without.Path).Should().BeTrue("scaling in is off in sweeps (02 §2.7)");
        for (int i = 1; i < with.Path.Count; i++)
        {
            with.Path.EntryBar[i].Should().BeGreaterThanOrEqualTo(with.Path.ExitBar[i - 1], "an entry waits until the position before it is closed");
        }
    }

    [Theory]
    [Trait("Row", "S1-30")]
    [InlineData("kelly_fraction")]
    [InlineData("fixed_pct")]
    [InlineData("vol_target\n    vol_target_pct: 2")]
    public void No_method_sizes_above_the_cap(string method)
    {
        AccountPath account = Trades(SomePack.With(("method: \"kelly_fraction\"", $"method: {method}")));
        account.Path.Count.Should().BeGreaterThan(10);
        double cash = 100_000;
        for (int i = 0; i < account.Path.Count; i++)
        {
            (account.Quantity[i] * SomeSweep.Bars.Close[account.Path.DecisionBar[i]]).Should().BeLessThanOrEqualTo(0.05 * cash * (1 + 1e-12), $"trade {i}");
            cash = account.CashAfterExit[i];
        }
    }

    private static AccountPath Trades(Pack pack)
    {
        ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(pack, "MKT.SYN", "operator", []) with { ModelId = SomeSweep.Model.Id }, pack, SomePack.CreatedAt).Value.Config;
        return SomeSweep.Run(SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.5]}"""), model, pack)).Combos[0].Account;
    }
}
