using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.Tests.Trading.Deployments;

public sealed class DeployRulesTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 3, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_approved_request_with_unchanged_evidence_and_an_intact_chain_deploys() =>
        DeployRules.Refusal(Approved(), EvidenceNow.Of(Approved().Digest), true, "paper").Should().BeNull();

    [Theory]
    [InlineData(ApprovalStatus.PendingApproval)]
    [InlineData(ApprovalStatus.Rejected)]
    public void Nothing_deploys_without_an_approval(ApprovalStatus status) =>
        DeployRules.Refusal(Approved() with { Status = status }, EvidenceNow.Of(Approved().Digest), true, "paper")!.Code.Should().Be("DEP-1001");

    [Fact]
    public void Evidence_that_changed_after_the_vote_deploys_nothing()
    {
        DeployRules.Refusal(Approved(), EvidenceNow.Differs("evidence.json is missing"), true, "paper")!.Message.Should().Contain("evidence.json is missing");
        DeployRules.Refusal(Approved(), EvidenceNow.Of(new string('0', 64)), true, "paper")!.Code.Should().Be("DEP-1002");
    }

    [Fact]
    public void A_vote_on_paper_is_not_a_vote_on_live_trading() =>
        DeployRules.Refusal(Approved(), EvidenceNow.Of(Approved().Digest), true, "live")!.Code.Should().Be("DEP-1003");

    [Fact]
    public void A_broken_audit_chain_deploys_nothing() =>
        DeployRules.Refusal(Approved(), EvidenceNow.Of(Approved().Digest), false, "paper")!.Code.Should().Be("DEP-1004");

    [Fact]
    public void A_status_without_the_votes_that_its_policy_asks_for_deploys_nothing()
    {
        Approval bare = Some.Approval(Now) with { Status = ApprovalStatus.Approved };
        DeployRules.Refusal(bare, EvidenceNow.Of(bare.Digest), true, "paper")!.Code.Should().Be("DEP-1006");
        Approval strict = Approved() with { FourEyes = FourEyes.Strict };
        DeployRules.Refusal(strict, EvidenceNow.Of(strict.Digest), true, "paper")!.Code.Should().Be("DEP-1006", "the operator asked for it");
    }

    private static Approval Approved() => ApprovalRules.Cast(Some.Approval(Now), Some.Vote(Some.Approval(Now)), EvidenceNow.Of(Some.Approval(Now).Digest), Now).Approval;
}
