using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest;

/// <summary>The linter's sanity backtest (01 §1.11): every strategy of a pack as its default model would trade it, by rules alone.</summary>
/// <remarks>No threshold, no hour filter, no hold-out and no trial in the ledger: it chooses nothing. It says whether a strategy can trade at
/// all; on synthetic bars it says nothing about any market.</remarks>
public static class SanityBacktest
{
    /// <summary>Years of synthetic bars that a pack is held against, and the years in which a bar of minutes is.</summary>
    private static readonly (DateOnly From, DateOnly MinutesFrom, DateOnly To) Sample = (new(2018, 1, 2), new(2024, 1, 2), new(2025, 12, 31));

    /// <summary>Synthetic bars for a pack: the market of the simulator, eight years of hours or days, two of minutes.</summary>
    public static BarColumns SampleBars(Pack pack)
    {
        Interval interval = pack.Policies.Engine.Interval;
        MarketSimulator simulator = MarketSimulator.Default;
        return interval >= Interval.Hour1
            ? simulator.Bars(simulator.Symbols[0], interval, Sample.From, Sample.To)
            : simulator.Bars(simulator.Symbols[0], Interval.Minute5, Sample.MinutesFrom, Sample.To);
    }

    /// <summary>Runs every strategy whose rules compile.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="bars">Bars of one symbol, of at least a year of trading days.</param>
    /// <param name="ct">Stops between strategies.</param>
    /// <exception cref="ProblemException">PCK-1010: the bars are shorter than a year.</exception>
    public static IReadOnlyList<SanityRun> Run(Pack pack, BarColumns bars, CancellationToken ct)
    {
        ISessionCalendar calendar = Instrument.Of(bars.Symbol).Calendar;
        List<SanityRun> runs = [];
        foreach (PackStrategy strategy in pack.Strategies.Where(s => s.EntryLogic.Count > 0))
        {
            ct.ThrowIfCancellationRequested();
            ModelRequest request = ModelBuilder.Default(pack, bars.Symbol.Value, "lint", [], strategy.Id);
            if (ModelBuilder.Build(request, pack, DateTimeOffset.UnixEpoch) is { IsOk: true } built)
            {
                runs.Add(Run(pack, built.Value.Config, bars, calendar));
            }
        }

        return runs;
    }

    private static SanityRun Run(Pack pack, ModelConfig model, BarColumns bars, ISessionCalendar calendar)
    {
        ModelBars prepared = new(pack, model, bars, calendar);
        FillBars fills = prepared.Fills;
        if (fills.Days < SanityFindings.YearDays)
        {
            throw new ProblemException(
                "PCK-1010", $"The bars of {bars.Symbol} hold {fills.Days} trading days; a sanity backtest needs a year ({SanityFindings.YearDays}).", "--bars",
                "Give more bars, or leave it out with --no-backtest.", ExitCode.DataRefused);
        }

        EffectiveConfig config = EffectiveConfig.Of(pack, model, new(1, []), HourSet.All);
        SignalSet signals = prepared.Signals(config, confidence: null);
        BacktestResult result = new BacktestRun(
            fills, prepared.Options, signals, ModelBars.BarriersOf(config), prepared.SizeOf(config), 0, fills.Count).Execute();
        double[] entry = prepared.Rules(config).Entry;
        int yearFrom = fills.Days == SanityFindings.YearDays ? 0 : fills.LastBarOfDay[fills.Days - SanityFindings.YearDays - 1] + 1;
        string what = $"{bars.Symbol} {bars.Interval.Text()}{(bars.Symbol.IsSynthetic ? ", synthetic" : "")}";
        return new(
            model.Strategy.Id, what, fills.DateOfDay(0), fills.DateOfDay(fills.Days - 1), fills.Days, entry.Count(v => v == 1),
            entry.Skip(yearFrom).Count(v => v == 1), result.Metrics.TotalTrades, result.Metrics.SharpeRatio);
    }
}
