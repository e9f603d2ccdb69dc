using System.Globalization;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>How far a sweep is.</summary>
/// <param name="Stage">What is counted: <c>confidence</c> columns, then <c>combo</c>s.</param>
/// <param name="Done">How many of them are done.</param>
/// <param name="Total">Of how many.</param>
/// <param name="Share">Share of the whole sweep, 0 to 1.</param>
public readonly record struct SweepProgress(string Stage, int Done, int Total, double Share)
{
    /// <summary>Counting confidence columns.</summary>
    public const string Confidence = "confidence";

    /// <summary>Counting combos.</summary>
    public const string Combo = "combo";

    // Fitting a column takes about as long as a hundred combos.
    private const double ConfidenceShare = 0.9;

    /// <summary>So many of the fitted columns are done.</summary>
    public static SweepProgress OfConfidence(int done, int total) => new(Confidence, done, total, ConfidenceShare * done / total);

    /// <summary>So many of the combos are done.</summary>
    /// <param name="done">Combos done.</param>
    /// <param name="total">Of how many.</param>
    /// <param name="isFitted">Whether confidence columns were fitted before.</param>
    public static SweepProgress OfCombo(int done, int total, bool isFitted) =>
        new(Combo, done, total, isFitted ? ConfidenceShare + ((1 - ConfidenceShare) * done / total) : (double)done / total);

    /// <summary>In words: <c>combo 12 of 45</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stage} {Done} of {Total}");
}
