using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Market.Simulator;

/// <summary>How a session's volume and variance spread over its 5-minute steps: high after the open, low at noon, high at the close.</summary>
internal static class IntradayProfile
{
    private const int FullSteps = 78;

    // A half day trades about as much in its hours as the same hours of a full one.
    private static readonly double[] FullVolume = Shape(FullSteps, 3.2, 2.6), FullVariance = Shape(FullSteps, 3.5, 1.2);
    private static readonly double[] HalfVolume = Shape(42, 3.2, 2.6, 42.0 / FullSteps), HalfVariance = Shape(42, 3.5, 1.2, 42.0 / FullSteps);

    /// <summary>Shares of a full session's volume, shape [steps].</summary>
    public static double[] VolumeWeights(Session session) => session.IsHalfDay ? HalfVolume : FullVolume;

    /// <summary>Shares of a full session's variance, shape [steps].</summary>
    public static double[] VarianceWeights(Session session) => session.IsHalfDay ? HalfVariance : FullVariance;

    private static double[] Shape(int steps, double atOpen, double atClose, double total = 1)
    {
        double[] weights = new double[steps];
        double sum = 0;
        for (int j = 0; j < steps; j++)
        {
            double x = (j + 0.5) / steps;
            weights[j] = 0.6 + (atOpen * Math.Pow(1 - x, 8)) + (0.8 * Math.Pow((2 * x) - 1, 2)) + (atClose * Math.Pow(x, 10));
            sum += weights[j];
        }

        for (int j = 0; j < steps; j++)
        {
            weights[j] *= total / sum;
        }

        return weights;
    }
}
