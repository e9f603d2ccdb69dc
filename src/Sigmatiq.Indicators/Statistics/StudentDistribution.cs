using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Sigmatiq.Indicators.Statistics;

/// <summary>Student's t distribution.</summary>
public static class StudentDistribution
{
    /// <summary>Chance of a value at or below t.</summary>
    /// <param name="t">The statistic.</param>
    /// <param name="freedom">Degrees of freedom, positive.</param>
    public static double Cdf(double t, double freedom) => UpperTail(-t, freedom);

    /// <summary>Chance of a value above t, exact far out as well.</summary>
    public static double UpperTail(double t, double freedom)
    {
        if (!(freedom > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(freedom), freedom, "Degrees of freedom are positive.");
        }

        if (double.IsNaN(t))
        {
            return double.NaN;
        }

        // Close to 0 the beta function's argument would lose t; there its mirror is exact.
        double square = t * t;
        double beyond = square < freedom
            ? 1 - SpecialFunctions.BetaRegularized(0.5, freedom / 2, square / (freedom + square))
            : SpecialFunctions.BetaRegularized(freedom / 2, 0.5, double.IsInfinity(square) ? 0 : freedom / (freedom + square));
        return t > 0 ? beyond / 2 : 1 - (beyond / 2);
    }

    /// <summary>The value that a share p of the distribution lies at or below.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    public static double Inverse(double p, double freedom) => p is >= 0 and <= 1
        ? StudentT.InvCDF(0, 1, freedom, p)
        : throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");
}
