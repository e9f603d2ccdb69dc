using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>The stated order of a leaderboard (spec 02 §2.12): every tie is settled, so there is only one.</summary>
/// <remarks>FAIL after all others; then Sharpe, compared after rounding to six decimals, descending, undefined last; return descending;
/// win rate descending; smaller drawdown; lower combo id.</remarks>
public static class LeaderboardOrder
{
    /// <summary>What the order looks at.</summary>
    /// <param name="ComboId">The combo.</param>
    /// <param name="Gate">What its gates say.</param>
    /// <param name="Metrics">Its metrics.</param>
    public readonly record struct Entry(int ComboId, GateStatus Gate, MetricSet Metrics);

    /// <summary>The entries, best first.</summary>
    public static IReadOnlyList<Entry> Rank(IEnumerable<Entry> entries) =>
    [
        .. entries.OrderBy(e => e.Gate == GateStatus.Fail)
            .ThenByDescending(e => Rounded(e.Metrics.SharpeRatio))
            .ThenByDescending(e => e.Metrics.TotalReturn ?? double.NegativeInfinity)
            .ThenByDescending(e => e.Metrics.WinRate ?? double.NegativeInfinity)
            .ThenBy(e => e.Metrics.MaxDrawdown is { } drawdown ? Math.Abs(drawdown) : double.PositiveInfinity)
            .ThenBy(e => e.ComboId),
    ];

    private static double Rounded(double? sharpe) => sharpe is { } value ? Math.Round(value, 6) : double.NegativeInfinity;
}
