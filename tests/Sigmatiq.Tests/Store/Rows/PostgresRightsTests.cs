using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Migrations;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Rows;

/// <summary>The application's user against the rows that are history: what the server itself refuses, before any trigger.</summary>
public sealed class PostgresRightsTests : IAsyncLifetime
{
    private PrivateDatabase database = null!;
    private PostgresRowStore owner = null!, app = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string User => $"{database.Name}_app";

    public async ValueTask InitializeAsync()
    {
        database = await (await PrivatePostgres.RunningAsync()).NewDatabaseAsync();
        owner = await PostgresRowStore.OpenAsync(database.Address, TimeProvider.System, Ct);
        await PostgresRights.GiveAsync(owner, User, null, Ct);
        app = await PostgresRowStore.OpenAsync(PostgresAddress.Parse(database.UrlFor(User)), TimeProvider.System, Ct);
        await app.InTransactionAsync(tx => new AuditChain(TimeProvider.System).AppendAsync(tx, new("ana", "approval.asked", "approval:a", null, null), Ct), Ct);
        await app.ExecuteAsync(Approval, null, Ct);
        await app.ExecuteAsync(Run, null, Ct);
    }

    private const string Approval = """
        insert into approvals (id, run_id, strategy_id, digest, status, body, created_utc, expires_utc, record_seq) values ('a', 'r', 's', 'd', 'PENDING_APPROVAL', '{}', '', '', 1)
        """;

    private const string Run = """
        insert into workflow_versions values ('h', 'w', '1.0.0', '', '');
        insert into runs (run_id, workflow_id, version, workflow_hash, status, concurrency_limit, parameters, requested_by, requested_at_utc, as_of_utc, changed_at_utc, seq)
            values ('r', 'w', '1.0.0', 'h', 'completed', 0, '{}', 'ana', '', '', '', 1);
        insert into run_events values ('r', 1, 1, 'requested', '', 0, '{}')
        """;

    [Theory]
    [Trait("Row", "S2-31")]
    [InlineData("update audit set reason = 'another'")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    [InlineData("update run_events set body = '{}'")]
    [InlineData("truncate run_events")]
    [InlineData("update trials set duplicate = 1")]
    [InlineData("delete from trials")]
    [InlineData("delete from holdout_looks")]
    [InlineData("update model_configs set config = ''")]
    [InlineData("update published_packs set content = ''")]
    [InlineData("delete from published_packs")]
    [InlineData("delete from approvals")]
    [InlineData("truncate approvals cascade")]
    [InlineData("delete from audit_head")]
    [InlineData("insert into migrations values (9999, 'x', 'x', '')")]
    [InlineData("delete from migrations")]
    [InlineData("drop trigger approvals_change_on_record on approvals")]
    [InlineData("alter table approvals disable trigger all")]
    [InlineData("alter table audit add column x text")]
    [InlineData("drop table audit cascade")]
    [InlineData("create table mine (id text)")]
    [InlineData("set session_replication_role = replica")]
    [InlineData("create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'")]
    [InlineData("alter role current_user superuser")]
    public async Task A_direct_write_of_the_applications_user_is_refused_by_the_store(string sql) => (await CodeAsync(sql)).Should().Be("STO-1011");

    [Theory]
    [InlineData("update approvals set status = 'APPROVED'")]
    [InlineData("update approvals set status = 'APPROVED', record_seq = 2")]
    [InlineData("insert into approvals (id, run_id, strategy_id, digest, status, body, created_utc, expires_utc) values ('b', 'r2', 's', 'd', 'APPROVED', '{}', '', '')")]
    [InlineData("insert into deployments (id, approval_id, run_id, strategy_id, mode, status, body, created_utc) values ('d', 'a', 'r', 's', 'live', 'active', '{}', '')")]
    [InlineData("update audit_head set seq = 0")]
    [InlineData("delete from run_events")]
    [InlineData("create temp table audit as select 2 as seq, 'approval:a' as subject; update approvals set status = 'APPROVED', record_seq = 2")]
    [InlineData("set search_path = pg_temp, public; create temp table audit as select 2 as seq, 'approval:a' as subject; update public.approvals set status = 'APPROVED', record_seq = 2")]
    public async Task What_it_has_a_right_to_it_may_do_on_record_alone(string sql)
    {
        (await CodeAsync(sql)).Should().Be("STO-1007");
        (await owner.FirstAsync<string>("select status from approvals", null, Ct)).Should().Be("PENDING_APPROVAL");
    }

    [Fact]
    public async Task No_table_of_history_can_be_changed_and_every_other_can_be_used()
    {
        IReadOnlyList<Right> rights = await owner.QueryAsync<Right>($"""
            select cast(c.relname as text) as name, has_table_privilege('{User}', c.oid, 'select') as reads, has_table_privilege('{User}', c.oid, 'insert') as adds,
                has_table_privilege('{User}', c.oid, 'update') as changes, has_table_privilege('{User}', c.oid, 'delete') as deletes,
                has_table_privilege('{User}', c.oid, 'truncate') or has_table_privilege('{User}', c.oid, 'trigger') as more
              from pg_class c where c.relnamespace = cast(current_schema() as regnamespace) and c.relkind = 'r'
            """, null, Ct);
        string[] history = ["archived_runs", "audit", "holdout_looks", "migrations", "model_configs", "published_packs", "run_archives", "run_events", "trial_kin", "trials"];
        rights.Count.Should().BeGreaterThan(30);
        rights.Should().OnlyContain(r => r.Reads && !r.More && r.Adds == (r.Name != "migrations") && r.Changes != history.Contains(r.Name));
        rights.Where(r => !r.Deletes).Select(r => r.Name).Should().Contain(history.Except(["run_events"])).And.Contain(["approvals", "audit_head"]);
    }

    [Fact]
    public async Task Every_view_can_be_read()
    {
        IReadOnlyList<string> views = await owner.QueryAsync<string>("select cast(viewname as text) as name from pg_views where schemaname = current_schema()", null, Ct);
        views.Should().NotBeEmpty();
        foreach (string view in views)
        {
            (await app.FirstAsync<long>($"select count(*) from {view}", null, Ct)).Should().BeGreaterThanOrEqualTo(0);
        }
    }

    [Fact]
    public async Task It_can_read_all_that_a_backup_holds()
    {
        await app.AtOneInstantAsync(async source =>
        {
            foreach (StoredTable table in await source.TablesAsync(Ct))
            {
                await source.CopyAsync(table, Stream.Null, Ct);
            }

            (await source.CountersAsync(Ct)).Should().NotBeNull();
            return true;
        }, Ct);
        (await CodeAsync("select setval(pg_get_serial_sequence('step_log', 'line_id'), 1)")).Should().Be("STO-1011");
    }

    [Fact]
    public async Task A_store_that_is_behind_is_brought_forward_by_its_owner_alone()
    {
        Migration[] next = [.. Migration.Embedded(SqlDialect.Postgres), new(9000, "next", "create table next (id text primary key)")];
        Func<Task> act = () => Migrator.RunAsync(app, next, TimeProvider.System, Ct);
        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Should().Match<Problem>(p => p.Code == "STO-1011" && p.Remedy!.Contains("store prepare"));

        (await Migrator.RunAsync(owner, next, TimeProvider.System, Ct)).Should().Equal(9000);
        (await CodeAsync("insert into next values ('a')")).Should().Be("STO-1011", "a new table is nobody's before its rights are given");
        (await PostgresRights.GiveAsync(owner, User, null, Ct)).Should().BeFalse("the user was there");
        (await app.ExecuteAsync("insert into next values ('a')", null, Ct)).Should().Be(1);
    }

    [Fact]
    public async Task A_user_whom_no_right_would_bind_is_refused()
    {
        foreach (string user in (string[])[PrivatePostgres.Owner, "postgres"])
        {
            (await FluentActions.Awaiting(() => PostgresRights.GiveAsync(owner, user, null, Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1013");
        }
    }

    [Fact]
    public async Task A_dropped_trigger_is_found_by_whoever_verifies_the_chain()
    {
        using TemporaryFolder settings = new(), data = new();
        AuditChain chain = new(TimeProvider.System, new(settings["audit.key"], data.Path));
        await chain.AdoptAsync(app, "ana", "first signature", Ct);
        (await chain.VerifyAsync(app, Ct)).Intact.Should().BeTrue();
        await owner.ExecuteAsync("alter table audit disable trigger audit_only_grows", null, Ct);
        (await chain.VerifyAsync(app, Ct)).FirstBreak!.Code.Should().Be("STO-4013");
    }

    public async ValueTask DisposeAsync()
    {
        app?.Dispose();
        owner?.Dispose();
        await database.DisposeAsync();
    }

    private async Task<string> CodeAsync(string sql)
    {
        Func<Task> act = () => app.InTransactionAsync(tx => tx.ExecuteAsync(sql, null, Ct), Ct);
        return (await act.Should().ThrowAsync<ProblemException>(sql)).Which.Problem.Code;
    }

    private sealed record Right(string Name, bool Reads, bool Adds, bool Changes, bool Deletes, bool More);
}
