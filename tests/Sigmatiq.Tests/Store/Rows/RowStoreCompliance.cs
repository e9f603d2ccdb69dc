using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Rows;

/// <summary>What every engine of rows must do; one class per engine inherits it.</summary>
public abstract class RowStoreCompliance
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Two stores on the same empty, migrated database, as two processes would have them.</summary>
    protected abstract Task<(IRowStore One, IRowStore Other)> OpenTwiceAsync();

    protected async Task<IRowStore> OpenAsync() => (await OpenTwiceAsync()).One;

    private enum Colour
    {
        Red,
        Green,
    }

    private sealed record Everything(
        string Id, int Whole, long Long, bool Yes, DateTimeOffset AtUtc, DateOnly Day, decimal Price, double? Share, Colour Colour, ContentHash Hash,
        Guid Key, DateTimeOffset? EndedAtUtc);

    private static readonly Everything Sample = new(
        "ä-1", 7, 1L << 60, true, new(2024, 3, 28, 13, 30, 0, 123, 456, TimeSpan.Zero), new(2024, 2, 29), 1234.5600m, null, Colour.Green,
        ContentHash.Of("x"), new("0190d6a0-0000-7000-8000-00000000abcd"), null);

    private const string CreateEverything = """
        create table everything (id text primary key, whole integer not null, long bigint not null, yes integer not null, at_utc text not null,
            day text not null, price text not null, share double precision, colour text not null, hash text not null, key text not null, ended_at_utc text)
        """;

    private const string InsertEverything = """
        insert into everything values (@Id, @Whole, @Long, @Yes, @AtUtc, @Day, @Price, @Share, @ColourText, @Hash, @Key, @EndedAtUtc)
        """;

    private static object ArgsOf(Everything e) => new
    {
        e.Id, e.Whole, e.Long, e.Yes, e.AtUtc, e.Day, e.Price, e.Share, ColourText = e.Colour.ToString(), e.Hash, e.Key, e.EndedAtUtc,
    };

    [Fact]
    public async Task Every_type_comes_back_as_it_was_written()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync(CreateEverything, null, Ct);
        Everything full = Sample with { Id = "b", Yes = false, Share = 0.1, EndedAtUtc = Sample.AtUtc.AddDays(1), Price = -0.000000001m };

        await store.ExecuteAsync(InsertEverything, ArgsOf(Sample), Ct);
        await store.ExecuteAsync(InsertEverything, ArgsOf(full), Ct);

        (await store.FirstAsync<Everything>("select * from everything where id = @Id", new { Sample.Id }, Ct)).Should().Be(Sample);
        (await store.FirstAsync<Everything>("select * from everything where id = @Id", new { full.Id }, Ct)).Should().Be(full);
        (await store.FirstAsync<bool>("select yes from everything where id = 'b'", null, Ct)).Should().BeFalse();
        (await store.FirstAsync<DateTimeOffset>("select at_utc from everything where id = 'b'", null, Ct)).Should().Be(full.AtUtc);
    }

    [Fact]
    public async Task An_instant_is_written_as_utc_text_that_sorts_by_time()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync("create table t (at_utc text not null)", null, Ct);
        await store.ExecuteAsync("insert into t values (@AtUtc)", new { AtUtc = new DateTimeOffset(2024, 3, 28, 9, 30, 0, TimeSpan.FromHours(-4)) }, Ct);

        (await store.FirstAsync<string>("select at_utc from t", null, Ct)).Should().Be("2024-03-28T13:30:00.000000Z");
    }

    [Fact]
    public async Task No_row_is_the_default_value()
    {
        IRowStore store = await OpenAsync();
        (await store.FirstOrDefaultAsync<string>("select key from settings", null, Ct)).Should().BeNull();
        (await store.FirstOrDefaultAsync<int?>("select 1 from settings", null, Ct)).Should().BeNull();
        (await store.QueryAsync<string>("select key from settings", null, Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_list_spreads_in_an_in_clause_and_repeats_a_statement()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync("create table t (id text primary key)", null, Ct);
        (await store.ExecuteAsync("insert into t values (@Id)", new[] { new { Id = "a" }, new { Id = "b" }, new { Id = "c" } }, Ct)).Should().Be(3);
        (await store.QueryAsync<string>("select id from t where id in @Ids order by id", new { Ids = new[] { "a", "c", "z" } }, Ct))
            .Should().Equal("a", "c");
    }

    [Fact]
    public async Task An_upsert_gives_back_the_row_it_made()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync("create table t (id text primary key, x integer not null)", null, Ct);
        const string Upsert = "insert into t values (@Id, @X) on conflict (id) do update set x = t.x + excluded.x returning x";
        (await store.FirstAsync<int>(Upsert, new { Id = "a", X = 2 }, Ct)).Should().Be(2);
        (await store.FirstAsync<int>(Upsert, new { Id = "a", X = 3 }, Ct)).Should().Be(5);
    }

    [Fact]
    public async Task A_transaction_whose_work_throws_leaves_nothing()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync("create table t (id text primary key)", null, Ct);

        Func<Task> act = () => store.InTransactionAsync(async tx =>
        {
            await tx.ExecuteAsync("insert into t values ('a')", null, Ct);
            (await tx.QueryAsync<string>("select id from t", null, Ct)).Should().Equal("a");
            throw new TimeoutException();
        }, Ct);

        await act.Should().ThrowAsync<TimeoutException>();
        (await store.QueryAsync<string>("select id from t", null, Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_row_that_breaks_the_schema_is_refused_with_a_code()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync("create table t (id text primary key)", null, Ct);
        await store.ExecuteAsync("insert into t values ('a')", null, Ct);
        Func<Task> act = () => store.ExecuteAsync("insert into t values ('a')", null, Ct);
        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1007");
    }

    [Fact]
    public async Task A_write_on_the_store_inside_a_transaction_is_refused_instead_of_waiting_for_itself()
    {
        IRowStore store = await OpenAsync();
        Func<Task> write = () => store.InTransactionAsync(_ => store.ExecuteAsync("delete from settings", null, Ct), Ct);
        Func<Task> nested = () => store.InTransactionAsync(_ => store.InTransactionAsync(_ => Task.FromResult(1), Ct), Ct);
        await write.Should().ThrowAsync<InvalidOperationException>();
        await nested.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task Statements_that_travel_together_run_in_their_order_and_write_every_type()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync(CreateEverything, null, Ct);
        Everything full = Sample with { Id = "b", Yes = false, Share = 0.1, EndedAtUtc = Sample.AtUtc.AddDays(1), Price = -0.000000001m };
        // Often enough for a driver that prepares what is repeated, with a null where a value was and the other way round.
        for (int i = 0; i < 6; i++)
        {
            await store.BesideOthersAsync(async tx =>
            {
                await tx.ExecuteAllAsync(
                [
                    new("delete from everything", null), new(InsertEverything, ArgsOf(Sample)), new(InsertEverything, ArgsOf(full)),
                    new("update everything set whole = whole + @By where id = @Id", new { By = 1, full.Id }),
                ], Ct);
                (await tx.FirstAsync<int>("select count(*) from everything", null, Ct)).Should().Be(2);
            }, Ct);
        }

        (await store.QueryAsync<Everything>("select * from everything order by id desc", null, Ct)).Should().Equal(Sample, full with { Whole = full.Whole + 1 });
    }

    [Fact]
    public async Task One_of_many_that_touches_no_row_though_it_must_gives_the_transaction_up_whatever_became_of_the_others()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync("create table t (id text primary key, x integer not null)", null, Ct);
        await store.ExecuteAsync("insert into t values ('a', 0)", null, Ct);
        RowStatement Must(string id) => new("update t set x = x + 1 where id = @id", new { id }) { Otherwise = () => new("TST-0001", $"There is no {id}.") };
        RowStatement may = new("update t set x = x + 1 where id = 'z'", null), breaks = new("insert into t values (@Id, 1)", new { Id = "a" }), other = new("insert into t values (@Id, 1)", new { Id = "b" });

        async Task<string> CodeOf(params RowStatement[] statements) =>
            (await FluentActions.Awaiting(() => store.BesideOthersAsync(tx => tx.ExecuteAllAsync(statements, Ct), Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code;

        (await CodeOf(Must("a"), Must("y"), other)).Should().Be("TST-0001");
        (await CodeOf(other, Must("y"), breaks)).Should().Be("TST-0001", "what failed came after it");
        (await CodeOf(other, may, breaks, Must("y"))).Should().Be("STO-1007", "it was never reached");
        (await store.QueryAsync<string>("select id || x from t", null, Ct)).Should().Equal(["a0"], "nothing is left of any");
        await store.BesideOthersAsync(tx => tx.ExecuteAllAsync([Must("a"), may, other], Ct), Ct);
        (await store.QueryAsync<string>("select id || x from t order by id", null, Ct)).Should().Equal("a1", "b1");
    }

    [Fact]
    public async Task A_statement_that_is_repeated_takes_its_arguments_anew_also_after_it_failed_and_after_its_table_changed()
    {
        IRowStore store = await OpenAsync();
        await store.ExecuteAsync("create table t (id text primary key, x integer)", null, Ct);
        const string Insert = "insert into t (id, x) values (@Id, @X)";
        for (int i = 0; i < 8; i++)
        {
            await store.ExecuteAsync(Insert, new { Id = $"a{i}", X = i }, Ct);
            await store.ExecuteAsync(Insert, new { X = (int?)null, Id = $"b{i}" }, Ct);
            Func<Task> again = () => store.ExecuteAsync(Insert, new { Id = "a0", X = 9 }, Ct);
            (await again.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1007");
            if (i == 5)
            {
                await store.ExecuteAsync("alter table t add column y integer not null default 7", null, Ct);
            }
        }

        (await store.QueryAsync<string>("select id || coalesce(x, -1) from t order by id", null, Ct))
            .Should().Equal([.. Enumerable.Range(0, 8).Select(i => $"a{i}{i}"), .. Enumerable.Range(0, 8).Select(i => $"b{i}-1")]);
        (await store.FirstAsync<int>("select sum(y) from t", null, Ct)).Should().Be(16 * 7);
    }

    [Fact]
    public async Task Concurrent_writers_lose_no_update()
    {
        var (one, other) = await OpenTwiceAsync();
        await one.ExecuteAsync("create table counter (n integer not null)", null, Ct);
        await one.ExecuteAsync("insert into counter values (0)", null, Ct);

        const int Writers = 6, Each = 25;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            IRowStore store = w % 2 == 0 ? one : other;
            for (int i = 0; i < Each; i++)
            {
                // Reads and writes back: only a transaction that excludes the others gets this right.
                await store.InTransactionAsync(async tx =>
                {
                    int n = await tx.FirstAsync<int>("select n from counter", null, Ct);
                    await Task.Yield();
                    await tx.ExecuteAsync("update counter set n = @N", new { N = n + 1 }, Ct);
                }, Ct);
            }
        }, Ct)));

        (await one.FirstAsync<int>("select n from counter", null, Ct)).Should().Be(Writers * Each);
    }

    [Fact]
    public async Task Work_is_claimed_once_however_many_claim_it()
    {
        var (one, other) = await OpenTwiceAsync();
        await one.ExecuteAsync("create table task (id integer primary key, state text not null, owner integer)", null, Ct);
        await one.ExecuteAsync("insert into task (id, state) values (@Id, 'ready')", Enumerable.Range(1, 40).Select(i => new { Id = i }), Ct);

        const string Claim = """
            update task set state = 'running', owner = @Owner
             where id = (select id from task where state = 'ready' order by id limit 1 {lock}) and state = 'ready' returning id
            """;
        int[][] claimed = await Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            IRowStore store = w % 2 == 0 ? one : other;
            List<int> mine = [];
            while (await store.InTransactionAsync(tx => tx.FirstOrDefaultAsync<int?>(Claim, new { Owner = w }, Ct), Ct) is { } id)
            {
                mine.Add(id);
            }

            return mine.ToArray();
        }, Ct)));

        claimed.SelectMany(c => c).Order().Should().Equal(Enumerable.Range(1, 40));
    }
}
