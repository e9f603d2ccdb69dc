using System.Text.Json.Nodes;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Trading.Paper;

namespace Sigmatiq.Tests.Trading.Approvals;

public abstract class ApprovalServiceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2025, 3, 3, 15, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();
    private readonly List<Approval> woken = [];
    private readonly List<string> cancelled = [];
    private readonly SettableClock clock = new(Start);
    private DataDirectory data = null!;
    private TestRows store = null!;
    private IRowStore rows = null!;
    private ApprovalService approvals = null!;
    private DeploymentService deployments = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        data = new(folder.Path);
        store = await TestRows.CreateAsync(data, clock);
        rows = store.Rows;
        var audit = new AuditChain(clock);
        approvals = new(rows, data, audit, clock, Some.FindAsync, (_, decided, _) =>
        {
            woken.Add(decided);
            return Task.CompletedTask;
        })
        {
            Cancelled = (_, runs, _) => Task.FromResult<IReadOnlyList<string>>([.. runs.Intersect(cancelled)]),
        };
        deployments = new(rows, audit, approvals);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    [Trait("Row", "S2-14")]
    [Trait("Row", "S2-06")]
    public async Task An_approval_updates_the_state_file_with_status_approver_and_time()
    {
        Approval asked = await AskAsync();
        Approval approved = await approvals.CastAsync(asked.Id, VoteChoice.Approve, "operator", "sound", null, Ct);
        approved.Status.Should().Be(ApprovalStatus.Approved);
        JsonNode state = JsonNode.Parse(File.ReadAllText(folder["public", "data", "production", "approval_state.json"]))!;
        state["status"]!.GetValue<string>().Should().Be("APPROVED");
        state["approved_by"]!.GetValue<string>().Should().Be("operator");
        state["approved_at"]!.GetValue<DateTimeOffset>().Should().Be(Start);
        Directory.GetFiles(folder["public", "data", "production"]).Should().OnlyContain(f => f.EndsWith(".json"), "nothing half written is left");
        woken.Should().ContainSingle().Which.Status.Should().Be(ApprovalStatus.Approved);
    }

    [Fact]
    public async Task A_request_whose_run_was_cancelled_is_withdrawn_on_record_and_takes_no_vote()
    {
        Approval asked = await AskAsync();
        cancelled.Add(asked.RunId);
        (await CodeAsync(() => approvals.CastAsync(asked.Id, VoteChoice.Approve, "operator", "sound", null, Ct))).Should().Be("APR-1002");
        Approval withdrawn = (await approvals.ListAsync(Ct)).Should().ContainSingle().Subject;
        (withdrawn.Status, withdrawn.DecidedBy, withdrawn.Reason).Should().Be((ApprovalStatus.Rejected, "engine", "its run was cancelled"));
        (await AuditChain.OfSubjectAsync(rows, $"approval:{asked.Id}", Ct)).Select(r => r.Action).Should().Equal("approval.asked", "approval.withdrawn");
        (await rows.QueryAsync<string>("select kind from outbox order by seq", null, Ct)).Should().Equal("approval.asked", "approval.withdrawn");
        (await approvals.ExpireAsync(Ct)).Should().Be(0, "once is enough");
    }

    [Fact]
    public async Task One_changed_bit_of_the_evidence_makes_an_approval_fail_and_leaves_the_request_open()
    {
        Approval asked = await AskAsync();
        byte[] bytes = File.ReadAllBytes(folder["evidence.json"]);
        bytes[0] ^= 1;
        File.WriteAllBytes(folder["evidence.json"], bytes);
        (await CodeAsync(() => approvals.CastAsync(asked.Id, VoteChoice.Approve, "operator", "sound", null, Ct))).Should().Be("APR-1003");
        (await approvals.GetAsync(asked.Id, Ct)).Status.Should().Be(ApprovalStatus.PendingApproval);
        woken.Should().BeEmpty();
    }

    [Fact]
    public async Task A_refusal_for_the_evidence_names_each_file_and_what_became_of_it()
    {
        Approval asked = await AskAsync();
        File.AppendAllText(folder["evidence.json"], " ");
        (await MessageAsync(asked)).Should().EndWith(": evidence.json has changed.");
        File.Delete(folder["evidence.json"]);
        (await MessageAsync(asked)).Should().EndWith(": evidence.json is missing.");

        async Task<string> MessageAsync(Approval on) =>
            (await FluentActions.Awaiting(() => approvals.CastAsync(on.Id, VoteChoice.Approve, "operator", "sound", on.Digest, Ct)).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Message;
    }

    [Fact]
    public async Task A_request_that_is_not_the_recorded_one_makes_an_approval_fail()
    {
        Approval asked = await AskAsync();
        await ByHandAsync("update approvals set body = replace(body, 'MKT.SYN', 'XXX.SYN')");
        (await CodeAsync(() => approvals.CastAsync(asked.Id, VoteChoice.Approve, "operator", "sound", asked.Digest, Ct))).Should().Be("APR-1003");
    }

    [Theory]
    [InlineData("\"passed\":false", "\"passed\":true")]
    [InlineData("\"sharpe\":0.5", "\"sharpe\":1.5")]
    [InlineData("\"recommendation\":\"REVIEW\"", "\"recommendation\":\"PROMOTE\"")]
    public async Task Gates_figures_and_recommendation_other_than_were_asked_with_make_an_approval_fail(string was, string now)
    {
        JsonArray gates = [new JsonObject { ["gate"] = "min_deflated_sharpe", ["passed"] = false }];
        JsonObject metrics = new() { ["sharpe"] = 0.5 };
        Approval some = Some.Approval(Start);
        ApprovalSubject subject = some.Subject with { ShownHash = Approval.HashOfShown(some.Recommendation, gates, metrics).Hex };
        Approval asked = await approvals.AskAsync(some with { Subject = subject, Digest = subject.Digest().Hex, Gates = gates, Metrics = metrics }, Ct);
        (await approvals.EvidenceNowAsync(rows, await approvals.GetAsync(asked.Id, Ct), Ct)).Should().Be(EvidenceNow.Of(asked.Digest));
        (await ByHandAsync("update approvals set body = replace(body, @was, @now) where body like '%' || @was || '%'", new { was, now })).Should().Be(1);
        (await CodeAsync(() => approvals.CastAsync(asked.Id, VoteChoice.Approve, "operator", "sound", asked.Digest, Ct))).Should().Be("APR-1003");
    }

    [Fact]
    public async Task Asking_twice_for_one_run_is_one_request()
    {
        Approval first = await AskAsync();
        (await approvals.AskAsync(Some.Approval(Start) with { Id = "apr_second" }, Ct)).Id.Should().Be(first.Id);
        (await approvals.ListAsync(Ct)).Should().HaveCount(1);
    }

    [Fact]
    public async Task An_expired_request_is_rejected_by_the_clock_and_wakes_its_run()
    {
        Approval asked = await AskAsync();
        clock.Now = asked.Subject.ExpiresUtc;
        Approval seen = await approvals.GetAsync(asked.Id, Ct);
        seen.Should().BeEquivalentTo(new { Status = ApprovalStatus.Rejected, Reason = "expired" });
        woken.Should().ContainSingle();
        (await CodeAsync(() => approvals.CastAsync(asked.Id, VoteChoice.Approve, "operator", "too late", null, Ct))).Should().Be("APR-1002");
    }

    [Fact]
    public async Task Who_when_why_and_what_are_in_the_audit_chain()
    {
        Approval asked = await AskAsync();
        await approvals.CastAsync(asked.Id, VoteChoice.Reject, "operator", "too few trades", null, Ct);
        IReadOnlyList<AuditRecord> records = await AuditChain.OfSubjectAsync(rows, $"approval:{asked.Id}", Ct);
        records.Select(r => r.Action).Should().Equal("approval.asked", "approval.rejected");
        records[1].Should().BeEquivalentTo(new { Actor = "operator", Reason = "too few trades" });
        records[1].Payload.Should().Contain(asked.Digest);
        (await AuditChain.VerifyAsync(rows, null, Ct)).Intact.Should().BeTrue();
    }

    [Fact]
    public async Task Of_many_votes_at_once_exactly_one_counts()
    {
        Approval asked = await AskAsync();
        string?[] codes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => CodeAsync(() =>
            approvals.CastAsync(asked.Id, i % 2 == 0 ? VoteChoice.Approve : VoteChoice.Reject, $"voter-{i}", "mine", null, Ct))));
        codes.Count(c => c is null).Should().Be(1);
        codes.Where(c => c is not null).Should().OnlyContain(c => c == "APR-1002");
        woken.Should().ContainSingle();
    }

    [Fact]
    public async Task With_several_requests_pending_a_vote_or_a_look_must_say_which_one_it_means()
    {
        Approval first = await AskAsync();
        (await approvals.GetAsync(null, Ct)).Id.Should().Be(first.Id, "one alone needs no name");
        Approval second = await approvals.AskAsync(
            Some.Approval(Start, [new("evidence.json", ContentHash.OfFile(folder["evidence.json"]).Hex)]) with { Id = "apr_second", RunId = "run_second", Digest = new string('b', 64) }, Ct);
        ProblemException refused = (await FluentActions.Awaiting(() => approvals.GetAsync(null, Ct)).Should().ThrowAsync<ProblemException>()).Which;
        refused.Problem.Code.Should().Be("APR-1010");
        refused.Problem.Message.Should().Contain("2 requests are pending").And.Contain(first.Id).And.Contain(second.Id);
        (await CodeAsync(() => approvals.CastAsync(null, VoteChoice.Approve, "operator", "sound", null, Ct))).Should().Be("APR-1010");
        (await CodeAsync(() => approvals.GetAsync(null, Ct, new string('0', 64)))).Should().Be("APR-1010", "nobody asked with that digest");
        (await approvals.GetAsync(null, Ct, first.Digest)).Id.Should().Be(first.Id);
        (await approvals.GetAsync(null, Ct, second.Digest)).Id.Should().Be(second.Id);
        (await approvals.ListAsync(Ct)).Should().OnlyContain(a => a.Status == ApprovalStatus.PendingApproval);
        await approvals.CastAsync(first.Id, VoteChoice.Reject, "operator", "too few trades", null, Ct);
        (await approvals.GetAsync(null, Ct)).Id.Should().Be(second.Id);
    }

    [Fact]
    public async Task A_reminder_that_is_due_is_put_into_the_outbox_once()
    {
        File.WriteAllText(folder["evidence.json"], "{}");
        Approval asked = await approvals.AskAsync(Some.Approval(Start) with { RemindAfter = [TimeSpan.FromDays(1), TimeSpan.FromDays(3)], EscalateTo = "admin" }, Ct);
        (await approvals.RemindAsync(asked, Ct)).Should().BeEmpty();
        clock.Now = Start.AddDays(1);
        (await approvals.RemindAsync(asked, Ct)).Should().ContainSingle().Which.To.Should().Equal("approver");
        (await approvals.RemindAsync(asked, Ct)).Should().BeEmpty("it is there already");
        clock.Now = Start.AddDays(4);
        (await approvals.RemindAsync(asked, Ct)).Should().ContainSingle().Which.To.Should().Equal("approver", "admin");
        (await rows.QueryAsync<string>("select key from outbox where kind = 'approval.reminder' order by seq", null, Ct))
            .Should().Equal("approval:apr_test:reminder:1", "approval:apr_test:reminder:2");
    }

    [Fact]
    public async Task A_vote_handed_over_and_a_quorum_are_recorded_step_by_step()
    {
        File.WriteAllText(folder["evidence.json"], "{}");
        Approval asked = await approvals.AskAsync(Some.Approval(Start) with { Quorum = 2 }, Ct);
        await approvals.DelegateAsync(asked.Id, "ana", "ben", "on leave", Ct);
        (await approvals.CastAsync(asked.Id, VoteChoice.Approve, "ben", "sound", null, Ct)).Status.Should().Be(ApprovalStatus.PendingApproval);
        woken.Should().BeEmpty("one of two is no decision");
        await approvals.CastAsync(asked.Id, VoteChoice.Approve, "carl", "sound", null, Ct);
        woken.Should().ContainSingle();
        (await AuditChain.OfSubjectAsync(rows, $"approval:{asked.Id}", Ct)).Select(r => (r.Action, r.Actor)).Should().Equal(
            ("approval.asked", "operator"), ("approval.delegated", "ana"), ("approval.voted", "ben"), ("approval.approved", "carl"));
        (await CodeAsync(() => approvals.DelegateAsync(asked.Id, "dora", "nobody", "x", Ct))).Should().Be("APR-1020");
    }

    [Fact]
    public async Task An_unknown_request_is_refused_by_name() =>
        (await CodeAsync(() => approvals.GetAsync("apr_none", Ct))).Should().Be("APR-1001");

    [Fact]
    public async Task A_deployment_needs_a_vote_and_is_published_once()
    {
        Approval asked = await AskAsync();
        (await CodeAsync(() => deployments.PublishAsync(Deployment(asked), Ct))).Should().Be("DEP-1001");
        await approvals.CastAsync(asked.Id, VoteChoice.Approve, "operator", "sound", null, Ct);
        Deployment first = await deployments.PublishAsync(Deployment(asked), Ct);
        Deployment again = await deployments.PublishAsync(Deployment(asked) with { Id = "pub_second" }, Ct);
        again.Id.Should().Be(first.Id);
        (await deployments.ListAsync(Ct)).Should().HaveCount(1);
        (await deployments.GetAsync(first.Id, Ct)).PaperEndUtc.Should().BeAfter(first.PaperStartUtc);
        (await CodeAsync(() => deployments.GetAsync("pub_none", Ct))).Should().Be("DEP-1005");
    }

    [Fact]
    public async Task A_newer_deployment_of_a_strategy_takes_the_place_of_the_one_before()
    {
        Approval first = await AskAsync();
        await approvals.CastAsync(first.Id, VoteChoice.Approve, "operator", "sound", null, Ct);
        await deployments.PublishAsync(Deployment(first), Ct);
        Approval second = await approvals.AskAsync(first with { Id = "apr_second", RunId = "run_second", Status = ApprovalStatus.PendingApproval, Votes = [], DecidedBy = null, DecidedUtc = null, Reason = null }, Ct);
        await approvals.CastAsync(second.Id, VoteChoice.Approve, "operator", "sounder", null, Ct);
        await deployments.PublishAsync(Deployment(second) with { Id = "pub_second", CreatedUtc = Start.AddDays(1) }, Ct);
        (await deployments.ListAsync(Ct)).Select(d => (d.Id, d.Status, d.IsActive)).Should().Equal(("pub_second", "paper_trading", true), ("pub_first", "retired", false));
        (await rows.QueryAsync<string>("select payload from audit where action = 'deployment.retired'", null, Ct)).Should().ContainSingle().Which.Should().Contain("pub_second");
        (await deployments.PublishAsync(Deployment(first), Ct)).Status.Should().Be("retired", "the step of the first run, done again, brings nothing back");
        (await deployments.ListAsync(Ct)).Count(d => d.IsActive).Should().Be(1);
    }

    [Fact]
    public async Task Evidence_that_changes_between_vote_and_deployment_deploys_nothing()
    {
        Approval asked = await AskAsync();
        await approvals.CastAsync(asked.Id, VoteChoice.Approve, "operator", "sound", null, Ct);
        File.AppendAllText(folder["evidence.json"], " ");
        (await CodeAsync(() => deployments.PublishAsync(Deployment(asked), Ct))).Should().Be("DEP-1002");
        (await deployments.ListAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_status_set_past_the_audit_chain_deploys_nothing()
    {
        Approval asked = await AskAsync();
        await ByHandAsync("update approvals set status = 'APPROVED', body = replace(body, 'PENDING_APPROVAL', 'APPROVED')");
        (await CodeAsync(() => deployments.PublishAsync(Deployment(asked), Ct))).Should().Be("DEP-1004");
        (await ApprovalService.UnrecordedAsync(rows, Ct)).Should().Equal(asked.Id);
    }

    // As whoever owns the database can: without the triggers.
    private async Task<int> ByHandAsync(string sql, object? args = null)
    {
        await store.LowerGuardsAsync();
        return await rows.ExecuteAsync(sql, args, Ct);
    }

    private static Deployment Deployment(Approval approval)
    {
        PaperWindow window = PaperWindow.After(Start, 14, NyseCalendar.Instance);
        return new(
            "pub_first", approval.Id, approval.Digest, approval.RunId, approval.Subject.StrategyId, "MKT.SYN", "paper", "paper_trading",
            new string('d', 64), approval.Subject.ConfigHash, approval.Subject.Pack, approval.Subject.DataSnapshotId, new("Swing", "test"),
            approval.Subject.Limits, false, false, window.StartUtc, window.EndUtc, window.EarliestLiveUtc, Start);
    }

    private static async Task<string?> CodeAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (ProblemException e)
        {
            return e.Problem.Code;
        }
    }

    private Task<Approval> AskAsync()
    {
        File.WriteAllText(folder["evidence.json"], """{"trades":1}""");
        return approvals.AskAsync(Some.Approval(Start, [new("evidence.json", ContentHash.OfFile(folder["evidence.json"]).Hex)]), Ct);
    }

    private sealed class SettableClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

public sealed class ApprovalServiceOnSqliteTests : ApprovalServiceTests;

[OnStore(StoreEngine.Postgres)]
public sealed class ApprovalServiceOnPostgresTests : ApprovalServiceTests;
