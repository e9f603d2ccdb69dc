using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Migrations;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Migrations;

public abstract class MigratorTests(StoreEngine engine) : IAsyncLifetime
{
    private static readonly Migration First = new(1, "first", "create table a (id integer primary key); create table b (id integer primary key)");
    private static readonly Migration Second = new(2, "second", "create table c (id integer primary key)");

    private readonly TemporaryFolder folder = new();
    private TestRows rows = null!;
    private IRowStore store = null!;

    public async ValueTask InitializeAsync()
    {
        rows = await TestRows.CreateAsync(engine, new DataDirectory(folder.Path), empty: true);
        store = rows.Rows;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrations_run_forward_once()
    {
        (await RunAsync(First)).Should().Equal(1);
        (await RunAsync(First, Second)).Should().Equal(2);
        (await RunAsync(First, Second)).Should().BeEmpty();
        (await TablesAsync()).Should().Equal("a", "b", "c", "migrations");
    }

    [Fact]
    public async Task A_migration_that_has_run_and_reads_differently_now_is_refused()
    {
        await RunAsync(First);
        (await CodeAsync(First with { Sql = First.Sql + " " }, Second)).Should().Be("STO-1002");
        (await TablesAsync()).Should().NotContain("c");
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        await RunAsync(First, Second);
        (await CodeAsync(First)).Should().Be("STO-1003");
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_of_itself_nor_of_those_before_it()
    {
        await RunAsync(First);
        (await CodeAsync(First, Second, new(3, "broken", "create table d (id integer primary key); create table a (id integer)"))).Should().Be("STO-1004");
        (await TablesAsync()).Should().Equal("a", "b", "migrations");
        (await RunAsync(First, Second)).Should().Equal(2);
    }

    [Fact]
    public async Task A_migration_of_another_line_of_releases_is_refused_though_a_later_one_is_known()
    {
        await RunAsync(First, new(2, "of_others", "create table o (id integer primary key)"));
        (await CodeAsync(First, new(3, "third", "create table t (id integer primary key)"))).Should().Be("STO-1003");
        (await TablesAsync()).Should().Equal("a", "b", "migrations", "o");
    }

    [Fact]
    public async Task Programs_that_start_at_once_run_each_migration_once()
    {
        IRowStore other = await rows.OpenAsync(unmigrated: true);
        Migration[] many = [.. Enumerable.Range(1, 12).Select(i => new Migration(i, $"m{i}", $"create table t{i} (id integer primary key)"))];
        IReadOnlyList<int>[] ran = await Task.WhenAll(new[] { store, other, store, other }.Select(s =>
            Task.Run(() => Migrator.RunAsync(s, many, TimeProvider.System, Ct), Ct)));
        ran.SelectMany(r => r).Order().Should().Equal(Enumerable.Range(1, 12));
    }

    private Task<IReadOnlyList<int>> RunAsync(params Migration[] migrations) => Migrator.RunAsync(store, migrations, TimeProvider.System, Ct);

    private async Task<string> CodeAsync(params Migration[] migrations)
    {
        Func<Task> act = () => RunAsync(migrations);
        return (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;
    }

    private Task<IReadOnlyList<string>> TablesAsync() =>
        store.QueryAsync<string>(engine == StoreEngine.Sqlite ? "select name from sqlite_master where type = 'table' order by name"
            : "select cast(tablename as text) as name from pg_tables where schemaname = current_schema() order by name", null, Ct);

    public async ValueTask DisposeAsync()
    {
        await rows.DisposeAsync();
        folder.Dispose();
    }
}

public sealed class MigratorOnSqliteTests() : MigratorTests(StoreEngine.Sqlite);

public sealed class MigratorOnPostgresTests() : MigratorTests(StoreEngine.Postgres);
