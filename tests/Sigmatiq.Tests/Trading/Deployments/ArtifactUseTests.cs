using Sigmatiq.Market.Calendars;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Trading.Paper;

namespace Sigmatiq.Tests.Trading.Deployments;

/// <summary>Whose files must stay: what is asked about, approved, or trades.</summary>
public sealed class ArtifactUseTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 16, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Trained = new('d', 64), Fitted = new('f', 64);

    [Theory]
    [InlineData(ApprovalStatus.PendingApproval, null, ArtifactStanding.Asked)]
    [InlineData(ApprovalStatus.Approved, null, ArtifactStanding.Approved)]
    [InlineData(ApprovalStatus.Approved, "paper_trading", ArtifactStanding.Deployed)]
    [InlineData(ApprovalStatus.Live, "live", ArtifactStanding.Deployed)]
    [InlineData(ApprovalStatus.Rejected, null, null)]
    [InlineData(ApprovalStatus.Approved, "retired", null)]
    [InlineData(ApprovalStatus.Approved, "stopped", null)]
    public void A_model_is_needed_from_the_request_until_what_trades_is_replaced(ApprovalStatus status, string? deployed, ArtifactStanding? expected)
    {
        Approval approval = Some.Approval(Now) with { Status = status };
        var uses = ArtifactUse.Of([approval], deployed is null ? [] : [Deployment(approval, deployed)]);
        uses.GetValueOrDefault(Trained)?.Standing.Should().Be(expected);
        uses.ContainsKey(Trained).Should().Be(expected is not null);
        uses.GetValueOrDefault(Fitted)?.Standing.Should().Be(expected is ArtifactStanding.Deployed ? expected : null);
        uses.ContainsKey(Fitted).Should().Be(expected is ArtifactStanding.Deployed, "what was fitted after the approval exists from then on");
    }

    [Fact]
    public void Of_two_requests_about_one_model_the_one_that_came_further_counts()
    {
        Approval first = Some.Approval(Now) with { Id = "apr_first", Status = ApprovalStatus.Approved }, again = Some.Approval(Now) with { Id = "apr_again" };
        foreach (Approval[] order in (Approval[][])[[first, again], [again, first]])
        {
            ArtifactUse.Of(order, [Deployment(first, "paper_trading")])[Trained].Should().Be(new ArtifactUse(ArtifactStanding.Deployed, "apr_first", "pub_first"));
        }
    }

    private static Deployment Deployment(Approval approval, string status)
    {
        PaperWindow window = PaperWindow.After(Now, 14, NyseCalendar.Instance);
        return new(
            "pub_first", approval.Id, approval.Digest, approval.RunId, approval.Subject.StrategyId, "MKT.SYN", "paper", status, Fitted, approval.Subject.ConfigHash, approval.Subject.Pack,
            approval.Subject.DataSnapshotId, new("Swing", "test"), approval.Subject.Limits, false, false, window.StartUtc, window.EndUtc, window.EarliestLiveUtc, Now);
    }
}
