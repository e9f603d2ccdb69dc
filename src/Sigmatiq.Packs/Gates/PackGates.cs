namespace Sigmatiq.Packs.Gates;

/// <summary>Limits of a pack (01 §1.6).</summary>
public sealed record PackGates(QualityGates Quality, ExecutionGates Execution, RiskGates Risk);

/// <summary>What a backtest must reach; null where nothing is asked.</summary>
/// <param name="MinTrades">Closed trades, at least.</param>
/// <param name="MinSharpe">Sharpe ratio, at least.</param>
/// <param name="MaxDrawdownPct">Largest drawdown in percent, at most.</param>
/// <param name="MinWinRatePct">Win rate in percent, at least; the key is <c>min_win_rate</c>.</param>
public sealed record QualityGates(double? MinTrades = null, double? MinSharpe = null, double? MaxDrawdownPct = null, double? MinWinRatePct = null)
{
    /// <summary>What holds where neither request nor pack says anything (02 §2.9).</summary>
    public static QualityGates PlatformDefaults { get; } = new(20, 0.0, 50, null);

    /// <summary>The gates that hold, key by key: request, else pack, else platform default.</summary>
    public static QualityGates Effective(QualityGates? request, QualityGates? pack) => new(
        request?.MinTrades ?? pack?.MinTrades ?? PlatformDefaults.MinTrades,
        request?.MinSharpe ?? pack?.MinSharpe ?? PlatformDefaults.MinSharpe,
        request?.MaxDrawdownPct ?? pack?.MaxDrawdownPct ?? PlatformDefaults.MaxDrawdownPct,
        request?.MinWinRatePct ?? pack?.MinWinRatePct ?? PlatformDefaults.MinWinRatePct);

    /// <summary>Largest drawdown as a positive fraction.</summary>
    public double? MaxDrawdown => MaxDrawdownPct is { } pct ? Percent.ToFraction(pct) : null;

    /// <summary>Win rate as a fraction.</summary>
    public double? MinWinRate => MinWinRatePct is { } pct ? Percent.ToFraction(pct) : null;
}

/// <summary>What an order must keep at the moment it is decided.</summary>
/// <param name="MaxSlippageBps">Expected slippage, at most.</param>
/// <param name="MinVolume">Mean volume of 20 bars, at least, in shares.</param>
/// <param name="MaxSpreadPct">(ask − bid) / mid · 100, at most; untested where there are no quotes.</param>
public sealed record ExecutionGates(double MaxSlippageBps, double MinVolume, double MaxSpreadPct);

/// <summary>What a portfolio must keep after a trade.</summary>
/// <param name="MaxPositionSizePct">Position value / equity · 100, at most.</param>
/// <param name="MaxCorrelation">Largest absolute 60-day return correlation with open positions in other tickers, at most.</param>
/// <param name="MaxVar95Pct">One-day historical VaR 95 in percent of equity, at most; the key is <c>max_var_95</c>.</param>
public sealed record RiskGates(double MaxPositionSizePct, double MaxCorrelation, double MaxVar95Pct);
