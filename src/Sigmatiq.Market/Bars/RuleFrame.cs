namespace Sigmatiq.Market.Bars;

/// <summary>On which bars the names of a rule live (spec 01 §1.3, <c>rule_frame</c>).</summary>
public enum RuleFrameKind
{
    /// <summary>The engine's own bars.</summary>
    Bar,

    /// <summary>Completed days and one provisional bar for the running day.</summary>
    Day,
}

/// <summary>What rules see at the close of each engine bar.</summary>
/// <remarks>
/// <para>A frame is a series of <i>periods</i> (days, or the bars themselves). At engine bar t the period <c>PeriodOf[t]</c> is
/// running, and <c>Open[t] … Volume[t]</c> are that period's values <b>so far</b>. The value of a completed period p is the one at its
/// last bar, <c>LastBarOf[p]</c>. So for any series x computed on the frame, "x now" is <c>x[t]</c> and "x of k periods ago" is
/// <c>x[LastBarOf[PeriodOf[t] − k]]</c>: one definition for both kinds, and nothing later than bar t is ever reached.</para>
/// <para>In a bar frame every bar is its own period and the columns are the bars' own arrays.</para>
/// </remarks>
public sealed partial class RuleFrame
{
    internal RuleFrame(
        BarColumns bars, RuleFrameKind kind, double[] open, double[] high, double[] low, double[] close, double[] volume, int[] periodOf, int[] lastBarOf)
    {
        Bars = bars;
        Kind = kind;
        Open = open;
        High = high;
        Low = low;
        Close = close;
        Volume = volume;
        PeriodOf = periodOf;
        LastBarOf = lastBarOf;
    }

    /// <summary>The engine's bars that the frame was made from.</summary>
    public BarColumns Bars { get; }

    /// <summary>Day or bar.</summary>
    public RuleFrameKind Kind { get; }

    /// <summary>Number of engine bars n.</summary>
    public int Count => Bars.Count;

    /// <summary>Number of periods.</summary>
    public int Periods => LastBarOf.Length;

    /// <summary>Open of the running period, shape [n].</summary>
    public double[] Open { get; }

    /// <summary>Highest price of the running period so far, shape [n].</summary>
    public double[] High { get; }

    /// <summary>Lowest price of the running period so far, shape [n].</summary>
    public double[] Low { get; }

    /// <summary>Latest price of the running period, shape [n].</summary>
    public double[] Close { get; }

    /// <summary>Volume of the running period, scaled to a whole period (01 §1.3), shape [n]; NaN while the scale is unknown.</summary>
    public double[] Volume { get; }

    /// <summary>Index of the running period at each engine bar, shape [n]; non-decreasing.</summary>
    public int[] PeriodOf { get; }

    /// <summary>Last engine bar of each period, shape [periods].</summary>
    public int[] LastBarOf { get; }

    /// <summary>The frame in which every bar is its own period.</summary>
    public static RuleFrame OfBars(BarColumns bars)
    {
        int[] self = new int[bars.Count];
        for (int t = 0; t < self.Length; t++)
        {
            self[t] = t;
        }

        return new(bars, RuleFrameKind.Bar, bars.Open, bars.High, bars.Low, bars.Close, bars.Volume, self, self);
    }
}
