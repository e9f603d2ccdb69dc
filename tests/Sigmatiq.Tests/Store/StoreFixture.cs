using Sigmatiq.Store;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store;

/// <summary>A data directory with migrated rows and a clock that a test moves.</summary>
public sealed class StoreFixture : IDisposable
{
    private readonly TemporaryFolder folder;

    private StoreFixture(TemporaryFolder folder, DataDirectory data, SqliteRowStore rows) => (this.folder, Data, Rows) = (folder, data, rows);

    public DataDirectory Data { get; }

    public SqliteRowStore Rows { get; }

    public SettableClock Clock { get; } = new(new(2026, 3, 2, 14, 30, 0, TimeSpan.Zero));

    public static async Task<StoreFixture> CreateAsync()
    {
        TemporaryFolder folder = new();
        DataDirectory data = new(folder.Path);
        return new(folder, data, await SqliteRowStore.OpenAsync(data, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        Rows.Dispose();
        folder.Dispose();
    }
}
