namespace Sigmatiq.Backtest.Costs;

/// <summary>How much an instrument swung of late, as far as a decision inside a day may know it.</summary>
public static class DayVolatility
{
    /// <summary>Completed days that are looked at.</summary>
    public const int Days = 20;

    private const double DaysPerYear = 252;

    /// <summary>Annual volatility of the returns between closes of the last 20 completed days: √252 · sample deviation (ddof 1).</summary>
    /// <param name="close">Closing prices of the engine's bars, shape [bars].</param>
    /// <param name="lastBarOfDay">Last bar of each trading day, shape [days].</param>
    /// <returns>For decisions inside each day, shape [days]: the day itself is no part of it, its last bar neither. NaN while fewer than 21 days
    /// are complete.</returns>
    public static double[] Of(ReadOnlySpan<double> close, ReadOnlySpan<int> lastBarOfDay)
    {
        double[] volatility = new double[lastBarOfDay.Length];
        Span<double> returns = stackalloc double[Days];
        for (int d = 0; d < volatility.Length; d++)
        {
            if (d <= Days)
            {
                volatility[d] = double.NaN;
                continue;
            }

            double mean = 0, squares = 0;
            for (int k = 0; k < Days; k++)
            {
                returns[k] = (close[lastBarOfDay[d - Days + k]] / close[lastBarOfDay[d - Days + k - 1]]) - 1;
                mean += returns[k] / Days;
            }

            foreach (double r in returns)
            {
                squares += (r - mean) * (r - mean);
            }

            volatility[d] = Math.Sqrt(squares / (Days - 1) * DaysPerYear);
        }

        return volatility;
    }
}
