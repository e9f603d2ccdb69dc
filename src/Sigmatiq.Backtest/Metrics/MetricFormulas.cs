using System.Buffers;
using System.Runtime.InteropServices;
using Sigmatiq.Indicators.Statistics;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>Each metric of spec 02 §2.8 as a function of columns. NaN stands for 02's null.</summary>
public static class MetricFormulas
{
    /// <summary>Sample standard deviation (ddof 1); NaN under two values.</summary>
    public static double Deviation(ReadOnlySpan<double> values)
    {
        if (values.Length < 2)
        {
            return double.NaN;
        }

        double mean = LaneSum.Of(values) / values.Length;
        return Math.Sqrt(LaneSum.Squares(values, mean) / (values.Length - 1));
    }

    /// <summary>(E_n/E_0)^(1/Y) − 1; −1 if nothing is left; NaN if Y is under 30 days.</summary>
    public static double AnnualizedReturn(double totalReturn, double years) =>
        years < 30 / 365.25 ? double.NaN : 1 + totalReturn <= 0 ? -1 : Math.Pow(1 + totalReturn, 1 / years) - 1;

    /// <summary>√(mean of min(r − r_f, 0)²) over all periods.</summary>
    /// <param name="returns">Returns r_t.</param>
    /// <param name="riskFreePerPeriod">r_f.</param>
    public static double DownsideDeviation(ReadOnlySpan<double> returns, double riskFreePerPeriod)
    {
        if (returns.Length == 0)
        {
            return double.NaN;
        }

        return Math.Sqrt(LaneSum.SquaresBelow(returns, riskFreePerPeriod) / returns.Length);
    }

    /// <summary>Half the width of the Sharpe ratio's 95 % interval: 1.96·√((1 − g₃·SR + (g₄ − 1)/4·SR²)/(T − 1))·√P.</summary>
    /// <param name="sharpePerPeriod">SR per period, never annual.</param>
    /// <param name="skewness">g₃.</param>
    /// <param name="kurtosis">g₄, 3 for a normal.</param>
    /// <param name="periods">T.</param>
    /// <param name="periodsPerYear">P.</param>
    public static double SharpeHalfWidth(double sharpePerPeriod, double skewness, double kurtosis, int periods, double periodsPerYear) =>
        1.96 * SharpeError(sharpePerPeriod, skewness, kurtosis, periods) * Math.Sqrt(periodsPerYear);

    /// <summary>Standard error of a Sharpe ratio per period.</summary>
    /// <inheritdoc cref="SharpeHalfWidth"/>
    public static double SharpeError(double sharpePerPeriod, double skewness, double kurtosis, int periods) =>
        Math.Sqrt((1 - (skewness * sharpePerPeriod) + ((kurtosis - 1) / 4 * sharpePerPeriod * sharpePerPeriod)) / (periods - 1));

    /// <summary>Longest fall: from a peak, over lower equity, to the first equal or higher one or to the end.</summary>
    /// <param name="equity">Money at the start and at each mark, shape [marks + 1].</param>
    /// <param name="dayNumber">Calendar day of each, shape [marks + 1].</param>
    /// <returns>Calendar days, marks, and whether the longest fall ended.</returns>
    public static (double Days, int Marks, bool Recovered) DrawdownDuration(ReadOnlySpan<double> equity, ReadOnlySpan<int> dayNumber)
    {
        int peak = 0, days = 0, marks = 0;
        bool below = false, recovered = true;
        for (int t = 1; t < equity.Length; t++)
        {
            bool ends = equity[t] >= equity[peak];
            below |= !ends;
            if (below && (ends || t == equity.Length - 1) && dayNumber[t] - dayNumber[peak] >= days && t - peak > marks)
            {
                (days, marks, recovered) = (dayNumber[t] - dayNumber[peak], t - peak, ends);
            }

            if (ends)
            {
                (peak, below) = (t, false);
            }
        }

        return (days, marks, recovered);
    }

    /// <summary>Quantile with linear interpolation between order statistics (position q·(n − 1)).</summary>
    /// <param name="sorted">Values, ascending, not empty.</param>
    /// <param name="q">0 … 1.</param>
    public static double Quantile(ReadOnlySpan<double> sorted, double q)
    {
        double position = q * (sorted.Length - 1);
        int below = (int)Math.Floor(position);
        double share = position - below;
        return below + 1 < sorted.Length ? sorted[below] + (share * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    /// <summary>VaR and CVaR at 95 %, as positive losses per period; CVaR is parametric under 250 returns.</summary>
    public static (double Var, double Cvar, bool Parametric) ValueAtRisk(ReadOnlySpan<double> returns)
    {
        if (returns.Length == 0)
        {
            return (double.NaN, double.NaN, false);
        }

        double quantile = LowerTail.Of(returns, 0.05, out double sum, out int count);
        if (returns.Length >= 250)
        {
            return (Math.Max(0, -quantile), Math.Max(0, -sum / count), false);
        }

        double mean = LaneSum.Of(returns) / returns.Length;
        double parametric = (Deviation(returns) * Probability.NormalDensity(1.645) / 0.05) - mean;
        return (Math.Max(0, -quantile), double.IsNaN(parametric) ? double.NaN : Math.Max(0, parametric), true);
    }

    /// <summary>Beta, annual alpha and information ratio against a benchmark of the same dates; where it has none (NaN), both are left
    /// out.</summary>
    public static (double Beta, double Alpha, double Information) Against(
        ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double riskFreePerPeriod, double periodsPerYear)
    {
        int n = returns.Length;
        if (n != benchmark.Length)
        {
            throw new ArgumentException($"{n} returns stand against {benchmark.Length} of the benchmark.", nameof(benchmark));
        }

        // A sum tells of a gap without looking for it.
        double benchmarkSum = LaneSum.Of(benchmark);
        if (double.IsNaN(benchmarkSum) && benchmark.Contains(double.NaN))
        {
            List<double> own = [], theirs = [];
            for (int t = 0; t < n; t++)
            {
                if (!double.IsNaN(benchmark[t]))
                {
                    own.Add(returns[t]);
                    theirs.Add(benchmark[t]);
                }
            }

            return Against(CollectionsMarshal.AsSpan(own), CollectionsMarshal.AsSpan(theirs), riskFreePerPeriod, periodsPerYear);
        }

        if (n < 2)
        {
            return (double.NaN, double.NaN, double.NaN);
        }

        double mean = LaneSum.Of(returns) / n, benchmarkMean = benchmarkSum / n;
        double cross = LaneSum.Products(returns, mean, benchmark, benchmarkMean), square = LaneSum.Squares(benchmark, benchmarkMean);
        double[] rented = ArrayPool<double>.Shared.Rent(n);
        Span<double> excess = rented.AsSpan(0, n);
        ReturnColumns.Excess(returns, benchmark, excess);
        bool flat = Math.Sqrt(square / (n - 1)) < Score.DeviationMin;
        double beta = flat ? double.NaN : cross / square;
        double alpha = (mean - riskFreePerPeriod - (beta * (benchmarkMean - riskFreePerPeriod))) * periodsPerYear;
        double deviation = Deviation(excess);
        double information = deviation < Score.DeviationMin ? double.NaN : LaneSum.Of(excess) / n * periodsPerYear / (deviation * Math.Sqrt(periodsPerYear));
        ArrayPool<double>.Shared.Return(rented);
        return (beta, alpha, information);
    }

    /// <summary>t of the mean against 0 and its one-sided p (mean &gt; 0); NaN under two trades or without variance.</summary>
    public static (double T, double P) MeanAboveZero(ReadOnlySpan<double> values)
    {
        double deviation = Deviation(values);
        if (double.IsNaN(deviation) || deviation < Score.DeviationMin)
        {
            return (double.NaN, double.NaN);
        }

        double t = LaneSum.Of(values) / values.Length / (deviation / Math.Sqrt(values.Length));
        return (t, Probability.StudentUpperTail(t, values.Length - 1));
    }
}
