using Sigmatiq.Learning.Learners;

namespace Sigmatiq.Learning.Features;

/// <summary>The inputs of a classifier: named columns over the bars, each value known at its bar's close.</summary>
/// <param name="Names">Column names in the order of the fit; part of the artefact.</param>
/// <param name="Columns">One column per name, shape [bars]; NaN where undefined.</param>
public sealed record FeatureColumns(IReadOnlyList<string> Names, IReadOnlyList<double[]> Columns)
{
    /// <summary>Number of bars.</summary>
    public int Bars => Columns.Count == 0 ? 0 : Columns[0].Length;

    /// <summary>All bars' rows as they are: trees ask only which value is larger.</summary>
    public DenseRows Unscaled()
    {
        int width = Names.Count, bars = Bars;
        float[] values = new float[bars * width];
        for (int c = 0; c < width; c++)
        {
            double[] column = Columns[c];
            for (int t = 0; t < bars; t++)
            {
                values[(t * width) + c] = (float)column[t];
            }
        }

        return new(values, bars, width);
    }

    /// <summary>The rows of the given bars, standardised, ready for a learner.</summary>
    /// <remarks>NaN stays NaN: before an indicator's warm-up a value is missing, and trees send missing values to a side they learn.</remarks>
    public DenseRows Rows(ReadOnlySpan<int> bars, FeatureScaler scaler)
    {
        int width = Names.Count;
        float[] values = new float[bars.Length * width];
        for (int i = 0; i < bars.Length; i++)
        {
            for (int c = 0; c < width; c++)
            {
                values[(i * width) + c] = (float)((Columns[c][bars[i]] - scaler.Mean[c]) / scaler.Std[c]);
            }
        }

        return new(values, bars.Length, width);
    }
}
