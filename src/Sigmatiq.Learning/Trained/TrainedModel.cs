using Sigmatiq.Learning.Calibration;
using Sigmatiq.Learning.Features;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning.Trained;

/// <summary>A trained model in memory, ready to say how likely a gain is.</summary>
public sealed class TrainedModel(string id, IReadOnlyList<string> features, FeatureScaler scaler, PlattMap calibration, IFittedModel trees) : IDisposable
{
    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>Its inputs, in the order of the fit.</summary>
    public IReadOnlyList<string> Features => features;

    /// <summary>From raw score to probability.</summary>
    public PlattMap Calibration => calibration;

    /// <summary>Calibrated probability of a gain at each of the given bars.</summary>
    /// <param name="columns">Features by name; further ones are ignored.</param>
    /// <param name="bars">Bars to speak of.</param>
    /// <returns>Probabilities, shape [bars given].</returns>
    /// <exception cref="ProblemException">TRN-3004: an input of the fit is missing.</exception>
    public double[] Probabilities(FeatureColumns columns, ReadOnlySpan<int> bars)
    {
        FeatureColumns own = new(features, [.. features.Select(name => Find(columns, name))]);
        return calibration.Probabilities(trees.Scores(own.Rows(bars, scaler)));
    }

    /// <inheritdoc/>
    public void Dispose() => trees.Dispose();

    private double[] Find(FeatureColumns columns, string name)
    {
        for (int c = 0; c < columns.Names.Count; c++)
        {
            if (columns.Names[c] == name)
            {
                return columns.Columns[c];
            }
        }

        throw new ProblemException("TRN-3004", $"The trained model {id} was fitted on '{name}', which is not among the features given.", name,
            "Compute the features with the pack version that the model was trained with.");
    }
}
