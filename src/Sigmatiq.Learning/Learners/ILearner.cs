namespace Sigmatiq.Learning.Learners;

/// <summary>Fits a classifier of two classes. One implementation today, XGBoost's own library, which exists on Linux only; a managed
/// trainer for the other platforms stands behind the same contract.</summary>
public interface ILearner
{
    /// <summary>The name in training requests and artefacts: <c>xgboost</c>.</summary>
    string Algorithm { get; }

    /// <summary>Fits a model. The same rows, weights and hyperparameters give the same bytes, on every run and any machine load.</summary>
    /// <param name="rows">Features, one row per decision bar; NaN is missing and learns a side of its own at every split.</param>
    /// <param name="labels">1 or 0 per row, shape [rows].</param>
    /// <param name="weights">Weight per row, non-negative, shape [rows].</param>
    /// <param name="hyperparameters">How to fit.</param>
    /// <param name="ct">Stops between two trees.</param>
    IFittedModel Fit(
        DenseRows rows, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Hyperparameters hyperparameters, CancellationToken ct);

    /// <summary>Reads a model back from <see cref="IFittedModel.ToBytes"/>; it predicts what the fitted one predicted, bit for bit.</summary>
    IFittedModel Load(ReadOnlySpan<byte> model);
}

/// <summary>A fitted classifier.</summary>
public interface IFittedModel : IDisposable
{
    /// <summary>Number of columns the model was fitted on.</summary>
    int Columns { get; }

    /// <summary>Raw scores: log-odds before calibration.</summary>
    /// <param name="rows">Features with the columns of the fit.</param>
    /// <returns>One score per row, shape [rows].</returns>
    double[] Scores(DenseRows rows);

    /// <summary>Total split gain per column (spec 03 §3.7), shape [columns]; 0 for a column that no tree uses.</summary>
    double[] TotalGain();

    /// <summary>The model as bytes, as JSON, which other tools can read.</summary>
    byte[] ToBytes();
}
