using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Sources;

/// <summary>Where missing bars can be had.</summary>
public interface IMarketDataSource
{
    /// <summary>Name and version, part of every snapshot's id.</summary>
    BarOrigin Origin { get; }

    /// <summary>Whether it answers for a symbol.</summary>
    bool Covers(Symbol symbol);

    /// <summary>Bars of whole sessions with <c>from ≤ date ≤ to</c>; null where the source has no feed and nothing newer can be had.</summary>
    /// <param name="symbol">A symbol that it covers.</param>
    /// <param name="interval">Length of the bars.</param>
    /// <param name="from">First date; null for the beginning that the source offers.</param>
    /// <param name="to">Last date, a session that has closed.</param>
    /// <param name="ct">Stops the fetching.</param>
    /// <exception cref="ProblemException">The source refuses the request.</exception>
    Task<BarColumns?> FetchAsync(Symbol symbol, Interval interval, DateOnly? from, DateOnly to, CancellationToken ct);
}

/// <summary>The project's own market: answers for its symbols up to any date.</summary>
public sealed class SimulatorSource(MarketSimulator simulator) : IMarketDataSource
{
    /// <inheritdoc/>
    public BarOrigin Origin { get; } = new("simulator", simulator.Settings.SourceVersion);

    /// <inheritdoc/>
    public bool Covers(Symbol symbol) => symbol.IsSynthetic;

    /// <inheritdoc/>
    /// <remarks>Without a first date hours and days begin with the simulator, 5-minute bars one year before the last date.</remarks>
    public Task<BarColumns?> FetchAsync(Symbol symbol, Interval interval, DateOnly? from, DateOnly to, CancellationToken ct)
    {
        DateOnly? start = from ?? (interval == Interval.Minute5 ? to.AddYears(-1) : null);
        return Task.FromResult<BarColumns?>(simulator.Bars(symbol, interval, start, to));
    }
}

/// <summary>Files that a person imports: it has no feed, so what is missing is reported and never invented.</summary>
public sealed class ImportedSource : IMarketDataSource
{
    /// <inheritdoc/>
    public BarOrigin Origin => BarOrigin.Import;

    /// <inheritdoc/>
    public bool Covers(Symbol symbol) => !symbol.IsSynthetic;

    /// <inheritdoc/>
    public Task<BarColumns?> FetchAsync(Symbol symbol, Interval interval, DateOnly? from, DateOnly to, CancellationToken ct) => Task.FromResult<BarColumns?>(null);
}
