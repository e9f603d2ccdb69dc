using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Settings;

namespace Sigmatiq.Tests.Store.Rows;

public sealed class PostgresRowStoreTests : RowStoreCompliance, IAsyncLifetime
{
    private readonly List<PostgresRowStore> open = [];
    private PrivateDatabase database = null!;

    protected override async Task<(IRowStore One, IRowStore Other)> OpenTwiceAsync() => (await StoreAsync(), await StoreAsync());

    public async ValueTask InitializeAsync() => database = await (await PrivatePostgres.RunningAsync()).NewDatabaseAsync();

    [Fact]
    public async Task Work_that_its_own_rows_protect_runs_beside_its_like_and_never_beside_work_that_wants_to_be_alone()
    {
        var (one, other) = await OpenTwiceAsync();
        TaskCompletionSource isIn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task first = one.BesideOthersAsync(async tx =>
        {
            await tx.ExecuteAsync("delete from settings", null, Ct);
            isIn.SetResult();
            await leave.Task;
        }, Ct);
        await isIn.Task;
        await other.BesideOthersAsync(tx => tx.QueryAsync<string>("select key from settings", null, Ct), Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);

        Task alone = other.InTransactionAsync(_ => Task.CompletedTask, Ct);
        (await Task.WhenAny(alone, Task.Delay(200, Ct))).Should().NotBe(alone, "somebody is still in");
        leave.SetResult();
        await alone.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        await first;
    }

    [Fact]
    public async Task Whatever_work_beside_others_does_first_waits_for_work_that_is_alone()
    {
        var (one, other) = await OpenTwiceAsync();
        Func<IRowTransaction, Task>[] works =
        [
            tx => tx.ExecuteAsync("insert into settings values (@K, '', '')", new { K = "one" }, Ct),
            tx => tx.ExecuteAsync("insert into settings values (@K, '', '')", new[] { new { K = "each" } }, Ct),
            tx => tx.ExecuteAllAsync([new("insert into settings values (@K, '', '')", new { K = "all" })], Ct),
            tx => tx.QueryAsync<string>("select key from settings", null, Ct),
            tx => tx.FirstOrDefaultAsync<string>("insert into settings values ('first', '', '') returning key", null, Ct),
        ];
        Task[] beside = [];
        await one.InTransactionAsync(async tx =>
        {
            beside = [.. works.Select(work => other.BesideOthersAsync(work, Ct))];
            await Task.WhenAny(Task.WhenAny(beside), Task.Delay(200, Ct));
            beside.Should().OnlyContain(b => !b.IsCompleted, "somebody is alone");
            await tx.ExecuteAsync("insert into settings values ('alone', '', '')", null, Ct);
        }, Ct);
        await Task.WhenAll(beside);
        (await one.QueryAsync<string>("select key from settings order by key", null, Ct)).Should().Equal("all", "alone", "each", "first", "one");
    }

    [Fact]
    public async Task A_single_statement_waits_for_work_that_is_alone()
    {
        var (one, other) = await OpenTwiceAsync();
        SettingTable settings = new(TimeProvider.System);
        Task write = Task.CompletedTask;
        string? seen = await one.InTransactionAsync(async tx =>
        {
            write = Task.Run(() => settings.SetAsync(other, "k", "v", Ct), Ct);
            await Task.Delay(200, Ct);
            write.IsCompleted.Should().BeFalse();
            return await SettingTable.FindAsync(tx, "k", Ct);
        }, Ct);
        await write;
        seen.Should().BeNull();
        (await SettingTable.FindAsync(one, "k", Ct)).Should().Be("v");
    }

    [Fact]
    public async Task A_store_that_stays_locked_is_an_error_with_a_code()
    {
        IRowStore store = await OpenAsync();
        using var impatient = PostgresRowStore.OpenUnmigrated(PostgresAddress.Parse(database.Url + "&options=-c%20lock_timeout%3D200ms"));
        Func<Task> act = () => store.InTransactionAsync(_ => impatient.ExecuteAsync("delete from settings", null, Ct), Ct);
        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1005");
    }

    [Fact]
    public async Task Whoever_freezes_inside_a_transaction_holds_nobody_up_and_finds_it_undone()
    {
        IRowStore store = await OpenAsync();
        using var frozen = PostgresRowStore.OpenUnmigrated(PostgresAddress.Parse(database.Url + "&options=-c%20idle_in_transaction_session_timeout%3D300ms"));
        SettingTable settings = new(TimeProvider.System);
        Func<Task> act = () => frozen.InTransactionAsync(async tx =>
        {
            await settings.SetAsync(tx, "k", "frozen", Ct);
            await settings.SetAsync(store, "k", "other", Ct);
        }, Ct);

        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1009");
        (await SettingTable.FindAsync(store, "k", Ct)).Should().Be("other");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_and_a_sign_in_that_it_refuses_are_told_apart()
    {
        (await CodeAsync(database.Url.Replace("sigmatiq-pg-", "sigmatiq-gone-"))).Should().Be("STO-1009");
        (await CodeAsync(database.UrlFor("nobody"))).Should().Be("STO-1010");
        (await CodeAsync(database.Url.Replace("/" + database.Name + "?", "/nowhere?"))).Should().Be("STO-1010");
    }

    [Fact]
    public async Task A_user_without_the_right_is_refused_with_a_code()
    {
        await database.AdministerAsync("create role reader_of_nothing login");
        (await CodeAsync(database.UrlFor("reader_of_nothing"))).Should().Be("STO-1011");
    }

    [Fact]
    public async Task A_connection_that_breaks_off_is_an_error_with_a_code_and_the_next_one_works()
    {
        IRowStore store = await OpenAsync();
        Func<Task> act = () => store.InTransactionAsync(async tx =>
        {
            await tx.ExecuteAsync("insert into settings values ('a', '1', '')", null, Ct);
            await database.AdministerAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.Name}' and pid <> pg_backend_pid()");
            await tx.ExecuteAsync("insert into settings values ('b', '1', '')", null, Ct);
        }, Ct);
        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1009");
        (await store.QueryAsync<string>("select key from settings", null, Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_deadlock_of_two_transactions_ends_with_a_code_and_one_of_them_wins()
    {
        var (one, other) = await OpenTwiceAsync();
        await one.ExecuteAsync("insert into settings values (@K, '0', '')", new[] { new { K = "a" }, new { K = "b" } }, Ct);
        using Barrier both = new(2);
        Task crossing(IRowStore store, string first, string second) => Task.Run(() => store.BesideOthersAsync(async tx =>
        {
            await tx.ExecuteAsync("update settings set value = @first where key = @first", new { first }, Ct);
            both.SignalAndWait(Ct);
            await tx.ExecuteAsync("update settings set value = @first where key = @second", new { first, second }, Ct);
        }, Ct), Ct);
        Task[] crossings = [crossing(one, "a", "b"), crossing(other, "b", "a")];
        await Task.WhenAll(crossings).ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);

        crossings.Count(c => c.IsFaulted).Should().Be(1);
        crossings.Single(c => c.IsFaulted).Exception!.InnerException.Should().BeOfType<ProblemException>().Which.Problem.Code.Should().Be("STO-1005");
        (await one.QueryAsync<string>("select distinct value from settings", null, Ct)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_statement_counts_its_own_rows_and_not_those_of_the_lock()
    {
        IRowStore store = await OpenAsync();
        (await store.ExecuteAsync("insert into settings values ('a', '1', '')", null, Ct)).Should().Be(1);
        (await store.ExecuteAsync("update settings set value = '2' where key = 'z'", null, Ct)).Should().Be(0);
        for (int i = 0; i < 6; i++)
        {
            (await store.ExecuteAsync("update settings set value = @Value", new { Value = i.ToString() }, Ct)).Should().Be(1, "also once the driver prepares it");
        }
    }

    [Fact]
    public async Task Text_sorts_by_its_bytes_as_in_the_other_store()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync("insert into settings values (@K, '', '')", new[] { "b", "B", "_", "a-b", "aB", "é" }.Select(k => new { K = k }), Ct);
        (await store.QueryAsync<string>("select key from settings order by key", null, Ct)).Should().Equal("B", "_", "a-b", "aB", "b", "é");
    }

    private static async Task<string> CodeAsync(string url)
    {
        Func<Task> act = async () => (await PostgresRowStore.OpenAsync(PostgresAddress.Parse(url), TimeProvider.System, Ct)).Dispose();
        return (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;
    }

    private async Task<PostgresRowStore> StoreAsync()
    {
        PostgresRowStore store = await PostgresRowStore.OpenAsync(database.Address, TimeProvider.System, Ct);
        open.Add(store);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        open.ForEach(s => s.Dispose());
        await database.DisposeAsync();
    }
}
