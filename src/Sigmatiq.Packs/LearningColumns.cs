using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;

namespace Sigmatiq.Packs;

/// <summary>The columns a model learns from: raw outputs of its selected indicators, then its selected features (01 §1.4).</summary>
/// <remarks>A feature with a scale is value / scale, clipped to [−1, 1]; a bool is 1 and 0. Undefined is NaN.</remarks>
/// <param name="Names">Names of the columns.</param>
/// <param name="Columns">Shape [names][bars].</param>
public sealed record LearningColumns(IReadOnlyList<string> Names, double[][] Columns)
{
    /// <summary>The columns of a model.</summary>
    /// <param name="pack">The pack that the model pins.</param>
    /// <param name="model">The model.</param>
    /// <param name="columns">Columns with the combo's parameters; its scope must know the model's names.</param>
    public static LearningColumns Of(Pack pack, ModelConfig model, FrameColumns columns)
    {
        List<string> names = [];
        List<double[]> values = [];
        foreach (IndicatorInstance indicator in model.Indicators)
        {
            foreach (string output in columns.Scope.OutputsOf(indicator.Id))
            {
                names.Add(output);
                values.Add(columns.Column(output));
            }
        }

        foreach (string id in model.Features)
        {
            names.Add(id);
            values.Add(Scaled(columns.Column(id), pack.FindFeature(id)?.Scale));
        }

        return new(names, [.. values]);
    }

    /// <summary>A feature as learning and displays use it.</summary>
    public static double[] Scaled(double[] feature, double? scale)
    {
        if (scale is not { } divisor)
        {
            return feature;
        }

        double[] scaled = new double[feature.Length];
        for (int t = 0; t < scaled.Length; t++)
        {
            scaled[t] = double.IsNaN(feature[t]) ? double.NaN : Math.Clamp(feature[t] / divisor, -1, 1);
        }

        return scaled;
    }
}
