using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Importance;
using Sigmatiq.Learning.Learners;

namespace Sigmatiq.Learning.Splits;

/// <summary>What one fold gave: it depends on no other.</summary>
/// <param name="FromBar">First bar of the scored block.</param>
/// <param name="ToBar">End of the scored block, exclusive.</param>
/// <param name="Scores">Raw score per bar of the block.</param>
/// <param name="Permutation">What shuffled inputs cost on it; null where nobody asked, or there was nothing to measure on.</param>
internal sealed record FoldPart(int FromBar, int ToBar, double[] Scores, PermutedFold? Permutation)
{
    /// <summary>Fits a fold, scores its block, and measures what shuffled inputs cost where a permutation importance is given.</summary>
    /// <param name="learner">What learns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="features">The inputs.</param>
    /// <param name="hyperparameters">How to fit.</param>
    /// <param name="permutation">Measures shuffles; null does not.</param>
    /// <param name="fold">The fold.</param>
    /// <param name="number">Its number among those that can be fitted: chance of its own.</param>
    /// <param name="ct">Stops between two trees.</param>
    public static FoldPart Of(
        ILearner learner, TrainingRows rows, FeatureColumns features, Hyperparameters hyperparameters, PermutationImportance? permutation, Fold fold, int number,
        CancellationToken ct)
    {
        int[] past = rows.BarsOf(fold.Train), block = [.. Enumerable.Range(fold.FromBar, fold.ToBar - fold.FromBar)];
        FeatureScaler scaler = FeatureScaler.Fit(features, past);
        using IFittedModel model = learner.Fit(features.Rows(past, scaler), rows.LabelsOf(fold.Train), rows.WeightsOf(fold.Train), hyperparameters, ct);
        double[] scores = model.Scores(features.Rows(block, scaler));
        int[] scored = rows.TrainingIn(fold.FromBar, fold.ToBar);
        return new(
            fold.FromBar, fold.ToBar, scores,
            permutation?.Of(model, features.Rows(rows.BarsOf(scored), scaler), rows.LabelsOf(scored), number, ct));
    }
}
