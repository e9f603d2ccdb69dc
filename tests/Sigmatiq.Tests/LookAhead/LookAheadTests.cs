using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.LookAhead;

/// <summary>No figure has seen the future: 1,000 random cut points for every indicator, feature, rule, label, split and the whole
/// backtest; and the same test finds a leak of each kind that was planted.</summary>
public sealed class LookAheadTests
{
    private const long Seed = 20261121;
    private const int Cuts = 1000;

    // Hours of the synthetic market: 40 sessions for what has a short memory, 440 for what must trade.
    private static readonly BarColumns Short = MarketSimulator.Default.Bars(Symbol.Parse("MKT.SYN"), Interval.Hour1, new(2019, 3, 1), new(2019, 4, 26));

    private static readonly BarColumns Long = MarketSimulator.Default.Bars(Symbol.Parse("MKT.SYN"), Interval.Hour1, new(2018, 1, 2), new(2019, 9, 30));

    private static readonly ModelRequest Reversal = ModelBuilder.Default(SomePack.Bench, "SPY", "operator", []) with { ParameterOverrides = [new("rsi_oversold", 45)] };

    private static readonly HourSet AllHours = HourSet.RegularSession(NyseCalendar.Instance);

    [Fact]
    public void No_indicator_sees_the_future() => CutTest.Leaks(Short, Cuts, Seed, Indicators).Should().BeEmpty();

    [Fact]
    public void An_indicator_that_looks_one_bar_ahead_is_found() => CutTest.Leaks(Short, Cuts, Seed, bars =>
        [new("centred mean", Column(bars, t => (bars.Close[Math.Max(t - 1, 0)] + bars.Close[t] + bars.Close[Math.Min(t + 1, bars.Count - 1)]) / 3))])
        .Should().NotBeEmpty();

    [Theory]
    [InlineData(RuleFrameKind.Bar)]
    [InlineData(RuleFrameKind.Day)]
    public void No_rule_and_no_function_of_the_language_sees_the_future(RuleFrameKind frame) =>
        CutTest.Leaks(Short, Cuts, Seed, bars => Rules(bars, frame)).Should().BeEmpty();

    [Fact]
    public void Every_function_of_the_language_is_among_the_rules_that_are_cut() =>
        RuleFunctions.All.Keys.Should().OnlyContain(name => Expressions.Any(e => e.Contains(name + "(", StringComparison.Ordinal)));

    [Fact]
    public void A_rule_that_knows_the_end_of_the_running_day_is_found() => CutTest.Leaks(Short, Cuts, Seed, bars =>
    {
        RuleFrame days = RuleFrame.OfDays(bars, NyseCalendar.Instance);
        return [new("close of the whole day", Column(bars, t => bars.Close[days.LastBarOf[days.PeriodOf[t]]]))];
    }).Should().NotBeEmpty();

    [Fact]
    public void No_feature_sees_the_future() => CutTest.Leaks(Long, Cuts, Seed, Features).Should().BeEmpty();

    [Fact]
    public void A_feature_scaled_by_all_bars_is_found() => CutTest.Leaks(Short, Cuts, Seed, bars =>
    {
        double mean = bars.Close.Average();
        return [new("close over its mean of all time", Column(bars, t => bars.Close[t] / mean))];
    }).Should().NotBeEmpty();

    [Fact]
    public void No_label_is_decided_before_its_span_ends() => CutTest.Leaks(Long, Cuts, Seed, bars => Labels(bars)).Should().BeEmpty();

    [Fact]
    public void A_label_that_counts_as_decided_before_its_end_is_found() =>
        CutTest.Leaks(Long, Cuts, Seed, bars => [.. Labels(bars).Select(c => c with { DecidedAt = [.. c.DecidedAt!.Select(e => e - 1)] })]).Should().NotBeEmpty();

    [Fact]
    public void No_fold_trains_on_what_was_not_known_when_its_block_begins() => CutTest.Leaks(Long, Cuts, Seed, bars => Folds(bars, purge: true)).Should().BeEmpty();

    [Fact]
    public void A_fold_without_its_purge_is_found() => CutTest.Leaks(Long, Cuts, Seed, bars => Folds(bars, purge: false)).Should().NotBeEmpty();

    [Theory]
    [InlineData("momentum_swing")]
    [InlineData("mean_reversion_swing")]
    [InlineData("breakout_swing")]
    public void No_backtest_of_the_built_in_pack_sees_the_future(string strategy) =>
        CutTest.Leaks(Long, Cuts, Seed, bars => Trades(bars, SomePack.Swing, SomePack.Request with { StrategyId = strategy, SelectedIndicators = Everything }, shift: 0)).Should().BeEmpty();

    [Fact]
    public void No_backtest_by_bars_sees_the_future() =>
        CutTest.Leaks(Long, Cuts, Seed, bars => Trades(bars, SomePack.Bench, Reversal, shift: 0)).Should().BeEmpty();

    [Fact]
    public void A_backtest_that_decides_one_bar_before_its_signal_is_found() =>
        CutTest.Leaks(Long, Cuts, Seed, bars => Trades(bars, SomePack.Bench, Reversal, shift: 1)).Should().NotBeEmpty();

    [Fact]
    public void The_cut_backtests_have_trades_to_compare()
    {
        Entries(Trades(Long, SomePack.Swing, SomePack.Request with { SelectedIndicators = Everything }, 0)).Should().BeGreaterThan(5);
        Entries(Trades(Long, SomePack.Bench, Reversal, 0)).Should().BeGreaterThan(5);

        static int Entries(IReadOnlyList<Decided> decided) => decided.Single(c => c.What == "entry price").Values.Count(double.IsFinite);
    }

    private static string[] Everything => [.. SomePack.Swing.Indicators.Select(i => i.Id)];

    private static readonly string[] Expressions =
    [
        "sign(close - open)", "normalized(rsi)", "normalized(close)", "detect_divergence(close, rsi)", "detect_divergence(price, macd_line)", "abs(change(close, 2))",
        "min(close, open, low)", "max(high, open)", "avg(close, 5)", "stdev(close, 5)", "highest(high, 4)", "lowest(low, 4)", "change(close, 3)", "pct_change(close, 3)",
        "crosses_above(close, sma)", "crosses_below(close, ema)", "within(close > open, 3)", "rsi increasing", "close decreasing(3)", "close[4]", "rsi[1] < 50 AND rsi >= 50",
        "NOT (close > open) OR volume > volume[1] * 1.5", "hour >= 10 AND day_of_week < 5", "minute == 30", "normalized(avg(close, 3) - close[2])",
    ];

    private static IReadOnlyList<Decided> Indicators(BarColumns bars)
    {
        List<Decided> all = [];
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            double[][] outputs = [.. spec.Outputs.Select(_ => new double[bars.Count])];
            spec.Batch(bars, IndicatorSettings.Defaults(spec), outputs);
            all.AddRange(spec.Outputs.Select((name, o) => new Decided($"{spec.Name}.{name}", outputs[o])));
        }

        return all;
    }

    private static IReadOnlyList<Decided> Rules(BarColumns bars, RuleFrameKind kind)
    {
        RuleScope scope = RuleScope.OfCatalog();
        FrameColumns columns = new(kind == RuleFrameKind.Day ? RuleFrame.OfDays(bars, NyseCalendar.Instance) : RuleFrame.OfBars(bars), NyseCalendar.Instance, scope);
        return [.. Expressions.Select(e => new Decided(e, RuleProgram.Compile(e, scope).Value.Evaluate(columns)))];
    }

    private static IReadOnlyList<Decided> Features(BarColumns bars)
    {
        RuleScope scope = RuleScope.OfPack(SomePack.Swing);
        FrameColumns columns = new(RuleFrame.OfDays(bars, NyseCalendar.Instance), NyseCalendar.Instance, scope);
        return [.. SomePack.Swing.Features.Select(f => new Decided(f.Id, columns.Column(f.Id)))];
    }

    private static IReadOnlyList<Decided> Labels(BarColumns bars)
    {
        LabelColumns labels = LabelsOf(bars, out _);
        return [new("label", labels.Label, labels.EndBar), new("net return", labels.NetReturn, labels.EndBar)];
    }

    // A fold is known when its block begins: its rows, their labels and their weights, as one hash.
    private static IReadOnlyList<Decided> Folds(BarColumns bars, bool purge)
    {
        LabelColumns labels = LabelsOf(bars, out FillBars fills);
        TradingDays days = new(fills);
        int[] decision = labels.LabelledBars(), end = [.. decision.Select(t => labels.EndBar[t])];
        IReadOnlyList<Fold> folds = TimeSeriesSplit.Folds(decision, end, days, 0, bars.Count);
        folds.Count.Should().Be(TimeSeriesSplit.FoldCount);
        return
        [
            new("folds", [.. folds.Select(f => Hash(purge ? f.Train : TimeSeriesSplit.Between(decision, 0, f.FromBar)))], [.. folds.Select(f => f.FromBar - 1)]),
            new("hold-out", [Hash(TimeSeriesSplit.Purged(decision, end, days, 0, TimeSeriesSplit.HoldoutStart(days, 0, 0.2)))], [TimeSeriesSplit.HoldoutStart(days, 0, 0.2) - 1]),
        ];

        double Hash(int[] rows)
        {
            var hash = default(HashCode);
            double[] weights = Uniqueness.Weights([.. rows.Select(r => decision[r])], [.. rows.Select(r => end[r])]);
            for (int i = 0; i < rows.Length; i++)
            {
                hash.Add(decision[rows[i]]);
                hash.Add(end[rows[i]]);
                hash.Add(labels.Label[decision[rows[i]]]);
                hash.Add(weights[i]);
            }

            return hash.ToHashCode();
        }
    }

    private static LabelColumns LabelsOf(BarColumns bars, out FillBars fills)
    {
        fills = FillBars.From(bars, NyseCalendar.Instance.Zone, PriceKind.Raw);
        return TripleBarrier.Label(fills, new EngineOptions(), new(StopLossPct: 2, TakeProfitPct: 3, TrailingStopPct: 1.5, TimeStopDays: 5));
    }

    private static IReadOnlyList<Decided> Trades(BarColumns bars, Pack pack, ModelRequest request, int shift)
    {
        ModelConfig model = ModelBuilder.Build(request, pack, SomePack.CreatedAt).Value.Config;
        EffectiveConfig config = EffectiveConfig.Of(pack, model, new Combo(1, []), AllHours);
        ModelBars prepared = new(pack, model, bars, NyseCalendar.Instance);
        RuleColumns rules = prepared.Rules(config);
        ConfidenceColumn? confidence = prepared.Options.UsesConfidence ? new(rules.Score(), ConfidenceColumn.Rule) : null;
        SignalSet signals = prepared.Signals(config, confidence);
        if (shift > 0)
        {
            signals = new([.. signals.Entries.Select(t => t - shift).Where(t => t >= 0)], signals.Exits, signals.PositionExit);
        }

        BacktestResult result = new BacktestRun(prepared.Fills, prepared.Options, signals, ModelBars.BarriersOf(config), prepared.SizeOf(config), 0, bars.Count).Execute();
        TradePath path = result.Account.Path;
        double[] orders = Column(bars, _ => 0), entry = Column(bars, _ => double.NaN), quantity = Column(bars, _ => double.NaN);
        double[] exit = Column(bars, _ => double.NaN), reason = Column(bars, _ => double.NaN), profit = Column(bars, _ => double.NaN);
        foreach (int t in path.DecisionBar.Concat(path.ExpiredDecisionBar))
        {
            orders[t] = 1;
        }

        for (int i = 0; i < path.Count; i++)
        {
            (entry[path.EntryBar[i]], quantity[path.EntryBar[i]]) = (path.EntryPrice[i], result.Account.Quantity[i]);
            if (path.ExitBar[i] >= 0)
            {
                (exit[path.ExitBar[i]], reason[path.ExitBar[i]], profit[path.ExitBar[i]]) = (path.ExitPrice[i], (double)path.Reason[i], result.Account.Profit[i]);
            }
        }

        return
        [
            new("entry signal", Mask(signals.Entries)), new("exit signal", Mask(signals.Exits)), new("order", orders), new("entry price", entry), new("quantity", quantity),
            new("exit price", exit), new("exit reason", reason), new("profit", profit),
            new("equity", result.Equity[1..], result.Marks.Bar), new("buy and hold", result.BuyAndHold[1..], result.Marks.Bar),
        ];

        double[] Mask(int[] at)
        {
            double[] mask = new double[bars.Count];
            foreach (int t in at)
            {
                mask[t] = 1;
            }

            return mask;
        }
    }

    private static double[] Column(BarColumns bars, Func<int, double> value) => [.. Enumerable.Range(0, bars.Count).Select(value)];
}
