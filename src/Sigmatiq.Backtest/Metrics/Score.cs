namespace Sigmatiq.Backtest.Metrics;

/// <summary>What every combo of a sweep is ranked by and counted with (spec 02 §2.8, 08 §8.10); NaN where 02 says null.</summary>
/// <param name="TotalReturn">E_n/E_0 − 1.</param>
/// <param name="MaxDrawdown">Deepest fall from a peak, ≤ 0.</param>
/// <param name="Sharpe">Annual Sharpe ratio; NaN where the returns do not vary.</param>
/// <param name="SharpePerPeriod">The same per return, not annual.</param>
/// <param name="Mean">Mean return.</param>
/// <param name="Deviation">Sample standard deviation of the returns.</param>
/// <param name="Returns">Number of returns T.</param>
/// <param name="Trades">Closed trades.</param>
/// <param name="Wins">Closed trades with a gain.</param>
internal readonly record struct Score(
    double TotalReturn, double MaxDrawdown, double Sharpe, double SharpePerPeriod, double Mean, double Deviation, int Returns, int Trades, int Wins)
{
    /// <summary>Below this the returns count as constant (02 §2.8).</summary>
    public const double DeviationMin = 1e-12;

    /// <summary>Scores an equity trace.</summary>
    /// <param name="trace">Equity and returns.</param>
    /// <param name="periodsPerYear">P.</param>
    /// <param name="riskFree">Risk-free rate a year.</param>
    /// <param name="tradeReturns">Net trade returns ρ, an open one left out.</param>
    public static Score Of(EquityTrace trace, double periodsPerYear, double riskFree, ReadOnlySpan<double> tradeReturns)
    {
        ReadOnlySpan<double> equity = trace.Equity, returns = trace.Returns;
        int count = returns.Length + trace.Idle, wins = 0;
        foreach (double r in tradeReturns)
        {
            wins += r > 0 ? 1 : 0;
        }

        double mean = double.NaN, deviation = double.NaN, sharpe = double.NaN;
        if (count > 0)
        {
            mean = LaneSum.Of(returns) / count;
        }

        if (count > 1)
        {
            deviation = Math.Sqrt((LaneSum.Squares(returns, mean) + (trace.Idle * mean * mean)) / (count - 1));
            sharpe = deviation < DeviationMin ? double.NaN : (mean - (riskFree / periodsPerYear)) / deviation;
        }

        return new(
            count == 0 ? double.NaN : (equity[^1] / equity[0]) - 1, count == 0 ? double.NaN : Drawdown(equity), sharpe * Math.Sqrt(periodsPerYear), sharpe,
            mean, deviation, count, tradeReturns.Length, wins);
    }

    // The least equity under one peak gives the least ratio to it, so one division per peak is enough.
    private static double Drawdown(ReadOnlySpan<double> equity)
    {
        double peak = equity[0], low = peak, ratio = 1;
        foreach (double e in equity)
        {
            if (e > peak)
            {
                ratio = low < peak ? Math.Min(ratio, low / peak) : ratio;
                peak = low = e;
            }
            else if (e < low)
            {
                low = e;
            }
        }

        return Math.Min(ratio, low / peak) - 1;
    }
}
