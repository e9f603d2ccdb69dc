using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Splits;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Learning.Importance;

/// <summary>One input and what shuffling its values costs.</summary>
/// <param name="Feature">The input.</param>
/// <param name="Importance">How much the loss rises (log loss) or the area falls (AUC); around 0, also below it, for an input that does not
/// help on unseen rows.</param>
/// <param name="Std">Sample deviation over the shuffles.</param>
public sealed record PermutedFeature(string Feature, double Importance, double? Std);

/// <summary>What the shuffles of one fold cost.</summary>
/// <param name="Change">Change of the loss by input and repeat, shape [inputs × repeats].</param>
/// <param name="Rows">Rows measured on.</param>
internal sealed record PermutedFold(double[] Change, int Rows);

/// <summary>Permutation importance on out-of-fold rows (Breiman 2001, "Random Forests", §10): an input's values are shuffled among the rows
/// that a fold scores, and the loss is taken again. Split gain says what a model used; this says what it was good for on rows it had not
/// seen.</summary>
/// <remarks>Inputs that say the same share it between them: shuffling one leaves the other to the model.</remarks>
/// <param name="loss"><see cref="LogLoss"/> or <see cref="Auc"/>.</param>
/// <param name="seed">Seed of the shuffles.</param>
internal sealed class PermutationImportance(string loss, int seed)
{
    /// <summary>Rise of the mean logarithmic loss of the uncalibrated scores.</summary>
    public const string LogLoss = "log_loss";

    /// <summary>Fall of the area under the curve.</summary>
    public const string Auc = "auc";

    /// <summary>Not computed.</summary>
    public const string None = "none";

    /// <summary>Shuffles per input and fold.</summary>
    public const int Repeats = 3;

    private readonly Rng rng = Rng.From(seed).Fork("permutation");
    private readonly List<PermutedFold> folds = [];

    /// <summary>Rows measured on.</summary>
    public int Rows => folds.Sum(f => f.Rows);

    /// <summary>Measures on the rows of one fold.</summary>
    /// <param name="model">The fold's model.</param>
    /// <param name="values">The scored rows, standardised as the fold's own rows.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="fold">Number of the fold.</param>
    /// <param name="ct">Stops between two shuffles.</param>
    /// <returns>Null where there is nothing to measure on.</returns>
    public PermutedFold? Of(IFittedModel model, DenseRows values, double[] labels, int fold, CancellationToken ct)
    {
        if (values.Rows == 0 || Measure(model.Scores(values), labels) is not { } whole)
        {
            return null;
        }

        double[] change = new double[values.Columns * Repeats];
        for (int c = 0; c < values.Columns; c++)
        {
            for (int r = 0; r < Repeats; r++)
            {
                ct.ThrowIfCancellationRequested();
                DenseRows shuffled = Shuffled(values, c, rng.Fork("fold", fold).Fork("column", c).Fork("repeat", r));
                double after = Measure(model.Scores(shuffled), labels)!.Value;
                change[(c * Repeats) + r] = loss == Auc ? whole - after : after - whole;
            }
        }

        return new(change, values.Rows);
    }

    /// <summary>Counts a fold; folds are added in their order.</summary>
    public void Add(PermutedFold fold) => folds.Add(fold);

    /// <summary>The inputs by importance, largest first: means over the folds, each weighing its rows.</summary>
    public IReadOnlyList<PermutedFeature> Of(IReadOnlyList<string> names) =>
        [.. names.Select((name, c) => Feature(name, c)).OrderByDescending(f => f.Importance).ThenBy(f => f.Feature, StringComparer.Ordinal)];

    private PermutedFeature Feature(string name, int column)
    {
        if (Rows == 0)
        {
            return new(name, 0, null);
        }

        double[] repeats = new double[Repeats];
        for (int r = 0; r < Repeats; r++)
        {
            foreach (PermutedFold fold in folds)
            {
                repeats[r] += fold.Change[(column * Repeats) + r] * fold.Rows / Rows;
            }
        }

        double mean = repeats.Average();
        return new(name, mean, Math.Sqrt(repeats.Sum(x => (x - mean) * (x - mean)) / (Repeats - 1)));
    }

    private double? Measure(double[] scores, double[] labels) =>
        loss == Auc ? ClassScores.Auc(scores, labels) : LogLosses.Mean(scores, labels);

    private static DenseRows Shuffled(DenseRows rows, int column, Rng rng)
    {
        float[] values = [.. rows.Values];
        for (int i = rows.Rows - 1; i > 0; i--)
        {
            int j = rng.NextInt(i + 1);
            int a = (i * rows.Columns) + column, b = (j * rows.Columns) + column;
            (values[a], values[b]) = (values[b], values[a]);
        }

        return rows with { Values = values };
    }
}
