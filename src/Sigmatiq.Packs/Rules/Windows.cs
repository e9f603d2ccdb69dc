using Sigmatiq.Market.Bars;

namespace Sigmatiq.Packs.Rules;

/// <summary>The windowed functions of 01 §1.10 over a rule frame. An undefined value inside a window makes the result undefined, except
/// where the definition counts only defined values.</summary>
internal static class Windows
{
    private const int NormalizedBars = 100, NormalizedBarsMin = 20, DivergenceBars = 14, PivotSide = 2;

    public static void Average(RuleFrame frame, double[] x, int n, double[] y) =>
        PeriodWindow.Fill<double, PeriodWindow.Sum>(frame, x, n, y, (sum, _, count) => count < n ? double.NaN : sum / n);

    public static void Highest(RuleFrame frame, double[] x, int n, double[] y) =>
        PeriodWindow.Fill<double, PeriodWindow.Highest>(frame, x, n, y, (top, _, count) => count < n ? double.NaN : top);

    public static void Lowest(RuleFrame frame, double[] x, int n, double[] y) =>
        PeriodWindow.Fill<double, PeriodWindow.Lowest>(frame, x, n, y, (low, _, count) => count < n ? double.NaN : low);

    /// <summary>Sample standard deviation, ddof 1.</summary>
    public static void Deviation(RuleFrame frame, double[] x, int n, double[] y) =>
        PeriodWindow.Fill<PeriodWindow.Moments, PeriodWindow.Spread>(
            frame, x, n, y, (m, _, _) => m.Count < n ? double.NaN : Math.Sqrt(m.Squares / (n - 1)));

    /// <summary>z-score over up to 100 defined values, at least 20, clipped to ±3 and divided by 3; 0 where σ is 0.</summary>
    public static void Normalized(RuleFrame frame, double[] x, double[] y) =>
        PeriodWindow.Fill<PeriodWindow.Moments, PeriodWindow.Spread>(frame, x, NormalizedBars, y, static (m, now, _) =>
        {
            if (double.IsNaN(now) || m.Count < NormalizedBarsMin)
            {
                return double.NaN;
            }

            double sigma = Math.Sqrt(m.Squares / (m.Count - 1));
            return sigma == 0 ? 0 : Math.Clamp((now - m.Mean) / sigma, -3, 3) / 3;
        });

    /// <summary>True on any of the last n periods; bars before the first are undefined.</summary>
    public static void Within(RuleFrame frame, double[] x, int n, double[] y) =>
        PeriodWindow.Fill<double, PeriodWindow.Any>(frame, x, n, y, (any, _, count) => count < n && any != 1 ? double.NaN : any);

    /// <summary>Divergence between prices and an indicator over the last 14 periods, −1 to 1.</summary>
    /// <remarks>A pivot is strictly below (above) the two periods on each side of it, so it is known two periods later. Of a bullish and a
    /// bearish pair in one window the bullish one is read first, as the definition names it first.</remarks>
    public static void Divergence(RuleFrame frame, double[] price, double[] indicator, double[] y)
    {
        Span<double> p = stackalloc double[DivergenceBars], i = stackalloc double[DivergenceBars];
        for (int t = 0; t < y.Length; t++)
        {
            int first = frame.PeriodOf[t] - DivergenceBars + 1;
            if (first < 0)
            {
                y[t] = double.NaN;
                continue;
            }

            for (int k = 0; k < DivergenceBars - 1; k++)
            {
                int bar = frame.LastBarOf[first + k];
                p[k] = price[bar];
                i[k] = indicator[bar];
            }

            p[^1] = price[t];
            i[^1] = indicator[t];
            y[t] = Divergence(p, i);
        }
    }

    private static double Divergence(ReadOnlySpan<double> price, ReadOnlySpan<double> indicator)
    {
        PeriodWindow.Moments moments = default;
        for (int k = 0; k < indicator.Length; k++)
        {
            if (double.IsNaN(price[k]) || double.IsNaN(indicator[k]))
            {
                return double.NaN;
            }

            moments = PeriodWindow.Spread.Join(moments, PeriodWindow.Spread.Of(indicator[k]));
        }

        double sigma = Math.Sqrt(moments.Squares / (moments.Count - 1));
        if (sigma == 0)
        {
            return 0;
        }

        var (low, earlierLow) = LatestPivots(price, isLow: true);
        if (earlierLow >= 0 && price[low] < price[earlierLow] && indicator[low] > indicator[earlierLow])
        {
            return Math.Min(1, 0.5 * Math.Abs(indicator[low] - indicator[earlierLow]) / sigma);
        }

        var (high, earlierHigh) = LatestPivots(price, isLow: false);
        return earlierHigh >= 0 && price[high] > price[earlierHigh] && indicator[high] < indicator[earlierHigh]
            ? -Math.Min(1, 0.5 * Math.Abs(indicator[high] - indicator[earlierHigh]) / sigma)
            : 0;
    }

    private static (int Latest, int Earlier) LatestPivots(ReadOnlySpan<double> x, bool isLow)
    {
        int latest = -1;
        for (int k = x.Length - 1 - PivotSide; k >= PivotSide; k--)
        {
            bool isPivot = true;
            for (int side = 1; side <= PivotSide && isPivot; side++)
            {
                isPivot = isLow ? x[k] < x[k - side] && x[k] < x[k + side] : x[k] > x[k - side] && x[k] > x[k + side];
            }

            if (isPivot && latest >= 0)
            {
                return (latest, k);
            }

            if (isPivot)
            {
                latest = k;
            }
        }

        return (latest, -1);
    }
}
