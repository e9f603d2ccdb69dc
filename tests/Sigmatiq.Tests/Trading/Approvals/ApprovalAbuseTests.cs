using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
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

/// <summary>What somebody may try who wants a deployment without its votes: each attempt is refused under strict four eyes, and nothing is
/// deployed.</summary>
public abstract class ApprovalAbuseTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2025, 3, 3, 15, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new(), settings = new();
    private readonly SettableClock clock = new(Start);
    private DataDirectory data = null!;
    private TestRows store = null!;
    private IRowStore rows = null!;
    private ApprovalService approvals = null!;
    private DeploymentService deployments = null!;
    private Approval asked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        data = new(folder.Path);
        store = await TestRows.CreateAsync(data, clock);
        rows = store.Rows;
        AuditChain audit = new(clock, new(settings["audit.key"], data.Root));
        approvals = new(rows, data, audit, clock, People.FindVoterAsync, (_, _, _) => Task.CompletedTask);
        deployments = new(rows, audit, approvals);
        foreach ((string id, string name, string role) in ((string, string, string)[])
            [("rita", "Rita Mora", "approver"), ("tom", "Tom Lee", "approver"), ("aldo", "Aldo Diaz", "admin"), ("ana", "Ana Ruiz", "approver"), ("ben", "Ben Gil", "approver"), ("eva", "Eva Paz", "operator")])
        {
            await UserAsync(id, name, role);
        }

        await File.WriteAllTextAsync(folder["evidence.json"], """{"trades":1}""", Ct);
        asked = await approvals.AskAsync(Request("apr_test", "run_test"), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        (await deployments.ListAsync(Ct)).Should().BeEmpty("whatever was tried, nothing was deployed");
        await store.DisposeAsync();
        folder.Dispose();
        settings.Dispose();
    }

    [Fact]
    public Task The_one_who_asked_has_no_vote() => RefusedAsync("APR-1006", () => VoteAsync("rita"));

    [Fact]
    public Task The_one_who_asked_has_no_vote_through_another_channel_or_session() =>
        // Page, command and API name the person, never the session: this is what each of them calls.
        RefusedAsync("APR-1006", () => approvals.CastAsync(null, VoteChoice.Approve, "rita", "by command", null, Ct));

    [Fact]
    public async Task The_one_who_asked_has_no_vote_after_renaming_themselves()
    {
        await rows.ExecuteAsync("update users set name = 'Somebody Else' where id = 'rita'", null, Ct);
        await RefusedAsync("APR-1006", () => VoteAsync("rita"));
    }

    [Fact]
    public async Task The_one_who_asked_has_no_vote_in_another_case_of_their_id()
    {
        await UserAsync("RITA", "Nobody Known", "approver");
        await RefusedAsync("APR-1006", () => VoteAsync("RITA"));
    }

    [Theory]
    [InlineData("Rita Mora")]
    [InlineData("RITA  MORA")]
    [InlineData("Ri\u200bta Mora\u00ad")]
    public async Task The_one_who_asked_has_no_vote_through_a_second_account_of_the_same_name(string name)
    {
        await UserAsync("second", name, "approver");
        await RefusedAsync("APR-1006", () => VoteAsync("second"));
    }

    [Fact]
    public async Task The_one_who_asked_has_no_vote_through_an_account_that_takes_the_name_they_had()
    {
        await rows.ExecuteAsync("update users set name = 'R. M.' where id = 'rita'", null, Ct);
        await UserAsync("second", "Rita Mora", "approver");
        await RefusedAsync("APR-1006", () => VoteAsync("second"));
    }

    [Fact]
    public async Task The_one_who_asked_has_no_vote_by_a_role_gained_later()
    {
        await rows.ExecuteAsync("update users set role = 'admin' where id = 'rita'", null, Ct);
        await RefusedAsync("APR-1006", () => VoteAsync("rita"));
    }

    [Fact]
    public Task The_one_who_trained_it_has_no_vote() => RefusedAsync("APR-1006", () => VoteAsync("tom"));

    [Fact]
    public Task The_author_of_the_pack_version_has_no_vote_by_the_name_that_the_pack_gives() => RefusedAsync("APR-1006", () => VoteAsync("aldo"));

    [Fact]
    public Task The_one_who_asked_cannot_hand_over_a_vote_they_do_not_have() => RefusedAsync("APR-1006", () => approvals.DelegateAsync(asked.Id, "rita", "eva", "do it for me", Ct));

    [Fact]
    public async Task A_vote_handed_to_the_one_who_asked_does_not_become_theirs()
    {
        await RefusedAsync("APR-1006", () => approvals.DelegateAsync(asked.Id, "ana", "rita", "do it yourself", Ct));
        await RefusedAsync("APR-1006", () => VoteAsync("rita"));
    }

    [Fact]
    public async Task A_delegate_loses_the_vote_when_the_one_who_handed_it_over_loses_their_role()
    {
        await approvals.DelegateAsync(asked.Id, "ana", "eva", "on leave", Ct);
        await rows.ExecuteAsync("update users set role = 'viewer' where id = 'ana'", null, Ct);
        await RefusedAsync("APR-1020", () => VoteAsync("eva"));
    }

    [Fact]
    public async Task A_double_vote_counts_once()
    {
        asked = await approvals.AskAsync(Request("apr_two", "run_two") with { Quorum = 2 }, Ct);
        (await VoteAsync("ana")).Status.Should().Be(ApprovalStatus.PendingApproval);
        await RefusedAsync("APR-1011", () => VoteAsync("ana"));
        await UserAsync("ana2", "ana ruiz", "approver");
        await RefusedAsync("APR-1011", () => VoteAsync("ana2"));
        await RefusedAsync("APR-1011", () => approvals.DelegateAsync(asked.Id, "ana", "eva", "once more", Ct));
    }

    [Fact]
    public async Task Of_two_votes_at_once_of_one_person_one_counts()
    {
        asked = await approvals.AskAsync(Request("apr_two", "run_two") with { Quorum = 2 }, Ct);
        string?[] codes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => CodeAsync(() => VoteAsync("ana")), Ct)));
        codes.Count(c => c is null).Should().Be(1);
        codes.Where(c => c is not null).Should().OnlyContain(c => c == "APR-1011");
        (await approvals.GetAsync(asked.Id, Ct)).Votes.Should().ContainSingle();
        await NothingDeploysAsync("DEP-1001");
    }

    [Fact]
    public async Task A_vote_that_is_sent_again_on_another_request_is_on_another_digest()
    {
        string digest = asked.Digest;
        await approvals.CastAsync(asked.Id, VoteChoice.Reject, "ana", "unsound", digest, Ct);
        clock.Now = Start.AddMinutes(1);
        asked = await approvals.AskAsync(Request("apr_next", "run_next"), Ct);
        await RefusedAsync("APR-1005", () => approvals.CastAsync(asked.Id, VoteChoice.Approve, "ana", "replayed", digest, Ct));
    }

    [Fact]
    public async Task A_vote_after_an_edit_of_the_evidence_does_not_count()
    {
        await File.AppendAllTextAsync(folder["evidence.json"], " ", Ct);
        await RefusedAsync("APR-1003", () => VoteAsync("ana"));
    }

    [Fact]
    public Task A_vote_on_a_wrong_digest_does_not_count() =>
        RefusedAsync("APR-1005", () => approvals.CastAsync(asked.Id, VoteChoice.Approve, "ana", "sound", new string('0', 64), Ct));

    [Fact]
    public async Task An_expired_request_takes_no_vote_and_is_rejected_as_expired()
    {
        clock.Now = asked.Subject.ExpiresUtc;
        await RefusedAsync("APR-1002", () => VoteAsync("ana"));
        (await approvals.GetAsync(asked.Id, Ct)).Should().BeEquivalentTo(new { Status = ApprovalStatus.Rejected, Reason = "expired" });
        (await AuditChain.OfSubjectAsync(rows, "approval:apr_test", Ct))[^1].Action.Should().Be("approval.expired");
    }

    [Fact]
    public async Task A_revoked_role_a_disabled_account_and_nobody_have_no_vote()
    {
        await rows.ExecuteAsync("update users set role = 'researcher' where id = 'ana'; update users set disabled_at_utc = '2025-03-03T00:00:00.000000Z' where id = 'ben'", null, Ct);
        await RefusedAsync("APR-1020", () => VoteAsync("ana"));
        await RefusedAsync("APR-1020", () => VoteAsync("ben"));
        await RefusedAsync("APR-1020", () => VoteAsync("ghost"));
        await RefusedAsync("APR-1020", () => VoteAsync("eva"));
        await RefusedAsync("APR-1020", () => VoteAsync("operator"));
    }

    [Fact]
    public async Task A_reset_approval_is_not_used_again()
    {
        await VoteAsync("ana");
        await approvals.ResetAsync(asked.Id, "ben", "the data were corrected", Ct);
        await NothingDeploysAsync("DEP-1001");
        await RefusedAsync("APR-1002", () => VoteAsync("ben"));
        (await CodeAsync(() => approvals.ResetAsync(asked.Id, "ben", "again", Ct))).Should().Be("APR-1015");
    }

    [Fact]
    public Task Nothing_is_deployed_without_an_approval() => NothingDeploysAsync("DEP-1001");

    [Fact]
    public async Task Nothing_is_deployed_on_an_approval_that_does_not_exist()
    {
        Deployment forged = Deployment() with { ApprovalId = "apr_none" };
        (await CodeAsync(() => deployments.PublishAsync(forged, Ct))).Should().Be("DEP-1001");
    }

    [Theory]
    [InlineData("update approvals set status = 'APPROVED'")]
    [InlineData("update approvals set body = replace(body, 'STRICT', 'RELAXED')")]
    [InlineData("update approvals set status = 'APPROVED', record_seq = (select max(seq) from audit)")]
    [InlineData("delete from approvals")]
    [InlineData("insert into approvals select 'apr_forged', 'run_forged', strategy_id, digest, 'APPROVED', body, created_utc, expires_utc, null, record_seq from approvals")]
    [InlineData("insert into deployments values ('pub_forged', 'apr_test', 'run_test', 's', 'paper', 'paper_trading', '{}', '2025-03-03T00:00:00.000000Z')")]
    [InlineData("delete from audit")]
    [InlineData("update audit set actor = 'ana'")]
    [InlineData("update audit_head set seq = 0")]
    public async Task Direct_writes_as_the_application_are_refused_by_the_store(string sql) =>
        (await CodeAsync(() => rows.ExecuteAsync(sql, null, Ct))).Should().Be("STO-1007");

    [Theory]
    [InlineData("votes written into the row", "DEP-1004")]
    [InlineData("votes written into the row and into the chain", "DEP-1004")]
    [InlineData("another person for the one who asked", "DEP-1004")]
    [InlineData("a smaller quorum", "DEP-1004")]
    [InlineData("a reset cut off", "DEP-1004")]
    [InlineData("the triggers dropped", "DEP-1004")]
    [InlineData("the seal taken away", "DEP-1004")]
    [InlineData("the digest and the evidence together", "DEP-1004")]
    public async Task With_the_file_opened_by_hand_nothing_is_deployed(string edit, string code)
    {
        bool isVoted = edit is "a reset cut off" or "the triggers dropped" or "the seal taken away";
        if (isVoted)
        {
            await VoteAsync("ana");
        }

        string body = (await rows.FirstOrDefaultAsync<string>("select body from approvals", null, Ct))!;
        if (edit == "a reset cut off")
        {
            await approvals.ResetAsync(asked.Id, "ben", "bad data", Ct);
        }

        // A connection of its own, past everything the program does.
        IRowStore hand = await store.OpenAsync(unmigrated: true);
        Func<Task> raiseGuards = await store.LowerGuardsAsync();
        Approval forged = ApprovalRules.Cast(asked, new(VoteChoice.Approve, new("ana", "Ana Ruiz", "approver"), "sound", asked.Digest), EvidenceNow.Of(asked.Digest), Start).Approval;
        switch (edit)
        {
            case "votes written into the row":
                await PutAsync(hand, forged);
                break;
            case "votes written into the row and into the chain":
                await PutAsync(hand, forged);
                await hand.InTransactionAsync(tx => new AuditChain(clock).AppendAsync(
                    tx, new("ana", "approval.approved", "approval:apr_test", "sound", new JsonObject { ["digest"] = asked.Digest, ["state_hash"] = forged.StateHash().Hex }), Ct), Ct);
                break;
            case "another person for the one who asked":
                await PutAsync(hand, forged with { RequestedBy = "eva" });
                break;
            case "a smaller quorum":
                await PutAsync(hand, forged with { Quorum = 0, Votes = [] });
                break;
            case "a reset cut off":
                await hand.ExecuteAsync("delete from audit where seq = (select max(seq) from audit)", null, Ct);
                await hand.ExecuteAsync("update audit_head set seq = (select max(seq) from audit), hash = (select hash from audit order by seq desc limit 1)", null, Ct);
                await hand.ExecuteAsync("update approvals set status = 'APPROVED', body = @body", new { body }, Ct);
                break;
            case "the seal taken away":
                await hand.ExecuteAsync("delete from audit_seal", null, Ct);
                break;
            case "the digest and the evidence together":
                await File.AppendAllTextAsync(folder["evidence.json"], " ", Ct);
                ApprovalSubject other = asked.Subject with { Evidence = [new("evidence.json", ContentHash.OfFile(folder["evidence.json"]).Hex)] };
                Approval changed = asked with { Subject = other, Digest = other.Digest().Hex };
                await PutAsync(hand, ApprovalRules.Cast(changed, new(VoteChoice.Approve, new("ana", "Ana Ruiz", "approver"), "sound", changed.Digest), EvidenceNow.Of(changed.Digest), Start).Approval);
                break;
        }

        if (edit != "the triggers dropped")
        {
            await raiseGuards();
        }

        await NothingDeploysAsync(code);
    }

    private Task<Approval> VoteAsync(string voter) => approvals.CastAsync(asked.Id, VoteChoice.Approve, voter, "sound", asked.Digest, Ct);

    private async Task RefusedAsync(string code, Func<Task> attempt)
    {
        (await CodeAsync(attempt)).Should().Be(code);
        await NothingDeploysAsync("DEP-1001");
    }

    private async Task NothingDeploysAsync(string code)
    {
        (await CodeAsync(() => deployments.EnsureAllowedAsync(asked.Id, "paper", Ct))).Should().Be(code, "before the first effect");
        (await CodeAsync(() => deployments.PublishAsync(Deployment(), Ct))).Should().Be(code, "and where it is published");
        (await deployments.ListAsync(Ct)).Should().BeEmpty();
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

    private static Task PutAsync(IRowStore hand, Approval forged) => hand.ExecuteAsync(
        "update approvals set status = 'APPROVED', digest = @Digest, body = @Body", new { forged.Digest, Body = JsonSerializer.Serialize(forged, ApprovalJson.Options) }, Ct);

    private Task UserAsync(string id, string name, string role) => rows.ExecuteAsync(
        "insert into users (id, name, plan, role, created_at_utc) values (@id, @name, 'pro', @role, '2025-01-01T00:00:00.000000Z')", new { id, name, role }, Ct);

    private Approval Request(string id, string run)
    {
        ApprovalSubject subject = Some.Subject(clock.GetUtcNow(), [new("evidence.json", ContentHash.OfFile(folder["evidence.json"]).Hex)]);
        return Some.Approval(clock.GetUtcNow()) with
        {
            Id = id, RunId = run, Subject = subject, Digest = subject.Digest().Hex, RequestedBy = "rita", FourEyes = FourEyes.Strict,
            Parties = [new("deployer", "rita"), new("trainer", "tom"), new("author", "Aldo Diaz")],
        };
    }

    private Deployment Deployment()
    {
        PaperWindow window = PaperWindow.After(Start, 14, NyseCalendar.Instance);
        return new(
            "pub_first", asked.Id, asked.Digest, asked.RunId, asked.Subject.StrategyId, "MKT.SYN", "paper", "paper_trading", new string('d', 64), asked.Subject.ConfigHash,
            asked.Subject.Pack, asked.Subject.DataSnapshotId, new("Swing", "test"), asked.Subject.Limits, false, false, window.StartUtc, window.EndUtc, window.EarliestLiveUtc, Start);
    }

    private sealed class SettableClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

public sealed class ApprovalAbuseOnSqliteTests : ApprovalAbuseTests;

[OnStore(StoreEngine.Postgres)]
public sealed class ApprovalAbuseOnPostgresTests : ApprovalAbuseTests;
