using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.Trading;

/// <summary>Approvals for tests that say only what matters.</summary>
internal static class Some
{
    public static ApprovalSubject Subject(DateTimeOffset nowUtc, IReadOnlyList<EvidenceFile>? evidence = null) => new(
        "swingsigma-momentum_swing-mkt.syn", "Swing Sigma on MKT.SYN", "swingsigma@1.1.0", new string('a', 64), new string('b', 64),
        new JsonObject { ["threshold"] = 0.5 }, new string('c', 64), "2018-01-02 to 2025-02-28", [new string('d', 64)], new string('e', 64),
        evidence ?? [], new JsonObject { ["trials"] = 45 }, new JsonObject { ["max_position_pct"] = 5 }, "paper", GateFailed: false, nowUtc.AddDays(7));

    public static Approval Approval(DateTimeOffset nowUtc, IReadOnlyList<EvidenceFile>? evidence = null)
    {
        ApprovalSubject subject = Subject(nowUtc, evidence);
        return new(
            "apr_test", "run_test", subject, subject.Digest().Hex, Recommendation.Review, [], [], "operator", FourEyes.Relaxed, nowUtc);
    }

    public static Vote Vote(Approval approval) => new(VoteChoice.Approve, "operator", "looks sound", approval.Digest);
}
