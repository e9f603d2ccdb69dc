using System.Text.Json.Nodes;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.Trading.Approvals;

public sealed class ApprovalRulesTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 3, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Row", "S2-32")]
    public void An_approval_binds_voter_time_and_reason()
    {
        Approval asked = Some.Approval(Now);
        ApprovalDecision decision = ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now);
        decision.Accepted.Should().BeTrue();
        decision.Approval.Should().BeEquivalentTo(new { Status = ApprovalStatus.Approved, DecidedBy = "operator", DecidedUtc = Now, Reason = "looks sound" });
    }

    [Fact]
    public void A_vote_without_a_reason_does_not_count() =>
        Refusal(a => Some.Vote(a) with { Reason = " " }).Should().Be("APR-1004");

    [Fact]
    public void A_vote_on_what_was_shown_before_a_change_does_not_count() =>
        Refusal(a => Some.Vote(a) with { Digest = new string('0', 64) }).Should().Be("APR-1005");

    [Fact]
    public void A_vote_does_not_count_once_the_evidence_differs()
    {
        Approval asked = Some.Approval(Now);
        ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Differs("evidence.json is missing"), Now).Problem!.Code.Should().Be("APR-1003");
        ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(new string('0', 64)), Now).Problem!.Code.Should().Be("APR-1003");
    }

    [Fact]
    public void A_decided_request_takes_no_second_vote()
    {
        Approval asked = Some.Approval(Now);
        Approval rejected = ApprovalRules.Cast(asked, Some.Vote(asked) with { Choice = VoteChoice.Reject }, EvidenceNow.Of(asked.Digest), Now).Approval;
        rejected.Status.Should().Be(ApprovalStatus.Rejected);
        ApprovalRules.Cast(rejected, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1002");
    }

    [Fact]
    public void Strict_four_eyes_give_the_one_who_started_the_run_no_vote()
    {
        Approval asked = Some.Approval(Now) with { FourEyes = FourEyes.Strict };
        Voter asker = Some.Operator with { Role = "approver" };
        ApprovalRules.Cast(asked, Some.Vote(asked, asker), EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1006");
        ApprovalRules.Cast(asked, Some.Vote(asked, asker) with { Choice = VoteChoice.Reject }, EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1006");
        ApprovalRules.Cast(asked, Some.Vote(asked, Some.Approver()), EvidenceNow.Of(asked.Digest), Now).Accepted.Should().BeTrue();
    }

    [Fact]
    public void Approving_against_a_recommendation_to_reject_needs_notes()
    {
        Approval asked = Some.Approval(Now) with { Recommendation = Sigmatiq.Backtest.Evidence.Recommendation.Reject };
        ApprovalRules.Cast(asked, Some.Vote(asked) with { Reason = " " }, EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1012");
        ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Accepted.Should().BeTrue();
    }

    [Fact]
    public void A_quorum_of_two_takes_two_persons_and_one_who_rejects_ends_it()
    {
        Approval asked = Some.Approval(Now) with { FourEyes = FourEyes.Strict, Quorum = 2 };
        Approval one = ApprovalRules.Cast(asked, Some.Vote(asked, Some.Approver()), EvidenceNow.Of(asked.Digest), Now).Approval;
        one.Status.Should().Be(ApprovalStatus.PendingApproval);
        ApprovalRules.Standing(one)!.Code.Should().Be("APR-1018");
        ApprovalRules.Cast(one, Some.Vote(asked, Some.Approver()), EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1011");
        Approval two = ApprovalRules.Cast(one, Some.Vote(asked, Some.Approver("ben")), EvidenceNow.Of(asked.Digest), Now).Approval;
        (two.Status, ApprovalRules.Standing(two)).Should().Be((ApprovalStatus.Approved, null));
        ApprovalRules.Cast(one, Some.Vote(asked, Some.Approver("ben")) with { Choice = VoteChoice.Reject }, EvidenceNow.Of(asked.Digest), Now).Approval.Status
            .Should().Be(ApprovalStatus.Rejected);
    }

    [Fact]
    public void A_vote_handed_over_counts_for_one_person_while_the_other_could_vote()
    {
        Approval asked = Some.Approval(Now) with { FourEyes = FourEyes.Strict, Quorum = 2 };
        Voter ana = Some.Approver(), eva = new("eva", "Eva", "operator");
        Approval handed = ApprovalRules.Delegate(asked, ana, eva, "on leave", Now).Approval;
        ApprovalRules.Cast(handed, Some.Vote(asked, ana), EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1011");
        Approval voted = ApprovalRules.Cast(handed, Some.Vote(asked, eva) with { Delegators = [ana] }, EvidenceNow.Of(asked.Digest), Now).Approval;
        voted.Votes.Should().ContainSingle().Which.For.Should().Be("ana");
        ApprovalRules.Cast(voted, Some.Vote(asked, eva) with { Delegators = [ana] }, EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1011");
        ApprovalRules.Cast(handed, Some.Vote(asked, eva) with { Delegators = [ana with { Role = "viewer" }] }, EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1020");
        ApprovalRules.Cast(handed, Some.Vote(asked, eva with { Role = "viewer" }) with { Delegators = [ana] }, EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1020");
        ApprovalRules.Delegate(asked, ana, eva with { Role = "viewer" }, "to a viewer", Now).Problem!.Code.Should().Be("APR-1013");
        ApprovalRules.Delegate(asked, ana, eva with { Role = "researcher" }, "to a researcher", Now).Problem!.Code.Should().Be("APR-1013");
        ApprovalRules.Delegate(handed, eva, Some.Approver("ben"), "further", Now).Problem!.Code.Should().Be("APR-1020");
        ApprovalRules.Delegate(asked, ana, ana, "to me", Now).Problem!.Code.Should().Be("APR-1013");
        ApprovalRules.Delegate(asked, ana, Some.Operator, "to the asker", Now).Problem!.Code.Should().Be("APR-1006");
        ApprovalRules.Delegate(asked, Some.Operator with { Role = "approver" }, eva, "by the asker", Now).Problem!.Code.Should().Be("APR-1006");
        ApprovalRules.Delegate(asked, ana, eva with { IsActive = false }, "x", Now).Problem!.Code.Should().Be("APR-1013");
        ApprovalRules.Delegate(asked, ana, eva, " ", Now).Problem!.Code.Should().Be("APR-1004");
    }

    [Fact]
    [Trait("Row", "S2-20")]
    public void A_reset_sets_a_decided_request_aside_for_good()
    {
        Approval asked = Some.Approval(Now);
        ApprovalRules.Reset(asked, Some.Operator, "again", Now).Problem!.Code.Should().Be("APR-1015");
        Approval approved = ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Approval;
        ApprovalRules.Reset(approved, Some.Operator, " ", Now).Problem!.Code.Should().Be("APR-1004");
        ApprovalRules.Reset(approved, Some.Operator with { Role = "viewer" }, "again", Now).Problem!.Code.Should().Be("APR-1020");
        Approval reset = ApprovalRules.Reset(approved, Some.Operator, "new data", Now).Approval;
        reset.Should().BeEquivalentTo(new { Status = ApprovalStatus.Rejected, Reason = "reset: new data", ResetUtc = Now });
        ApprovalRules.Cast(reset, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1002");
        ApprovalRules.Reset(reset, Some.Operator, "once more", Now).Problem!.Code.Should().Be("APR-1015");
        ApprovalRules.Standing(reset)!.Code.Should().Be("APR-1018");
    }

    [Fact]
    public void Reminders_follow_from_request_and_clock_and_the_last_one_is_escalated()
    {
        Approval asked = Some.Approval(Now) with { RemindAfter = [TimeSpan.FromDays(3), TimeSpan.FromDays(1), TimeSpan.FromDays(9)], EscalateTo = "admin" };
        ApprovalNotices.Due(asked, Now.AddDays(1).AddTicks(-1)).Should().BeEmpty();
        ApprovalNotices.NextLookUtc(asked, Now).Should().Be(Now.AddDays(1));
        IReadOnlyList<ApprovalNotice> due = ApprovalNotices.Due(asked, Now.AddDays(4));
        due.Select(n => (n.Key, n.DueUtc)).Should().Equal(("approval:apr_test:reminder:1", Now.AddDays(1)), ("approval:apr_test:reminder:2", Now.AddDays(3)));
        due.Select(n => string.Join(",", n.To)).Should().Equal("approver", "approver,admin");
        ApprovalNotices.NextLookUtc(asked, Now.AddDays(4)).Should().Be(asked.Subject.ExpiresUtc, "the ninth day is after the expiry");
        ApprovalNotices.Due(asked, asked.Subject.ExpiresUtc).Should().BeEmpty();
        ApprovalNotices.Due(asked with { Status = ApprovalStatus.Approved }, Now.AddDays(4)).Should().BeEmpty();
    }

    [Fact]
    public void Relaxed_four_eyes_record_a_self_approval()
    {
        Approval asked = Some.Approval(Now);
        ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Approval.SelfApproved.Should().BeTrue();
        ApprovalRules.Cast(asked, Some.Vote(asked, Some.Approver()), EvidenceNow.Of(asked.Digest), Now).Approval.SelfApproved.Should().BeFalse();
    }

    [Fact]
    public void Silence_until_the_expiry_is_a_rejection()
    {
        Approval asked = Some.Approval(Now);
        ApprovalRules.Expire(asked, asked.Subject.ExpiresUtc.AddTicks(-1)).Status.Should().Be(ApprovalStatus.PendingApproval);
        Approval expired = ApprovalRules.Expire(asked, asked.Subject.ExpiresUtc);
        expired.Should().BeEquivalentTo(new { Status = ApprovalStatus.Rejected, Reason = "expired", DecidedBy = "clock" });
        ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), asked.Subject.ExpiresUtc).Problem!.Code.Should().Be("APR-1007");
    }

    [Fact]
    public void Every_field_of_the_subject_moves_the_digest()
    {
        ApprovalSubject subject = Some.Subject(Now, [new("evidence.json", new string('f', 64))]);
        ApprovalSubject[] changed =
        [
            subject with { StrategyId = "x" }, subject with { StrategyName = "x" }, subject with { Pack = "x" }, subject with { PackHash = "x" },
            subject with { ConfigHash = "x" }, subject with { Parameters = new JsonObject { ["threshold"] = 0.6 } }, subject with { DataSnapshotId = "x" },
            subject with { DataRange = "x" }, subject with { ArtifactHashes = [] }, subject with { BundleHash = "x" }, subject with { Evidence = [] },
            subject with { SelectionNote = [] }, subject with { Limits = [] }, subject with { Target = "live" }, subject with { GateFailed = true }, subject with { ExpiresUtc = Now },
            subject with { ShownHash = "x" }, subject with { Manifest = subject.Manifest! with { DbTables = [] } },
        ];
        changed.Should().HaveCount(typeof(ApprovalSubject).GetProperties().Length);
        changed.Select(s => s.Digest()).Append(subject.Digest()).Should().OnlyHaveUniqueItems();
    }

    private static string? Refusal(Func<Approval, Vote> vote)
    {
        Approval asked = Some.Approval(Now);
        ApprovalDecision decision = ApprovalRules.Cast(asked, vote(asked), EvidenceNow.Of(asked.Digest), Now);
        decision.Approval.Should().BeSameAs(asked);
        return decision.Problem?.Code;
    }
}
