using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning.Trained;

/// <summary>One training as the store knows it (spec 03 §3.8).</summary>
/// <param name="JobId"><c>train_001</c>…</param>
/// <param name="Key">Which work it is: the same key finds the same job.</param>
/// <param name="ModelId">The model.</param>
/// <param name="TrainedModelId">The id that its trained model has, or will have.</param>
/// <param name="SweepId">The sweep of the combo.</param>
/// <param name="ComboId">The combo.</param>
/// <param name="ComboRank">Its rank.</param>
/// <param name="ConfigHash">Hash of its config.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="PlanHash">Hash of everything that decides the result.</param>
/// <param name="Parameters"><c>training_params</c>, JSON.</param>
/// <param name="Hyperparameters">Hyperparameters, JSON: as asked for, and once completed as used.</param>
/// <param name="Seed">Seed.</param>
/// <param name="EvidenceOnly">Whether the combo failed its gates and is trained for evidence alone.</param>
/// <param name="Status"><c>queued</c>, <c>training</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Problem">Why it failed, JSON; null where it did not.</param>
/// <param name="CreatedBy">Who asked for it.</param>
/// <param name="CreatedAtUtc">When.</param>
/// <param name="StartedAtUtc">When the newest attempt began.</param>
/// <param name="FinishedAtUtc">When it ended.</param>
public sealed record TrainingJob(
    string JobId, string Key, string ModelId, string TrainedModelId, string SweepId, int ComboId, int ComboRank, string ConfigHash,
    string DataSnapshotId, string PlanHash, string Parameters, string Hyperparameters, int Seed, bool EvidenceOnly, string Status, string? Problem,
    string CreatedBy, DateTimeOffset CreatedAtUtc, DateTimeOffset? StartedAtUtc, DateTimeOffset? FinishedAtUtc)
{
    internal const string Columns =
        "job_id, key, model_id, trained_model_id, sweep_id, combo_id, combo_rank, config_hash, data_snapshot_id, plan_hash, parameters, hyperparameters, "
        + "seed, evidence_only, status, problem, created_by, created_at_utc, started_at_utc, finished_at_utc";

    /// <summary>The five steps, in order.</summary>
    public IReadOnlyList<TrainingProgress> Progress { get; init; } = [];

    /// <summary>Code of a training that was given up.</summary>
    internal const string Cancelled = "TRN-3010";

    /// <summary>Why it failed, or null.</summary>
    public Problem? Failure => Problem is null ? null : JsonNode.Parse(Problem) switch
    {
        { } p => new(p["code"]!.GetValue<string>(), p["message"]!.GetValue<string>(), p["where"]?.GetValue<string>(), p["remedy"]?.GetValue<string>()),
        null => null,
    };

    /// <summary>The refusal to go on with a job that was given up.</summary>
    internal static ProblemException WasCancelled(string jobId) =>
        new(Cancelled, $"{jobId} was cancelled.", jobId, "Ask for it again to train it after all.", ExitCode.Cancelled);

    /// <summary>As JSON (spec 03 §3.8).</summary>
    public JsonObject ToJson() => new()
    {
        ["id"] = JobId,
        ["job_id"] = JobId,
        ["status"] = Status,
        ["model_id"] = ModelId,
        ["trained_model_id"] = Status == "completed" ? TrainedModelId : null,
        ["sweep_id"] = SweepId,
        ["combo_id"] = ComboId,
        ["rank"] = ComboRank,
        ["config_hash"] = ConfigHash,
        ["data_snapshot_id"] = DataSnapshotId,
        ["evidence_only"] = EvidenceOnly,
        ["training_params"] = JsonNode.Parse(Parameters),
        ["hyperparameters"] = JsonNode.Parse(Hyperparameters),
        ["seed"] = Seed,
        ["progress"] = new JsonArray([.. Progress.Select(p => (JsonNode)new JsonObject { ["step"] = p.Step, ["status"] = p.Status, ["duration"] = p.Duration })]),
        ["problem"] = Problem is null ? null : JsonNode.Parse(Problem),
        ["created_by"] = CreatedBy,
        ["created_at"] = Store.Rows.UtcText.Format(CreatedAtUtc),
        ["started_at"] = StartedAtUtc is { } started ? Store.Rows.UtcText.Format(started) : null,
        ["finished_at"] = FinishedAtUtc is { } finished ? Store.Rows.UtcText.Format(finished) : null,
    };
}
