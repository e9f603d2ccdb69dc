using System.Text.Json.Nodes;
using Sigmatiq.Learning.Learners;

namespace Sigmatiq.Learning.Trained;

/// <summary>A trained model as the store knows it: an immutable artefact, its metadata, and what a person decided.</summary>
/// <param name="TrainedModelId"><c>{model_id}_trained_{nnn}</c>.</param>
/// <param name="JobId">The training it comes from.</param>
/// <param name="ModelId">The model.</param>
/// <param name="ComboId">The combo.</param>
/// <param name="ConfigHash">Hash of the combo's config.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="ArtifactHash">Hash of what was learned, without ids and times: two runs on the same bars have the same.</param>
/// <param name="Files">File names and their hashes, JSON.</param>
/// <param name="Meta">The metadata file's content, and the store's history of it (job, sweep, time, look at the hold-out), JSON.</param>
/// <param name="State"><c>trained</c>, <c>published</c> or <c>discarded</c>.</param>
/// <param name="CreatedAtUtc">When its training was asked for.</param>
/// <param name="DecidedBy">Who published or discarded it.</param>
/// <param name="DecidedAtUtc">When.</param>
/// <param name="DecisionReason">Why, in their words.</param>
public sealed record TrainedModelRecord(
    string TrainedModelId, string JobId, string ModelId, int ComboId, string ConfigHash, string DataSnapshotId, string ArtifactHash, string Files,
    string Meta, string State, DateTimeOffset CreatedAtUtc, string? DecidedBy, DateTimeOffset? DecidedAtUtc, string? DecisionReason)
{
    internal const string Columns =
        "trained_model_id, job_id, model_id, combo_id, config_hash, data_snapshot_id, artifact_hash, files, meta, state, created_at_utc, decided_by, "
        + "decided_at_utc, decision_reason";

    /// <summary>The metadata, parsed.</summary>
    public JsonObject MetaJson => JsonNode.Parse(Meta)!.AsObject();

    /// <summary>What it was trained with, as asked for.</summary>
    public TrainingParameters Parameters => TrainingParameters.Parse(MetaJson["training_params"]!.AsObject());

    /// <summary>The hyperparameters it was fitted with: those asked for, or the best of the tuning grid.</summary>
    public Hyperparameters Hyperparameters => new Hyperparameters().With(MetaJson["hyperparameters"]!.AsObject());

    /// <summary>What a reader must know; see <see cref="TrainingFlags"/>.</summary>
    public IReadOnlyList<string> Flags => [.. MetaJson["flags"]!.AsArray().Select(f => f!.GetValue<string>())];
}
