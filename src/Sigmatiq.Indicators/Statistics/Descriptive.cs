namespace Sigmatiq.Indicators.Statistics;

/// <summary>Figures that describe a sample.</summary>
/// <remarks>Every sum runs left to right over the values, so that a figure is the same to the bit wherever and on however many threads it is
/// computed. A figure that the sample is too small or too constant for is NaN; a NaN among the values makes every figure NaN.</remarks>
public static class Descriptive
{
    /// <summary>Σx/n; NaN of nothing.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return values.IsEmpty ? double.NaN : sum / values.Length;
    }

    /// <summary>Sample variance Σ(x − mean)²/(n − 1); NaN for fewer than two values.</summary>
    public static double Variance(ReadOnlySpan<double> values) => values.Length < 2 ? double.NaN : Moment(values, Mean(values), 2) / (values.Length - 1);

    /// <summary>Sample standard deviation (ddof 1); NaN for fewer than two values.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> values) => Math.Sqrt(Variance(values));

    /// <summary>Skewness g₃ = m₃/m₂^1.5 with mₖ = Σ(x − mean)ᵏ/n (Fisher–Pearson, not adjusted); NaN where nothing varies.</summary>
    public static double Skewness(ReadOnlySpan<double> values)
    {
        double mean = Mean(values), n = values.Length;
        double m2 = Moment(values, mean, 2) / n;
        return m2 == 0 ? double.NaN : Moment(values, mean, 3) / n / (m2 * Math.Sqrt(m2));
    }

    /// <summary>Kurtosis g₄ = m₄/m₂², 3 for a normal distribution (not the excess); NaN where nothing varies.</summary>
    public static double Kurtosis(ReadOnlySpan<double> values)
    {
        double mean = Mean(values), n = values.Length;
        double m2 = Moment(values, mean, 2) / n;
        return m2 == 0 ? double.NaN : Moment(values, mean, 4) / n / (m2 * m2);
    }

    /// <summary>Sample covariance Σ(x − mean x)(y − mean y)/(n − 1) of two columns of one length; NaN for fewer than two pairs.</summary>
    public static double Covariance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"Columns must have one length, were {x.Length} and {y.Length}.");
        }

        double meanX = Mean(x), meanY = Mean(y), sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }

        return x.Length < 2 ? double.NaN : sum / (x.Length - 1);
    }

    private static double Moment(ReadOnlySpan<double> values, double mean, int power)
    {
        double sum = 0;
        foreach (double value in values)
        {
            double d = value - mean;
            sum += power switch { 2 => d * d, 3 => d * d * d, _ => d * d * (d * d) };
        }

        return sum;
    }
}
