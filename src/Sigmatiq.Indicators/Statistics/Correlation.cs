namespace Sigmatiq.Indicators.Statistics;

/// <summary>How two columns of one length move together.</summary>
public static class Correlation
{
    /// <summary>Pearson's r in [−1, 1]; NaN for fewer than two pairs or where one column does not vary.</summary>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double covariance = Descriptive.Covariance(x, y);
        double scale = Descriptive.StandardDeviation(x) * Descriptive.StandardDeviation(y);
        return scale > 0 ? Math.Clamp(covariance / scale, -1, 1) : double.NaN;
    }

    /// <summary>Spearman's ρ: Pearson's r of the ranks, ties sharing their mean rank.</summary>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Pearson(Ranks(x), Ranks(y));

    /// <summary>Ranks from 1, ties sharing their mean rank, shape [n].</summary>
    public static double[] Ranks(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        double[] ranks = new double[sorted.Length];
        for (int from = 0; from < sorted.Length;)
        {
            int to = from + 1;
            while (to < sorted.Length && sorted[to] == sorted[from])
            {
                to++;
            }

            for (int i = from; i < to; i++)
            {
                ranks[order[i]] = double.IsNaN(sorted[i]) ? double.NaN : (from + 1 + to) / 2.0;
            }

            from = to;
        }

        return ranks;
    }
}
