using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>The win rate of entries without skill: a position opened after every bar of the window, left by the same exits, at the same
/// costs. With a wide stop and a near target it is far above one half, so a win rate alone proves nothing (spec 04 §4.8).</summary>
public static class NoSkillRate
{
    /// <summary>Share of such positions with a net gain; NaN where none closed inside the window.</summary>
    /// <param name="bars">The bars traded on.</param>
    /// <param name="options">Costs and fill rules.</param>
    /// <param name="signals">Exit rules.</param>
    /// <param name="barriers">Protective exits.</param>
    /// <param name="size">Size, for fees that are not proportional.</param>
    /// <param name="from">First decision bar.</param>
    /// <param name="to">End of the window, exclusive.</param>
    public static double Of(FillBars bars, EngineOptions options, SignalSet signals, Barriers barriers, PositionSize size, int from, int to)
    {
        var walk = new PositionWalk(bars, options with { OpenAtEnd = OpenAtEnd.List }, barriers.Effective(), to);
        double up = 1 + (options.SlippageBps / 10_000);
        int closed = 0, wins = 0, exitAt = 0;
        for (int t = from; t < to - 1; t++)
        {
            double entry = bars.Open[t + 1] * up;
            while (exitAt < signals.Exits.Length && signals.Exits[exitAt] < t + 1)
            {
                exitAt++;
            }

            int exit = exitAt < signals.Exits.Length ? signals.Exits[exitAt] : int.MaxValue;
            PositionEnd end = signals.PositionExit is { } rule
                ? walk.Walk(t + 1, entry, EntryMoment.AtOpen, exit, rule)
                : walk.Walk(t + 1, entry, EntryMoment.AtOpen, exit);
            if (end.Bar < 0)
            {
                continue;
            }

            double quantity = Math.Max(1, Math.Floor(options.StartingCash * Percent.ToFraction(size.Pct) / entry));
            closed++;
            wins += (quantity * (end.Price - entry)) - options.Fee.Of(quantity, entry) - options.Fee.Of(quantity, end.Price) > 0 ? 1 : 0;
        }

        return closed == 0 ? double.NaN : (double)wins / closed;
    }
}
