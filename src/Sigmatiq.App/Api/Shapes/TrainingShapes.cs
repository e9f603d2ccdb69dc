using System.Text.Json.Nodes;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>Asks for trainings, one per combo, all or none.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="SelectedConfigs">The combos, each once.</param>
/// <param name="SweepId">Their sweep; without it the newest completed one of the model.</param>
/// <param name="TrainingParams">How to train: <c>validation</c>, <c>test_size</c> (fraction 0.05 to 0.5), <c>calibration</c>, <c>tune</c>, <c>permutation_importance</c>, <c>hyperparameters</c>.</param>
/// <param name="EvidenceOnly">Whether combos that failed their gates may be trained too: they are marked <c>gate_failed</c> and never go live.</param>
public sealed record TrainingAsked(
    string ModelId, IReadOnlyList<SelectedConfig> SelectedConfigs, string? SweepId = null, JsonObject? TrainingParams = null, bool? EvidenceOnly = null);

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

/// <summary>A trained model with its review.</summary>
/// <param name="Id">The trained model.</param>
/// <param name="ModelId">The model.</param>
/// <param name="JobId">The training it comes from.</param>
/// <param name="ComboId">The combo.</param>
/// <param name="ConfigHash">Hash of the combo's config.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="ArtifactHash">Hash of what was learned, without ids and times.</param>
/// <param name="State"><c>trained, published</c> or <c>discarded</c>.</param>
/// <param name="Review">What its figures say.</param>
/// <param name="Flags">What is to be doubted.</param>
/// <param name="UserDecision"><c>publish</c> or <c>discard</c>; null before a person decided.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="DecisionReason">Why.</param>
/// <param name="Meta">Only where one is asked for: metrics, reliability, importance and the rest of its metadata, as stored; rates are fractions.</param>
public sealed record TrainedModelShown(
    string Id, string ModelId, string JobId, int ComboId, string ConfigHash, string DataSnapshotId, string ArtifactHash, string State, TrainedModelJudged Review, IReadOnlyList<string> Flags,
    string? UserDecision, string? DecidedBy, string? DecisionReason, JsonObject? Meta = null);

/// <summary>What the figures of a trained model say; it decides nothing.</summary>
/// <param name="SharpeBacktest">Sharpe ratio a year of its combo's backtest.</param>
/// <param name="SharpeOof">Of the trades it would have let through, out of fold.</param>
/// <param name="SharpeValidation">The same on the hold-out.</param>
/// <param name="SharpeInterval">95 % interval of the latter, low and high.</param>
/// <param name="TradesValidation">Trades on the hold-out.</param>
/// <param name="Retention">Validation over backtest, a fraction.</param>
/// <param name="Suggestion"><c>publish, review</c> or <c>discard</c>.</param>
/// <param name="Sentence">Why, in words.</param>
/// <param name="HoldoutLook">The how-manieth look at this hold-out it was.</param>
/// <param name="Obstacles">What speaks against it.</param>
/// <param name="PublishGate">What publishing it needs a reason for.</param>
public sealed record TrainedModelJudged(
    double? SharpeBacktest, double? SharpeOof, double? SharpeValidation, IReadOnlyList<double>? SharpeInterval, int TradesValidation, double? Retention, string Suggestion, string Sentence,
    int? HoldoutLook, IReadOnlyList<string> Obstacles, IReadOnlyList<string> PublishGate);

/// <summary>A decision about a trained model.</summary>
/// <param name="Reason">Why; needed where the review speaks against it.</param>
public sealed record TrainedModelDecision(string? Reason = null);
