using MathNet.Numerics.Distributions;

namespace Sigmatiq.Indicators.Statistics;

/// <summary>The few distribution functions that scores and tests need.</summary>
public static class Probability
{
    /// <summary>Φ, the standard normal distribution function.</summary>
    public static double NormalCdf(double z) => Normal.CDF(0, 1, z);

    /// <summary>φ, the standard normal density.</summary>
    public static double NormalDensity(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);

    /// <summary>Φ⁻¹, the standard normal quantile.</summary>
    /// <param name="p">Probability, 0 &lt; p &lt; 1.</param>
    public static double NormalQuantile(double p) => Normal.InvCDF(0, 1, p);

    /// <summary>P(T &gt; t) of Student's distribution.</summary>
    /// <param name="t">The statistic.</param>
    /// <param name="degrees">Degrees of freedom, positive.</param>
    public static double StudentUpperTail(double t, double degrees) => StudentT.CDF(0, 1, degrees, -t);

    /// <summary>P(X ≥ successes) of the binomial distribution.</summary>
    /// <param name="successes">At least so many.</param>
    /// <param name="trials">Of so many.</param>
    /// <param name="rate">Each with this probability.</param>
    public static double BinomialUpperTail(int successes, int trials, double rate) =>
        successes <= 0 ? 1 : successes > trials ? 0 : 1 - Binomial.CDF(rate, trials, successes - 1);
}
