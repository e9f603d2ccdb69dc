using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Sources;
using Sigmatiq.Store.Errors;
using Symbol = Sigmatiq.Market.Symbols.Symbol;

namespace Sigmatiq.App;

/// <summary>Which series are brought up to date, and from where: what commands and requests have in common.</summary>
internal static class BarAlignment
{
    /// <summary>The series of the sample market: hours since 2018 and a year of 5-minute bars of each symbol.</summary>
    public static IReadOnlyList<(Symbol Symbol, Interval Interval)> SampleMarket { get; } =
        [.. MarketSimulator.Default.Symbols.SelectMany(s => new[] { (s, Interval.Hour1), (s, Interval.Minute5) })];

    /// <summary>Alignment over a store, with the simulator and imported files as sources.</summary>
    public static MarketAlign Over(BarStore store) => new(store, [new SimulatorSource(MarketSimulator.Default), new ImportedSource()]);

    /// <summary>The series that are meant: named symbols at 1h unless said otherwise, or all that the store has.</summary>
    /// <param name="store">The bars.</param>
    /// <param name="symbols">Tickers; none means every series of the store.</param>
    /// <param name="interval">Length of the bars; without it 1h for a named symbol, and every length otherwise.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="ProblemException">MKT-1001, MKT-1002: no symbol, or no interval.</exception>
    public static async Task<IReadOnlyList<(Symbol Symbol, Interval Interval)>> MeantAsync(BarStore store, IReadOnlyList<string> symbols, string? interval, CancellationToken ct)
    {
        Interval? asked = interval is null ? null : Intervals.Parse(interval);
        return symbols.Count > 0
            ? [.. symbols.Select(t => (Symbol.Parse(t), asked ?? Interval.Hour1))]
            : [.. (await store.ListAsync(ct)).Where(s => asked is null || s.Interval == asked).Select(s => (s.Symbol, s.Interval))];
    }
}
