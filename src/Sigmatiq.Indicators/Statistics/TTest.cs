namespace Sigmatiq.Indicators.Statistics;

/// <summary>One-sample t-test of a mean above 0 (Student, 1908).</summary>
/// <param name="Statistic">mean/(σ/√n) with sample σ; NaN where it is undefined.</param>
/// <param name="PValue">Chance of a statistic at least as large if the true mean were 0 (one-sided); NaN where it is undefined.</param>
public readonly record struct TTest(double Statistic, double PValue)
{
    /// <summary>Tests whether the mean is above 0; undefined for fewer than two values or where nothing varies.</summary>
    public static TTest MeanAboveZero(ReadOnlySpan<double> values)
    {
        double deviation = Descriptive.StandardDeviation(values);
        if (!(deviation > 0))
        {
            return new(double.NaN, double.NaN);
        }

        double t = Descriptive.Mean(values) / (deviation / Math.Sqrt(values.Length));
        return new(t, StudentDistribution.UpperTail(t, values.Length - 1));
    }
}
