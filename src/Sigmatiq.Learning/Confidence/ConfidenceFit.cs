using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Labels;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Splits;

namespace Sigmatiq.Learning.Confidence;

/// <summary>What became of one block.</summary>
/// <param name="Block">Its number, 2 to 6.</param>
/// <param name="FromBar">Its first bar.</param>
/// <param name="ToBar">Its end, exclusive.</param>
/// <param name="TrainingRows">Purged rows that its model was fitted on, or would have been.</param>
/// <param name="EffectiveRows">Σ of their uniqueness weights.</param>
/// <param name="Calibration">The map fitted on out-of-fold scores of earlier blocks; null in block 2 and where there was none to fit.</param>
/// <param name="HasConfidence">Whether its bars have a confidence.</param>
public sealed record BlockFit(int Block, int FromBar, int ToBar, int TrainingRows, double EffectiveRows, PlattMap? Calibration, bool HasConfidence);

/// <summary>The out-of-fold confidence of one pair of indicator parameters and barriers (spec 02 §2.6): every block scored by a model of the blocks
/// before it, calibrated on scores that were themselves out of fold.</summary>
/// <param name="Values">Calibrated probability per bar, NaN where there is none; shape [bars].</param>
/// <param name="Blocks">Blocks 2 to 6, in order.</param>
public sealed record ConfidenceFit(double[] Values, IReadOnlyList<BlockFit> Blocks)
{
    /// <summary>Purged training rows below which a block has no confidence.</summary>
    public const int RowsMin = 250;

    /// <summary>The fast classifier of 02 §2.6: 50 trees of depth 3 at a rate of 0.1.</summary>
    /// <param name="seed">Seed of row and column sampling.</param>
    public static Hyperparameters Classifier(long seed) =>
        new(NEstimators: 50, MaxDepth: 3, LearningRate: 0.1, Seed: (int)(seed & int.MaxValue));

    /// <summary>Fits five models and scores every block.</summary>
    /// <param name="learner">Fits them.</param>
    /// <param name="features">Features per bar, shape [bars × columns].</param>
    /// <param name="labels">Labels of the pair's barriers; those that end after the blocks are not looked at.</param>
    /// <param name="days">Trading days of the bars.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="hyperparameters">How to fit.</param>
    /// <param name="ct">Stops between two trees.</param>
    public static ConfidenceFit Of(
        ILearner learner, DenseRows features, LabelColumns labels, TradingDays days, ConfidenceBlocks blocks, Hyperparameters hyperparameters, CancellationToken ct)
    {
        int[] decision = [.. Enumerable.Range(blocks.From, blocks.To - blocks.From).Where(t => labels.EndBar[t] >= 0 && labels.EndBar[t] < blocks.To)];
        int[] end = [.. decision.Select(t => labels.EndBar[t])];
        double[] scores = Undefined(features.Rows), values = Undefined(features.Rows);
        List<BlockFit> fits = [];
        for (int k = 1; k < ConfidenceBlocks.Count; k++)
        {
            ct.ThrowIfCancellationRequested();
            int from = blocks.Starts[k], to = blocks.Starts[k + 1];
            int[] past = [.. TimeSeriesSplit.Purged(decision, end, days, blocks.From, from).Select(row => decision[row])];
            double[] y = [.. past.Select(t => labels.Label[t])], weights = Uniqueness.Weights(past, [.. past.Select(t => labels.EndBar[t])]);
            PlattMap? map = null;
            if (past.Length >= RowsMin && y.Contains(0) && y.Contains(1))
            {
                // Purged alike: what calibrates this block's scores had ended as long before it as what its model was fitted on.
                map = k < ConfidenceBlocks.Unscored ? null : Calibrate(past, y, scores);
                using IFittedModel model = learner.Fit(features.Take(past), y, weights, hyperparameters, ct);
                model.Scores(features.Take([.. Enumerable.Range(from, to - from)])).CopyTo(scores, from);
                for (int t = from; t < to && map is not null; t++)
                {
                    values[t] = map.Probability(scores[t]);
                }
            }

            fits.Add(new(k + 1, from, to, past.Length, weights.Sum(), map, map is not null));
        }

        return new(values, fits);
    }

    // A raw score is not a probability: without earlier scores of both outcomes to calibrate on, there is no confidence.
    private static PlattMap? Calibrate(int[] past, double[] y, double[] scores)
    {
        int[] scored = [.. Enumerable.Range(0, past.Length).Where(i => double.IsFinite(scores[past[i]]))];
        PlattMap map = Platt.Fit([.. scored.Select(i => scores[past[i]])], [.. scored.Select(i => y[i])]);
        return map.Fitted ? map : null;
    }

    private static double[] Undefined(int n)
    {
        double[] column = new double[n];
        Array.Fill(column, double.NaN);
        return column;
    }
}
