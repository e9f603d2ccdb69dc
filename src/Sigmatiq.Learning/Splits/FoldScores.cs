using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Features;
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
        Of(rows, [.. Fitted(rows).Select((fold, n) => FoldPart.Of(learner, rows, features, hyperparameters, permutation: null, fold, n, ct))]);

    /// <summary>Puts the folds together.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="parts">What each of <see cref="Fitted"/> gave, in their order.</param>
    public static FoldScores Of(TrainingRows rows, IReadOnlyList<FoldPart> parts)
    {
        double[] scores = new double[rows.Bars];
        Array.Fill(scores, double.NaN);
        foreach (FoldPart part in parts)
        {
            part.Scores.CopyTo(scores, part.FromBar);
        }

        return new(scores, [.. parts.Select(p => (p.FromBar, p.ToBar))]);
    }

    /// <summary>The folds that can be fitted.</summary>
    public static IReadOnlyList<Fold> Fitted(TrainingRows rows) =>
    [
        .. TimeSeriesSplit.Folds(rows.DecisionBars, rows.EndBars, rows.Days, rows.From, rows.HoldoutStart).Where(fold =>
        {
            double[] labels = rows.LabelsOf(fold.Train);
            return fold.Train.Length >= RowsMin && labels.Any(y => y <= 0.5) && labels.Any(y => y >= 0.5);
        }),
    ];

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
