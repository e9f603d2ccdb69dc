using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>95 % interval of a Sharpe ratio (spec 02 §2.8). About ±1.96/√years: ±1.4 on two years, ±3.1 on five months.</summary>
/// <param name="Low">Lower end, annual.</param>
/// <param name="High">Upper end, annual.</param>
public readonly record struct SharpeInterval(double Low, double High)
{
    /// <summary>SR ± 1.96·√((1 − g₃·SR + (g₄−1)/4·SR²)/(T−1)), then ·√P.</summary>
    /// <param name="sharpePerPeriod">SR per period, never annual.</param>
    /// <param name="skewness">g₃.</param>
    /// <param name="kurtosis">g₄, 3 for a normal.</param>
    /// <param name="periods">T.</param>
    /// <param name="periodsPerYear">P.</param>
    /// <returns>Null where one cannot be said.</returns>
    public static SharpeInterval? Of(double? sharpePerPeriod, double? skewness, double? kurtosis, int periods, double periodsPerYear)
    {
        if (sharpePerPeriod is not { } sharpe || skewness is not { } g3 || kurtosis is not { } g4 || periods < 2)
        {
            return null;
        }

        double half = MetricFormulas.SharpeHalfWidth(sharpe, g3, g4, periods, periodsPerYear), annual = sharpe * Math.Sqrt(periodsPerYear);
        return double.IsFinite(half) ? new(annual - half, annual + half) : null;
    }
}
