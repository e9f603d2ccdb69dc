using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Importance;
using Sigmatiq.Learning.Learners;

namespace Sigmatiq.Learning;

/// <summary>What a training found, without ids and times: the same plan on the same bars gives an equal one.</summary>
public sealed record TrainingResult
{
    /// <summary>The trees, as the learner writes them.</summary>
    public required byte[] Trees { get; init; }

    /// <summary>From raw score to probability.</summary>
    public required PlattMap Calibration { get; init; }

    /// <summary>Means and deviations of the training rows.</summary>
    public required FeatureScaler Scaler { get; init; }

    /// <summary>The hyperparameters used: those of the plan, or the best of the grid.</summary>
    public required Hyperparameters Hyperparameters { get; init; }

    /// <summary>Grid points tried, in order; empty without tuning.</summary>
    public required IReadOnlyList<TuningRun> Tuning { get; init; }

    /// <summary>Rows used.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>Metrics on the rows fitted on.</summary>
    public required ClassScores Training { get; init; }

    /// <summary>Metrics on the hold-out.</summary>
    public required ClassScores Validation { get; init; }

    /// <summary>Mean and deviation over the folds, by metric name.</summary>
    public required IReadOnlyDictionary<string, MeanAndDeviation> CrossValidation { get; init; }

    /// <summary>Quality of the probabilities on the hold-out before and after calibration.</summary>
    public required CalibrationReport CalibrationReport { get; init; }

    /// <summary>Share of the total split gain per input, summing to 1 over all inputs, largest first.</summary>
    public required IReadOnlyList<FeatureShare> Importance { get; init; }

    /// <summary>What shuffling each input costs on out-of-fold rows; null where it was not asked for.</summary>
    public required PermutationReport? Permutation { get; init; }

    /// <summary>The combo on the hold-out with this model; <see cref="ComboOutcome.None"/> where nothing is held out.</summary>
    public required ComboOutcome SharpeValidation { get; init; }

    /// <summary>The combo on the selection window with this model's out-of-fold probabilities.</summary>
    public required ComboOutcome SharpeOof { get; init; }

    /// <summary>Mean net return of the gains in training (05 §5.4); null where there are none.</summary>
    public required double? MeanGain { get; init; }

    /// <summary>Mean net return of the other training rows; null where there are none.</summary>
    public required double? MeanLoss { get; init; }

    /// <summary>What a reader must know: see <see cref="TrainingFlags"/>.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>Calibrated out-of-fold probability per bar of the selection window, NaN elsewhere; shape [bars].</summary>
    public required double[] OofConfidence { get; init; }

    /// <summary>Calibrated probability per bar of the hold-out, NaN elsewhere; shape [bars].</summary>
    public required double[] HoldoutConfidence { get; init; }

    /// <summary>First bar of the hold-out.</summary>
    public required int HoldoutStart { get; init; }
}

/// <summary>How many rows took part.</summary>
/// <param name="Training">Purged rows of the selection window.</param>
/// <param name="Effective">Sum of their uniqueness weights.</param>
/// <param name="Gains">Gains among them.</param>
/// <param name="OutOfFold">Rows that calibrated.</param>
/// <param name="Validation">Labelled rows of the hold-out.</param>
public sealed record RowCounts(int Training, double Effective, int Gains, int OutOfFold, int Validation);

/// <summary>Mean and sample deviation over the folds that have the metric; null where none, or one, has.</summary>
public sealed record MeanAndDeviation(double? Mean, double? Std, int Folds);

/// <summary>One input and its share of the total split gain.</summary>
public sealed record FeatureShare(string Feature, double Importance);

/// <summary>Permutation importance of all inputs.</summary>
/// <param name="Loss"><c>log_loss</c> or <c>auc</c>.</param>
/// <param name="Rows">Out-of-fold rows measured on.</param>
/// <param name="Features">All inputs, most important first.</param>
public sealed record PermutationReport(string Loss, int Rows, IReadOnlyList<PermutedFeature> Features);

/// <summary>Probabilities against what came, on hold-out rows.</summary>
public sealed record CalibrationReport(
    double? BrierBefore, double? BrierAfter, IReadOnlyList<ReliabilityBin> ReliabilityBefore, IReadOnlyList<ReliabilityBin> ReliabilityAfter);

/// <summary>Flags of a training; the text is what files and screens show.</summary>
public static class TrainingFlags
{
    /// <summary>The sweep had seen part of the hold-out: the validation is no validation, and the model cannot be published.</summary>
    public const string ValidationContaminated = "validation_contaminated";

    /// <summary>The score ranks backwards or not at all: the probability is the base rate; cannot be published.</summary>
    public const string NoSkill = "no_skill";

    /// <summary>Fitted on all labelled bars after an approval: nothing was held out, so nothing validates it but the model it refits.</summary>
    public const string Refit = "refit";

    /// <summary>The combo failed its gates and was trained for evidence only.</summary>
    public const string GateFailed = "gate_failed";

    /// <summary>Calibration had nothing to fit on.</summary>
    public const string NotCalibrated = "not_calibrated";

    /// <summary>Sweep and out-of-fold backtest differ in trades by more than a factor 2: the threshold was picked on another classifier.</summary>
    public const string TradesDiffer = "trades_differ";
}
