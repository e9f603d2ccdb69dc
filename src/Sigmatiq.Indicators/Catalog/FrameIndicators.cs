using Sigmatiq.Market.Bars;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>Indicators on what rules see (<see cref="RuleFrame"/>), at every engine bar.</summary>
public static class FrameIndicators
{
    /// <summary>Computes one indicator on a frame.</summary>
    /// <remarks>In a bar frame this is the batch kernel. In a day frame each engine bar takes one step from the last completed day with the
    /// running day's values so far, and nothing of it is kept; a day is kept once, with its values at its last bar, when the next begins.</remarks>
    /// <returns>Shape [outputs][n], NaN before warm-up; output i belongs to <see cref="IndicatorSpec.Outputs"/>[i].</returns>
    public static double[][] Compute(IndicatorSpec spec, IndicatorSettings settings, RuleFrame frame)
    {
        double[][] outputs = new double[spec.Outputs.Count][];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = new double[frame.Count];
        }

        if (frame.Kind == RuleFrameKind.Bar)
        {
            spec.Batch(frame.Bars, settings, outputs);
            return outputs;
        }

        IIndicatorStream stream = spec.CreateStream(settings);
        Span<double> values = stackalloc double[outputs.Length];
        for (int t = 0; t < frame.Count; t++)
        {
            if (t > 0 && frame.PeriodOf[t] != frame.PeriodOf[t - 1])
            {
                stream.Next(At(frame, t - 1), values);
            }

            stream.Peek(At(frame, t), values);
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i][t] = values[i];
            }
        }

        return outputs;
    }

    private static Bar At(RuleFrame frame, int t) => new(frame.Open[t], frame.High[t], frame.Low[t], frame.Close[t], frame.Volume[t], frame.PeriodOf[t]);
}
