namespace Sigmatiq.Learning.Calibration;

/// <summary>Logarithmic loss of raw scores: −ln of the probability that the logistic of the score gives to what came.</summary>
internal static class LogLosses
{
    /// <summary>Loss of one row, in the form that neither overflows nor takes the logarithm of zero.</summary>
    /// <param name="score">Log-odds.</param>
    /// <param name="label">1 or 0.</param>
    public static double Of(double score, double label)
    {
        double signed = label > 0.5 ? score : -score;
        return signed > 0 ? Math.Log(1 + Math.Exp(-signed)) : Math.Log(1 + Math.Exp(signed)) - signed;
    }

    /// <summary>Mean over rows; null without rows.</summary>
    public static double? Mean(ReadOnlySpan<double> scores, ReadOnlySpan<double> labels)
    {
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            sum += Of(scores[i], labels[i]);
        }

        return scores.Length == 0 ? null : sum / scores.Length;
    }
}
