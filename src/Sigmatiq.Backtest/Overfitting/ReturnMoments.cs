using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>What deflated Sharpe needs of a series of returns, by the definitions of <see cref="MetricSet"/>.</summary>
/// <param name="SharpePerPeriod">Mean over sample deviation; null where the returns do not vary.</param>
/// <param name="Skewness">g₃, population moments.</param>
/// <param name="Kurtosis">g₄, population moments; a normal has 3.</param>
public readonly record struct ReturnMoments(double? SharpePerPeriod, double? Skewness, double? Kurtosis)
{
    /// <summary>The moments of a series.</summary>
    public static ReturnMoments Of(double[] returns)
    {
        int n = returns.Length;
        double deviation = MetricFormulas.Deviation(returns);
        if (!(deviation >= Score.DeviationMin))
        {
            return default;
        }

        double mean = LaneSum.Of(returns) / n, second = LaneSum.Deviations(returns, mean, out double third, out double fourth) / n;
        return new(mean / deviation, third / n / Math.Pow(second, 1.5), fourth / n / (second * second));
    }
}
