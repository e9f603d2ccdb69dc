using System.Globalization;
using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>The metrics of spec 02 §2.8; fractions, never percent; null where 02 says null. One set for packs, reports, benchmark and
/// any file of returns.</summary>
public sealed record MetricSet
{
    /// <summary>E_n/E_0 − 1.</summary>
    public double? TotalReturn { get; init; }

    /// <summary>(E_n/E_0)^(1/Y) − 1 over calendar years; −1 if nothing is left; null under 30 days.</summary>
    public double? AnnualizedReturn { get; init; }

    /// <summary>σ·√P.</summary>
    public double? AnnualVolatility { get; init; }

    /// <summary>(μ − r_f)/σ·√P; null if σ &lt; 1e-12.</summary>
    public double? SharpeRatio { get; init; }

    /// <summary>Lower end of the 95 % interval of the Sharpe ratio.</summary>
    public double? SharpeLow { get; init; }

    /// <summary>Upper end of the 95 % interval of the Sharpe ratio.</summary>
    public double? SharpeHigh { get; init; }

    /// <summary>√(mean of min(r − r_f, 0)²) over all periods, not annual.</summary>
    public double? DownsideDeviation { get; init; }

    /// <summary>(μ − r_f)/downside deviation·√P; null if there is no downside.</summary>
    public double? SortinoRatio { get; init; }

    /// <summary>Deepest fall from a peak, ≤ 0.</summary>
    public double? MaxDrawdown { get; init; }

    /// <summary>Longest span from a peak to the first equal or higher equity, calendar days.</summary>
    public double? MaxDrawdownDurationDays { get; init; }

    /// <summary>The same in marks.</summary>
    public int MaxDrawdownDurationBars { get; init; }

    /// <summary>Whether that span ended before the data did.</summary>
    public bool Recovered { get; init; } = true;

    /// <summary>Annualized return over the depth of the drawdown; null if that is 0.</summary>
    public double? CalmarRatio { get; init; }

    /// <summary>Share of closed trades with a gain.</summary>
    public double? WinRate { get; init; }

    /// <summary>Gains over losses, in money; null without losses.</summary>
    public double? ProfitFactor { get; init; }

    /// <summary>Closed trades.</summary>
    public int TotalTrades { get; init; }

    /// <summary>Mean calendar days of a trade.</summary>
    public double? AvgTradeDurationDays { get; init; }

    /// <summary>Mean hours of a trade.</summary>
    public double? AvgTradeDurationHours { get; init; }

    /// <summary>Largest trade return.</summary>
    public double? BestTrade { get; init; }

    /// <summary>Smallest trade return.</summary>
    public double? WorstTrade { get; init; }

    /// <summary>Mean return of trades with a gain.</summary>
    public double? AvgWinner { get; init; }

    /// <summary>Mean return of the others.</summary>
    public double? AvgLoser { get; init; }

    /// <summary>Mean trade return (expectancy).</summary>
    public double? AvgTradeReturn { get; init; }

    /// <summary>Covariance with the benchmark over its variance.</summary>
    public double? Beta { get; init; }

    /// <summary>Jensen's alpha, annual.</summary>
    public double? Alpha { get; init; }

    /// <summary>mean(r − b)·P/(σ(r − b)·√P).</summary>
    public double? InformationRatio { get; init; }

    /// <summary>−5 % quantile of the returns, at least 0.</summary>
    public double? Var95 { get; init; }

    /// <summary>−mean of the returns at or below that quantile, at least 0.</summary>
    public double? Cvar95 { get; init; }

    /// <summary>Whether CVaR is parametric, because there are fewer than 250 returns.</summary>
    public bool Cvar95IsParametric { get; init; }

    /// <summary>Share of bars at whose close a position is open.</summary>
    public double? Exposure { get; init; }

    /// <summary>Traded value over mean equity over years.</summary>
    public double? Turnover { get; init; }

    /// <summary>t of the mean trade return against 0.</summary>
    public double? TStatistic { get; init; }

    /// <summary>One-sided p of that t.</summary>
    public double? PValue { get; init; }

    /// <summary>Skewness g₃ of the returns.</summary>
    public double? Skewness { get; init; }

    /// <summary>Kurtosis g₄ of the returns, 3 for a normal.</summary>
    public double? Kurtosis { get; init; }

    /// <summary>Number of returns T.</summary>
    public int Periods { get; init; }

    /// <summary>Sharpe ratio per return, not annual: what deflated Sharpe is made of.</summary>
    public double? SharpePerPeriod { get; init; }

    /// <summary>The keys of 02 §2.8 and their values, in the order of that table.</summary>
    public JsonObject ToJson() => new()
    {
        ["total_return"] = TotalReturn, ["annualized_return"] = AnnualizedReturn, ["annual_volatility"] = AnnualVolatility, ["sharpe_ratio"] = SharpeRatio,
        ["sharpe_interval"] = SharpeLow is null ? null : new JsonArray(SharpeLow, SharpeHigh), ["downside_deviation"] = DownsideDeviation,
        ["sortino_ratio"] = SortinoRatio, ["max_drawdown"] = MaxDrawdown, ["max_drawdown_duration_days"] = MaxDrawdownDurationDays,
        ["max_drawdown_duration_bars"] = MaxDrawdownDurationBars, ["recovered"] = Recovered, ["calmar_ratio"] = CalmarRatio, ["win_rate"] = WinRate,
        ["profit_factor"] = ProfitFactor, ["total_trades"] = TotalTrades, ["avg_trade_duration_days"] = AvgTradeDurationDays,
        ["avg_trade_duration_hours"] = AvgTradeDurationHours, ["best_trade"] = BestTrade, ["worst_trade"] = WorstTrade, ["avg_winner"] = AvgWinner,
        ["avg_loser"] = AvgLoser, ["avg_trade_return"] = AvgTradeReturn, ["expectancy"] = AvgTradeReturn, ["beta"] = Beta, ["alpha"] = Alpha,
        ["information_ratio"] = InformationRatio, ["var_95"] = Var95, ["cvar_95"] = Cvar95, ["cvar_95_parametric"] = Cvar95IsParametric,
        ["exposure"] = Exposure, ["turnover"] = Turnover, ["t_statistic"] = TStatistic, ["p_value"] = PValue, ["skewness"] = Skewness,
        ["kurtosis"] = Kurtosis, ["periods"] = Periods, ["sharpe_per_period"] = SharpePerPeriod,
    };

    /// <summary>The metrics that <see cref="ToJson"/> wrote.</summary>
    public static MetricSet Parse(JsonObject metrics)
    {
        return new()
        {
            TotalReturn = Number("total_return"), AnnualizedReturn = Number("annualized_return"),
            AnnualVolatility = Number("annual_volatility"), SharpeRatio = Number("sharpe_ratio"),
            SharpeLow = End("sharpe_interval", 0), SharpeHigh = End("sharpe_interval", 1),
            DownsideDeviation = Number("downside_deviation"), SortinoRatio = Number("sortino_ratio"),
            MaxDrawdown = Number("max_drawdown"), MaxDrawdownDurationDays = Number("max_drawdown_duration_days"),
            MaxDrawdownDurationBars = (int)(Number("max_drawdown_duration_bars") ?? 0),
            Recovered = metrics["recovered"]?.GetValue<bool>() ?? true, CalmarRatio = Number("calmar_ratio"),
            WinRate = Number("win_rate"), ProfitFactor = Number("profit_factor"), TotalTrades = (int)(Number("total_trades") ?? 0),
            AvgTradeDurationDays = Number("avg_trade_duration_days"), AvgTradeDurationHours = Number("avg_trade_duration_hours"),
            BestTrade = Number("best_trade"), WorstTrade = Number("worst_trade"), AvgWinner = Number("avg_winner"),
            AvgLoser = Number("avg_loser"), AvgTradeReturn = Number("avg_trade_return"), Beta = Number("beta"), Alpha = Number("alpha"),
            InformationRatio = Number("information_ratio"), Var95 = Number("var_95"), Cvar95 = Number("cvar_95"),
            Cvar95IsParametric = metrics["cvar_95_parametric"]?.GetValue<bool>() ?? false, Exposure = Number("exposure"),
            Turnover = Number("turnover"), TStatistic = Number("t_statistic"), PValue = Number("p_value"), Skewness = Number("skewness"),
            Kurtosis = Number("kurtosis"), Periods = (int)(Number("periods") ?? 0), SharpePerPeriod = Number("sharpe_per_period"),
        };

        double? Number(string key) => metrics[key] is JsonValue value ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

        double? End(string key, int end) => metrics[key] is JsonArray { Count: 2 } ends && ends[end] is { } value
            ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)
            : null;
    }
}
