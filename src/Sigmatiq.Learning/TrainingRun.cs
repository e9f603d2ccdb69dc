using System.Globalization;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning;

/// <summary>Trains the classifier of one combo, in the five steps of spec 03 §3.8. Start reading here.</summary>
/// <remarks>
/// <para>The order: labels by the engine's own walk; the hold-out cut off; rows purged; features checked for leaks; the classifier
/// fitted on the selection window; five forward-chaining folds scored by models of earlier rows only; Platt's map fitted on those
/// out-of-fold scores; everything judged on the hold-out, which none of this has seen.</para>
/// <para>The result depends on plan and bars alone: not on clock, threads, or how often it was begun. A killed training is run again
/// from its start and gives the same bytes; it takes seconds.</para>
/// </remarks>
public sealed class TrainingRun(ILearner learner, TimeProvider clock)
{
    private const int RowsMin = 100;
    private const double TradesFactorMax = 2;

    /// <summary>Trains.</summary>
    /// <param name="plan">Which combo, and how.</param>
    /// <param name="data">Bars and what to compute on them.</param>
    /// <param name="onProgress">Receives the five steps after every change.</param>
    /// <param name="ct">Stops between two trees.</param>
    /// <exception cref="ProblemException">GATE_FAILED: the combo failed its gates and this is not for evidence only. TRN-1004: too few
    /// labelled rows, or one kind of outcome. TRN-1005, TRN-1006: a feature leaks. TRN-1001, TRN-1002: hyperparameters. TRN-2002: the
    /// learner refused.</exception>
    public TrainingResult Run(TrainingPlan plan, TrainingData data, Action<IReadOnlyList<TrainingProgress>> onProgress, CancellationToken ct)
    {
        RefuseGateFailure(plan);
        ProgressBoard board = new(clock, onProgress);
        TrainingRows rows = board.Run("data_preparation", () => TrainingRows.Prepare(plan, data, RowsMin));
        Inputs inputs = board.Run("feature_engineering", () => ComputeInputs(data, rows));
        ct.ThrowIfCancellationRequested();
        Tuned tuned = board.Run("model_training", () => Train(plan, rows, inputs, ct));
        using IFittedModel model = tuned.Model;
        Scored scored = board.Run("validation", () => Validate(rows, inputs, tuned, ct));
        return board.Run("calibration", () => Calibrate(plan, data, rows, inputs, tuned, scored));
    }

    /// <summary>Refuses a combo that failed its gates, unless it is trained for evidence only.</summary>
    /// <exception cref="ProblemException">GATE_FAILED.</exception>
    public static void RefuseGateFailure(TrainingPlan plan)
    {
        if (plan.Gate == GateStatus.Fail && !plan.IsEvidenceOnly)
        {
            throw new ProblemException("GATE_FAILED", $"Combo {plan.ComboId} of {plan.SweepId} failed its gates.", $"combo {plan.ComboId}",
                "Select a combo with PASS or MARGINAL, or train it with --evidence-only: it is then marked gate_failed and never goes live.");
        }
    }

    /// <summary>The small grid of spec 03 §3.3 around the given hyperparameters.</summary>
    public static IReadOnlyList<Hyperparameters> Grid(Hyperparameters around) =>
    [
        .. from trees in new[] { 100, 200 }
           from depth in new[] { 3, 5, 7 }
           from rate in new[] { 0.01, 0.1 }
           select around with { NEstimators = trees, MaxDepth = depth, LearningRate = rate },
    ];

    private static Inputs ComputeInputs(TrainingData data, TrainingRows rows)
    {
        FeatureColumns features = data.ComputeFeatures(data.Bars);
        if (features.Names.Count == 0)
        {
            throw new ProblemException("TRN-1007", "The model has no input: no feature and no indicator is selected.", "features",
                "Select at least one indicator or feature in the model.");
        }

        LeakageCheck.Correlation(features, rows.BarsOf(rows.Training), rows.LabelsOf(rows.Training));
        LeakageCheck.Future(data.Bars, Math.Min(rows.HoldoutStart, rows.Bars - 1) - 1, data.ComputeFeatures);
        LeakageCheck.Future(data.Bars, data.From + ((rows.HoldoutStart - data.From) / 2), data.ComputeFeatures);
        return new(features, FeatureScaler.Fit(features, rows.BarsOf(rows.Training)));
    }

    private Tuned Train(TrainingPlan plan, TrainingRows rows, Inputs inputs, CancellationToken ct)
    {
        Hyperparameters best = plan.Parameters.Hyperparameters;
        FoldScores? folds = null;
        int tried = 0;
        if (plan.Parameters.Tune)
        {
            double lowest = double.PositiveInfinity;
            foreach (Hyperparameters candidate in Grid(best))
            {
                FoldScores scores = FoldScores.Of(learner, rows, inputs.Features, candidate, ct);
                double loss = scores.MeanLogLoss(rows);
                tried++;
                if (loss < lowest || folds is null)
                {
                    (lowest, best, folds) = (loss, candidate, scores);
                }
            }
        }

        int[] training = rows.BarsOf(rows.Training);
        IFittedModel model = learner.Fit(
            inputs.Features.Rows(training, inputs.Scaler), rows.LabelsOf(rows.Training), rows.WeightsOf(rows.Training), best, ct);
        return new(model, best, folds, tried);
    }

    private Scored Validate(TrainingRows rows, Inputs inputs, Tuned tuned, CancellationToken ct)
    {
        FoldScores folds = tuned.Folds ?? FoldScores.Of(learner, rows, inputs.Features, tuned.Hyperparameters, ct);
        return new(folds, Scores(tuned.Model, inputs, rows.Holdout), Scores(tuned.Model, inputs, rows.BarsOf(rows.Training)));
    }

    private static double[] Scores(IFittedModel model, Inputs inputs, int[] bars) => model.Scores(inputs.Features.Rows(bars, inputs.Scaler));

    private static TrainingResult Calibrate(
        TrainingPlan plan, TrainingData data, TrainingRows rows, Inputs inputs, Tuned tuned, Scored scored)
    {
        // Rows whose outcome was not known a day before the hold-out calibrate no more than they train.
        int[] calibrating = [.. rows.Training.Where(r => double.IsFinite(scored.Folds.ScoreOfBar[rows.DecisionBars[r]]))];
        PlattMap map = plan.Parameters.Calibration == TrainingParameters.Sigmoid
            ? Platt.Fit([.. calibrating.Select(r => scored.Folds.ScoreOfBar[rows.DecisionBars[r]])], rows.LabelsOf(calibrating))
            : PlattMap.Identity;

        double[] oof = map.Probabilities(scored.Folds.ScoreOfBar), holdout = new double[rows.Bars];
        Array.Fill(holdout, double.NaN);
        for (int i = 0; i < rows.Holdout.Length; i++)
        {
            holdout[rows.Holdout[i]] = map.Probability(scored.Holdout[i]);
        }

        int[] validation = rows.Validation;
        double[] probability = [.. validation.Select(r => holdout[rows.DecisionBars[r]])];
        double[] labels = rows.LabelsOf(validation);
        double[] score = [.. validation.Select(r => scored.Holdout[rows.DecisionBars[r] - rows.HoldoutStart])];
        double[] raw = PlattMap.Identity.Probabilities(score);
        double[] net = [.. rows.Training.Select(r => rows.Labels.NetReturn[rows.DecisionBars[r]])];
        ComboOutcome onSelection = scored.Folds.FirstBar < rows.HoldoutStart
            ? data.Backtest(oof, scored.Folds.FirstBar, rows.HoldoutStart)
            : ComboOutcome.None;
        return new()
        {
            Trees = tuned.Model.ToBytes(),
            Calibration = map,
            Scaler = inputs.Scaler,
            Hyperparameters = tuned.Hyperparameters,
            TuningRuns = tuned.Tried,
            Rows = new(rows.Training.Length, rows.WeightsOf(rows.Training).Sum(), net.Count(r => r > 0), calibrating.Length, validation.Length),
            Training = ClassScores.Of(map.Probabilities(scored.Training), rows.LabelsOf(rows.Training), plan.Threshold, scored.Training),
            Validation = ClassScores.Of(probability, labels, plan.Threshold, score),
            CrossValidation = scored.Folds.Spread(rows, map, plan.Threshold),
            CalibrationReport = new(
                Reliability.Brier(raw, labels), Reliability.Brier(probability, labels), Reliability.Table(raw, labels), Reliability.Table(probability, labels)),
            Importance = Shares(inputs.Features.Names, tuned.Model.TotalGain()),
            SharpeValidation = rows.HoldoutStart < rows.Bars ? data.Backtest(holdout, rows.HoldoutStart, rows.Bars) : ComboOutcome.None,
            SharpeOof = onSelection,
            MeanGain = net.Any(r => r > 0) ? net.Where(r => r > 0).Average() : null,
            MeanLoss = net.Any(r => r <= 0) ? net.Where(r => r <= 0).Average() : null,
            Flags = Flags(plan, rows, map, onSelection),
            OofConfidence = oof,
            HoldoutConfidence = holdout,
            HoldoutStart = rows.HoldoutStart,
        };
    }

    private static List<string> Flags(TrainingPlan plan, TrainingRows rows, PlattMap map, ComboOutcome onSelection)
    {
        List<string> flags = [];
        Add(plan.RefitOf is not null, TrainingFlags.Refit);
        Add(plan.Gate == GateStatus.Fail, TrainingFlags.GateFailed);
        Add(rows.IsContaminated, TrainingFlags.ValidationContaminated);
        Add(map.NoSkill, TrainingFlags.NoSkill);
        Add(plan.Parameters.Calibration == TrainingParameters.Sigmoid && !map.Fitted, TrainingFlags.NotCalibrated);
        int more = Math.Max(plan.TradesBacktest, onSelection.Trades), fewer = Math.Min(plan.TradesBacktest, onSelection.Trades);
        Add(more > TradesFactorMax * fewer, TrainingFlags.TradesDiffer);
        return flags;

        void Add(bool isSo, string flag)
        {
            if (isSo)
            {
                flags.Add(flag);
            }
        }
    }

    // A model without a single split has no gain to share out: every input then counts alike, so that the list still sums to 1.
    private static List<FeatureShare> Shares(IReadOnlyList<string> names, double[] gain)
    {
        double total = gain.Sum();
        return [.. names.Select((name, c) => new FeatureShare(name, total > 0 ? gain[c] / total : 1.0 / names.Count))
            .OrderByDescending(s => s.Importance).ThenBy(s => s.Feature, StringComparer.Ordinal)];
    }

    private sealed record Inputs(FeatureColumns Features, FeatureScaler Scaler);

    private sealed record Tuned(IFittedModel Model, Hyperparameters Hyperparameters, FoldScores? Folds, int Tried);

    private sealed record Scored(FoldScores Folds, double[] Holdout, double[] Training);
}
