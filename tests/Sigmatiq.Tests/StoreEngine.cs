using Sigmatiq.Store;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests;

/// <summary>Where the rows of a suite lie: what must hold of one engine must hold of the other.</summary>
public enum StoreEngine
{
    Sqlite,
    Postgres,
}

/// <summary>Says on which engine the rows of a class of tests lie; without it on SQLite.</summary>
/// <param name="engine">Which.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnStoreAttribute(StoreEngine engine) : Attribute
{
    /// <summary>Which.</summary>
    public StoreEngine Engine => engine;

    /// <summary>That of the test that runs.</summary>
    public static StoreEngine OfThisTest =>
        (TestContext.Current.TestClass as Xunit.v3.IXunitTestClass)?.Class.GetCustomAttributes(typeof(OnStoreAttribute), true) is [OnStoreAttribute on, ..] ? on.Engine : StoreEngine.Sqlite;
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

    /// <summary>Makes migrated rows for a data directory, on the engine of the test.</summary>
    public static Task<TestRows> CreateAsync(DataDirectory data, TimeProvider? clock = null) => CreateAsync(OnStoreAttribute.OfThisTest, data, clock);

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

    /// <summary>Takes every trigger away, as whoever owns the database itself can.</summary>
    /// <returns>Puts them back.</returns>
    public async Task<Func<Task>> LowerGuardsAsync()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        if (engine == StoreEngine.Postgres)
        {
            Task allAsync(string word) => Rows.ExecuteAsync($$"""
                do $$
                declare
                    t record;
                begin
                    for t in select tablename from pg_tables where schemaname = current_schema() loop
                        execute format('alter table %I {{word}} trigger user', t.tablename);
                    end loop;
                end
                $$
                """, null, ct);
            await allAsync("disable");
            return () => allAsync("enable");
        }

        IReadOnlyList<string> names = await Rows.QueryAsync<string>(Rows.Dialect.Triggers, null, ct);
        IReadOnlyList<string> statements = await Rows.QueryAsync<string>("select sql from sqlite_master where type = 'trigger'", null, ct);
        foreach (string name in names)
        {
            await Rows.ExecuteAsync($"drop trigger {name}", null, ct);
        }

        return async () =>
        {
            foreach (string statement in statements)
            {
                await Rows.ExecuteAsync(statement, null, ct);
            }
        };
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
