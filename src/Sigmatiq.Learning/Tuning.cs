using System.Text.Json.Nodes;
using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Checkpoints;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Learning;

/// <summary>One point of the tuning grid and how it did on the selection window, out of fold.</summary>
/// <param name="Hyperparameters">The point.</param>
/// <param name="LogLoss">Mean logarithmic loss of the uncalibrated out-of-fold scores over purged rows: what decides. Null where no fold could
/// be fitted.</param>
/// <param name="Outcome">The combo on the selection window with this point's calibrated out-of-fold probabilities: what the trial ledger
/// counts.</param>
public sealed record TuningRun(Hyperparameters Hyperparameters, double? LogLoss, ComboOutcome Outcome)
{
    /// <summary>Identity of the trial: the combo's config with these hyperparameters.</summary>
    public ContentHash ConfigHash(string comboConfigHash) =>
        ContentHash.OfJson(new JsonObject { ["config_hash"] = comboConfigHash, ["hyperparameters"] = Hyperparameters.ToJson() });
}

/// <summary>The small grid of spec 03 §3.3, tried on forward-chaining purged folds of the selection window. The hold-out takes no part.</summary>
internal static class Tuning
{
    private static readonly int[] Trees = [100, 200], Depths = [3, 5, 7];
    private static readonly double[] Rates = [0.01, 0.1];

    /// <summary>The twelve points around the given hyperparameters.</summary>
    public static IReadOnlyList<Hyperparameters> Grid(Hyperparameters around) =>
    [
        .. from trees in Trees
           from depth in Depths
           from rate in Rates
           select around with { NEstimators = trees, MaxDepth = depth, LearningRate = rate },
    ];

    /// <summary>Tries every point; each is kept, so that a killed tuning goes on behind the last.</summary>
    public static IReadOnlyList<TuningRun> Run(
        ILearner learner, TrainingPlan plan, TrainingData data, TrainingRows rows, Inputs inputs, ICheckpoints checkpoints, CancellationToken ct)
    {
        List<TuningRun> runs = [];
        foreach (Hyperparameters point in Grid(plan.Parameters.Hyperparameters))
        {
            string name = NameOf(runs.Count);
            TuningRun? run = checkpoints.Find<TuningRun>(name);
            if (run is null)
            {
                run = Try(learner, plan, data, rows, inputs, point, ct);
                checkpoints.Keep(name, run);
            }

            runs.Add(run);
        }

        return runs;
    }

    /// <summary>Where a point's run is kept, by its place in the grid from 0.</summary>
    public static string NameOf(int point) => FormattableString.Invariant($"model_training-tuning-{point + 1:00}");

    /// <summary>Tries one point.</summary>
    public static TuningRun Try(
        ILearner learner, TrainingPlan plan, TrainingData data, TrainingRows rows, Inputs inputs, Hyperparameters point, CancellationToken ct)
    {
        FoldScores folds = FoldScores.Of(learner, rows, inputs.Features, point, ct);
        double loss = folds.MeanLogLoss(rows);
        return new(point, double.IsFinite(loss) ? loss : null, OnSelection(plan, data, rows, folds, Calibrate(plan, rows, folds)));
    }

    /// <summary>The point with the lowest loss; of equals the first, which is the smaller model.</summary>
    public static Hyperparameters Best(IReadOnlyList<TuningRun> runs) => runs.MinBy(r => r.LogLoss ?? double.PositiveInfinity)!.Hyperparameters;

    /// <summary>Rows with an out-of-fold score. Those whose outcome was not known a day before the hold-out calibrate no more than they
    /// train.</summary>
    public static int[] Calibrating(TrainingRows rows, FoldScores folds) => [.. rows.Training.Where(r => double.IsFinite(folds.ScoreOfBar[rows.DecisionBars[r]]))];

    /// <summary>Platt's map on out-of-fold scores; the identity where the plan asks for none.</summary>
    public static PlattMap Calibrate(TrainingPlan plan, TrainingRows rows, FoldScores folds)
    {
        int[] calibrating = Calibrating(rows, folds);
        return plan.Parameters.Calibration == TrainingParameters.Sigmoid
            ? Platt.Fit([.. calibrating.Select(r => folds.ScoreOfBar[rows.DecisionBars[r]])], rows.LabelsOf(calibrating))
            : PlattMap.Identity;
    }

    /// <summary>The combo on the selection window with calibrated out-of-fold probabilities.</summary>
    public static ComboOutcome OnSelection(TrainingPlan plan, TrainingData data, TrainingRows rows, FoldScores folds, PlattMap map) =>
        folds.FirstBar < rows.HoldoutStart ? data.Backtest(map.Probabilities(folds.ScoreOfBar), folds.FirstBar, rows.HoldoutStart) : ComboOutcome.None;
}
