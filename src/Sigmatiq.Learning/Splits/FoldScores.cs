using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Importance;
using Sigmatiq.Learning.Learners;

namespace Sigmatiq.Learning.Splits;

/// <summary>Out-of-fold scores of the selection window: every bar of blocks 2 to 6 scored by a model that was fitted on purged rows of
/// earlier blocks.</summary>
/// <param name="ScoreOfBar">Raw score per bar, NaN where no fold scored it; shape [bars].</param>
/// <param name="Blocks">Bars [from, to) of each fold that could be fitted.</param>
internal sealed record FoldScores(double[] ScoreOfBar, IReadOnlyList<(int From, int To)> Blocks)
{
    private const int RowsMin = 50;

    /// <summary>First bar with a score; the end of the bars where there is none.</summary>
    public int FirstBar => Blocks.Count == 0 ? ScoreOfBar.Length : Blocks[0].From;

    /// <summary>Fits the folds. A block whose purged past has fewer than 50 rows, or one kind of outcome, is left without scores.</summary>
    public static FoldScores Of(ILearner learner, TrainingRows rows, FeatureColumns features, Hyperparameters hyperparameters, CancellationToken ct) =>
        Of(learner, rows, features, hyperparameters, permutation: null, ct);

    /// <summary>Fits the folds, and measures on each what shuffled inputs cost where a permutation importance is given.</summary>
    public static FoldScores Of(
        ILearner learner, TrainingRows rows, FeatureColumns features, Hyperparameters hyperparameters, PermutationImportance? permutation, CancellationToken ct)
    {
        double[] scores = new double[rows.Bars];
        Array.Fill(scores, double.NaN);
        List<(int, int)> blocks = [];
        foreach (Fold fold in TimeSeriesSplit.Folds(rows.DecisionBars, rows.EndBars, rows.Days, rows.From, rows.HoldoutStart))
        {
            double[] labels = rows.LabelsOf(fold.Train);
            if (fold.Train.Length < RowsMin || labels.All(y => y > 0.5) || labels.All(y => y < 0.5))
            {
                continue;
            }

            int[] past = rows.BarsOf(fold.Train), block = [.. Enumerable.Range(fold.FromBar, fold.ToBar - fold.FromBar)];
            FeatureScaler scaler = FeatureScaler.Fit(features, past);
            using IFittedModel model = learner.Fit(features.Rows(past, scaler), labels, rows.WeightsOf(fold.Train), hyperparameters, ct);
            model.Scores(features.Rows(block, scaler)).CopyTo(scores, fold.FromBar);
            int[] scored = rows.TrainingIn(fold.FromBar, fold.ToBar);
            permutation?.Add(model, features.Rows(rows.BarsOf(scored), scaler), rows.LabelsOf(scored), blocks.Count, ct);
            blocks.Add((fold.FromBar, fold.ToBar));
        }

        return new(scores, blocks);
    }

    /// <summary>Mean logarithmic loss of the uncalibrated scores over purged rows: what tuning compares. Infinite without scores.</summary>
    public double MeanLogLoss(TrainingRows rows)
    {
        double sum = 0;
        int n = 0;
        foreach (int row in rows.Training)
        {
            double score = ScoreOfBar[rows.DecisionBars[row]];
            if (double.IsFinite(score))
            {
                sum += LogLosses.Of(score, rows.Labels.Label[rows.DecisionBars[row]]);
                n++;
            }
        }

        return n == 0 ? double.PositiveInfinity : sum / n;
    }

    /// <summary>Mean and deviation of each metric over the folds.</summary>
    public IReadOnlyDictionary<string, MeanAndDeviation> Spread(TrainingRows rows, PlattMap map, double threshold)
    {
        List<ClassScores> folds = [];
        foreach (var (from, to) in Blocks)
        {
            int[] scored = rows.TrainingIn(from, to);
            double[] scores = [.. scored.Select(r => ScoreOfBar[rows.DecisionBars[r]])];
            folds.Add(ClassScores.Of(map.Probabilities(scores), rows.LabelsOf(scored), threshold, scores));
        }

        return new Dictionary<string, MeanAndDeviation>
        {
            ["accuracy"] = Over(f => f.Accuracy), ["precision"] = Over(f => f.Precision), ["recall"] = Over(f => f.Recall),
            ["f1_score"] = Over(f => f.F1Score), ["auc_roc"] = Over(f => f.AucRoc),
        };

        MeanAndDeviation Over(Func<ClassScores, double?> metric)
        {
            double[] values = [.. folds.Select(metric).OfType<double>()];
            double? mean = values.Length == 0 ? null : values.Average();
            return new(mean, values.Length < 2 ? null : Math.Sqrt(values.Sum(v => (v - mean!.Value) * (v - mean.Value)) / (values.Length - 1)), values.Length);
        }
    }
}
