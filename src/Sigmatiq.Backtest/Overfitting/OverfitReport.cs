using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>What choosing the best of several strategies by their returns is worth: its deflated Sharpe ratio and the probability of
/// overfitting. Each strategy is a trial.</summary>
/// <param name="Strategies">Number of strategies.</param>
/// <param name="Periods">T, returns of each.</param>
/// <param name="PeriodsPerYear">P.</param>
/// <param name="Best">Index of the one with the highest Sharpe ratio, the first of equals; null where none has one.</param>
/// <param name="Moments">Its moments.</param>
/// <param name="SharpeVariance">Sample variance of the per-period Sharpe ratios; null under two.</param>
/// <param name="Deflated">Its deflated Sharpe ratio.</param>
/// <param name="Overfit">Probability of overfitting.</param>
public sealed record OverfitReport(
    int Strategies, int Periods, double PeriodsPerYear, int? Best, ReturnMoments Moments, double? SharpeVariance, DeflatedSharpe Deflated, OverfitProbability Overfit)
{
    /// <summary>Judges returns.</summary>
    /// <param name="returns">Returns, one column a strategy, shape [strategies][T].</param>
    /// <param name="periodsPerYear">P.</param>
    /// <param name="trials">K; the number of strategies where null. More where some were tried and left out of the file.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="ct">Stops between splits.</param>
    public static OverfitReport Of(IReadOnlyList<double[]> returns, double periodsPerYear, int? trials, int threads, CancellationToken ct)
    {
        ReturnMoments[] moments = [.. returns.Select(ReturnMoments.Of)];
        int? best = null;
        for (int i = 0; i < moments.Length; i++)
        {
            best = moments[i].SharpePerPeriod is { } sharpe && !(sharpe <= (best is { } b ? moments[b].SharpePerPeriod : null)) ? i : best;
        }

        int periods = returns.Count == 0 ? 0 : returns[0].Length;
        ReturnMoments chosen = best is { } index ? moments[index] : default;
        double? variance = VarianceOf([.. moments.Select(m => m.SharpePerPeriod).OfType<double>()]);
        return new(
            returns.Count, periods, periodsPerYear, best, chosen, variance,
            DeflatedSharpe.Of(chosen.SharpePerPeriod, periods, chosen.Skewness, chosen.Kurtosis, trials ?? returns.Count, variance),
            OverfitProbability.Of(returns, 0, threads, ct));
    }

    /// <summary>Annual Sharpe ratio of the best.</summary>
    public double? Sharpe => Moments.SharpePerPeriod * Math.Sqrt(PeriodsPerYear);

    /// <summary>Sample variance of Sharpe ratios; null under two.</summary>
    internal static double? VarianceOf(double[] sharpes)
    {
        if (sharpes.Length < 2)
        {
            return null;
        }

        double mean = sharpes.Sum() / sharpes.Length;
        return sharpes.Sum(s => (s - mean) * (s - mean)) / (sharpes.Length - 1);
    }

    /// <summary>The report of <c>metrics overfit</c>.</summary>
    /// <param name="names">Names of the strategies.</param>
    public JsonObject ToJson(IReadOnlyList<string> names)
    {
        SharpeInterval? interval = SharpeInterval.Of(Moments.SharpePerPeriod, Moments.Skewness, Moments.Kurtosis, Periods, PeriodsPerYear);
        return new()
        {
            ["strategies"] = Strategies, ["t"] = Periods, ["k"] = Deflated.Trials, ["periods_per_year"] = PeriodsPerYear, ["best"] = Best is { } best ? names[best] : null,
            ["sharpe"] = Sharpe, ["sharpe_interval"] = interval is { } i ? new JsonArray(i.Low, i.High) : null, ["sharpe_per_period"] = Moments.SharpePerPeriod,
            ["skewness"] = Moments.Skewness, ["kurtosis"] = Moments.Kurtosis, ["sharpe_variance"] = SharpeVariance,
            ["sr0"] = Deflated.Floor, ["sr0_annual"] = Deflated.Floor * Math.Sqrt(PeriodsPerYear), ["dsr"] = Deflated.Value, ["dsr_reason"] = Deflated.Reason,
            ["pbo"] = Overfit.Value, ["pbo_reason"] = Overfit.Reason, ["splits"] = Overfit.Splits, ["overfit_splits"] = Overfit.Overfit,
            ["blocks"] = Overfit.Blocks, ["block_rows"] = Overfit.BlockDays,
        };
    }
}
