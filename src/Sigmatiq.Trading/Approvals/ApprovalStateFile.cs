using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store;

namespace Sigmatiq.Trading.Approvals;

/// <summary><c>public/data/production/approval_state.json</c> and its twin per strategy (spec 04 §4.7): a picture of the rows for
/// readers outside, never read back.</summary>
public static class ApprovalStateFile
{
    /// <summary>Writes both files in one rename each.</summary>
    public static void Write(DataDirectory data, Approval approval)
    {
        string text = JsonSerializer.Serialize(Json(approval), ApprovalJson.File) + "\n";
        string safe = SafeName(approval.Subject.StrategyId);
        AtomicFile.Write(data.File("public", "data", "production", $"approval_state_{safe}.json"), text);
        AtomicFile.Write(data.File("public", "data", "production", "approval_state.json"), text);
    }

    /// <summary>A strategy's id as a part of a file name.</summary>
    public static string SafeName(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_'));

    /// <summary>The file's content.</summary>
    public static JsonObject Json(Approval approval)
    {
        bool approved = approval.Status is ApprovalStatus.Approved or ApprovalStatus.Live;
        bool rejected = approval.Status == ApprovalStatus.Rejected;
        int passed = approval.Gates.Count(g => g?["passed"]?.GetValue<bool>() == true);
        return new JsonObject
        {
            ["status"] = JsonSerializer.SerializeToNode(approval.Status, ApprovalJson.Options),
            ["strategy"] = approval.Subject.StrategyId,
            ["strategy_name"] = approval.Subject.StrategyName,
            ["backtest_year"] = int.TryParse(approval.Subject.DataRange.AsSpan(Math.Max(0, approval.Subject.DataRange.Length - 10), 4), out int year) ? year : null,
            ["backtest_recommendation"] = JsonSerializer.SerializeToNode(approval.Recommendation, ApprovalJson.Options),
            ["backtest_confidence"] = approval.Gates.Count == 0 ? 0 : Math.Round((double)passed / approval.Gates.Count, 4),
            ["gates"] = approval.Gates.DeepClone(),
            ["backtest_metrics"] = approval.Metrics.DeepClone(),
            ["deploy_manifest"] = JsonSerializer.SerializeToNode(approval.Subject.Manifest, ApprovalJson.Options),
            ["approved_by"] = approved ? string.Join(", ", approval.Votes.Select(v => v.Voter).DefaultIfEmpty(approval.DecidedBy ?? "")) : null,
            ["approved_at"] = approved ? approval.DecidedUtc?.UtcDateTime.ToString("O") : null,
            ["reviewer_notes"] = approved ? approval.Reason : null,
            ["rejected_by"] = rejected ? approval.DecidedBy : null,
            ["rejected_at"] = rejected ? approval.DecidedUtc?.UtcDateTime.ToString("O") : null,
            ["rejection_reason"] = rejected ? approval.Reason : null,
            ["self_approved"] = approval.SelfApproved,
            ["approval_id"] = approval.Id,
            ["digest"] = approval.Digest,
            ["bundle_hash"] = approval.Subject.BundleHash,
            ["created_at"] = approval.CreatedUtc.UtcDateTime.ToString("O"),
            ["last_updated"] = (approval.DecidedUtc ?? approval.CreatedUtc).UtcDateTime.ToString("O"),
        };
    }
}
