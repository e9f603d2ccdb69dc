namespace Sigmatiq.Learning.Features;

/// <summary>Mean and standard deviation per column, taken from training rows only.</summary>
/// <param name="Names">Column names.</param>
/// <param name="Mean">Mean per column, 0 where a column has no value.</param>
/// <param name="Std">Sample standard deviation per column, 1 where a column does not vary.</param>
public sealed record FeatureScaler(IReadOnlyList<string> Names, double[] Mean, double[] Std)
{
    /// <summary>Fits on the given bars; missing values are passed over.</summary>
    public static FeatureScaler Fit(FeatureColumns features, ReadOnlySpan<int> bars)
    {
        int width = features.Names.Count;
        double[] mean = new double[width], std = new double[width];
        for (int c = 0; c < width; c++)
        {
            double[] column = features.Columns[c];
            int n = 0;
            double sum = 0;
            foreach (int t in bars)
            {
                if (double.IsFinite(column[t]))
                {
                    sum += column[t];
                    n++;
                }
            }

            mean[c] = n == 0 ? 0 : sum / n;
            double squares = 0;
            foreach (int t in bars)
            {
                if (double.IsFinite(column[t]))
                {
                    squares += (column[t] - mean[c]) * (column[t] - mean[c]);
                }
            }

            double deviation = n < 2 ? 0 : Math.Sqrt(squares / (n - 1));
            std[c] = deviation < 1e-12 ? 1 : deviation;
        }

        return new(features.Names, mean, std);
    }
}
