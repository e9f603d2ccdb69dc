using System.Diagnostics;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Store.Columns;

/// <summary>Foreign SQL over given tables: what it may do, and ninety ways out that are none.</summary>
public sealed class SqlJailTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string secret;

    public SqlJailTests()
    {
        secret = Path.Combine(folder.Path, "secret.csv");
        File.WriteAllText(secret, "word\nTOP-SECRET\n");
        ParquetFile.Write(Path.Combine(folder.Path, "bars.parquet"), new(Column.Of("day", [1L, 2L, 3L]), Column.Of("close", [10.5, 11.0, 9.25]), Column.Of("symbol", ["SPY", "SPY", "QQQ"])), Ct);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("select count(*) as n from bars", "3")]
    [InlineData("select cast(sum(close) as varchar) as s from bars, params where close > params.least", "21.5")]
    [InlineData("select symbol from bars group by all having count(*) = 1", "QQQ")]
    [InlineData("with up as (select *, close - lag(close) over (order by day) as d from bars) select cast(max(d) as varchar) from up", "0.5")]
    [InlineData("select row_number() over (order by close desc) as r from bars qualify r = 3", "3")]
    [InlineData("select string_agg(symbol, ',' order by day) from bars where day between 1 and 2", "SPY,SPY")]
    [InlineData("select b.symbol || '!' from bars b join (select max(day) as day from bars) m using (day); -- the last", "QQQ!")]
    [InlineData("from bars select round(avg(close), 2)::varchar", "10.25")]
    [InlineData("select (select count(*) from range(5)) + len(list_transform([1, 2], x -> x * 2))", "7")]
    [InlineData("with recursive t(n) as (select 1 union all select n + 1 from t where n < 10) select max(n) from t", "10")]
    [InlineData("select case when median(close) > quantile_cont(close, 0.1) then 'y' else coalesce(null, 'n') end from bars", "y")]
    [InlineData("values (42)", "42")]
    [InlineData("select strftime(to_timestamp(0), '%Y') || regexp_replace('abc', 'b', 'x')", "1970axc")]
    public void One_select_over_the_given_tables_is_run(string sql, string value)
    {
        using SqlJail jail = Open();
        ColumnSet result = jail.Read(sql, Ct);
        Column column = result[0];
        string found = column.Type switch
        {
            ColumnType.Text => column.Texts[0]!,
            ColumnType.Long => $"{column.Longs[0]}",
            ColumnType.Int => $"{column.Ints[0]}",
            _ => FormattableString.Invariant($"{column.Doubles[0]}"),
        };
        found.Should().Be(value);
    }

    public static TheoryData<string> Hostile =>
    [
        // Files.
        "select * from read_csv('{file}')", "select * from read_csv_auto('{file}')", "select * from '{file}'", "from '{file}'", "select * from read_text('{file}')", "select * from read_blob('{file}')",
        "select * from read_parquet('{folder}/bars.parquet')", "select * from parquet_scan('{folder}/bars.parquet')", "select * from '{folder}/bars.parquet'", "select * from \"{folder}/bars.parquet\"",
        "select * from glob('{folder}/*')", "select * from read_json('{file}')", "select * from read_ndjson_objects('{file}')", "select * from sniff_csv('{file}')", "select * from parquet_metadata('{folder}/bars.parquet')",
        "select * from parquet_schema('{folder}/bars.parquet')", "copy bars to '{folder}/out.csv'", "copy (select * from bars) to '{folder}/out.parquet' (format parquet)", "copy bars from '{file}'",
        "export database '{folder}/dump'", "import database '{folder}/dump'", "attach '{folder}/new.db' as n", "attach ':memory:' as n", "detach memory", "use memory.main", "select * from read_text('/proc/self/environ')", "select * from read_text('/etc/passwd')",
        "create table t as select * from '{file}'", "with x as (select * from read_csv('{file}')) select * from x", "select (select word from read_csv('{file}'))", "select * from bars where exists (select 1 from read_text('{file}'))",
        "select * from bars union all select * from read_csv('{file}')", "select * from query('select * from read_text(''{file}'')')", "select * from query_table('{file}')", "select * from query_table(['bars'])",
        // Network and extensions.
        "select * from 'https://example.com/x.parquet'", "select * from read_csv('http://169.254.169.254/latest')", "select * from 's3://bucket/x.parquet'", "install httpfs", "load httpfs", "force install httpfs from 'http://x'", "load '{folder}/evil.duckdb_extension'",
        "select * from sqlite_scan('{folder}/sigmatiq.db', 'runs')", "select * from postgres_scan('host=localhost', 'public', 't')", "select * from iceberg_scan('x')", "select http_get('http://x')",
        // Settings, environment, secrets, catalogue.
        "set enable_external_access = true", "set lock_configuration = false", "reset all", "pragma enable_profiling", "pragma database_list", "set variable x = 1", "select getvariable('x')", "select current_setting('temp_directory')",
        "select * from duckdb_settings()", "select * from duckdb_secrets()", "create secret s (type s3)", "select * from which_secret('s3://x', 's3')", "select getenv('HOME')", "select getenv('PATH') || 'x'", "select system.main.getenv('HOME')", "select * from pragma_version()", "select version()",
        "select * from duckdb_tables()", "select * from duckdb_functions()", "select * from information_schema.tables", "select * from pg_catalog.pg_class", "select * from pg_class", "select * from sqlite_master", "select * from duckdb_columns", "select * from duckdb_extensions()", "select * from duckdb_logs()", "select * from duckdb_memory()", "select * from duckdb_temporary_files()",
        "with duckdb_settings as (select 1) select * from (with a as (select 1) select * from a) b, duckdb_settings", "select current_database()", "select current_schema()", "select txid_current()", "show tables", "show all tables", "describe bars", "summarize bars", "explain select 1", "explain analyze select 1",
        // More than one statement, or another one.
        "select 1; select 2", "select 1; drop table bars", "drop table bars", "delete from bars", "update bars set close = 0", "insert into bars values (1, 1, 'x')", "create view v as select 1", "create macro m() as 1", "begin transaction", "checkpoint", "vacuum", "call pragma_version()", "prepare p as select 1", "execute p",
        "select 1) limit 1; set threads = 8; select * from (select 1", "select 1) union all (select 2", "alter table bars add column x int", "truncate bars", "analyze", "",
        "   ", "-- nothing", "not sql at all", "select", "select * from", "select * from bars where", "select * from no_such_table", "select no_such_column from bars", "select no_such_function(1)",
        // What two runs would answer differently.
        "select random()", "select uuid()", "select gen_random_uuid()", "select now()", "select current_timestamp", "select current_date", "select get_current_time()", "select today()", "select nextval('s')", "select setseed(0.5)", "select * from bars using sample 1", "select * from bars tablesample 50%",
        "select * from read_csv('{file}') at (version => 1)", "select json_execute_serialized_sql('x')", "select * from json_execute_serialized_sql('x')", "select json_serialize_plan('select 1')", "select * from summary((select * from bars))", "select * from duckdb_approx_database_count()", "select * from repeat(1, 5)", "select * from test_all_types()", "select write_log('x')",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Nothing_outside_the_given_tables_is_within_reach(string sql)
    {
        using SqlJail jail = Open();
        string[] before = [.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal)];
        Problem problem = FluentActions.Invoking(() => jail.Read(sql.Replace("{file}", secret).Replace("{folder}", folder.Path), Ct)).Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().BeOneOf("STO-2007", "STO-2002");
        problem.Message.Should().NotContain("TOP-SECRET");
        Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).Should().Equal(before);
        jail.Read("select count(*) from bars", Ct)[0].Longs[0].Should().Be(3, "what was tried has changed nothing");
    }

    [Fact]
    public void The_list_is_long_enough() => Hostile.Should().HaveCountGreaterThan(60);

    [Theory]
    [InlineData("select * from read_csv('{file}')")]
    [InlineData("select * from '{file}'")]
    [InlineData("copy (select 1) to '{folder}/out.csv'")]
    [InlineData("attach '{folder}/new.db' as n")]
    [InlineData("install httpfs")]
    [InlineData("load '{folder}/x.duckdb_extension'")]
    [InlineData("set enable_external_access = true")]
    [InlineData("set allowed_paths = ['/']")]
    [InlineData("set threads = 8")]
    [InlineData("set lock_configuration = false")]
    [InlineData("select * from glob('{folder}/*')")]
    [InlineData("select * from read_text('/etc/passwd')")]
    public void Duckdb_itself_refuses_the_way_out_where_our_own_wall_is_left_aside(string sql)
    {
        using SqlJail jail = Open();
        FluentActions.Invoking(() => jail.ReadUnchecked(sql.Replace("{file}", secret).Replace("{folder}", folder.Path), Ct)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-2002");
    }

    [Fact]
    public void A_statement_that_takes_too_long_too_much_memory_or_gives_too_much_is_refused()
    {
        using SqlJail slow = Open(new(Time: TimeSpan.FromMilliseconds(300)));
        FluentActions.Invoking(() => slow.Read("select sum(a.range * b.range) from range(1000000) a, range(1000000) b", Ct)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-2008");
        using SqlJail small = Open(new(MemoryBytesMax: 32L << 20, Time: TimeSpan.FromMinutes(3)));
        FluentActions.Invoking(() => small.Read("select count(distinct md5(range::varchar)) from range(5000000)", Ct)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-2002");
        using SqlJail narrow = Open(new(RowsMax: 2));
        FluentActions.Invoking(() => narrow.Read("select * from bars", Ct)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-2009");
        narrow.Read("select * from bars limit 2", Ct).Rows.Should().Be(2);
    }

    [Fact]
    public void A_statement_that_is_cancelled_stops_inside_the_database()
    {
        using SqlJail jail = Open();
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(200));
        FluentActions.Invoking(() => jail.Read("select sum(a.range * b.range) from range(1000000) a, range(1000000) b", stop.Token)).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public async Task A_cancel_is_heard_at_whatever_instant_of_a_statement_it_comes()
    {
        using SqlJail jail = Open(new());
        for (int us = 0; us < 6_000; us += 20)
        {
            using CancellationTokenSource stop = new();
            Task<bool> reading = Task.Run(() => FluentActions.Invoking(() => jail.ReadUnchecked("select sum(a.range * b.range) from range(1000000) a, range(1000000) b", stop.Token)).Should().Throw<OperationCanceledException>() is not null, Ct);
            long begin = Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(begin).TotalMicroseconds >= us);
            await stop.CancelAsync();
            (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(20), Ct))).Should().BeSameAs(reading, "it was cancelled after {0} µs", us);
            await reading;
        }
    }

    [Fact]
    public void Two_tables_of_one_name_and_a_statement_without_end_are_refused()
    {
        FluentActions.Invoking(() => SqlJail.Open(new(), [ColumnSource.Parquet("Params", Path.Combine(folder.Path, "bars.parquet"))], Values, TimeProvider.System, Ct))
            .Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-2007");
        using SqlJail jail = Open();
        FluentActions.Invoking(() => jail.Read("select close, day as close from bars", Ct)).Should().Throw<ProblemException>().Which.Problem.Message.Should().Contain("close");
        FluentActions.Invoking(() => jail.Read("select 1 -- " + new string('x', SqlJailLimits.LengthMax), Ct)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-2007");
        FluentActions.Invoking(() => jail.Read("select " + string.Concat(Enumerable.Repeat("1 + (", 5_000)) + "1" + new string(')', 5_000), Ct)).Should().Throw<ProblemException>();
    }

    private static Dictionary<string, ColumnSet> Values => new() { ["params"] = new(Column.Of("least", [10.0])) };

    private SqlJail Open(SqlJailLimits? limits = null) =>
        SqlJail.Open(limits ?? new(Time: TimeSpan.FromSeconds(20)), [ColumnSource.Parquet("bars", Path.Combine(folder.Path, "bars.parquet"))], Values, TimeProvider.System, Ct);
}
