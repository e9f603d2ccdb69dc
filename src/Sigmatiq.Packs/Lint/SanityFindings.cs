using System.Globalization;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Packs.Lint;

/// <summary>What one strategy of a pack did on a year of bars or more: rules alone, the pack's own exits, sizes and costs. Backtest makes it.</summary>
/// <param name="StrategyId">The strategy.</param>
/// <param name="Bars">Which bars, for people: <c>MKT.SYN 1h, synthetic</c>.</param>
/// <param name="From">First trading day.</param>
/// <param name="To">Last trading day.</param>
/// <param name="TradingDays">Trading days from the first to the last.</param>
/// <param name="EntryBars">Bars at whose close every entry line held.</param>
/// <param name="EntryBarsLastYear">How many of them lie in the last 252 trading days.</param>
/// <param name="Trades">Closed trades.</param>
/// <param name="Sharpe">Annual Sharpe ratio of the days; null where it is none (no trade, no deviation).</param>
public sealed record SanityRun(
    string StrategyId, string Bars, DateOnly From, DateOnly To, int TradingDays, int EntryBars, int EntryBarsLastYear, int Trades, double? Sharpe);

/// <summary>PCK-2003 and PCK-2004 from the runs of a pack's strategies (01 §1.11).</summary>
/// <remarks>The default strategy decides whether an official pack fails: it is what a model gets that asks for none. The others are offered
/// beside it and warn (decision 0029).</remarks>
public static class SanityFindings
{
    /// <summary>Trading days of a year; the fewest that say anything.</summary>
    public const int YearDays = 252;

    /// <summary>Fewest trades, and smallest Sharpe ratio.</summary>
    public const int TradesMin = 30;

    /// <inheritdoc cref="TradesMin"/>
    public const double SharpeMin = 0.30;

    /// <summary>Tag of a pack that is a workload and claims nothing: engines are compared on it, nobody trades it.</summary>
    public const string WorkloadTag = "benchmark";

    /// <summary>The findings, in the order of the runs.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="runs">What its strategies did.</param>
    /// <param name="isOfficial">Whether it ships with the product: then a weak default strategy is an error.</param>
    public static IReadOnlyList<LintFinding> Of(Pack pack, IReadOnlyList<SanityRun> runs, bool isOfficial)
    {
        List<LintFinding> findings = [];
        foreach (SanityRun run in runs)
        {
            string figures = Figures(run);
            bool isDefault = pack.Strategies.Count > 0 && pack.Strategies[0].Id == run.StrategyId;
            if (run.Trades < TradesMin || !(run.Sharpe >= SharpeMin))
            {
                string which = isDefault ? "The default strategy" : "The strategy";
                findings.Add(new(
                    "PCK-2003", isOfficial && isDefault && !pack.Tags.Contains(WorkloadTag) ? LintLevel.Error : LintLevel.Warn, PlaceOf(pack, run, null),
                    string.Create(CultureInfo.InvariantCulture, $"{which} {run.StrategyId} did not come to {TradesMin} trades and a Sharpe ratio of {SharpeMin:0.00}: {figures}."),
                    run.Trades < TradesMin ? "Loosen the entry, give more bars with --ticker or --bars, or leave the strategy out." : "Rework the rules or exits, try bars of another market with --ticker or --bars, or leave the strategy out."));
            }

            if (run.EntryBarsLastYear == 0)
            {
                findings.Add(new(
                    "PCK-2004", LintLevel.Warn, PlaceOf(pack, run, "entry_logic"),
                    $"The entry lines of {run.StrategyId} never held together in the last year of the bars: {figures}.",
                    "Ask for events of the last few bars, e.g. within(condition, 5), instead of all on one bar."));
            }
        }

        return findings;
    }

    /// <summary>The figures of a run in words.</summary>
    public static string Figures(SanityRun run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.EntryBars} entry {(run.EntryBars == 1 ? "bar" : "bars")} ({run.EntryBarsLastYear} in the last year), {run.Trades} {(run.Trades == 1 ? "trade" : "trades")}, Sharpe {(run.Sharpe is { } sharpe ? sharpe.ToString("0.00", CultureInfo.InvariantCulture) : "none")} on {run.Bars}, {run.From:yyyy-MM-dd} to {run.To:yyyy-MM-dd} ({run.TradingDays} days)");

    private static string PlaceOf(Pack pack, SanityRun run, string? key)
    {
        string path = $"strategies.{run.StrategyId}{(key is null ? "" : $".{key}")}";
        return pack.Places.TryGetValue(path, out YamlPlace place) ? $"{place} ({path})" : path;
    }
}
