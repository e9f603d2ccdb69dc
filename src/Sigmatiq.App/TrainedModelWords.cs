using System.Text.Json.Nodes;
using Sigmatiq.Learning.Trained;

namespace Sigmatiq.App;

/// <summary>A trained model as commands and HTTP show it.</summary>
internal static class TrainedModelWords
{
    /// <summary>Record and review in one object; with the metadata where they are given.</summary>
    public static JsonObject Json(TrainedModelRecord record, TrainedModelReview review, JsonObject? meta = null)
    {
        JsonObject json = new()
        {
            ["id"] = record.TrainedModelId, ["model_id"] = record.ModelId, ["job_id"] = record.JobId, ["combo_id"] = record.ComboId,
            ["config_hash"] = record.ConfigHash, ["data_snapshot_id"] = record.DataSnapshotId, ["artifact_hash"] = record.ArtifactHash, ["state"] = record.State,
            ["review"] = review.ToJson(), ["flags"] = new JsonArray([.. record.Flags.Select(f => (JsonNode)f)]),
            ["user_decision"] = record.State == "trained" ? null : record.State == "published" ? "publish" : "discard",
            ["decided_by"] = record.DecidedBy, ["decision_reason"] = record.DecisionReason,
        };
        if (meta is not null)
        {
            json["meta"] = meta;
        }

        return json;
    }
}
