using Sigmatiq.Store;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests;

/// <summary>Where the rows of a suite lie: what must hold of one engine must hold of the other.</summary>
public enum StoreEngine
{
    Sqlite,
    Postgres,
}

/// <summary>Rows of one test on one of the engines; opened again, they are what another process would see.</summary>
public sealed class TestRows : IAsyncDisposable
{
    private readonly StoreEngine engine;
    private readonly DataDirectory data;
    private readonly List<IRowStore> open = [];

    private TestRows(StoreEngine engine, DataDirectory data, PrivateDatabase? database) => (this.engine, this.data, Database) = (engine, data, database);

    /// <summary>The first opening.</summary>
    public IRowStore Rows => open[0];

    /// <summary>On PostgreSQL, the database.</summary>
    public PrivateDatabase? Database { get; }

    /// <summary>What <c>--store</c> must say.</summary>
    public string Address => Database?.Url ?? $"sqlite:{data.RowsFile}";

    /// <summary>Makes rows for a data directory; migrated, or empty as the engine gives them.</summary>
    public static async Task<TestRows> CreateAsync(StoreEngine engine, DataDirectory data, TimeProvider? clock = null, bool empty = false)
    {
        TestRows made = new(engine, data, engine == StoreEngine.Postgres ? await (await PrivatePostgres.RunningAsync()).NewDatabaseAsync(empty) : null);
        await made.OpenAsync(clock, empty);
        return made;
    }

    /// <summary>Opens them once more.</summary>
    public async Task<IRowStore> OpenAsync(TimeProvider? clock = null, bool unmigrated = false)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        clock ??= TimeProvider.System;
        IRowStore rows = (engine, unmigrated) switch
        {
            (StoreEngine.Sqlite, true) => SqliteRowStore.OpenUnmigrated(data.RowsFile),
            (StoreEngine.Sqlite, false) => await SqliteRowStore.OpenAsync(data, clock, ct),
            (_, true) => PostgresRowStore.OpenUnmigrated(Database!.Address),
            (_, false) => await PostgresRowStore.OpenAsync(Database!.Address, clock, ct),
        };
        open.Add(rows);
        return rows;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        open.ForEach(r => ((IDisposable)r).Dispose());
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }
}
