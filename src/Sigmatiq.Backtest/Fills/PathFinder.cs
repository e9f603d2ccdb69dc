namespace Sigmatiq.Backtest.Fills;

/// <summary>Finds the trades of a signal set: jumps from one entry candidate to the next and walks positions in between, so that no
/// bar outside a position is ever looked at.</summary>
public static class PathFinder
{
    /// <summary>The path that every size shares, as long as money refuses no order.</summary>
    /// <param name="bars">The bars traded on.</param>
    /// <param name="signals">Where the rules decide.</param>
    /// <param name="barriers">The protective exits.</param>
    /// <param name="options">The engine's options.</param>
    /// <param name="from">First bar on whose close an entry may be decided.</param>
    /// <param name="to">End of the bars in use, exclusive; nothing at or after it is read.</param>
    public static TradePath Find(FillBars bars, SignalSet signals, Barriers barriers, EngineOptions options, int from, int to)
    {
        var money = default(NoMoney);
        return Find(bars, signals, barriers, options, from, to, ref money, null);
    }

    /// <summary>The same beside other paths under the same barriers.</summary>
    internal static TradePath Find(FillBars bars, SignalSet signals, Barriers barriers, EngineOptions options, int from, int to, WalkMemo memo)
    {
        var money = default(NoMoney);
        return Find(bars, signals, barriers, options, from, to, ref money, memo);
    }

    /// <summary>The path of one account, where money may refuse an order or the size depends on what was earned.</summary>
    internal static TradePath Find<TMoney>(
        FillBars bars, SignalSet signals, Barriers barriers, EngineOptions options, int from, int to, ref TMoney money, WalkMemo? memo)
        where TMoney : struct, IOrderMoney
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, bars.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        var walk = new PositionWalk(bars, options, barriers, to);
        var entryOrder = new EntryOrder(bars, options, to);
        int[] entries = signals.Entries, exits = signals.Exits;
        memo = signals.PositionExit is null ? memo : null;
        PathBuffer buffer = PathBuffer.Rent();
        WalkMemo.Entry own = default;
        int ambiguous = 0, refused = 0, exitAt = 0, next = from;
        for (int at = 0; at < entries.Length; at++)
        {
            int decision = entries[at];
            if (decision < next)
            {
                continue;
            }

            // A decision on the last bar has no bar to fill in.
            if (decision >= to - 1)
            {
                break;
            }

            if (!money.Orders(decision))
            {
                refused++;
                next = decision + 1;
                continue;
            }

            bool isKnown = false;
            ref WalkMemo.Entry entry = ref own;
            if (memo is not null)
            {
                entry = ref memo.Of(decision, out isKnown);
            }

            if (!isKnown)
            {
                entry.HasFilled = entryOrder.Fill(decision, out entry.Bar, out entry.Price, out entry.Moment);
                if (entry.HasFilled && signals.PositionExit is null)
                {
                    entry.Position = walk.Open(entry.Bar, entry.Price, entry.Moment);
                }
            }

            int entryBar = entry.Bar;
            double entryPrice = entry.Price;
            if (!entry.HasFilled)
            {
                buffer.AddExpired(decision);
                next = entryBar;
                continue;
            }

            if (!money.Fills(decision, entryBar, entryPrice))
            {
                refused++;
                next = entryBar;
                continue;
            }

            while (exitAt < exits.Length && exits[exitAt] < entryBar)
            {
                exitAt++;
            }

            int exitDecision = exitAt < exits.Length ? exits[exitAt] : int.MaxValue;
            PositionEnd end = signals.PositionExit is { } rule
                ? walk.Walk(entryBar, entryPrice, entry.Moment, exitDecision, rule)
                : walk.Walk(ref entry.Position, exitDecision);
            ambiguous += end.AmbiguousBars;
            buffer.Add(decision, entryBar, entryPrice, end);
            money.Closes(end);
            if (end.Bar < 0)
            {
                break;
            }

            next = end.Reason == ExitReason.Signal ? end.Bar : end.Bar + 1;
        }

        TradePath path = buffer.ToPath(ambiguous, refused);
        PathBuffer.Return(buffer);
        return path;
    }

    private struct NoMoney : IOrderMoney
    {
        public readonly bool Orders(int decisionBar) => true;

        public readonly bool Fills(int decisionBar, int entryBar, double entryPrice) => true;

        public readonly void Closes(in PositionEnd end)
        {
        }
    }
}

/// <summary>What an account says to the orders of a path.</summary>
internal interface IOrderMoney
{
    /// <summary>Whether an order of at least one share (or any fraction) can be sent on this close.</summary>
    bool Orders(int decisionBar);

    /// <summary>Takes the entry fill, or refuses it where the quantity comes to zero at the fill price.</summary>
    bool Fills(int decisionBar, int entryBar, double entryPrice);

    /// <summary>Takes the position's end.</summary>
    void Closes(in PositionEnd end);
}
