using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Pages;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Api;

/// <summary>A request for a vote as the page shows it.</summary>
internal static class ApprovalReader
{
    public static ApprovalView Read(Approval approval)
    {
        ApprovalSubject subject = approval.Subject;
        Mark state = approval.Status switch
        {
            ApprovalStatus.PendingApproval => Mark.Waiting,
            ApprovalStatus.Rejected => Mark.Bad,
            _ => Mark.Ok,
        };
        return new(approval.Id, subject.StrategyName, subject.Target, state, approval.Recommendation.ToString().ToUpperInvariant(), approval.Digest,
            approval.CreatedUtc, subject.ExpiresUtc,
            [
                new("Strategy", subject.StrategyName),
                new("Pack", subject.Pack, PageText.Short(subject.PackHash)),
                new("Config", PageText.Short(subject.ConfigHash)),
                new("Parameters", Pairs(subject.Parameters)),
                new("Data snapshot", PageText.Short(subject.DataSnapshotId), PageText.Dates(subject.DataRange)),
                new("Trained models", string.Join(", ", subject.ArtifactHashes.Select(PageText.Short))),
                new("Evidence", PageText.Short(subject.BundleHash), $"{subject.Evidence.Count} files"),
                new("Target", subject.Target),
                new("Limits", Pairs(subject.Limits)),
                new("Asked by", approval.RequestedBy),
                new("Four eyes", approval.FourEyes == FourEyes.Strict ? "strict" : "relaxed", $"{approval.Votes.Count} of {approval.Quorum} votes cast"),
            ],
            approval.DecidedBy, approval.DecidedUtc, approval.Reason, approval.SelfApproved, subject.GateFailed);
    }

    // max_position_pct: 3 reads "max position 3%".
    private static string Pairs(JsonObject map) => string.Join(", ", map.Select(p => p.Key.EndsWith("_pct", StringComparison.Ordinal)
        ? $"{p.Key[..^4].Replace('_', ' ')} {Value(p.Value)}{(p.Value?.GetValueKind() == JsonValueKind.Number ? "%" : "")}"
        : $"{p.Key.Replace('_', ' ')} {Value(p.Value)}"));

    private static string Value(JsonNode? value) => value switch
    {
        null => "none",
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
        JsonArray list => string.Join(" ", list.Select(Value)),
        _ => value.ToJsonString(),
    };
}
