using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Market.Simulator;

/// <summary>Chance with fat tails.</summary>
internal static class Shocks
{
    // Beyond this a single session would decide years of results.
    private const double ScaleMax = 3.5;

    /// <summary>A factor that turns normal shocks into Student-t ones of variance 1: √((ν − 2) / χ²(ν)), held below a limit.</summary>
    public static double TailScale(Rng rng, int degrees)
    {
        double chiSquare = 0;
        for (int i = 0; i < degrees; i++)
        {
            double g = rng.NextGaussian();
            chiSquare += g * g;
        }

        return Math.Min(Math.Sqrt((degrees - 2) / chiSquare), ScaleMax);
    }

    /// <summary>Highest point of a Brownian bridge from 0 to <paramref name="step"/> with standard deviation
    /// <paramref name="sigma"/>: P(M ≤ m) = 1 − exp(−2m(m − step)/σ²) inverted at a uniform number.</summary>
    public static double BridgeMaximum(Rng rng, double step, double sigma) =>
        (step + Math.Sqrt((step * step) - (2 * sigma * sigma * Math.Log(1 - rng.NextDouble())))) / 2;
}
