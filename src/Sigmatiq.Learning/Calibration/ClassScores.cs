namespace Sigmatiq.Learning.Calibration;

/// <summary>How well a classifier tells gains from losses on one block of rows (spec 03 §3.6).</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Accuracy">Share of rows told right at the threshold.</param>
/// <param name="Precision">Share of gains among the rows called a gain; null where none is.</param>
/// <param name="Recall">Share of the gains that were called one; null where there are none.</param>
/// <param name="F1Score">Harmonic mean of precision and recall; null where either is.</param>
/// <param name="AucRoc">Chance that a gain ranks above a loss, ties ½; null where one class is missing.</param>
public sealed record ClassScores(int Rows, double? Accuracy, double? Precision, double? Recall, double? F1Score, double? AucRoc)
{
    /// <summary>Scores calibrated probabilities against labels.</summary>
    /// <param name="probabilities">Probability per row, shape [n].</param>
    /// <param name="labels">1 or 0, shape [n].</param>
    /// <param name="threshold">A row is called a gain where its probability is at least this: as an entry is (02 §2.6).</param>
    /// <param name="rawScores">What <see cref="AucRoc"/> ranks, shape [n]: the scores before calibration. The map keeps their order, except
    /// where it found no skill and says the base rate to all; the reader shall still see how the score ranked.</param>
    public static ClassScores Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> labels, double threshold, ReadOnlySpan<double> rawScores)
    {
        int n = probabilities.Length, truePositives = 0, called = 0, gains = 0;
        for (int i = 0; i < n; i++)
        {
            bool isGain = labels[i] > 0.5, isCalled = probabilities[i] >= threshold;
            gains += isGain ? 1 : 0;
            called += isCalled ? 1 : 0;
            truePositives += isGain && isCalled ? 1 : 0;
        }

        int right = n - called - gains + (2 * truePositives);
        double? precision = Ratio(truePositives, called), recall = Ratio(truePositives, gains);
        double? f1 = precision is null || recall is null ? null
            : truePositives == 0 ? 0
            : 2.0 * truePositives / (called + gains);
        return new(n, Ratio(right, n), precision, recall, f1, Auc(rawScores, labels));
    }

    /// <summary>Area under the ROC curve by ranks (Mann–Whitney), ties ½; null where one class is missing.</summary>
    public static double? Auc(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels)
    {
        int n = scores.Length;
        double[] ordered = scores.ToArray();
        int[] rows = new int[n];
        for (int i = 0; i < n; i++)
        {
            rows[i] = i;
        }

        Array.Sort(ordered, rows);
        double rankSum = 0;
        long gains = 0;
        for (int from = 0; from < n;)
        {
            int to = from;
            while (to < n && ordered[to].Equals(ordered[from]))
            {
                to++;
            }

            double meanRank = (from + to + 1) / 2.0;
            for (int i = from; i < to; i++)
            {
                if (labels[rows[i]] > 0.5)
                {
                    rankSum += meanRank;
                    gains++;
                }
            }

            from = to;
        }

        long losses = n - gains;
        return gains == 0 || losses == 0 ? null : (rankSum - (gains * (gains + 1) / 2.0)) / ((double)gains * losses);
    }

    private static double? Ratio(int part, int whole) => whole == 0 ? null : part / (double)whole;
}
