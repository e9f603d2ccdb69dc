namespace Sigmatiq.Learning.Calibration;

/// <summary>One tenth of the probability range: what was said and what came.</summary>
/// <param name="From">Lower end, inclusive.</param>
/// <param name="To">Upper end, exclusive; the last bin includes 1.</param>
/// <param name="Count">Rows in the bin.</param>
/// <param name="MeanProbability">Mean probability said; null in an empty bin.</param>
/// <param name="ShareOfGains">Share of rows labelled 1; null in an empty bin.</param>
public sealed record ReliabilityBin(double From, double To, int Count, double? MeanProbability, double? ShareOfGains);

/// <summary>How well probabilities mean what they say.</summary>
public static class Reliability
{
    private const int Bins = 10;

    /// <summary>Brier score: mean of (p − y)²; null without rows. 0 is perfect, 0.25 is what 0.5 on everything gets.</summary>
    public static double? Brier(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels)
    {
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double d = probabilities[i] - labels[i];
            sum += d * d;
        }

        return probabilities.Length == 0 ? null : sum / probabilities.Length;
    }

    /// <summary>Ten bins of equal width over [0, 1].</summary>
    public static IReadOnlyList<ReliabilityBin> Table(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels)
    {
        int[] count = new int[Bins];
        double[] said = new double[Bins], came = new double[Bins];
        for (int i = 0; i < probabilities.Length; i++)
        {
            int bin = Math.Min((int)(probabilities[i] * Bins), Bins - 1);
            count[bin]++;
            said[bin] += probabilities[i];
            came[bin] += labels[i];
        }

        return [.. Enumerable.Range(0, Bins).Select(b => new ReliabilityBin(
            b / (double)Bins, (b + 1) / (double)Bins, count[b],
            count[b] == 0 ? null : said[b] / count[b], count[b] == 0 ? null : came[b] / count[b]))];
    }
}
