namespace Sigmatiq.Backtest.Fills;

/// <summary>Walks the positions of a path again, one by one, to say what each knew when it ended.</summary>
internal readonly struct TradeReplay(BacktestRun run, TradePath path)
{
    /// <summary>What a position knew when it ended.</summary>
    /// <param name="i">Which position of the path; a closed one.</param>
    /// <exception cref="InvalidOperationException">The walk came to another end than the path: the run is not the one that gave it.</exception>
    public PositionLevels LevelsAtEnd(int i)
    {
        var order = new EntryOrder(run.Bars, run.Options, run.To);
        var walk = new PositionWalk(run.Bars, run.Options, run.Barriers.Effective(), run.To);
        int entryBar = path.EntryBar[i], at = Array.BinarySearch(run.Signals.Exits, entryBar);
        at = at < 0 ? ~at : at;
        bool filled = order.Fill(path.DecisionBar[i], out int bar, out double price, out EntryMoment moment);
        PositionEnd end = walk.Replay(
            entryBar, path.EntryPrice[i], moment, at < run.Signals.Exits.Length ? run.Signals.Exits[at] : int.MaxValue, run.Signals.PositionExit, out PositionLevels levels);
        return filled && bar == entryBar && price.Equals(path.EntryPrice[i]) && end.Bar == path.ExitBar[i] && end.Price.Equals(path.ExitPrice[i]) && end.Reason == path.Reason[i]
            ? levels
            : throw new InvalidOperationException($"Position {i} of the path ends at bar {path.ExitBar[i]}, walked again it ends at {end.Bar}.");
    }
}
