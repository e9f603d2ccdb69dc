using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Sigmatiq.Indicators.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class NormalDistribution
{
    /// <summary>Density φ(z).</summary>
    public static double Density(double z) => Normal.PDF(0, 1, z);

    /// <summary>Φ(z): chance of a value at or below z.</summary>
    public static double Cdf(double z) => Normal.CDF(0, 1, z);

    /// <summary>1 − Φ(z) without the loss of digits that the subtraction has far out.</summary>
    public static double UpperTail(double z) => SpecialFunctions.Erfc(z / Math.Sqrt(2)) / 2;

    /// <summary>Φ⁻¹(p): −∞ at 0, ∞ at 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    public static double Inverse(double p) => p is >= 0 and <= 1
        ? Normal.InvCDF(0, 1, p)
        : throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");
}
