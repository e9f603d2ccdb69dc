using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>Asks for trainings, one per combo, all or none.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="SelectedConfigs">The combos, each once.</param>
/// <param name="SweepId">Their sweep; without it the newest completed one of the model.</param>
/// <param name="TrainingParams">How to train: <c>validation</c>, <c>test_size</c> (fraction 0.05 to 0.5), <c>calibration</c>, <c>tune</c>, <c>permutation_importance</c>, <c>hyperparameters</c>.</param>
public sealed record TrainingAsked(string ModelId, IReadOnlyList<SelectedConfig> SelectedConfigs, string? SweepId = null, JsonObject? TrainingParams = null);

/// <summary>A combo to train.</summary>
/// <param name="ComboId">Its id within its sweep, from 1.</param>
/// <param name="Rank">Its rank, for people.</param>
/// <param name="Config">Its config, for people.</param>
public sealed record SelectedConfig(int ComboId, int? Rank = null, JsonObject? Config = null);

/// <summary>Trainings that were asked for.</summary>
/// <param name="Jobs">One per combo.</param>
/// <param name="Warnings">What their maker should know, as sentences.</param>
public sealed record TrainingQueued(IReadOnlyList<TrainingShown> Jobs, IReadOnlyList<string> Warnings);

/// <summary>A training job.</summary>
/// <param name="Id">The job.</param>
/// <param name="JobId">The same.</param>
/// <param name="Status"><c>queued, training, completed, failed</c> or <c>cancelled</c>.</param>
/// <param name="ModelId">The model.</param>
/// <param name="TrainedModelId">The trained model, once completed.</param>
/// <param name="SweepId">The sweep of the combo.</param>
/// <param name="ComboId">The combo.</param>
/// <param name="Rank">Its rank.</param>
/// <param name="ConfigHash">Hash of its config.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="EvidenceOnly">Whether the combo failed its gates and is trained for evidence alone.</param>
/// <param name="TrainingParams">How it is trained.</param>
/// <param name="Hyperparameters">As asked for, and once completed as used.</param>
/// <param name="Seed">Its chance.</param>
/// <param name="Progress">The five steps.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
/// <param name="CreatedBy">Who asked.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="StartedAt">When the newest attempt began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Results">Only of a job's results: what the trained model says of itself, as stored; metrics are fractions.</param>
public sealed record TrainingShown(
    string Id, string JobId, string Status, string ModelId, string? TrainedModelId, string SweepId, int ComboId, int Rank, string ConfigHash, string DataSnapshotId, bool EvidenceOnly,
    JsonObject TrainingParams, JsonObject Hyperparameters, int Seed, IReadOnlyList<TrainingStepShown> Progress, ProblemStored? Problem, string CreatedBy, string CreatedAt, string? StartedAt,
    string? FinishedAt, JsonObject? Results = null);

/// <summary>One of the five steps of a training.</summary>
/// <param name="Step"><c>data_preparation, feature_engineering, model_training, validation</c> or <c>calibration</c>.</param>
/// <param name="Status"><c>pending, in_progress, complete</c> or <c>failed</c>.</param>
/// <param name="Duration">Seconds; elapsed while in progress, null while pending.</param>
public sealed record TrainingStepShown(string Step, string Status, double? Duration);

/// <summary>A failure as it was kept.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Where">Where.</param>
/// <param name="Remedy">What can be done.</param>
public sealed record ProblemStored(string Code, string Message, string? Where = null, string? Remedy = null);
