using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Checkpoints;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Importance;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning;

/// <summary>Trains the classifier of one combo, in the five steps of spec 03 §3.8. Start reading here.</summary>
/// <remarks>
/// <para>The order: labels by the engine's own walk; the hold-out cut off; rows purged; features checked for leaks; the classifier
/// fitted on the selection window, tuned there where asked; five forward-chaining folds scored by models of earlier rows only; Platt's
/// map fitted on those out-of-fold scores; everything judged on the hold-out, which none of this has seen.</para>
/// <para>The result depends on plan and bars alone: not on clock, threads, or how often it was begun. Each finished step is kept, so a
/// killed training goes on behind the last one and gives the same bytes; a booster that was not finished is fitted again, since one that
/// is continued draws other rows.</para>
/// </remarks>
public sealed class TrainingRun(ILearner learner, TimeProvider clock)
{
    private const int RowsMin = 100;
    private const double TradesFactorMax = 2;

    /// <summary>Trains from the start, keeping nothing on the way.</summary>
    /// <exception cref="ProblemException">Those of the other overload.</exception>
    public TrainingResult Run(TrainingPlan plan, TrainingData data, Action<IReadOnlyList<TrainingProgress>> onProgress, CancellationToken ct) =>
        Run(plan, data, new NoCheckpoints(), onProgress, ct);

    /// <summary>Trains.</summary>
    /// <param name="plan">Which combo, and how.</param>
    /// <param name="data">Bars and what to compute on them.</param>
    /// <param name="checkpoints">Receives each finished step, and gives back those of an earlier attempt.</param>
    /// <param name="onProgress">Receives the five steps after every change.</param>
    /// <param name="ct">Stops between two trees.</param>
    /// <exception cref="ProblemException">GATE_FAILED: the combo failed its gates and this is not for evidence only. TRN-1004: too few
    /// labelled rows, or one kind of outcome. TRN-1005, TRN-1006: a feature leaks. TRN-1007: there is no input. TRN-1001, TRN-1002:
    /// hyperparameters. TRN-2002: the learner refused.</exception>
    public TrainingResult Run(
        TrainingPlan plan, TrainingData data, ICheckpoints checkpoints, Action<IReadOnlyList<TrainingProgress>> onProgress, CancellationToken ct) =>
        Run(plan, data, checkpoints, others: null, onProgress, ct);

    /// <summary>Trains, with tuning points and folds done by others where they are given.</summary>
    /// <exception cref="ProblemException">Those of the other overload and of <see cref="Store.Threads.ISpread.Do"/>.</exception>
    internal TrainingResult Run(
        TrainingPlan plan, TrainingData data, ICheckpoints checkpoints, SpreadTraining? others, Action<IReadOnlyList<TrainingProgress>> onProgress,
        CancellationToken ct)
    {
        RefuseGateFailure(plan);
        ProgressBoard board = new(clock, onProgress);
        TrainingRows rows = null!;
        Step("data_preparation", () => TripleBarrier.Label(data.Fills, data.Options, plan.Barriers), l => rows = TrainingRows.Prepare(plan, data, l, RowsMin));
        Inputs inputs = Step("feature_engineering", () => ComputeInputs(data, rows));
        Fit fit = Step("model_training", () => Train(plan, data, rows, inputs, checkpoints, others, ct));
        Scored scored = Step("validation", () => Validate(plan, rows, inputs, fit, checkpoints, others, ct));
        Judged judged = Step("calibration", () => Judge(plan, data, rows, scored));
        return Result(plan, rows, inputs, fit, scored, judged);

        T Step<T>(string step, Func<T> work, Action<T>? check = null) where T : class => board.Run(step, () =>
        {
            ct.ThrowIfCancellationRequested();
            T? state = checkpoints.Find<T>(step);
            bool isNew = state is null;
            state ??= work();
            check?.Invoke(state);
            if (isNew)
            {
                checkpoints.Keep(step, state);
            }

            return state;
        });
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

    /// <summary>Does a piece of a training that another process gathers, and keeps it; what is kept already is not done again.</summary>
    /// <param name="shared">What the pieces share.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="checkpoints">Where it is kept.</param>
    /// <param name="ct">Stops between two trees.</param>
    internal void Do(TrainingPrepared shared, TrainingPiece piece, CheckpointFolder checkpoints, CancellationToken ct)
    {
        Hyperparameters used = piece.Used;
        if (piece.Stage == TrainingPiece.Tuning)
        {
            if (checkpoints.Find<TuningRun>(piece.Name) is null)
            {
                checkpoints.Keep(piece.Name, Tuning.Try(learner, shared.Plan, shared.Data, shared.Rows, shared.Inputs, used, ct));
            }
        }
        else if (checkpoints.Find<FoldPart>(piece.Name) is null)
        {
            checkpoints.Keep(
                piece.Name,
                FoldPart.Of(
                    learner, shared.Rows, shared.Inputs.Features, used, PermutationOf(shared.Plan, used), FoldScores.Fitted(shared.Rows)[piece.Number], piece.Number, ct));
        }
    }

    /// <summary>What the pieces of a training share, from its checkpoints where they are there.</summary>
    internal static TrainingPrepared Prepare(TrainingPlan plan, TrainingData data, ICheckpoints checkpoints)
    {
        LabelColumns labels = checkpoints.Find<LabelColumns>("data_preparation") ?? TripleBarrier.Label(data.Fills, data.Options, plan.Barriers);
        TrainingRows rows = TrainingRows.Prepare(plan, data, labels, RowsMin);
        return new(plan, data, rows, checkpoints.Find<Inputs>("feature_engineering") ?? ComputeInputs(data, rows));
    }

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

    private Fit Train(
        TrainingPlan plan, TrainingData data, TrainingRows rows, Inputs inputs, ICheckpoints checkpoints, SpreadTraining? others, CancellationToken ct)
    {
        if (plan.Parameters.Tune)
        {
            others?.HaveTuning(Tuning.Grid(plan.Parameters.Hyperparameters), ct);
        }

        IReadOnlyList<TuningRun> runs = plan.Parameters.Tune ? Tuning.Run(learner, plan, data, rows, inputs, checkpoints, ct) : [];
        Hyperparameters used = runs.Count > 0 ? Tuning.Best(runs) : plan.Parameters.Hyperparameters;
        using IFittedModel model = learner.Fit(
            inputs.Features.Rows(rows.BarsOf(rows.Training), inputs.Scaler), rows.LabelsOf(rows.Training), rows.WeightsOf(rows.Training), used, ct);
        return new(model.ToBytes(), model.TotalGain(), used, runs);
    }

    private Scored Validate(
        TrainingPlan plan, TrainingRows rows, Inputs inputs, Fit fit, ICheckpoints checkpoints, SpreadTraining? others, CancellationToken ct)
    {
        PermutationImportance? permutation = PermutationOf(plan, fit.Hyperparameters);
        IReadOnlyList<Fold> fitted = FoldScores.Fitted(rows);
        others?.HaveFolds(fitted.Count, fit.Hyperparameters, ct);
        FoldPart[] parts =
        [
            .. fitted.Select((fold, n) => (others is null ? null : checkpoints.Find<FoldPart>(TrainingPiece.NameOfFold(n)))
                ?? FoldPart.Of(learner, rows, inputs.Features, fit.Hyperparameters, permutation, fold, n, ct)),
        ];
        foreach (PermutedFold permuted in parts.Select(p => p.Permutation).OfType<PermutedFold>())
        {
            permutation!.Add(permuted);
        }

        using IFittedModel model = learner.Load(fit.Trees);
        return new(
            FoldScores.Of(rows, parts), Scores(model, inputs, rows.Holdout), Scores(model, inputs, rows.BarsOf(rows.Training)),
            permutation is null ? null : new(plan.Parameters.PermutationImportance, permutation.Rows, permutation.Of(inputs.Features.Names)));
    }

    private static PermutationImportance? PermutationOf(TrainingPlan plan, Hyperparameters used) =>
        plan.Parameters.PermutationImportance == PermutationImportance.None ? null : new(plan.Parameters.PermutationImportance, used.Seed);

    private static double[] Scores(IFittedModel model, Inputs inputs, int[] bars) => model.Scores(inputs.Features.Rows(bars, inputs.Scaler));

    private static Judged Judge(TrainingPlan plan, TrainingData data, TrainingRows rows, Scored scored)
    {
        PlattMap map = Tuning.Calibrate(plan, rows, scored.Folds);
        return new(
            map,
            rows.HoldoutStart < rows.Bars ? data.Backtest(OnHoldout(rows, scored, map), rows.HoldoutStart, rows.Bars) : ComboOutcome.None,
            Tuning.OnSelection(plan, data, rows, scored.Folds, map));
    }

    private static double[] OnHoldout(TrainingRows rows, Scored scored, PlattMap map)
    {
        double[] holdout = new double[rows.Bars];
        Array.Fill(holdout, double.NaN);
        for (int i = 0; i < rows.Holdout.Length; i++)
        {
            holdout[rows.Holdout[i]] = map.Probability(scored.Holdout[i]);
        }

        return holdout;
    }

    private static TrainingResult Result(TrainingPlan plan, TrainingRows rows, Inputs inputs, Fit fit, Scored scored, Judged judged)
    {
        PlattMap map = judged.Calibration;
        double[] holdout = OnHoldout(rows, scored, map);
        int[] validation = rows.Validation;
        double[] probability = [.. validation.Select(r => holdout[rows.DecisionBars[r]])];
        double[] labels = rows.LabelsOf(validation);
        double[] score = [.. validation.Select(r => scored.Holdout[rows.DecisionBars[r] - rows.HoldoutStart])];
        double[] raw = PlattMap.Identity.Probabilities(score);
        double[] net = [.. rows.Training.Select(r => rows.Labels.NetReturn[rows.DecisionBars[r]])];
        return new()
        {
            Trees = fit.Trees,
            Calibration = map,
            Scaler = inputs.Scaler,
            Hyperparameters = fit.Hyperparameters,
            Tuning = fit.Runs,
            Rows = new(
                rows.Training.Length, rows.WeightsOf(rows.Training).Sum(), net.Count(r => r > 0), Tuning.Calibrating(rows, scored.Folds).Length,
                validation.Length),
            Training = ClassScores.Of(map.Probabilities(scored.Training), rows.LabelsOf(rows.Training), plan.Threshold, scored.Training),
            Validation = ClassScores.Of(probability, labels, plan.Threshold, score),
            CrossValidation = scored.Folds.Spread(rows, map, plan.Threshold),
            CalibrationReport = new(
                Reliability.Brier(raw, labels), Reliability.Brier(probability, labels), Reliability.Table(raw, labels), Reliability.Table(probability, labels)),
            Importance = Shares(inputs.Features.Names, fit.Gain),
            Permutation = scored.Permutation,
            SharpeValidation = judged.OnHoldout,
            SharpeOof = judged.OnSelection,
            MeanGain = net.Any(r => r > 0) ? net.Where(r => r > 0).Average() : null,
            MeanLoss = net.Any(r => r <= 0) ? net.Where(r => r <= 0).Average() : null,
            Flags = Flags(plan, rows, map, judged.OnSelection),
            OofConfidence = map.Probabilities(scored.Folds.ScoreOfBar),
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

    private sealed record Fit(byte[] Trees, double[] Gain, Hyperparameters Hyperparameters, IReadOnlyList<TuningRun> Runs);

    private sealed record Scored(FoldScores Folds, double[] Holdout, double[] Training, PermutationReport? Permutation);

    private sealed record Judged(PlattMap Calibration, ComboOutcome OnHoldout, ComboOutcome OnSelection);
}

/// <summary>The inputs of a training: features over the bars, and their scale on the training rows.</summary>
internal sealed record Inputs(FeatureColumns Features, FeatureScaler Scaler);

/// <summary>What the pieces of a training share.</summary>
internal sealed record TrainingPrepared(TrainingPlan Plan, TrainingData Data, TrainingRows Rows, Inputs Inputs);
