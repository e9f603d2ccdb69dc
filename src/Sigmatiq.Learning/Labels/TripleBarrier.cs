using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Learning.Labels;

/// <summary>The label of every decision bar (spec 03 §3.2): would a unit position opened after it have netted a gain?</summary>
/// <remarks>
/// <para>The position is bought at the next open and closed by the combo's own stop, target, trail or time stop, in the engine's order
/// of events: the backtest's own <see cref="PositionWalk"/> walks it. Rule exits are left out; on most rows they would close at
/// once.</para>
/// <para>Costs are the engine's: slippage on market, stop, trail and time-stop fills, commission per share as an order for the whole
/// starting cash would pay it, so that an order minimum, which depends on the size, does not decide a label that all sizes share.</para>
/// <para>A position that is still open when the bars end has no label: what is not known yet is not 0.</para>
/// </remarks>
public static class TripleBarrier
{
    /// <summary>Labels every bar.</summary>
    /// <param name="bars">The bars as the engine trades on them.</param>
    /// <param name="options">The engine's costs and fill rules; order type and sizing play no part.</param>
    /// <param name="barriers">The combo's protective exits.</param>
    /// <param name="to">End of the bars in use, exclusive: no later bar is looked at, and a position still open there has no label. All bars
    /// where null.</param>
    public static LabelColumns Label(FillBars bars, EngineOptions options, Barriers barriers, int? to = null)
    {
        int n = bars.Count, last = to ?? n;
        double[] label = new double[n], net = new double[n];
        int[] end = new int[n];
        Array.Fill(label, double.NaN);
        Array.Fill(net, double.NaN);
        Array.Fill(end, -1);
        var walk = new PositionWalk(bars, options with { OpenAtEnd = OpenAtEnd.List }, barriers, last);
        double buyFactor = 1 + (options.SlippageBps / 10_000);
        for (int t = 0; t + 1 < last; t++)
        {
            double entry = bars.Open[t + 1] * buyFactor;
            PositionEnd closed = walk.Walk(t + 1, entry, EntryMoment.AtOpen, int.MaxValue);
            if (closed.Bar >= 0)
            {
                end[t] = closed.Bar;
                net[t] = NetReturn(entry, closed.Price, options);
                label[t] = net[t] > 0 ? 1 : 0;
            }
        }

        return new(label, end, net);
    }

    private static double NetReturn(double entry, double exit, EngineOptions options)
    {
        double shares = options.StartingCash / entry;
        double gain = (shares * (exit - entry)) - options.Fee.Of(shares, entry) - options.Fee.Of(shares, exit);
        return gain / options.StartingCash;
    }
}
