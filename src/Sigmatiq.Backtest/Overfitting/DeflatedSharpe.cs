using Sigmatiq.Indicators.Statistics;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>Deflated Sharpe ratio (Bailey and López de Prado 2014; spec 02 §2.8): the probability that a Sharpe ratio is above the one that
/// the best of K trials without skill would show.</summary>
/// <param name="Value">From 0 to 1; null where it cannot be said, see <paramref name="Reason"/>.</param>
/// <param name="Floor">SR₀, per period: what the best of K trials without skill is expected to show; null where it cannot be said.</param>
/// <param name="Trials">K.</param>
/// <param name="Reason">Why there is no value, in words; null where there is one.</param>
public sealed record DeflatedSharpe(double? Value, double? Floor, int Trials, string? Reason)
{
    // Euler and Mascheroni's constant, to the digits of the published example.
    private const double EulerGamma = 0.5772156649015329;

    /// <summary>Φ((SR − SR₀)·√(T−1)/√(1 − g₃·SR + (g₄−1)/4·SR²)).</summary>
    /// <param name="sharpePerPeriod">SR of the trial, per period, never annual.</param>
    /// <param name="periods">T, number of its returns.</param>
    /// <param name="skewness">g₃ of its returns.</param>
    /// <param name="kurtosis">g₄ of its returns; a normal has 3.</param>
    /// <param name="trials">K, number of different trials, itself included.</param>
    /// <param name="sharpeVariance">Variance of the per-period Sharpe ratio over the trials; not needed for one trial.</param>
    public static DeflatedSharpe Of(double? sharpePerPeriod, int periods, double? skewness, double? kurtosis, int trials, double? sharpeVariance)
    {
        double? floor = FloorOf(trials, sharpeVariance);
        DeflatedSharpe No(string reason) => new(null, floor, trials, reason);
        if (sharpePerPeriod is not { } sharpe || !double.IsFinite(sharpe))
        {
            return No("The returns do not vary, so there is no Sharpe ratio.");
        }

        if (periods < 2 || skewness is not { } g3 || kurtosis is not { } g4 || !double.IsFinite(g3) || !double.IsFinite(g4))
        {
            return No("There are too few returns.");
        }

        if (floor is not { } expected)
        {
            return No("Under two trials have a Sharpe ratio, so their spread is unknown.");
        }

        double spread = Spread(sharpe, g3, g4);
        return spread > 0
            ? new(Probability.NormalCdf((sharpe - expected) * Math.Sqrt(periods - 1) / Math.Sqrt(spread)), expected, trials, null)
            : No("Skewness and kurtosis of the returns leave the Sharpe ratio no standard error.");
    }

    /// <summary>SR₀ = √Var·[(1−c)·Φ⁻¹(1 − 1/K) + c·Φ⁻¹(1 − 1/(K·e))]; 0 for one trial.</summary>
    /// <returns>Null where the variance is unknown or no number.</returns>
    public static double? FloorOf(int trials, double? sharpeVariance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        return trials == 1 ? 0
            : sharpeVariance is { } variance && double.IsFinite(variance) && variance >= 0
                ? Math.Sqrt(variance)
                    * (((1 - EulerGamma) * Probability.NormalQuantile(1 - (1.0 / trials))) + (EulerGamma * Probability.NormalQuantile(1 - (1 / (trials * Math.E)))))
                : null;
    }

    /// <summary>1 − g₃·SR + (g₄−1)/4·SR², T − 1 times the variance of a Sharpe ratio's estimate; not above 0 for some returns.</summary>
    internal static double Spread(double sharpePerPeriod, double skewness, double kurtosis) =>
        1 - (skewness * sharpePerPeriod) + ((kurtosis - 1) / 4 * sharpePerPeriod * sharpePerPeriod);
}
