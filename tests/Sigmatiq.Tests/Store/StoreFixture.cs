using Sigmatiq.Store;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store;

/// <summary>A data directory with migrated rows and a clock that a test moves.</summary>
public sealed class StoreFixture : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly TestRows rows;

    private StoreFixture(TemporaryFolder folder, DataDirectory data, TestRows rows) => (this.folder, Data, this.rows) = (folder, data, rows);

    public DataDirectory Data { get; }

    public IRowStore Rows => rows.Rows;

    public SettableClock Clock { get; } = new(new(2026, 3, 2, 14, 30, 0, TimeSpan.Zero));

    public static async Task<StoreFixture> CreateAsync(StoreEngine engine = StoreEngine.Sqlite)
    {
        TemporaryFolder folder = new();
        DataDirectory data = new(folder.Path);
        return new(folder, data, await TestRows.CreateAsync(engine, data));
    }

    /// <summary>The same rows as another process has them; closed with the fixture.</summary>
    public Task<IRowStore> OpenAgainAsync() => rows.OpenAsync();

    /// <summary>Takes every trigger away, as whoever owns the database itself can.</summary>
    public Task DropTriggersAsync() => rows.LowerGuardsAsync();

    public async ValueTask DisposeAsync()
    {
        await rows.DisposeAsync();
        folder.Dispose();
    }
}
