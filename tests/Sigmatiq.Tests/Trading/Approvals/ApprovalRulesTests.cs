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
    public void Strict_four_eyes_refuse_the_one_who_started_the_run_but_let_them_reject()
    {
        Approval asked = Some.Approval(Now) with { FourEyes = FourEyes.Strict };
        ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Problem!.Code.Should().Be("APR-1006");
        ApprovalRules.Cast(asked, Some.Vote(asked) with { Voter = "somebody-else" }, EvidenceNow.Of(asked.Digest), Now).Accepted.Should().BeTrue();
        ApprovalRules.Cast(asked, Some.Vote(asked) with { Choice = VoteChoice.Reject }, EvidenceNow.Of(asked.Digest), Now).Accepted.Should().BeTrue();
    }

    [Fact]
    public void Relaxed_four_eyes_record_a_self_approval()
    {
        Approval asked = Some.Approval(Now);
        ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Approval.SelfApproved.Should().BeTrue();
        ApprovalRules.Cast(asked, Some.Vote(asked) with { Voter = "somebody-else" }, EvidenceNow.Of(asked.Digest), Now).Approval.SelfApproved.Should().BeFalse();
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
            subject with { ShownHash = "x" },
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
