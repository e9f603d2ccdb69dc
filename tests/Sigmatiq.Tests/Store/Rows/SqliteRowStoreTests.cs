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
    public async Task Writers_that_queue_share_one_flush_and_each_keeps_its_own_end()
    {
        SqliteRowStore store = await StoreAsync();
        using SemaphoreSlim hold = new(0);
        Task first = store.InTransactionAsync(_ => hold.WaitAsync(Ct), Ct);
        long before = new FileInfo(folder["rows.db-wal"]).Length;
        int told = 0;
        Task[] queued = [.. Enumerable.Range(0, 20).Select(i => store.InTransactionAsync(async tx =>
        {
            // Each sees what those before it in the flush have written.
            int seen = await tx.FirstOrDefaultAsync<int>("select count(*) from settings", null, Ct);
            seen.Should().Be((i / 2) + (i % 2), $"writer {i}");
            await tx.ExecuteAsync("insert into settings values (@Key, '1', '')", new { Key = $"k{i}" }, Ct);
            tx.OnCommitted(() => told++);
            if (i % 2 == 1)
            {
                throw new InvalidOperationException($"not {i}");
            }
        }, Ct))];
        hold.Release();
        await first;
        for (int i = 0; i < queued.Length; i++)
        {
            Func<Task> end = () => queued[i];
            await (i % 2 == 1 ? end.Should().ThrowAsync<InvalidOperationException>().WithMessage($"not {i}") : end.Should().NotThrowAsync() as Task);
        }

        (await store.QueryAsync<string>("select key from settings order by key", null, Ct)).Should().BeEquivalentTo(Enumerable.Range(0, 10).Select(i => $"k{2 * i}"));
        told.Should().Be(10, "what was undone tells nobody");
        (new FileInfo(folder["rows.db-wal"]).Length - before).Should().BeLessThan(20 * 4096, "one by one each would have written its pages anew");
    }

    [Fact]
    public async Task A_writer_that_is_called_off_while_it_waits_writes_nothing()
    {
        SqliteRowStore store = await StoreAsync();
        using SemaphoreSlim hold = new(0);
        using CancellationTokenSource called = new();
        Task first = store.InTransactionAsync(_ => hold.WaitAsync(Ct), Ct);
        Task second = store.ExecuteAsync("insert into settings values ('a', '1', '')", null, called.Token);
        await called.CancelAsync();
        await ((Func<Task>)(() => second)).Should().ThrowAsync<OperationCanceledException>();
        hold.Release();
        await first;
        await store.ExecuteAsync("insert into settings values ('b', '1', '')", null, Ct);
        (await store.QueryAsync<string>("select key from settings", null, Ct)).Should().Equal("b");
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
