using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Fills;

/// <summary>How and when a position was opened.</summary>
public enum EntryMoment : byte
{
    /// <summary>At the bar's open: the whole bar counts.</summary>
    AtOpen,

    /// <summary>At a limit inside the bar: the bar's high may lie before the fill.</summary>
    AtLimit,

    /// <summary>At a stop order's trigger inside the bar: the bar's low may lie before the fill.</summary>
    AtTrigger,
}

/// <summary>The end of one position.</summary>
/// <param name="Bar">Bar of the exit fill; -1 where the position stays open.</param>
/// <param name="Price">Fill price, slippage included.</param>
/// <param name="Reason">Why.</param>
/// <param name="AmbiguousBars">Bars that held both the stop and the target.</param>
public readonly record struct PositionEnd(int Bar, double Price, ExitReason Reason, int AmbiguousBars);

/// <summary>One long position from its fill to its end, bar by bar, in the order of spec 08 §8.9.</summary>
/// <remarks>
/// In a bar: a pending rule exit at the open; then stop or trail, whichever level is higher; then the target; then the time stop at
/// the close; then the best price takes this bar in; then the close decides rule exits. A gap beyond a level fills at the open.
/// </remarks>
public readonly struct PositionWalk
{
    private readonly FillBars bars;
    private readonly int to;
    private readonly double stopFactor, trailFactor, targetFactor, sellFactor, targetBeyond;
    private readonly int timeStopDays;
    private readonly bool targetFirst, closesAtEnd, guards;

    /// <summary>Prepares the walk; one value serves any number of positions and threads.</summary>
    /// <param name="bars">The bars traded on.</param>
    /// <param name="options">Slippage, limit fills, tick, end of data, both touched.</param>
    /// <param name="barriers">The protective exits.</param>
    /// <param name="to">End of the bars in use, exclusive.</param>
    public PositionWalk(FillBars bars, EngineOptions options, Barriers barriers, int to)
    {
        this.bars = bars;
        this.to = to;
        stopFactor = barriers.StopLossPct is { } stop ? 1 - Percent.ToFraction(stop) : double.NegativeInfinity;
        trailFactor = barriers.TrailingStopPct is { } trail ? 1 - Percent.ToFraction(trail) : double.NegativeInfinity;
        targetFactor = barriers.TakeProfitPct is { } target ? 1 + Percent.ToFraction(target) : double.PositiveInfinity;
        timeStopDays = barriers.TimeStopDays ?? -1;
        sellFactor = 1 - (options.SlippageBps / 10_000);
        targetBeyond = Beyond(options);
        targetFirst = options.BothTouched == BothTouched.TargetFirst;
        closesAtEnd = options.OpenAtEnd == OpenAtEnd.Close;
        guards = barriers.StopLossPct is not null || barriers.TrailingStopPct is not null || barriers.TakeProfitPct is not null;
    }

    /// <summary>How far beyond a limit a bar must trade: nothing for touch, one tick (less a millionth of it, because prices on the
    /// tick are not exact in binary) for through.</summary>
    internal static double Beyond(EngineOptions options) =>
        options.LimitFill == LimitFill.Touch ? 0 : options.Tick * (1 - 1e-6);

    /// <summary>Walks a position whose rule exits are known beforehand, or that has none.</summary>
    /// <param name="entryBar">Bar of the entry fill.</param>
    /// <param name="entryPrice">Entry fill price.</param>
    /// <param name="moment">When in that bar it filled.</param>
    /// <param name="exitDecisionBar">First bar at or after <paramref name="entryBar"/> whose close decides a rule exit; <see cref="int.MaxValue"/> if none.</param>
    public PositionEnd Walk(int entryBar, double entryPrice, EntryMoment moment, int exitDecisionBar)
    {
        HeldPosition position = Open(entryBar, entryPrice, moment);
        return Walk(ref position, exitDecisionBar);
    }

    /// <summary>Walks a position with rule exits that know the position, besides those known beforehand.</summary>
    /// <inheritdoc cref="Walk(int, double, EntryMoment, int)"/>
    public PositionEnd Walk(int entryBar, double entryPrice, EntryMoment moment, int exitDecisionBar, IPositionExit positionExit)
    {
        ArgumentNullException.ThrowIfNull(positionExit);
        int signalBar = exitDecisionBar >= to - 1 ? int.MaxValue : exitDecisionBar + 1;
        return WalkAsking(entryBar, entryPrice, moment, signalBar, positionExit, out _);
    }

    /// <summary>Walks a position again, and says what it knew when it ended.</summary>
    /// <param name="entryBar">Bar of the entry fill.</param>
    /// <param name="entryPrice">Entry fill price.</param>
    /// <param name="moment">When in that bar it filled.</param>
    /// <param name="exitDecisionBar">First bar at or after <paramref name="entryBar"/> whose close decides a rule exit; <see cref="int.MaxValue"/> if none.</param>
    /// <param name="positionExit">Exit rules that know the position, or null.</param>
    /// <param name="levels">Best price before the bar of the end, and the levels that this gave.</param>
    internal PositionEnd Replay(int entryBar, double entryPrice, EntryMoment moment, int exitDecisionBar, IPositionExit? positionExit, out PositionLevels levels)
    {
        PositionEnd end;
        State s;
        if (positionExit is null)
        {
            HeldPosition position = Open(entryBar, entryPrice, moment);
            end = Walk(ref position, exitDecisionBar);
            s = position.State;
        }
        else
        {
            end = WalkAsking(entryBar, entryPrice, moment, exitDecisionBar >= to - 1 ? int.MaxValue : exitDecisionBar + 1, positionExit, out s);
        }

        levels = new(s.Best, s.FixedStop, s.Best * trailFactor, s.Target);
        return end;
    }

    /// <summary>What a position knows of itself at the close of a bar.</summary>
    /// <param name="bars">The bars traded on.</param>
    /// <param name="t">The bar.</param>
    /// <param name="entryBar">Bar of the entry fill.</param>
    /// <param name="entryPrice">Entry fill price.</param>
    /// <param name="best">Best price, this bar included.</param>
    internal static PositionState KnownAt(FillBars bars, int t, int entryBar, double entryPrice, double best) =>
        new((bars.Close[t] / entryPrice) - 1, bars.DayOf[t] - bars.DayOf[entryBar], (best / entryPrice) - 1);

    /// <summary>A position just filled, of which no rule exit is known yet.</summary>
    internal HeldPosition Open(int entryBar, double entryPrice, EntryMoment moment)
    {
        State s = Begin(entryBar, entryPrice);
        var position = new HeldPosition { WalkedTo = entryBar };
        if (moment != EntryMoment.AtOpen)
        {
            position.HasEnded = EntryBarInside(ref s, entryBar, moment, out position.End);
            position.WalkedTo++;
        }

        position.State = s;
        return position;
    }

    /// <summary>Walks a position on to a rule exit, or to the end that comes before it. What was walked once is not walked again, so one
    /// position can be asked for any number of rule exits, in any order.</summary>
    internal PositionEnd Walk(ref HeldPosition position, int exitDecisionBar)
    {
        int signalBar = exitDecisionBar >= to - 1 ? int.MaxValue : exitDecisionBar + 1;
        if (!position.HasEnded)
        {
            WalkOn(ref position, signalBar);
        }

        // A position that stays open has the bar -1: every rule exit comes before that.
        return signalBar < int.MaxValue && (!position.HasEnded || position.End.Bar < 0 || position.End.Bar >= signalBar)
            ? new(signalBar, bars.Open[signalBar] * sellFactor, ExitReason.Signal, 0)
            : position.End;
    }

    private void WalkOn(ref HeldPosition position, int signalBar)
    {
        // Only what can end the position is looked at; the first bar that a rule exit, the time stop or the data end reach is the bound.
        int bound = Math.Min(Math.Min(signalBar, position.State.TimeStopBar), to);
        if (guards && position.WalkedTo < bound)
        {
            double[] low = bars.Low, high = bars.High;
            double best = position.State.Best, fixedStop = position.State.FixedStop, target = position.State.Target, trail = trailFactor;
            for (int t = position.WalkedTo; t < bound; t++)
            {
                double level = Math.Max(fixedStop, best * trail);
                double h = high[t];
                if (low[t] <= level || h >= target)
                {
                    position.State.Best = best;
                    if (Protective(ref position.State, t, out position.End))
                    {
                        position.HasEnded = true;
                        return;
                    }
                }

                best = h > best ? h : best;
            }

            position.State.Best = best;
        }

        position.WalkedTo = Math.Max(position.WalkedTo, bound);
        if (bound != signalBar)
        {
            position.End = Final(ref position.State, bound, signalBar);
            position.HasEnded = true;
        }
    }

    private PositionEnd WalkAsking(int entryBar, double entryPrice, EntryMoment moment, int signalBar, IPositionExit rule, out State s)
    {
        s = Begin(entryBar, entryPrice);
        int t = entryBar;
        if (moment != EntryMoment.AtOpen)
        {
            if (EntryBarInside(ref s, entryBar, moment, out PositionEnd early))
            {
                return early;
            }

            if (t < to - 1 && rule.Leaves(t, KnownAt(bars, t, entryBar, entryPrice, s.Best)))
            {
                signalBar = Math.Min(signalBar, t + 1);
            }

            t++;
        }

        for (; t < Math.Min(Math.Min(signalBar, s.TimeStopBar), to); t++)
        {
            if (Protective(ref s, t, out PositionEnd end))
            {
                return end;
            }

            s.Best = Math.Max(s.Best, bars.High[t]);
            if (t < to - 1 && rule.Leaves(t, KnownAt(bars, t, entryBar, entryPrice, s.Best)))
            {
                signalBar = Math.Min(signalBar, t + 1);
            }
        }

        return Final(ref s, t, signalBar);
    }

    // Reached: the bar of a pending exit, the bar of the time stop, or the end.
    private PositionEnd Final(ref State s, int bar, int signalBar)
    {
        if (bar == signalBar)
        {
            return new(bar, bars.Open[bar] * sellFactor, ExitReason.Signal, s.Ambiguous);
        }

        if (bar < to)
        {
            return Protective(ref s, bar, out PositionEnd end)
                ? end
                : new(bar, bars.Close[bar] * sellFactor, ExitReason.TimeStop, s.Ambiguous);
        }

        return closesAtEnd
            ? new(to - 1, bars.Close[to - 1] * sellFactor, ExitReason.EndOfData, s.Ambiguous)
            : new(-1, bars.Close[to - 1], ExitReason.Open, s.Ambiguous);
    }

    private State Begin(int entryBar, double entryPrice)
    {
        double target = entryPrice * targetFactor;
        int timeStopDay = timeStopDays < 0 ? int.MaxValue : bars.DayOf[entryBar] + timeStopDays;
        return new()
        {
            Best = entryPrice,
            FixedStop = entryPrice * stopFactor,
            Target = target,
            TargetReached = target + targetBeyond,
            // The last day in use may be cut short by `to`; then the data end before the stop's close.
            TimeStopBar = timeStopDay < bars.Days && bars.LastBarOfDay[timeStopDay] < to ? bars.LastBarOfDay[timeStopDay] : int.MaxValue,
        };
    }

    private bool Protective(ref State s, int t, out PositionEnd end)
    {
        double open = bars.Open[t], trailStop = s.Best * trailFactor;
        double level = Math.Max(s.FixedStop, trailStop);
        bool stopped = bars.Low[t] <= level;
        bool reached = open >= s.Target || bars.High[t] >= s.TargetReached;
        if (stopped && reached && open > level)
        {
            s.Ambiguous++;
            stopped = !targetFirst;
        }

        if (stopped)
        {
            double price = open <= level ? open : level;
            end = new(t, price * sellFactor, s.FixedStop >= trailStop ? ExitReason.Stop : ExitReason.Trail, s.Ambiguous);
            return true;
        }

        if (reached)
        {
            end = new(t, open >= s.Target ? open : s.Target, ExitReason.Target, s.Ambiguous);
            return true;
        }

        end = default;
        return false;
    }

    // The way from a limit down to the stop leads through the limit, so the stop counts; whether the high came after the fill is
    // unknown, so target and best price leave it out. After a trigger it is the other way round: the high counts, and the low is
    // held against the position, since nothing says that it came before.
    private bool EntryBarInside(ref State s, int t, EntryMoment moment, out PositionEnd end)
    {
        double trailStop = s.Best * trailFactor;
        double level = Math.Max(s.FixedStop, trailStop);
        bool stopped = bars.Low[t] <= level;
        bool reached = moment == EntryMoment.AtTrigger && bars.High[t] >= s.TargetReached;
        if (stopped && reached)
        {
            s.Ambiguous++;
            stopped = !targetFirst;
        }

        if (stopped)
        {
            end = new(t, level * sellFactor, s.FixedStop >= trailStop ? ExitReason.Stop : ExitReason.Trail, s.Ambiguous);
            return true;
        }

        if (reached)
        {
            end = new(t, s.Target, ExitReason.Target, s.Ambiguous);
            return true;
        }

        if (t == s.TimeStopBar)
        {
            end = new(t, bars.Close[t] * sellFactor, ExitReason.TimeStop, s.Ambiguous);
            return true;
        }

        s.Best = Math.Max(s.Best, moment == EntryMoment.AtLimit ? bars.Close[t] : bars.High[t]);
        end = default;
        return false;
    }

    internal struct State
    {
        public double Best, FixedStop, Target, TargetReached;
        public int TimeStopBar, Ambiguous;
    }
}

/// <summary>The prices at which a position ends, as they stand before a bar.</summary>
/// <param name="Best">Best price since the entry.</param>
/// <param name="Stop">The fixed stop; negative infinity without.</param>
/// <param name="Trail">The trailing stop; negative infinity without.</param>
/// <param name="Target">The target; positive infinity without.</param>
internal readonly record struct PositionLevels(double Best, double Stop, double Trail, double Target);

/// <summary>A position and how far it was walked: up to a bar without an end, or to the end it has without rule exits.</summary>
internal struct HeldPosition
{
    public PositionWalk.State State;
    public PositionEnd End;
    public int WalkedTo;
    public bool HasEnded;
}
