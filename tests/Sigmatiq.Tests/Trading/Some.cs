using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.Tests.Trading;

/// <summary>Approvals for tests that say only what matters.</summary>
internal static class Some
{
    public static ApprovalSubject Subject(DateTimeOffset nowUtc, IReadOnlyList<EvidenceFile>? evidence = null) => new(
        "swingsigma-momentum_swing-mkt.syn", "Swing Sigma on MKT.SYN", "swingsigma@1.1.0", new string('a', 64), new string('b', 64),
        new JsonObject { ["threshold"] = 0.5 }, new string('c', 64), "2018-01-02 to 2025-02-28", [new string('d', 64)], new string('e', 64),
        evidence ?? [], new JsonObject { ["trials"] = 45 }, new JsonObject { ["max_position_pct"] = 5 }, "paper", GateFailed: false, nowUtc.AddDays(7))
    {
        Manifest = DeployManifest.ForPack,
    };

    public static Approval Approval(DateTimeOffset nowUtc, IReadOnlyList<EvidenceFile>? evidence = null)
    {
        ApprovalSubject subject = Subject(nowUtc, evidence);
        return new(
            "apr_test", "run_test", subject, subject.Digest().Hex, Recommendation.Review, [], [], "operator", FourEyes.Relaxed, nowUtc);
    }

    public static Vote Vote(Approval approval, Voter? voter = null) => new(VoteChoice.Approve, voter ?? Operator, "looks sound", approval.Digest);

    /// <summary>The one operator of a local store, who also asks for the runs of these tests.</summary>
    public static Voter Operator { get; } = new("operator", "local operator", "operator");

    /// <summary>Somebody who may vote and had no part.</summary>
    public static Voter Approver(string id = "ana") => new(id, $"{id} of the desk", "approver");

    /// <summary>Knows the operator, and as an approver everybody else but <c>nobody</c>.</summary>
    public static Task<Voter?> FindAsync(IRows rows, string id, CancellationToken ct) =>
        Task.FromResult(id switch { "operator" => Operator, "nobody" => null, _ => Approver(id) });
}
