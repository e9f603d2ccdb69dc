namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Combos that no other beats (02 §2.4): higher Sharpe ratio, smaller drawdown and more trades, at least as good in each and better in
/// one.</summary>
internal static class ParetoFront
{
    /// <summary>The ids on the front; combos alike in all three are on it together.</summary>
    public static HashSet<int> Of(IEnumerable<ComboResult> combos)
    {
        List<(double Sharpe, double Drawdown, int Trades)> front = [];
        HashSet<int> ids = [];
        foreach (ComboResult combo in combos.OrderByDescending(c => Point(c).Sharpe).ThenBy(c => Point(c).Drawdown).ThenByDescending(c => Point(c).Trades))
        {
            // In this order nobody who comes later can beat one who was here before.
            var point = Point(combo);
            if (!front.Any(f => f != point && f.Drawdown <= point.Drawdown && f.Trades >= point.Trades))
            {
                ids.Add(combo.ComboId);
                if (front.Count == 0 || front[^1] != point)
                {
                    front.Add(point);
                }
            }
        }

        return ids;
    }

    private static (double Sharpe, double Drawdown, int Trades) Point(ComboResult combo) => (
        combo.Metrics.SharpeRatio ?? double.NegativeInfinity, combo.Metrics.MaxDrawdown is { } d ? Math.Abs(d) : double.PositiveInfinity, combo.Metrics.TotalTrades);
}
