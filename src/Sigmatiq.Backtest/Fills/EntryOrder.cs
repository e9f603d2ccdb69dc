using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Fills;

/// <summary>What becomes of an entry order: where and at which price it fills, or when it expires (spec 02 §2.7, 08 §8.9).</summary>
internal readonly struct EntryOrder(FillBars bars, EngineOptions options, int to)
{
    private readonly double buyFactor = 1 + (options.SlippageBps / 10_000);
    private readonly double offset = options.OrderOffsetBps / 10_000;
    private readonly double beyond = PositionWalk.Beyond(options);

    /// <summary>Works an order from the bar after its decision on.</summary>
    /// <param name="decision">Bar on whose close it was decided; before the last bar in use.</param>
    /// <param name="entryBar">Bar of the fill; where it expired, the bar on whose close it did.</param>
    /// <param name="price">Fill price, with slippage where it has any.</param>
    /// <param name="moment">When in the bar it filled.</param>
    /// <returns>Whether it filled.</returns>
    public bool Fill(int decision, out int entryBar, out double price, out EntryMoment moment)
    {
        moment = EntryMoment.AtOpen;
        if (options.Order == OrderType.Market)
        {
            entryBar = decision + 1;
            price = bars.Open[entryBar] * buyFactor;
            return true;
        }

        // A day order decided on the last bar of a session works in the next one: its session is that of the bar after the decision.
        int last = options.TimeInForce == TimeInForce.Gtc ? to - 1 : Math.Min(to - 1, bars.LastBarOfDay[bars.DayOf[decision + 1]]);
        double close = bars.Close[decision];
        return options.Order == OrderType.Limit
            ? AtLimit(close * (1 - offset), decision + 1, last, out entryBar, out price, out moment)
            : AtTrigger(close * (1 + offset), decision + 1, last, out entryBar, out price, out moment);
    }

    private bool AtLimit(double limit, int first, int last, out int entryBar, out double price, out EntryMoment moment)
    {
        double reach = limit - beyond;
        for (int t = first; t <= last; t++)
        {
            if (bars.Open[t] <= limit || bars.Low[t] <= reach)
            {
                bool atOpen = bars.Open[t] <= limit;
                entryBar = t;
                price = atOpen ? bars.Open[t] : limit;
                moment = atOpen ? EntryMoment.AtOpen : EntryMoment.AtLimit;
                return true;
            }
        }

        return Expired(last, out entryBar, out price, out moment);
    }

    private bool AtTrigger(double trigger, int first, int last, out int entryBar, out double price, out EntryMoment moment)
    {
        for (int t = first; t <= last; t++)
        {
            if (bars.Open[t] >= trigger || bars.High[t] >= trigger)
            {
                bool atOpen = bars.Open[t] >= trigger;
                entryBar = t;
                price = (atOpen ? bars.Open[t] : trigger) * buyFactor;
                moment = atOpen ? EntryMoment.AtOpen : EntryMoment.AtTrigger;
                return true;
            }
        }

        return Expired(last, out entryBar, out price, out moment);
    }

    private static bool Expired(int last, out int entryBar, out double price, out EntryMoment moment)
    {
        entryBar = last;
        price = double.NaN;
        moment = EntryMoment.AtOpen;
        return false;
    }
}
