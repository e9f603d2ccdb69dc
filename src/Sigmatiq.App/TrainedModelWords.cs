using System.Text.Json.Nodes;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.App;

/// <summary>A trained model as commands and HTTP show it.</summary>
internal static class TrainedModelWords
{
    /// <summary>Record, review and who needs it in one object; with the metadata where they are given.</summary>
    public static JsonObject Json(TrainedModelRecord record, TrainedModelReview review, ArtifactUse? use, JsonObject? meta = null)
    {
        JsonObject json = new()
        {
            ["id"] = record.TrainedModelId, ["model_id"] = record.ModelId, ["job_id"] = record.JobId, ["combo_id"] = record.ComboId,
            ["config_hash"] = record.ConfigHash, ["data_snapshot_id"] = record.DataSnapshotId, ["artifact_hash"] = record.ArtifactHash, ["state"] = record.State,
            ["review"] = review.ToJson(), ["flags"] = new JsonArray([.. record.Flags.Select(f => (JsonNode)f)]),
            ["user_decision"] = record.State == "trained" ? null : record.State == "published" ? "publish" : "discard",
            ["decided_by"] = record.DecidedBy, ["decision_reason"] = record.DecisionReason,
            ["use"] = use is null ? null : new JsonObject { ["standing"] = use.Standing.ToString().ToLowerInvariant(), ["approval"] = use.Approval, ["deployment"] = use.Deployment },
        };
        if (meta is not null)
        {
            json["meta"] = meta;
        }

        return json;
    }
}
