namespace Sigmatiq.Backtest.Metrics;

/// <summary>Makes the metric set of one account.</summary>
public static class MetricMaker
{
    /// <summary>All metrics that need no resampling.</summary>
    public static MetricSet Make(MetricInput input)
    {
        Score score = Score.Of(input.Equity, input.Returns, input.PeriodsPerYear, input.RiskFree, input.Trades.Return);
        return Make(input, score, input.Returns.Length);
    }

    /// <summary>The same with the score a sweep has already worked out.</summary>
    internal static MetricSet Make(MetricInput input, Score score, int periods)
    {
        double[] returns = input.Returns;
        double perYear = input.PeriodsPerYear, riskFree = input.RiskFree / perYear;
        double years = periods == 0 ? 0 : (input.DayNumber[^1] - input.DayNumber[0]) / 365.25;
        double annualized = periods == 0 ? double.NaN : MetricFormulas.AnnualizedReturn(score.TotalReturn, years);
        double downside = MetricFormulas.DownsideDeviation(returns, riskFree);
        (double days, int marks, bool recovered) = MetricFormulas.DrawdownDuration(input.Equity, input.DayNumber);
        (double var, double cvar, bool parametric) = MetricFormulas.ValueAtRisk(returns);
        (double beta, double alpha, double information) = input.Benchmark.Length == 0
            ? (double.NaN, double.NaN, double.NaN)
            : MetricFormulas.Against(returns, input.Benchmark, riskFree, perYear);
        (double skewness, double kurtosis) = Moments(returns, score);
        double half = MetricFormulas.SharpeHalfWidth(score.SharpePerPeriod, skewness, kurtosis, periods, perYear);
        MetricSet set = new()
        {
            TotalReturn = Null(score.TotalReturn), AnnualizedReturn = Null(annualized), AnnualVolatility = Null(score.Deviation * Math.Sqrt(perYear)),
            SharpeRatio = Null(score.Sharpe), SharpeLow = Null(score.Sharpe - half), SharpeHigh = Null(score.Sharpe + half),
            DownsideDeviation = Null(downside),
            SortinoRatio = downside > 0 ? Null((score.Mean - riskFree) / downside * Math.Sqrt(perYear)) : null,
            MaxDrawdown = Null(score.MaxDrawdown), MaxDrawdownDurationDays = periods == 0 ? null : days, MaxDrawdownDurationBars = marks, Recovered = recovered,
            CalmarRatio = score.MaxDrawdown < 0 ? Null(annualized / Math.Abs(score.MaxDrawdown)) : null,
            Beta = Null(beta), Alpha = Null(alpha), InformationRatio = Null(information), Var95 = Null(var), Cvar95 = Null(cvar), Cvar95IsParametric = parametric,
            Exposure = Null(input.Exposure), Turnover = years > 0 ? Null(input.TradedValue / MeanEquity(input.Equity) / years) : null,
            Skewness = Null(skewness), Kurtosis = Null(kurtosis), Periods = periods, SharpePerPeriod = Null(score.SharpePerPeriod),
        };
        return OfTrades(set, input.Trades);
    }

    private static MetricSet OfTrades(MetricSet set, TradeColumns trades)
    {
        if (trades.Count == 0)
        {
            return set;
        }

        double gains = 0, losses = 0, winners = 0, losers = 0, best = double.NegativeInfinity, worst = double.PositiveInfinity;
        int wins = 0;
        for (int i = 0; i < trades.Count; i++)
        {
            double r = trades.Return[i], profit = trades.Profit[i];
            gains += Math.Max(profit, 0);
            losses -= Math.Min(profit, 0);
            best = Math.Max(best, r);
            worst = Math.Min(worst, r);
            if (r > 0)
            {
                wins++;
                winners += r;
            }
            else
            {
                losers += r;
            }
        }

        int n = trades.Count;
        (double t, double p) = MetricFormulas.MeanAboveZero(trades.Return);
        return set with
        {
            TotalTrades = n, WinRate = (double)wins / n, ProfitFactor = losses > 0 ? gains / losses : null, BestTrade = best, WorstTrade = worst,
            AvgWinner = wins > 0 ? winners / wins : null, AvgLoser = n > wins ? losers / (n - wins) : null, AvgTradeReturn = LaneSum.Of(trades.Return) / n,
            AvgTradeDurationDays = LaneSum.Of(trades.DurationDays) / n, AvgTradeDurationHours = LaneSum.Of(trades.DurationHours) / n,
            TStatistic = Null(t), PValue = Null(p),
        };
    }

    // Population moments of the whole series, marks without a position included.
    private static (double Skewness, double Kurtosis) Moments(double[] returns, Score score)
    {
        if (returns.Length < 2 || !(score.Deviation >= Score.DeviationMin))
        {
            return (double.NaN, double.NaN);
        }

        double second = LaneSum.Deviations(returns, score.Mean, out double third, out double fourth) / returns.Length;
        return (third / returns.Length / Math.Pow(second, 1.5), fourth / returns.Length / (second * second));
    }

    private static double MeanEquity(double[] equity) => LaneSum.Of(equity.AsSpan(1)) / (equity.Length - 1);

    private static double? Null(double value) => double.IsFinite(value) ? value : null;
}
