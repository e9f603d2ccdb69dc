using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Sigmatiq.Indicators.Statistics;

/// <summary>Number of successes in n independent tries of chance p; exact, without the normal approximation.</summary>
public static class BinomialDistribution
{
    /// <summary>P(X = k).</summary>
    public static double Probability(int k, int n, double p) => k < 0 || k > n ? 0 : Binomial.PMF(Chance(p), Tries(n), k);

    /// <summary>P(X ≤ k).</summary>
    public static double LowerTail(int k, int n, double p) =>
        k < 0 ? 0 : k >= Tries(n) ? 1 : SpecialFunctions.BetaRegularized(n - k, k + 1, 1 - Chance(p));

    /// <summary>P(X ≥ k): how often pure chance does at least as well.</summary>
    public static double UpperTail(int k, int n, double p) =>
        k <= 0 ? 1 : k > Tries(n) ? 0 : SpecialFunctions.BetaRegularized(k, n - k + 1, Chance(p));

    private static double Chance(double p) => p is >= 0 and <= 1 ? p : throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");

    private static int Tries(int n) => n >= 0 ? n : throw new ArgumentOutOfRangeException(nameof(n), n, "A number of tries is not negative.");
}
