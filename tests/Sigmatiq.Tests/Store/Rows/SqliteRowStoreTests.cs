using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Rows;

public sealed class SqliteRowStoreTests : RowStoreCompliance, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteRowStore> open = [];

    protected override async Task<(IRowStore One, IRowStore Other)> OpenTwiceAsync() => (await StoreAsync(), await StoreAsync());

    [Fact]
    public async Task Every_commit_is_flushed_and_readers_do_not_wait_for_writers()
    {
        SqliteRowStore store = await StoreAsync();
        (await store.FirstAsync<string>("pragma journal_mode", null, Ct)).Should().Be("wal");
        (await store.FirstAsync<int>("pragma synchronous", null, Ct)).Should().Be(2, "2 is full");
        (await store.FirstAsync<int>("pragma foreign_keys", null, Ct)).Should().Be(1);

        int seen = await store.InTransactionAsync(async tx =>
        {
            await tx.ExecuteAsync("insert into settings values ('a', '1', '')", null, Ct);
            return await store.FirstAsync<int>("select count(*) from settings", null, Ct);
        }, Ct);
        seen.Should().Be(0, "the reader sees what was committed");
    }

    [Fact]
    public async Task A_database_that_stays_locked_is_an_error_with_a_code()
    {
        SqliteRowStore store = await StoreAsync();
        using SqliteRowStore impatient = SqliteRowStore.OpenUnmigrated(folder["rows.db"], lockWaitSecondsMax: 1);
        Func<Task> act = () => store.InTransactionAsync(_ => impatient.ExecuteAsync("delete from settings", null, Ct), Ct);
        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1005");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await File.WriteAllTextAsync(folder["rows.db"], new string('x', 5000), Ct);
        Func<Task> act = StoreAsync;
        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1006");
    }

    private async Task<SqliteRowStore> StoreAsync()
    {
        SqliteRowStore store = await SqliteRowStore.OpenAsync(folder["rows.db"], TimeProvider.System, Ct);
        open.Add(store);
        return store;
    }

    public void Dispose()
    {
        open.ForEach(s => s.Dispose());
        folder.Dispose();
    }
}
