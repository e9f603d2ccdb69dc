using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning.Features;

/// <summary>Two checks that no input knows the answer (spec 03 §3.2).</summary>
public static class LeakageCheck
{
    /// <summary>The largest |correlation| with the label that a feature may have.</summary>
    public const double CorrelationMax = 0.98;

    /// <summary>Refuses a feature that all but equals the label.</summary>
    /// <param name="features">Inputs over the bars.</param>
    /// <param name="bars">Bars of the training rows.</param>
    /// <param name="labels">Labels of those rows.</param>
    /// <exception cref="ProblemException">TRN-1005, naming every such feature.</exception>
    public static void Correlation(FeatureColumns features, ReadOnlySpan<int> bars, ReadOnlySpan<double> labels)
    {
        List<Problem> problems = [];
        for (int c = 0; c < features.Names.Count; c++)
        {
            double r = Correlate(features.Columns[c], bars, labels);
            if (Math.Abs(r) > CorrelationMax)
            {
                problems.Add(new("TRN-1005",
                    $"Feature '{features.Names[c]}' correlates {r.ToString("0.000", CultureInfo.InvariantCulture)} with the label: it knows the answer.",
                    features.Names[c], "Check that its calculation uses closed bars only, or leave it out."));
            }
        }

        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }
    }

    /// <summary>Alters every bar after bar t and refuses a feature whose value at t or before changes.</summary>
    /// <param name="bars">The bars.</param>
    /// <param name="t">Last bar that stays as it is.</param>
    /// <param name="compute">Computes the features from bars, as the training does.</param>
    /// <exception cref="ProblemException">TRN-1006, naming the first such feature.</exception>
    public static void Future(BarColumns bars, int t, Func<BarColumns, FeatureColumns> compute)
    {
        FeatureColumns before = compute(bars), after = compute(Altered(bars, t));
        for (int c = 0; c < before.Names.Count; c++)
        {
            for (int u = 0; u <= t; u++)
            {
                if (!before.Columns[c][u].Equals(after.Columns[c][u]))
                {
                    throw new ProblemException("TRN-1006",
                        $"Feature '{before.Names[c]}' at bar {u} changes when bars after {t} are altered: it sees the future.",
                        before.Names[c], "Check that its calculation uses closed bars only, or leave it out.");
                }
            }
        }
    }

    /// <summary>The bars with another future: prices doubled and shaken, volumes too, still legal bars.</summary>
    internal static BarColumns Altered(BarColumns bars, int t)
    {
        return new(bars.Symbol, bars.Interval, bars.StartUtcUs, Change(bars.Open), Change(bars.High), Change(bars.Low), Change(bars.Close),
            Change(bars.Volume), bars.AdjFactor.Length == 0 ? null : bars.AdjFactor);

        double[] Change(double[] column)
        {
            double[] changed = [.. column];
            for (int u = t + 1; u < changed.Length; u++)
            {
                changed[u] *= 2 + (0.1 * ((u * 7 % 13) - 6));
            }

            return changed;
        }
    }

    private static double Correlate(double[] column, ReadOnlySpan<int> bars, ReadOnlySpan<double> labels)
    {
        int n = 0;
        double sumX = 0, sumY = 0;
        for (int i = 0; i < bars.Length; i++)
        {
            if (double.IsFinite(column[bars[i]]))
            {
                sumX += column[bars[i]];
                sumY += labels[i];
                n++;
            }
        }

        // Few rows correlate by chance.
        if (n < 30)
        {
            return 0;
        }

        double meanX = sumX / n, meanY = sumY / n, xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < bars.Length; i++)
        {
            if (double.IsFinite(column[bars[i]]))
            {
                double x = column[bars[i]] - meanX, y = labels[i] - meanY;
                xx += x * x;
                yy += y * y;
                xy += x * y;
            }
        }

        return xx <= 0 || yy <= 0 ? 0 : xy / Math.Sqrt(xx * yy);
    }
}
