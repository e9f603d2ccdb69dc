using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Sources;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Market;

/// <summary>A data directory with its rows, and the bar store, sources and import over it.</summary>
internal sealed class MarketFixture : IDisposable
{
    private readonly Workspace work = new();
    private readonly SqliteRowStore rows;

    private MarketFixture(Workspace work, DataDirectory data, SqliteRowStore rows)
    {
        (this.work, Data, this.rows) = (work, data, rows);
        Store = new(data, rows, Clock, IdSource.FromSeed(Clock, 1));
        Align = new(Store, [new SimulatorSource(MarketSimulator.Default), new ImportedSource()]);
        Import = new(Store);
    }

    public FixedClock Clock { get; } = new();

    public DataDirectory Data { get; }

    public IRowStore Rows => rows;

    public BarStore Store { get; }

    public MarketAlign Align { get; }

    public BarImport Import { get; }

    public static async Task<MarketFixture> CreateAsync(CancellationToken ct)
    {
        var work = new Workspace();
        var data = new DataDirectory(work.Root);
        return new(work, data, await SqliteRowStore.OpenAsync(data, new FixedClock(), ct));
    }

    public string Write(string name, string text) => work.Write(name, text);

    /// <summary>Every file that holds facts: bars, manifests; not the database.</summary>
    public string[] Facts() => [.. work.Files().Where(f => f.StartsWith("bars", StringComparison.Ordinal) || f.StartsWith("snapshots", StringComparison.Ordinal))];

    public async Task<long> RowsIn(string table, CancellationToken ct) => await rows.FirstAsync<long>($"select count(*) from {table}", null, ct);

    public void Dispose()
    {
        rows.Dispose();
        work.Dispose();
    }

    internal sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2025, 6, 2, 21, 0, 0, TimeSpan.Zero);
    }
}
