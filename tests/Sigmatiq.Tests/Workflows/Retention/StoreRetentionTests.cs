using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Retention;

namespace Sigmatiq.Tests.Workflows.Retention;

public sealed class StoreRetentionTests
{
    private const string Chain = """
        workflow: chain
        version: 1.0.0
        summary: Make, use
        steps:
          make: { uses: test.make, with: { name: x } }
          use: { uses: test.use, with: { snapshot: "{steps.make.outputs.snapshot}" } }
        """;

    private static readonly RetentionPolicy Runs = new(TimeSpan.FromDays(30), 1, null, null, null, false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreEngine.Sqlite)]
    [InlineData(StoreEngine.Postgres)]
    public async Task Old_journals_lie_in_an_archive_and_read_as_before(StoreEngine engine)
    {
        await using RunRoom room = await RunRoom.OpenAsync(Talking(), engine: engine);
        List<RunId> runs = await EndedAsync(room, 4);
        List<string> before = [];
        foreach (RunId run in runs)
        {
            before.Add(await ShownAsync(room, run));
        }

        ((ManualClock)room.Clock).Advance(TimeSpan.FromDays(31));
        StoreRetention retention = RetentionOf(room);
        RetentionPlan plan = await retention.PlanAsync(Runs, Ct);
        plan.Runs.Should().Equal(runs[..3].Select(r => r.Value), "the newest of a workflow stays");
        (await retention.PlanAsync(Runs, Ct)).Token.Should().Be(plan.Token);
        (await retention.CommitAsync(Runs, plan.Token, "ana", "space", Ct)).Runs.Should().Equal(plan.Runs);
        (await CodeAsync(() => retention.CommitAsync(Runs, plan.Token, "ana", "space", Ct))).Should().Be(StoreRetention.Gone, "asked again it is said kindly that it was done");

        (await CountAsync(room, "run_events", runs[0]), await CountAsync(room, "step_attempts", runs[0]), await CountAsync(room, "step_log", runs[0])).Should().Be((0L, 0L, 0L));
        (await room.Engine.Views.ListAsync(null, 10, Ct)).Should().HaveCount(4, "the lists keep every run");
        for (int i = 0; i < runs.Count; i++)
        {
            (await ShownAsync(room, runs[i])).Should().Be(before[i]);
        }

        (await AuditChain.VerifyAsync(room.Rows, null, Ct)).Intact.Should().BeTrue();
        (await AuditChain.ReadAsync(room.Rows, 0, Ct).ToListAsync(Ct)).Select(r => r.Action).Should().Contain(["store.archive", "store.prune"]);
        (await retention.PlanAsync(Runs, Ct)).IsEmpty.Should().BeTrue();

        // An archived run goes on no more, and can be run anew.
        (await CodeAsync(() => room.Engine.Requests.RetryAsync(runs[0], null, "ana", "again", null, Ct))).Should().Be(WorkflowCodes.NothingToRetry);
        RunId rerun = await room.Engine.Requests.RerunAsync(new(runs[0], room.Steps.Workflow(Chain), [], null, "ana", "again"), null, Ct);
        RunState again = await room.DriveAsync(rerun);
        again.Step("make").Instances[0].ReusedFrom.Should().Be(runs[0]);
        again.Step("use").Outputs!.ToJsonString().Should().Be((await room.StateAsync(runs[0])).Step("use").Outputs!.ToJsonString());
    }

    [Theory]
    [InlineData(StoreEngine.Sqlite)]
    [InlineData(StoreEngine.Postgres)]
    public async Task A_journal_goes_only_through_an_archive(StoreEngine engine)
    {
        await using RunRoom room = await RunRoom.OpenAsync(engine: engine);
        RunId ended = (await EndedAsync(room, 1))[0];
        RunId open = await room.StartAsync(Chain);
        (await CodeAsync(() => room.Rows.ExecuteAsync("delete from run_events where run_id = @Run", new { Run = ended.Value }, Ct))).Should().Be("STO-1007");
        (await CodeAsync(() => room.Rows.ExecuteAsync("insert into run_archives (archive_hash, path, runs, bytes, made_at_utc) values ('h', 'p', 1, 1, '')", null, Ct))).Should().Be("STO-1007");
        AuditChain audit = new(room.Clock);
        await room.Rows.InTransactionAsync(async tx =>
        {
            await audit.AppendAsync(tx, new("ana", "store.archive", "archive:h", "by hand", new JsonObject()), Ct);
            await tx.ExecuteAsync("insert into run_archives (archive_hash, path, runs, bytes, made_at_utc) values ('h', 'p', 1, 1, '')", null, Ct);
        }, Ct);
        (await CodeAsync(() => room.Rows.ExecuteAsync("insert into archived_runs (run_id, archive_hash) values (@Run, 'h')", new { Run = open.Value }, Ct))).Should().Be("STO-1007");
        await room.Rows.ExecuteAsync("insert into archived_runs (run_id, archive_hash) values (@Run, 'h')", new { Run = ended.Value }, Ct);
        (await CodeAsync(() => room.Rows.ExecuteAsync("delete from archived_runs", null, Ct))).Should().Be("STO-1007");
        (await CodeAsync(() => room.Rows.ExecuteAsync("update run_archives set path = 'q'", null, Ct))).Should().Be("STO-1007");
        (await CodeAsync(() => room.Rows.ExecuteAsync(
            "insert into run_events (run_id, seq, schema_version, kind, at_utc, fence, body) values (@Run, 99, 1, 'k', '', 1, '{}')", new { Run = ended.Value }, Ct))).Should().Be("STO-1007");
    }

    [Fact]
    public async Task A_pruning_that_ends_at_any_write_is_gone_on_with_by_the_next()
    {
        for (int n = 1, refused = 0; ; n++)
        {
            await using RunRoom room = await RunRoom.OpenAsync(Talking());
            List<RunId> runs = await EndedAsync(room, 3);
            string before = await ShownAsync(room, runs[0]);
            ((ManualClock)room.Clock).Advance(TimeSpan.FromDays(31));
            FullRows rows = new(room.Rows, n);
            AuditChain audit = new(room.Clock);
            RetentionPolicy policy = Runs with { Logs = TimeSpan.FromDays(30) };
            try
            {
                await RetentionOf(room, rows).CommitAsync(policy, null, "ana", "space", Ct);
            }
            catch (ProblemException e) when (e.Problem.Code == "STO-1020")
            {
                refused++;
            }

            bool isOver = !rows.HasRefused;
            (await ShownAsync(room, runs[0])).Should().Be(before, $"write {n}: it is whole, here or in its archive");
            await RetentionOf(room).CommitAsync(policy, null, "ana", "space", Ct);
            (await room.Rows.FirstAsync<long>("select count(*) from archived_runs", null, Ct)).Should().Be(2);
            (await CountAsync(room, "run_events", runs[0])).Should().Be(0);
            (await ShownAsync(room, runs[0])).Should().Be(before);
            (await AuditChain.VerifyAsync(room.Rows, null, Ct)).Intact.Should().BeTrue();
            if (isOver)
            {
                refused.Should().BeGreaterThan(1);
                break;
            }
        }
    }

    [Fact]
    public async Task What_anything_names_stays()
    {
        await using RunRoom room = await RunRoom.OpenAsync();
        List<RunId> runs = await EndedAsync(room, 8);
        RunId open = await room.StartAsync(Chain);
        AuditChain audit = new(room.Clock);
        await room.Rows.InTransactionAsync(async tx =>
        {
            await audit.AppendAsync(tx, new("ana", "approval.asked", "approval:a", null, new JsonObject()), Ct);
            await tx.ExecuteAsync(
                "insert into approvals (id, run_id, strategy_id, digest, status, body, created_utc, expires_utc, record_seq) values ('a', @Run, 's', 'd', 'REJECTED', '{}', '', '', 1)",
                new { Run = runs[0].Value }, Ct);
            await audit.AppendAsync(tx, new("ana", "run.looked_at", $"run:{runs[1].Value}", null, new JsonObject()), Ct);
            await audit.AppendAsync(tx, new("ana", "noted", "note:1", null, new JsonObject { ["about"] = runs[2].Value }), Ct);
            await tx.ExecuteAsync(
                "insert into trials (hypothesis_key, config_hash, data_snapshot_id, range_key, lineage, synthetic, kind, duplicate, periods, source_id, combo_id, at_utc) values ('h', 'c', 's', '', '[]', 1, 'sweep', 0, 1, @Run, 1, '')",
                new { Run = runs[3].Value }, Ct);
        }, Ct);
        RunId rerun = await room.Engine.Requests.RerunAsync(new(runs[4], room.Steps.Workflow(Chain), [], null, "ana", "again"), null, Ct);
        await room.DriveAsync(rerun);
        ((ManualClock)room.Clock).Advance(TimeSpan.FromDays(31));
        RetentionPlan plan = await RetentionOf(room).PlanAsync(Runs with { KeepLast = 0 }, Ct);
        plan.Runs.Should().NotContain([.. runs[..5].Select(r => r.Value), open.Value]).And.Contain(runs[5].Value).And.Contain(runs[7].Value);
        plan.Runs.Should().NotContain(rerun.Value, "the record of who asked for it names it");
    }

    [Fact]
    public async Task A_dry_run_shows_exactly_what_a_commit_does_and_a_changed_plan_is_refused()
    {
        await using RunRoom room = await RunRoom.OpenAsync(Talking(), engine: StoreEngine.Sqlite);
        var clock = (ManualClock)room.Clock;
        List<RunId> runs = await EndedAsync(room, 3);
        string old = UtcText.Format(clock.GetUtcNow());
        await room.Rows.ExecuteAsync("insert into idempotency_keys (key, fingerprint, answer, requested_by, requested_at_utc) values (@Key, 'f', 'a', 'ana', @At)",
            new[] { new { Key = "old", At = old }, new { Key = "new", At = UtcText.Format(clock.GetUtcNow().AddDays(99)) } }, Ct);
        await room.Rows.ExecuteAsync(
            "insert into outbox (key, kind, payload, enqueued_at_utc, next_attempt_at_utc, delivered_at_utc) values (@Key, 'k', '{}', @At, @At, @Delivered)",
            new[] { new { Key = "sent", At = old, Delivered = (string?)old }, new { Key = "due", At = old, Delivered = (string?)null } }, Ct);
        AtomicFile.Write(room.Data.File("logs", "sigmatiq-20260101.jsonl"), "{}");
        File.SetLastWriteTimeUtc(room.Data.File("logs", "sigmatiq-20260101.jsonl"), clock.GetUtcNow().UtcDateTime);
        AtomicFile.Write(room.Data.File("logs", "sigmatiq-20270101.jsonl"), "{}");
        File.SetLastWriteTimeUtc(room.Data.File("logs", "sigmatiq-20270101.jsonl"), clock.GetUtcNow().UtcDateTime.AddDays(99));
        clock.Advance(TimeSpan.FromDays(100));
        RunId recent = (await EndedAsync(room, 1))[0];

        RetentionPolicy policy = RetentionPolicy.Parse(
            "runs: { older_than: 90d, keep_last: 2 }\nlogs: { older_than: 90d }\nkeys: { older_than: 90d }\nmessages: { older_than: 90d }\nsnapshots: unused\n", "policy.yaml").Value;
        StoreRetention retention = RetentionOf(room);
        RetentionPlan plan = await retention.PlanAsync(policy, Ct);
        // Of four runs the newest two stay; the log lines of one of these are old enough.
        (plan.Runs.Count, plan.LogLines, plan.LogFiles.Single(), plan.Keys, plan.Messages, plan.Snapshots.Count).Should().Be((2, 1L, "logs/sigmatiq-20260101.jsonl", 1L, 1L, 0));
        (await CodeAsync(() => retention.CommitAsync(policy, plan.Token, "ana", " ", Ct))).Should().Be(StoreRetention.ReasonMissing);
        await room.Rows.ExecuteAsync("update outbox set delivered_at_utc = @old where key = 'due'", new { old }, Ct);
        (await CodeAsync(() => retention.CommitAsync(policy, plan.Token, "ana", "space", Ct))).Should().Be(StoreRetention.Changed);
        (await CountAsync(room, "run_events", runs[0])).Should().BePositive("nothing has gone");
        await room.Rows.ExecuteAsync("update outbox set delivered_at_utc = null where key = 'due'", null, Ct);

        // The same day, later: what was shown stands.
        clock.Advance(TimeSpan.FromHours(2));
        await retention.CommitAsync(policy, plan.Token, "ana", "space", Ct);
        (await room.Rows.QueryAsync<string>("select key from idempotency_keys", null, Ct)).Should().Equal("new");
        (await room.Rows.QueryAsync<string>("select key from outbox where kind = 'k'", null, Ct)).Should().Equal("due");
        Directory.GetFiles(room.Data.Logs).Select(Path.GetFileName).Should().Equal("sigmatiq-20270101.jsonl");
        (await CountAsync(room, "step_log", runs[2]), await CountAsync(room, "step_log", recent)).Should().Be((0L, 1L));
        (await retention.PlanAsync(policy, Ct)).IsEmpty.Should().BeTrue();
        (await CodeAsync(() => retention.CommitAsync(policy, plan.Token, "ana", "space", Ct))).Should().Be("STO-6105", "it has gone already");
    }

    [Fact]
    public async Task An_archive_that_is_missing_or_changed_is_refused()
    {
        await using RunRoom room = await RunRoom.OpenAsync(engine: StoreEngine.Sqlite);
        List<RunId> runs = await EndedAsync(room, 2);
        ((ManualClock)room.Clock).Advance(TimeSpan.FromDays(31));
        await RetentionOf(room).CommitAsync(Runs, null, "ana", "space", Ct);
        string file = Directory.GetFiles(room.Data.Folder("archive")).Single();
        byte[] bytes = await File.ReadAllBytesAsync(file, Ct);
        bytes[^9] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Ct);
        (await CodeAsync(() => room.Engine.Views.ShowAsync(runs[0], Ct))).Should().Be("STO-6104");
        File.Delete(file);
        (await CodeAsync(() => room.Engine.Views.ShowAsync(runs[0], Ct))).Should().Be("STO-6104");
        (await room.Engine.Views.SummaryAsync(runs[0], Ct)).Status.Should().Be("completed");
    }

    [Theory]
    [InlineData("runs: { older_than: 12h }")]
    [InlineData("logs: { older_than: soon }")]
    [InlineData("keys: { }")]
    [InlineData("snapshots: all")]
    [InlineData("run: { older_than: 90d }")]
    [InlineData("runs: [")]
    public void A_policy_that_cannot_be_read_is_refused(string text) =>
        RetentionPolicy.Parse(text, "policy.yaml").Problems[0].Should().Match<Problem>(p => p.Code == RetentionPolicy.BadPolicy && p.Where!.StartsWith("policy.yaml:"));

    private static TestSteps Talking()
    {
        var steps = new TestSteps();
        steps.On("use", context =>
        {
            context.Log("one line");
            return null;
        });
        return steps;
    }

    private static StoreRetention RetentionOf(RunRoom room, IRowStore? rows = null) =>
        new(rows ?? room.Rows, room.Data, new(room.Data, room.Rows, room.Clock, IdSource.FromSeed(room.Clock, 3)), new(room.Clock), room.Clock);

    private static async Task<List<RunId>> EndedAsync(RunRoom room, int count)
    {
        List<RunId> runs = [];
        for (int i = 0; i < count; i++)
        {
            ((ManualClock)room.Clock).Advance(TimeSpan.FromSeconds(1));
            runs.Add(await room.StartAsync(Chain));
            (await room.DriveAsync(runs[^1])).Status.Should().Be(RunStatus.Completed);
        }

        return runs;
    }

    private static async Task<string> ShownAsync(RunRoom room, RunId run)
    {
        RunView view = await room.Engine.Views.ShowAsync(run, Ct);
        IReadOnlyList<LogLine> log = await room.Engine.Views.LogAsync(run, null, 0, Ct);
        log.Should().NotBeEmpty();
        view.Attempts.Should().HaveCount(2);
        return view.ToJson().ToJsonString() + string.Join('\n', log);
    }

    private static Task<long> CountAsync(RunRoom room, string table, RunId run) =>
        room.Rows.FirstAsync<long>(string.Create(CultureInfo.InvariantCulture, $"select count(*) from {table} where run_id = @Run"), new { Run = run.Value }, Ct);

    private static async Task<string> CodeAsync(Func<Task> act) => (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;
}
