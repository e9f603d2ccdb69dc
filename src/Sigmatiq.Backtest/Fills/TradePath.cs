namespace Sigmatiq.Backtest.Fills;

/// <summary>The trades of one signal set under one set of barriers, without money: every size shares it.</summary>
/// <remarks>Columns of shape [count], in order of time. The exit columns of a position that was never closed hold -1, the last
/// close and <see cref="ExitReason.Open"/>; only the last trade can be one.</remarks>
public sealed class TradePath
{
    internal TradePath(PathTally tally, int[] decisionBar, int[] entryBar, double[] entryPrice, int[] exitBar, double[] exitPrice, ExitReason[] reason, int[] expiredDecisionBar)
    {
        DecisionBar = decisionBar;
        EntryBar = entryBar;
        EntryPrice = entryPrice;
        ExitBar = exitBar;
        ExitPrice = exitPrice;
        Reason = reason;
        Tally = tally;
        ExpiredDecisionBar = expiredDecisionBar;
    }

    /// <summary>Number of positions, an open one included.</summary>
    public int Count => EntryBar.Length;

    /// <summary>Bars on whose close the entries were decided.</summary>
    public int[] DecisionBar { get; }

    /// <summary>Bars in which the entries filled.</summary>
    public int[] EntryBar { get; }

    /// <summary>Entry fill prices, slippage included.</summary>
    public double[] EntryPrice { get; }

    /// <summary>Bars in which the exits filled; -1 for a position still open.</summary>
    public int[] ExitBar { get; }

    /// <summary>Exit fill prices, slippage included; the last close for a position still open.</summary>
    public double[] ExitPrice { get; }

    /// <summary>Why each position ended.</summary>
    public ExitReason[] Reason { get; }

    /// <summary>Bars on whose close the orders were decided that expired, ascending: money must have been able to send these too.</summary>
    public int[] ExpiredDecisionBar { get; }

    /// <summary>What happened beside the trades.</summary>
    public PathTally Tally { get; }

    /// <summary>Closed trades: all but a position still open.</summary>
    public int Closed => Count > 0 && Reason[^1] == ExitReason.Open ? Count - 1 : Count;

    /// <summary>Whether another path has the same entries and exits, prices and reasons (02 §2.4, <c>duplicate_of</c>).</summary>
    public bool SameTrades(TradePath other) =>
        EntryBar.AsSpan().SequenceEqual(other.EntryBar) && ExitBar.AsSpan().SequenceEqual(other.ExitBar)
        && EntryPrice.AsSpan().SequenceEqual(other.EntryPrice) && ExitPrice.AsSpan().SequenceEqual(other.ExitPrice)
        && Reason.AsSpan().SequenceEqual(other.Reason);
}

/// <summary>Counts of what a trade list does not show.</summary>
/// <param name="AmbiguousBars">Bars that held both the stop and the target of a position.</param>
/// <param name="ExpiredOrders">Working entry orders whose time ran out.</param>
/// <param name="RefusedOrders">Entry orders whose quantity came to zero.</param>
public readonly record struct PathTally(int AmbiguousBars, int ExpiredOrders, int RefusedOrders);
