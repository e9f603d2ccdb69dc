using Sigmatiq.Indicators.Statistics;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>What a share of successes says: its interval, and what it would be without skill.</summary>
public static class Proportion
{
    /// <summary>Wilson's 95 % interval of a share (Wilson 1927), z = 1.96.</summary>
    /// <returns>Null where nothing was tried.</returns>
    public static (double Low, double High)? Wilson(int successes, int trials)
    {
        if (trials == 0)
        {
            return null;
        }

        const double z = 1.96;
        double share = (double)successes / trials, spread = z * z / trials;
        double center = (share + (spread / 2)) / (1 + spread);
        double half = z / (1 + spread) * Math.Sqrt((share * (1 - share) / trials) + (spread / (4 * trials)));
        return (Math.Max(0, center - half), Math.Min(1, center + half));
    }

    /// <summary>Chance that so many trials reach a share without skill: exact binomial.</summary>
    /// <param name="limit">The share to reach.</param>
    /// <param name="trials">Number of trials.</param>
    /// <param name="noSkillRate">Chance of a success without skill.</param>
    public static double ChanceToReach(double limit, int trials, double noSkillRate) =>
        Probability.BinomialUpperTail((int)Math.Ceiling((limit * trials) - 1e-9), trials, noSkillRate);
}
