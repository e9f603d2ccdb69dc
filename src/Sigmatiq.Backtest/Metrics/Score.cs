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

    /// <summary>Scores marked equity and the returns between its marks.</summary>
    /// <param name="equity">Money at the start and at each mark, shape [marks + 1].</param>
    /// <param name="returns">Returns between the marks, shape [marks].</param>
    /// <param name="periodsPerYear">P.</param>
    /// <param name="riskFree">Risk-free rate a year.</param>
    /// <param name="tradeReturns">Net trade returns ρ, an open one left out.</param>
    public static Score Of(ReadOnlySpan<double> equity, ReadOnlySpan<double> returns, double periodsPerYear, double riskFree, ReadOnlySpan<double> tradeReturns)
    {
        int count = returns.Length, wins = 0;
        foreach (double r in tradeReturns)
        {
            wins += r > 0 ? 1 : 0;
        }

        double mean = count > 0 ? LaneSum.Of(returns) / count : double.NaN;
        return Of(
            count, count == 0 ? double.NaN : (equity[^1] / equity[0]) - 1, count == 0 ? double.NaN : Drawdown(equity), mean, LaneSum.Squares(returns, mean),
            periodsPerYear, riskFree, tradeReturns.Length, wins);
    }

    /// <summary>Scores what was summed up before.</summary>
    /// <param name="count">Number of returns T.</param>
    /// <param name="totalReturn">E_n/E_0 − 1.</param>
    /// <param name="drawdown">Deepest fall from a peak, ≤ 0.</param>
    /// <param name="mean">Mean return.</param>
    /// <param name="squares">Σ (r − mean)².</param>
    /// <param name="periodsPerYear">P.</param>
    /// <param name="riskFree">Risk-free rate a year.</param>
    /// <param name="trades">Closed trades.</param>
    /// <param name="wins">Closed trades with a gain.</param>
    public static Score Of(
        int count, double totalReturn, double drawdown, double mean, double squares, double periodsPerYear, double riskFree, int trades, int wins)
    {
        double deviation = count > 1 ? Math.Sqrt(squares / (count - 1)) : double.NaN;
        double sharpe = count > 1 && !(deviation < DeviationMin) ? (mean - (riskFree / periodsPerYear)) / deviation : double.NaN;
        return count == 0
            ? new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0, trades, wins)
            : new(totalReturn, drawdown, sharpe * Math.Sqrt(periodsPerYear), sharpe, mean, deviation, count, trades, wins);
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
