namespace Sigmatiq.Backtest.Metrics;

/// <summary>Everything the metrics of one account are made from.</summary>
/// <param name="Equity">Money at the start and at each mark, shape [marks + 1].</param>
/// <param name="DayNumber">Calendar day (<see cref="DateOnly.DayNumber"/>) of each, shape [marks + 1].</param>
/// <param name="PeriodsPerYear">P.</param>
/// <param name="RiskFree">Risk-free rate a year.</param>
/// <param name="Trades">Closed trades.</param>
/// <param name="TradedValue">Σ of the absolute value of every fill; NaN where unknown.</param>
/// <param name="Exposure">Share of bars with a position; NaN where unknown.</param>
/// <param name="Benchmark">Benchmark returns of the same marks, NaN where there is none; or empty.</param>
public sealed record MetricInput(
    double[] Equity, int[] DayNumber, double PeriodsPerYear, double RiskFree, TradeColumns Trades, double TradedValue, double Exposure, double[] Benchmark)
{
    /// <summary>From a return series of which nothing else is known: money starts at 1.</summary>
    /// <param name="returns">Returns, shape [n].</param>
    /// <param name="days">Date of each return.</param>
    /// <param name="periodsPerYear">P.</param>
    /// <param name="riskFree">Risk-free rate a year.</param>
    /// <param name="benchmark">Benchmark returns, shape [n], NaN where there is none; or null.</param>
    public static MetricInput OfReturns(double[] returns, DateOnly[] days, double periodsPerYear, double riskFree, double[]? benchmark = null)
    {
        double[] equity = new double[returns.Length + 1];
        int[] dayNumber = new int[equity.Length];
        equity[0] = 1;
        dayNumber[0] = returns.Length > 0 ? days[0].DayNumber : 0;
        for (int t = 0; t < returns.Length; t++)
        {
            equity[t + 1] = equity[t] * (1 + returns[t]);
            dayNumber[t + 1] = days[t].DayNumber;
        }

        return new(equity, dayNumber, periodsPerYear, riskFree, TradeColumns.None, double.NaN, double.NaN, benchmark ?? []) { Returns = returns };
    }

    /// <summary>Returns between the marks, shape [marks].</summary>
    public double[] Returns { get; init; } = ReturnColumns.Between(Equity);
}
