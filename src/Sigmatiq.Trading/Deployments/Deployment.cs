using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sigmatiq.Trading.Deployments;

/// <summary>How alerts of a published model are made (spec 05 §5.1).</summary>
/// <param name="Name">Name for people, 3 to 80 characters.</param>
/// <param name="Description">What it is.</param>
/// <param name="AlertFrequency">Grid of evaluation: <c>5_minutes</c>, <c>1_hour</c> …</param>
/// <param name="MaxAlertsPerDay">Per exchange day.</param>
/// <param name="PaperTradeDurationDays">Calendar days of paper trading.</param>
public sealed record PublishSettings(
    string Name, string Description, string AlertFrequency = "1_hour", int MaxAlertsPerDay = 3, int PaperTradeDurationDays = 14);

/// <summary>An approved trained model bound to a target and limits.</summary>
/// <param name="Id">Id of the deployment, <c>pub_…</c>.</param>
/// <param name="ApprovalId">The vote it rests on.</param>
/// <param name="ApprovalDigest">Digest of exactly what was approved.</param>
/// <param name="RunId">Run that deployed it.</param>
/// <param name="StrategyId">What runs.</param>
/// <param name="Symbol">On which symbol.</param>
/// <param name="Mode"><c>paper</c>; live trading needs approvals that no run of this workflow gives.</param>
/// <param name="Status"><c>paper_trading</c> and the further states of spec 05 §5.2.</param>
/// <param name="ArtifactHash">The refitted model's content hash.</param>
/// <param name="ConfigHash">Model config and combo.</param>
/// <param name="PackVersion">Pack as <c>id@version</c>.</param>
/// <param name="DataSnapshotId">Bars that the refit used.</param>
/// <param name="Settings">Alert settings.</param>
/// <param name="Limits">Limits approved with it.</param>
/// <param name="GateFailed">Approved although a quality gate had refused it: never counts towards live.</param>
/// <param name="SelfApproved">Approved by the one who ran it: never enough for live.</param>
/// <param name="PaperStartUtc">First session open of the paper session.</param>
/// <param name="PaperEndUtc">End of the paper session.</param>
/// <param name="LiveDateUtc">Earliest live date, not a promise.</param>
/// <param name="CreatedUtc">When it was published.</param>
public sealed record Deployment(
    string Id, string ApprovalId, string ApprovalDigest, string RunId, string StrategyId, string Symbol, string Mode, string Status,
    string ArtifactHash, string ConfigHash, string PackVersion, string DataSnapshotId, PublishSettings Settings, JsonObject Limits,
    bool GateFailed, bool SelfApproved, DateTimeOffset PaperStartUtc, DateTimeOffset PaperEndUtc, DateTimeOffset LiveDateUtc, DateTimeOffset CreatedUtc)
{
    /// <summary>States of a deployment that has come to its end: its approval was reset; a newer deployment took its place.</summary>
    public const string Stopped = "stopped", Retired = "retired";

    /// <summary>Whether it has not come to its end.</summary>
    [JsonIgnore]
    public bool IsActive => Status is not (Stopped or Retired);
}
