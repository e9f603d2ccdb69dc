using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Migrations;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Migrations;

public sealed class MigratorTests : IDisposable
{
    private static readonly Migration First = new(1, "first", "create table a (id integer primary key); create table b (id integer primary key)");
    private static readonly Migration Second = new(2, "second", "create table c (id integer primary key)");

    private readonly TemporaryFolder folder = new();
    private readonly SqliteRowStore store;

    public MigratorTests() => store = SqliteRowStore.OpenUnmigrated(folder["rows.db"]);

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
    public async Task A_migration_that_fails_leaves_nothing_of_itself()
    {
        (await CodeAsync(First, new(2, "broken", "create table c (id integer primary key); create table a (id integer)"))).Should().Be("STO-1004");
        (await TablesAsync()).Should().Equal("a", "b", "migrations");
        (await RunAsync(First, Second)).Should().Equal(2);
    }

    [Fact]
    public async Task Programs_that_start_at_once_run_each_migration_once()
    {
        using SqliteRowStore other = SqliteRowStore.OpenUnmigrated(folder["rows.db"]);
        Migration[] many = [.. Enumerable.Range(1, 12).Select(i => new Migration(i, $"m{i}", $"create table t{i} (id integer primary key)"))];
        IReadOnlyList<int>[] ran = await Task.WhenAll(new[] { store, other, store, other }.Select(s =>
            Task.Run(() => Migrator.RunAsync(s, many, TimeProvider.System, Ct), Ct)));
        ran.SelectMany(r => r).Order().Should().Equal(Enumerable.Range(1, 12));
    }

    [Fact]
    public void The_program_carries_its_migrations_with_numbers_of_their_own()
    {
        IReadOnlyList<Migration> embedded = Migration.Embedded(SqlDialect.Sqlite);
        embedded[0].Name.Should().Be("store");
        embedded.Select(m => m.Number).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        embedded.Should().HaveCount(Directory.GetFiles(Path.Combine(Checkout.Root, "src", "Sigmatiq.Store", "Migrations"), "*.sqlite.sql").Length);
    }

    [Fact]
    public void Every_table_of_the_program_checks_the_types_of_its_columns() =>
        Migration.Embedded(SqlDialect.Sqlite).Should().OnlyContain(m => System.Text.RegularExpressions.Regex.Count(m.Sql, @"(?i)^create table", System.Text.RegularExpressions.RegexOptions.Multiline)
            == System.Text.RegularExpressions.Regex.Count(m.Sql, @"(?i)^\)\s*(without rowid,\s*)?strict", System.Text.RegularExpressions.RegexOptions.Multiline));

    private Task<IReadOnlyList<int>> RunAsync(params Migration[] migrations) => Migrator.RunAsync(store, migrations, TimeProvider.System, Ct);

    private async Task<string> CodeAsync(params Migration[] migrations)
    {
        Func<Task> act = () => RunAsync(migrations);
        return (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;
    }

    private Task<IReadOnlyList<string>> TablesAsync() =>
        store.QueryAsync<string>("select name from sqlite_master where type = 'table' order by name", null, Ct);

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }
}
