using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;

namespace Sigmatiq.Learning.Features;

/// <summary>The inputs of a model's classifier (spec 03 §3.2): its selected features, then the outputs of its selected indicators.</summary>
/// <remarks>All of them are columns of the rule frame, so the value at bar t knows bars closed by then and no other. Hidden inputs serve
/// the features that need them and are no inputs of their own. Booleans are 1, 0 and NaN.</remarks>
public static class ModelFeatures
{
    /// <summary>The columns of a config over a frame.</summary>
    /// <param name="columns">Frame columns with the combo's indicator parameters.</param>
    /// <param name="config">The combo's effective config.</param>
    public static FeatureColumns Of(FrameColumns columns, EffectiveConfig config)
    {
        List<string> names = [];
        List<double[]> values = [];
        foreach (string id in config.Model.Features)
        {
            names.Add(id);
            double[] column = columns.Column(id);
            values.Add((config.Pack.FindFeature(id)?.Scale ?? FeatureScales.Of(id)) is { } scale ? Scaled(column, scale) : column);
        }

        HashSet<string> selected = [.. config.Model.Indicators.Select(i => i.Id)];
        foreach (string output in config.Indicators.Where(i => selected.Contains(i.Id)).SelectMany(OutputNames))
        {
            if (!names.Contains(output))
            {
                names.Add(output);
                values.Add(columns.Column(output));
            }
        }

        return new(names, values);
    }

    // One name per output: aliases follow the outputs' own names.
    private static IEnumerable<string> OutputNames(IndicatorInstance indicator) =>
        indicator.Catalog?.RuleNames().GroupBy(n => n.Value).OrderBy(g => g.Key).Select(g => g.First().Key) ?? [];

    // Value / scale within [−1, 1] (01 §1.4); what is undefined stays so.
    private static double[] Scaled(double[] column, double scale)
    {
        double[] scaled = new double[column.Length];
        for (int t = 0; t < scaled.Length; t++)
        {
            scaled[t] = double.IsNaN(column[t]) ? double.NaN : Math.Clamp(column[t] / scale, -1, 1);
        }

        return scaled;
    }
}
