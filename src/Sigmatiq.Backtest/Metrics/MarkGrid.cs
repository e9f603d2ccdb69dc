using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Metrics;

/// <summary>The bars at whose close equity is marked: every bar, or each day's last, within a window.</summary>
public sealed class MarkGrid
{
    private readonly FillBars bars;
    private readonly int[] firstAtOrAfter;
    private readonly Lazy<int[]> dayNumbers;
    private HeldInstrument? held;

    /// <summary>Lays the marks.</summary>
    /// <param name="bars">The bars traded on.</param>
    /// <param name="by">By bar or by day.</param>
    /// <param name="from">First bar of the window.</param>
    /// <param name="to">End of the window, exclusive. A day cut short by it is marked at its last bar inside.</param>
    public MarkGrid(FillBars bars, ReturnSeries by, int from, int to)
    {
        this.bars = bars;
        By = by;
        From = from;
        To = to;
        List<int> marks = [];
        for (int t = from; t < to; t++)
        {
            if (by == ReturnSeries.Bar || t == to - 1 || bars.DayOf[t + 1] != bars.DayOf[t])
            {
                marks.Add(t);
            }
        }

        dayNumbers = new(() => [Count == 0 ? 0 : StartDate.DayNumber, .. Enumerable.Range(0, Count).Select(m => Date(m).DayNumber)]);
        Bar = [.. marks];
        Close = [.. marks.Select(t => bars.Close[t])];
        firstAtOrAfter = new int[to + 1 - from];
        for (int t = from, m = 0; t <= to; t++)
        {
            while (m < Bar.Length && Bar[m] < t)
            {
                m++;
            }

            firstAtOrAfter[t - from] = m;
        }
    }

    /// <summary>Number of marks, which is the number of returns.</summary>
    public int Count => Bar.Length;

    /// <summary>Bar of each mark.</summary>
    public int[] Bar { get; }

    /// <summary>Close of each mark.</summary>
    public double[] Close { get; }

    /// <summary>By bar or by day.</summary>
    public ReturnSeries By { get; }

    /// <summary>First bar of the window.</summary>
    public int From { get; }

    /// <summary>End of the window, exclusive.</summary>
    public int To { get; }

    /// <summary>The first mark at or after a bar of the window; <see cref="Count"/> if none.</summary>
    public int FirstAtOrAfter(int bar) => firstAtOrAfter[bar - From];

    /// <summary>The trading date of a mark.</summary>
    public DateOnly Date(int mark) => bars.DateOfDay(bars.DayOf[Bar[mark]]);

    /// <summary>The date on which the window starts: that of the money before the first mark.</summary>
    public DateOnly StartDate => bars.DateOfDay(bars.DayOf[From]);

    /// <summary>Calendar days (<see cref="DateOnly.DayNumber"/>) of the start and of each mark, shape [marks + 1].</summary>
    public int[] DayNumbers => dayNumbers.Value;

    /// <summary>The instrument held from the first open on, in any fraction and without costs: the same for every account over these marks.</summary>
    internal HeldInstrument Held(double startingCash)
    {
        HeldInstrument? known = Volatile.Read(ref held);
        if (known is null || known.Equity[0] != startingCash)
        {
            Volatile.Write(ref held, known = HeldInstrument.Of(bars, this, startingCash));
        }

        return known;
    }

    /// <summary>Calendar days from the window's first date to its last, over 365.25.</summary>
    public double Years => Count == 0 ? 0 : (Date(Count - 1).DayNumber - StartDate.DayNumber) / 365.25;
}

/// <summary>Buy and hold over some marks.</summary>
/// <param name="Equity">Money at the start and at each mark, shape [marks + 1].</param>
/// <param name="Returns">Returns between the marks, shape [marks].</param>
internal sealed record HeldInstrument(double[] Equity, double[] Returns)
{
    public static HeldInstrument Of(FillBars bars, MarkGrid marks, double startingCash)
    {
        double[] equity = EquityCurve.BuyAndHold(bars, marks, startingCash);
        return new(equity, ReturnColumns.Between(equity));
    }
}
