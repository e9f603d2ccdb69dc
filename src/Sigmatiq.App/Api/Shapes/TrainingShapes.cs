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
/// <param name="Use">Who needs its files, so that it cannot be discarded; null where nobody does.</param>
/// <param name="Meta">Only where one is asked for: metrics, reliability, importance and the rest of its metadata, as stored; rates are fractions.</param>
public sealed record TrainedModelShown(
    string Id, string ModelId, string JobId, int ComboId, string ConfigHash, string DataSnapshotId, string ArtifactHash, string State, TrainedModelJudged Review, IReadOnlyList<string> Flags,
    string? UserDecision, string? DecidedBy, string? DecisionReason, TrainedModelUse? Use, JsonObject? Meta = null);

/// <summary>Who needs a trained model.</summary>
/// <param name="Standing"><c>asked</c>, a request for a vote waits; <c>approved</c>, and not deployed yet; <c>deployed</c>, it or what was fitted from it trades.</param>
/// <param name="Approval">The request.</param>
/// <param name="Deployment">What trades; null before.</param>
public sealed record TrainedModelUse(string Standing, string Approval, string? Deployment);

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

/// <summary>What a trained model says of itself, in the order of its page. Rates, returns and drawdowns are fractions; all figures are the stored ones but where said.</summary>
/// <param name="Model">The trained model with its review.</param>
/// <param name="EvidenceOnly">Whether its combo failed its gates: it can never be published.</param>
/// <param name="Gate">What the gates said of the combo: <c>PASS, MARGINAL</c> or <c>FAIL</c>.</param>
/// <param name="Threshold">Probability from which an entry is let through.</param>
/// <param name="CreatedUtc">When its training was asked for.</param>
/// <param name="DecidedUtc">When it was decided about; null before.</param>
/// <param name="Verdict">What retention says, with its interval, in words.</param>
/// <param name="Lineage">What it comes from.</param>
/// <param name="Rows">How many rows took part.</param>
/// <param name="Scores">Metrics of its probabilities, in-sample beside hold-out and folds.</param>
/// <param name="Outcomes">The combo's backtest: as swept, out of fold and on the hold-out.</param>
/// <param name="Calibration">How far its probabilities can be believed.</param>
/// <param name="Inputs">What its inputs were worth, the most used first.</param>
/// <param name="PermutationLoss">What shuffling was measured by: <c>log_loss</c> or <c>auc</c>; null where it was not.</param>
/// <param name="PermutationRows">Out-of-fold rows it was measured on.</param>
/// <param name="TuningPoints">Points of the tuning grid that were tried, each a trial.</param>
/// <param name="Hyperparameters">What it was fitted with.</param>
public sealed record TrainedModelReport(
    TrainedModelShown Model, bool EvidenceOnly, string Gate, double? Threshold, DateTimeOffset CreatedUtc, DateTimeOffset? DecidedUtc, RetentionVerdict Verdict, TrainedLineage Lineage, TrainedRows Rows,
    IReadOnlyList<TrainedScore> Scores, IReadOnlyList<TrainedOutcome> Outcomes, TrainedCalibration Calibration, IReadOnlyList<TrainedInput> Inputs, string? PermutationLoss, int? PermutationRows,
    int TuningPoints, JsonObject Hyperparameters);

/// <summary>What retention says. Its interval is formed here: the hold-out's Sharpe interval by the Sharpe of the backtest.</summary>
/// <param name="Retention">Sharpe on the hold-out by that of the backtest; null where the latter is not above 0.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Suggestion"><c>publish, review</c> or <c>discard</c>; it decides nothing.</param>
/// <param name="Words">All of it in one or two sentences.</param>
/// <param name="ReasonNeeded">Whether publishing it needs a reason.</param>
/// <param name="Publishable">Whether it can be published at all.</param>
public sealed record RetentionVerdict(double? Retention, double? Low, double? High, string Suggestion, string Words, bool ReasonNeeded, bool Publishable);

/// <summary>What a trained model comes from.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="ComboId">The combo.</param>
/// <param name="Rank">Its rank in the sweep.</param>
/// <param name="Combo">Its parameters.</param>
/// <param name="Pack">The pack with its version.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="Synthetic">Whether the simulator made the bars; null where the sweep is gone.</param>
/// <param name="EngineVersion">Version of the engine.</param>
/// <param name="ConfigHash">Hash of the combo's config.</param>
/// <param name="ArtifactHash">Hash of what was learned.</param>
/// <param name="RefitOf">What it refits; null where it is no refit.</param>
/// <param name="Seed">Its chance.</param>
/// <param name="Files">Its files with the hashes of their bytes.</param>
public sealed record TrainedLineage(
    string SweepId, int ComboId, int Rank, JsonObject Combo, string Pack, string DataSnapshotId, bool? Synthetic, string EngineVersion, string ConfigHash, string ArtifactHash, string? RefitOf, int Seed,
    IReadOnlyList<TrainedFile> Files);

/// <summary>A file of a trained model.</summary>
/// <param name="Name">Its name below <c>models/</c>.</param>
/// <param name="Sha256">Hash of its bytes.</param>
public sealed record TrainedFile(string Name, string Sha256);

/// <summary>How many rows took part.</summary>
/// <param name="Training">Rows of the selection window it was fitted on.</param>
/// <param name="Effective">Sum of their uniqueness weights: labels of neighbouring bars overlap.</param>
/// <param name="Gains">Gains among them.</param>
/// <param name="OutOfFold">Rows that calibrated.</param>
/// <param name="Holdout">Rows of the hold-out.</param>
public sealed record TrainedRows(int Training, double? Effective, int Gains, int OutOfFold, int Holdout);

/// <summary>A metric of its probabilities.</summary>
/// <param name="Metric"><c>accuracy, precision, recall, f1_score</c> or <c>auc_roc</c>.</param>
/// <param name="InSample">On the rows it was fitted on.</param>
/// <param name="Holdout">On the hold-out.</param>
/// <param name="FoldMean">Mean over the walk-forward folds.</param>
/// <param name="FoldDeviation">Sample deviation over them.</param>
/// <param name="Folds">How many have it.</param>
public sealed record TrainedScore(string Metric, double? InSample, double? Holdout, double? FoldMean, double? FoldDeviation, int Folds);

/// <summary>The combo's backtest on a window.</summary>
/// <param name="Window"><c>backtest</c> (as swept), <c>out_of_fold</c> or <c>holdout</c>.</param>
/// <param name="Sharpe">Sharpe ratio a year.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Trades">Trades.</param>
/// <param name="Return">Total return.</param>
/// <param name="Drawdown">Largest drawdown, 0 or below.</param>
/// <param name="P">One-sided p of the mean trade return.</param>
public sealed record TrainedOutcome(string Window, double? Sharpe, double? Low, double? High, int? Trades, double? Return, double? Drawdown, double? P);

/// <summary>How far its probabilities can be believed, on the hold-out.</summary>
/// <param name="Fitted">Whether a map from score to probability was fitted.</param>
/// <param name="NoSkill">Whether the score ranks backwards or not at all.</param>
/// <param name="Rows">Rows the map was fitted on.</param>
/// <param name="BrierBefore">Brier score of the raw probability; 0 is perfect, 0.25 is what 0.5 on everything gets.</param>
/// <param name="BrierAfter">After calibration.</param>
/// <param name="BrierOfBaseRate">What saying the hold-out's own share of gains to every row would get; formed here.</param>
/// <param name="Before">Ten bins before calibration.</param>
/// <param name="After">Ten bins after it.</param>
public sealed record TrainedCalibration(
    bool Fitted, bool NoSkill, int Rows, double? BrierBefore, double? BrierAfter, double? BrierOfBaseRate, IReadOnlyList<ReliabilityShown> Before, IReadOnlyList<ReliabilityShown> After);

/// <summary>One tenth of the range of probabilities.</summary>
/// <param name="From">Lower end.</param>
/// <param name="To">Upper end.</param>
/// <param name="Count">Rows in it.</param>
/// <param name="Said">Mean probability said; null without rows.</param>
/// <param name="Came">Share of gains; null without rows.</param>
/// <param name="Low">Lower end of the share's 95 % interval as if its rows were independent, which they are not: the true one is wider.</param>
/// <param name="High">Upper end.</param>
public sealed record ReliabilityShown(double From, double To, int Count, double? Said, double? Came, double? Low, double? High);

/// <summary>What an input was worth.</summary>
/// <param name="Input">The input.</param>
/// <param name="Gain">Its share of the split gain: what the model used.</param>
/// <param name="Permutation">What shuffling it costs on rows not seen: what it was good for; null where not measured.</param>
/// <param name="PermutationDeviation">Deviation of the latter.</param>
public sealed record TrainedInput(string Input, double Gain, double? Permutation, double? PermutationDeviation);
