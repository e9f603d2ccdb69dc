namespace Sigmatiq.Indicators.Statistics;

/// <summary>Quantiles with linear interpolation: position (n − 1)·p in the sorted values (Hyndman and Fan's type 7, numpy's default).</summary>
public static class Quantile
{
    /// <summary>The quantile at p of values in any order; NaN of nothing, or where a value is NaN.</summary>
    /// <param name="values">Values in any order; they are left as they are.</param>
    /// <param name="p">From 0 (smallest) to 1 (largest).</param>
    public static double Of(ReadOnlySpan<double> values, double p)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return OfSorted(sorted, p);
    }

    /// <summary>The quantile at p of values that are sorted already.</summary>
    public static double OfSorted(ReadOnlySpan<double> sorted, double p)
    {
        if (p is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "A quantile lies between 0 and 1.");
        }

        // NaN sorts before every number.
        if (sorted.IsEmpty || double.IsNaN(sorted[0]))
        {
            return double.NaN;
        }

        double position = (sorted.Length - 1) * p;
        int below = (int)position;
        double share = position - below;
        return share == 0 ? sorted[below] : sorted[below] + (share * (sorted[below + 1] - sorted[below]));
    }
}
