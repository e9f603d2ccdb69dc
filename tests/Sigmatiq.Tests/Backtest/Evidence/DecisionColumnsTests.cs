using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Store.Columns;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Evidence;

/// <summary>What the evidence keeps of each decision: the values that decided, and nothing that came later.</summary>
public sealed class DecisionColumnsTests
{
    private static readonly Pack Timed = SomePack.With(("- \"price < ema_20\"", "- \"position.days >= 2 AND position.return < 0.01\""));

    private sealed record Row(int Trade, string Moment, long BarUtcUs, string Kind, int? Line, int? Part, string Name, bool IsFlag, double Value);

    [Theory]
    [InlineData("")]
    [InlineData("selection_")]
    public void Every_value_is_that_of_the_engines_columns_at_the_bar_that_decided_bit_for_bit(string window)
    {
        EvidenceRequest request = SomeEvidence.Request(SomeBars.Synthetic);
        EvidenceBundle bundle = EvidenceMaker.Make(request);
        RuleColumns rules = request.Bars.Rules(request.Config);
        FillBars bars = request.Bars.Fills;
        ColumnSet trades = bundle.Columns[window + "trades.parquet"];
        ILookup<int, Row> rows = Rows(bundle, window).ToLookup(r => r.Trade);
        trades.Rows.Should().BeGreaterThan(5);
        HashSet<string> kinds = [];
        for (int i = 0; i < trades.Rows; i++)
        {
            Row[] entry = [.. rows[i + 1].Where(r => r.Moment == "entry")], exit = [.. rows[i + 1].Where(r => r.Moment == "exit")];
            entry.Select(r => r.BarUtcUs).Distinct().Should().Equal(trades["decision_ts"].TimestampsUtcUs[i]);
            int decision = Array.BinarySearch(bars.StartUtcUs, entry[0].BarUtcUs);
            rules.Entry[decision].Should().Be(1);
            entry.Where(r => r.Kind == "line").Select(r => (r.Name, r.Value)).Should().Equal(request.Config.Model.Strategy.EntryRules.Select(l => (l, 1.0)));
            One(entry, "score", "score").Should().Be(request.HoldoutConfidence!.Values[decision]);
            One(entry, "score", "threshold").Should().Be(request.Config.Threshold!.Value).And.BeLessThanOrEqualTo(One(entry, "score", "score"));
            One(entry, "gate", "confirmations").Should().Be(1);
            rules.Entry[decision - 1].Should().Be(1, "it was confirmed");
            One(entry, "gate", "hour").Should().Be(request.Bars.HourAt(decision)!.Value);
            entry.Where(r => r.Kind == "feature").Select(r => r.Name).Should().Equal(request.Config.Model.Features);
            entry.Where(r => r.Kind == "input").Select(r => r.Name).Should().Equal("rsi", "macd_cross", "adx", "close", "ema_20");
            Columns(rules, bars, [.. entry, .. exit], kinds);
            if (trades["reason"].Texts[i] == "signal")
            {
                exit[0].BarUtcUs.Should().Be(bars.StartUtcUs[Array.BinarySearch(bars.StartUtcUs, trades["exit_ts"].TimestampsUtcUs[i]) - 1], "a rule exit fills at the next open");
                exit.Where(r => r.Kind == "line").Should().Contain(r => r.Value == 1, "a rule fired");
            }
            else
            {
                exit[0].BarUtcUs.Should().Be(trades["exit_ts"].TimestampsUtcUs[i]);
                exit.Should().NotContain(r => r.Kind == "line");
            }
        }

        kinds.Should().BeEquivalentTo(["bar", "input", "feature", "side"]);
    }

    [Theory]
    [InlineData(1.5, 3.0, 1.0, "trail signal")]
    [InlineData(0.6, 1.0, null, "stop target signal")]
    public void A_level_that_ended_a_position_is_the_price_it_had_before_the_bar_that_reached_it(double stop, double target, double? trail, string wanted)
    {
        EvidenceRequest request = SomeEvidence.Request(SomeBars.Synthetic, 1, [new("stop_loss_pct", stop), new("take_profit_pct", target), .. trail is { } t ? new KeyValuePair<string, double>[] { new("trailing_stop_pct", t) } : []]);
        EvidenceBundle bundle = EvidenceMaker.Make(request);
        FillBars bars = request.Bars.Fills;
        ColumnSet trades = bundle.Columns["selection_trades.parquet"];
        ILookup<int, Row> rows = Rows(bundle, "selection_").Where(r => r.Moment == "exit").ToLookup(r => r.Trade);
        // A stop that a tighter trail always comes before is none.
        Barriers set = ModelBars.BarriersOf(request.Config).Effective();
        HashSet<string> met = [];
        for (int i = 0; i < trades.Rows; i++)
        {
            Row[] exit = [.. rows[i + 1]];
            string reason = trades["reason"].Texts[i]!;
            if (reason == "open")
            {
                exit.Should().BeEmpty();
                continue;
            }

            double entry = trades["entry_price"].Doubles[i], best = One(exit, "level", "best");
            int bar = Array.BinarySearch(bars.StartUtcUs, trades["exit_ts"].TimestampsUtcUs[i]), first = Array.BinarySearch(bars.StartUtcUs, trades["entry_ts"].TimestampsUtcUs[i]);
            Level(exit, "stop", entry, -set.StopLossPct);
            Level(exit, "target", entry, set.TakeProfitPct);
            Level(exit, "trail", best, -set.TrailingStopPct);
            best.Should().BeLessThanOrEqualTo(bars.High[first..Math.Max(bar, first + 1)].Append(entry).Max(), "what is best before a bar was reached before it");
            met.Add(reason);
            switch (reason)
            {
                case "stop":
                    bars.Low[bar].Should().BeLessThanOrEqualTo(One(exit, "level", "stop"));
                    break;
                case "trail":
                    bars.Low[bar].Should().BeLessThanOrEqualTo(One(exit, "level", "trail"));
                    break;
                case "target":
                    bars.High[bar].Should().BeGreaterThanOrEqualTo(One(exit, "level", "target"));
                    break;
            }
        }

        met.Should().Contain(wanted.Split(' '));
    }

    private static void Level(Row[] exit, string name, double from, double? pct)
    {
        if (pct is { } away)
        {
            One(exit, "level", name).Should().BeApproximately(from * (1 + (away / 100)), 1e-9);
        }
        else
        {
            exit.Should().NotContain(r => r.Kind == "level" && r.Name == name, "it is not set");
        }
    }

    [Fact]
    public void A_rule_that_knows_the_position_is_told_with_what_the_position_knew()
    {
        EvidenceRequest request = SomeEvidence.Request(Timed, SomeBars.Synthetic, 1);
        EvidenceBundle bundle = EvidenceMaker.Make(request);
        FillBars bars = request.Bars.Fills;
        ColumnSet trades = bundle.Columns["selection_trades.parquet"];
        int fired = 0;
        foreach (IGrouping<int, Row> trade in Rows(bundle, "selection_").Where(r => r.Moment == "exit").GroupBy(r => r.Trade).Where(t => t.Any(r => r.Kind == "line")))
        {
            Row[] exit = [.. trade];
            int told = Array.BinarySearch(bars.StartUtcUs, exit[0].BarUtcUs), entryBar = Array.BinarySearch(bars.StartUtcUs, trades["entry_ts"].TimestampsUtcUs[trade.Key - 1]);
            double gain = (bars.Close[told] / trades["entry_price"].Doubles[trade.Key - 1]) - 1;
            One(exit, "position", "position.return").Should().Be(gain);
            One(exit, "position", "position.days").Should().Be(bars.DayOf[told] - bars.DayOf[entryBar]);
            One(exit, "position", "position.best").Should().BeGreaterThanOrEqualTo(gain);
            double days = One(exit, "position", "position.days");
            exit.Single(r => r.Kind == "line" && r.Name.StartsWith("position", StringComparison.Ordinal)).Value.Should().Be(days >= 2 && gain < 0.01 ? 1 : 0);
            exit.Where(r => r.Kind == "side" && r.Name == "position.return").Should().ContainSingle().Which.Value.Should().Be(gain);
            fired += exit.Count(r => r is { Kind: "line", Value: 1 } && r.Name.StartsWith("position", StringComparison.Ordinal));
        }

        fired.Should().BeGreaterThan(3);
    }

    [Fact]
    public void What_comes_after_a_decision_changes_nothing_that_is_told_of_it()
    {
        BarColumns bars = SomeBars.Synthetic;
        Row[] told = Rows(EvidenceMaker.Make(SomeEvidence.Request(bars)), "");
        int[] trades = [.. told.Select(r => r.Trade).Distinct()];
        foreach (int trade in new[] { trades[1], trades[trades.Length / 2], trades[^2] })
        {
            foreach (string moment in (string[])["entry", "exit"])
            {
                long at = told.First(r => r.Trade == trade && r.Moment == moment).BarUtcUs;
                Row[] now = Rows(EvidenceMaker.Make(SomeEvidence.Request(Shaken(bars, Array.BinarySearch(bars.StartUtcUs, at) + 1))), "");
                Row[] Known(Row[] rows) => [.. rows.TakeWhile(r => r.Trade < trade || (r.Trade == trade && (r.Moment == "entry" || moment == "exit")))];
                Row[] before = Known(told), after = Known(now);
                after.Length.Should().Be(before.Length);
                before.Zip(after).FirstOrDefault(r => r.First != r.Second).Should().Be(default((Row, Row)), $"bars after the {moment} of trade {trade} are shaken");
                now.SequenceEqual(told).Should().BeFalse("later trades are others");
            }
        }
    }

    // Every bar from one on falls by up to a twentieth: a limit order below the close fills as it did, or sooner.
    private static BarColumns Shaken(BarColumns bars, int from)
    {
        double[] Move(double[] prices) => [.. prices.Select((p, t) => t < from ? p : p * (0.97 + (0.02 * Math.Sin(t))))];
        return new(bars.Symbol, bars.Interval, bars.StartUtcUs, Move(bars.Open), Move(bars.High), Move(bars.Low), Move(bars.Close), [.. bars.Volume.Select((v, t) => t < from ? v : v + (100 * (t % 7)))]);
    }

    private static void Columns(RuleColumns rules, FillBars bars, Row[] rows, HashSet<string> kinds)
    {
        foreach (Row row in rows)
        {
            int t = Array.BinarySearch(bars.StartUtcUs, row.BarUtcUs);
            double[]? column = row.Kind switch
            {
                "bar" => row.Name switch { "open" => bars.Open, "high" => bars.High, "low" => bars.Low, "close" => bars.Close, _ => bars.Volume },
                "input" or "feature" or "side" => rules.Columns.Column(row.Name),
                _ => null,
            };
            if (column is not null)
            {
                BitConverter.DoubleToInt64Bits(row.Value).Should().Be(BitConverter.DoubleToInt64Bits(column[t]), row.ToString());
                kinds.Add(row.Kind);
            }
        }
    }

    private static double One(Row[] rows, string kind, string name) => rows.Single(r => r.Kind == kind && r.Name == name).Value;

    private static Row[] Rows(EvidenceBundle bundle, string window)
    {
        ColumnSet c = bundle.Columns[window + DecisionColumns.File];
        return
        [
            .. Enumerable.Range(0, c.Rows).Select(i => new Row(
                c["trade_id"].Ints[i], c["moment"].Texts[i]!, c["bar_ts"].TimestampsUtcUs[i], c["kind"].Texts[i]!, c["line"].IsNull(i) ? null : c["line"].Ints[i],
                c["part"].IsNull(i) ? null : c["part"].Ints[i], c["name"].Texts[i]!, c["is_flag"].Bools[i], c["value"].Doubles[i])),
        ];
    }
}
