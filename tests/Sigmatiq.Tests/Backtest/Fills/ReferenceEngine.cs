using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Tests.Backtest.Fills;

/// <summary>Specs 02 §2.7 and 08 §8.9 once more, as one loop over every bar with a flag for everything: slow, and made to be read
/// beside the text. It shares no code with the engine but the option records.</summary>
internal sealed class ReferenceEngine(
    double[] open, double[] high, double[] low, double[] close, double[] volume, int[] dayOf, bool[] entry, bool[] exit, Barriers barriers, EngineOptions o, double sizePct, int from, int to)
{
    public sealed record Trade(int DecisionBar, int EntryBar, double EntryPrice, double Quantity, double CashAfterEntry)
    {
        public int ExitBar { get; set; } = -1;

        public double ExitPrice { get; set; }

        public string Reason { get; set; } = "open";

        public double Profit { get; set; } = double.NaN;
    }

    public List<Trade> Trades { get; } = [];

    public List<double> EquityByBar { get; } = [];

    public int Ambiguous { get; private set; }

    public int Expired { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Target of a size by volatility.</summary>
    public double VolTargetPct { get; init; }

    /// <summary>An exit rule on the position: return, days, best.</summary>
    public Func<int, double, int, double, bool>? PositionExit { get; init; }

    public void Run()
    {
        double cash = o.StartingCash, entryValue = 0, outlay = 0;
        double slip = o.SlippageBps / 10_000;
        double best = 0;
        int entryDay = 0;
        bool pendingSell = false;
        int orderDecision = -1, orderLast = 0;
        double orderWanted = 0, orderSize = 0;
        Trade? held = null;
        int wins = 0, closed = 0;
        double gains = 0, losses = 0;

        double Fee(double q, double p) => o.Fee.Kind == FeeKind.PerShare
            ? Math.Min(Math.Max(q * o.Fee.PerShare, o.Fee.Min), q * p * (o.Fee.MaxPct / 100))
            : 0;
        double rate = o.Fee.Kind == FeeKind.Bps ? o.Fee.Bps / 10_000 : 0;
        bool perShare = o.Fee.Kind == FeeKind.PerShare;
        double Cost(double q, double p) => perShare ? (q * p) + Fee(q, p) : q * p * (1 + rate);

        // Closes of the 21 days that were complete before this one, read off the bars one by one.
        double VolatilityShare(int t, double cap)
        {
            double[] closes = [.. Enumerable.Range(0, t).Where(b => dayOf[b] < dayOf[t] && dayOf[b + 1] > dayOf[b]).Select(b => close[b])];
            if (closes.Length < 21)
            {
                return cap / 2;
            }

            double[] returns = [.. Enumerable.Range(closes.Length - 20, 20).Select(k => (closes[k] / closes[k - 1]) - 1)];
            double mean = 0, sum = 0;
            foreach (double r in returns)
            {
                mean += r / 20;
            }

            foreach (double r in returns)
            {
                sum += (r - mean) * (r - mean);
            }

            double volatility = Math.Sqrt(sum / 19 * 252), target = (double)((decimal)VolTargetPct / 100m);
            return volatility * cap <= target ? cap : target / volatility;
        }

        double Share(int t)
        {
            double cap = (double)((decimal)sizePct / 100m);
            if (o.Sizing == SizingMethod.FixedPct)
            {
                return cap;
            }

            if (o.Sizing == SizingMethod.VolTarget)
            {
                return VolatilityShare(t, cap);
            }

            if (closed < 30)
            {
                return cap / 2;
            }

            if (wins == 0)
            {
                return 0;
            }

            double p = (double)wins / closed;
            double averageLoss = wins == closed ? 0 : losses / (closed - wins);
            double b = averageLoss > 0 ? gains / wins / averageLoss : double.PositiveInfinity;
            return Math.Clamp(0.5 * (p - ((1 - p) / b)), 0, cap);
        }

        double Wanted(double size, double price)
        {
            double budget = size * cash;
            double q = o.Quantity == QuantityKind.Whole ? Math.Floor(budget / price) : perShare ? budget / price : budget / (price * (1 + rate));
            return q > 0 ? q : 0;
        }

        void Sell(int t, double price, string reason)
        {
            double proceeds = perShare ? (held!.Quantity * price) - Fee(held.Quantity, price) : held!.Quantity * price * (1 - rate);
            cash += proceeds;
            held.ExitBar = t;
            held.ExitPrice = price;
            held.Reason = reason;
            held.Profit = proceeds - outlay;
            double r = held.Profit / entryValue;
            closed++;
            if (r > 0)
            {
                wins++;
                gains += r;
            }
            else
            {
                losses -= r;
            }

            held = null;
            pendingSell = false;
        }

        for (int t = 0; t < to; t++)
        {
            bool protectedHere = false;
            string filled = "";

            // A pending rule exit fills at the open.
            if (held is not null && pendingSell)
            {
                Sell(t, open[t] * (1 - slip), "signal");
            }

            // A pending or working entry order.
            if (orderDecision >= 0)
            {
                double price = 0, reference = close[orderDecision];
                switch (o.Order)
                {
                    case OrderType.Market:
                        (filled, price) = ("open", open[t] * (1 + slip));
                        break;
                    case OrderType.Limit:
                        double limit = reference * (1 - (o.OrderOffsetBps / 10_000));
                        double need = o.LimitFill == LimitFill.Touch ? limit : limit - (o.Tick * (1 - 1e-6));
                        if (open[t] <= limit)
                        {
                            (filled, price) = ("open", open[t]);
                        }
                        else if (low[t] <= need)
                        {
                            (filled, price) = ("limit", limit);
                        }

                        break;
                    default:
                        double trigger = reference * (1 + (o.OrderOffsetBps / 10_000));
                        if (open[t] >= trigger)
                        {
                            (filled, price) = ("open", open[t] * (1 + slip));
                        }
                        else if (high[t] >= trigger)
                        {
                            (filled, price) = ("trigger", trigger * (1 + slip));
                        }

                        break;
                }

                if (filled != "")
                {
                    double wanted = o.SizePrice == SizePrice.Fill ? Wanted(orderSize, price) : orderWanted;
                    double q = wanted;
                    double cost;
                    bool cut = o.Order == OrderType.Limit && volume[t] > 0 && wanted > o.VolumeShareMax * volume[t];
                    if (cut)
                    {
                        double part = o.VolumeShareMax * volume[t];
                        q = !o.PartialFills ? 0 : o.Quantity == QuantityKind.Whole ? Math.Floor(part) : part;
                    }

                    if (!cut && o.Quantity == QuantityKind.Fractional && !perShare && o.SizePrice == SizePrice.Fill)
                    {
                        cost = orderSize * cash;
                    }
                    else
                    {
                        cost = Cost(q, price);
                        if (cost > cash)
                        {
                            if (o.Quantity == QuantityKind.Fractional)
                            {
                                q = perShare ? (cash - Fee(q, price)) / price : cash / (price * (1 + rate));
                            }
                            else
                            {
                                while (q > 0 && Cost(q, price) > cash)
                                {
                                    q--;
                                }
                            }

                            cost = Cost(q, price);
                        }
                    }

                    if (q > 0)
                    {
                        outlay = cost;
                        cash -= cost;
                        entryValue = q * price;
                        held = new(orderDecision, t, price, q, cash);
                        Trades.Add(held);
                        best = price;
                        entryDay = dayOf[t];
                    }
                    else
                    {
                        Refused++;
                        filled = "";
                    }

                    orderDecision = -1;
                }
                else if (t == orderLast)
                {
                    Expired++;
                    orderDecision = -1;
                }
            }

            if (held is not null)
            {
                double fixedStop = barriers.StopLossPct is { } sl ? held.EntryPrice * (1 - (double)((decimal)sl / 100m)) : double.NegativeInfinity;
                double trailStop = barriers.TrailingStopPct is { } tr ? best * (1 - (double)((decimal)tr / 100m)) : double.NegativeInfinity;
                double stop = Math.Max(fixedStop, trailStop);
                double target = barriers.TakeProfitPct is { } tp ? held.EntryPrice * (1 + (double)((decimal)tp / 100m)) : double.PositiveInfinity;
                bool inside = filled is "limit" or "trigger";
                bool stopHit = low[t] <= stop;
                double targetNeed = o.LimitFill == LimitFill.Touch ? target : target + (o.Tick * (1 - 1e-6));
                bool targetHit = filled switch
                {
                    "limit" => false,
                    "trigger" => high[t] >= targetNeed,
                    _ => open[t] >= target || high[t] >= targetNeed,
                };
                bool gapBelow = !inside && open[t] <= stop;
                if (stopHit && targetHit && !gapBelow)
                {
                    Ambiguous++;
                    if (o.BothTouched == BothTouched.TargetFirst)
                    {
                        stopHit = false;
                    }
                }

                if (stopHit)
                {
                    Sell(t, (gapBelow ? open[t] : stop) * (1 - slip), fixedStop >= trailStop ? "stop" : "trail");
                    protectedHere = true;
                }
                else if (targetHit)
                {
                    Sell(t, !inside && open[t] >= target ? open[t] : target, "target");
                    protectedHere = true;
                }
                else if (barriers.TimeStopDays is { } days && dayOf[t] - entryDay == days && (t + 1 < dayOf.Length ? dayOf[t + 1] != dayOf[t] : true))
                {
                    Sell(t, close[t] * (1 - slip), "time_stop");
                    protectedHere = true;
                }
                else
                {
                    best = Math.Max(best, filled == "limit" ? close[t] : high[t]);
                }
            }

            // The end of the data.
            if (t == to - 1)
            {
                if (orderDecision >= 0)
                {
                    Expired++;
                }

                if (held is not null)
                {
                    if (o.OpenAtEnd == OpenAtEnd.Close)
                    {
                        Sell(t, close[t] * (1 - slip), "end_of_data");
                    }
                    else
                    {
                        held.ExitPrice = close[t];
                    }
                }
            }

            EquityByBar.Add(cash + ((held?.Quantity ?? 0) * close[t]));

            // Decisions at the close, not on the last bar.
            if (t < to - 1)
            {
                if (held is not null)
                {
                    bool leaves = exit[t] || (PositionExit?.Invoke(t, (close[t] / held.EntryPrice) - 1, dayOf[t] - entryDay, (best / held.EntryPrice) - 1) ?? false);
                    pendingSell = pendingSell || leaves;
                }
                else if (orderDecision < 0 && entry[t] && !protectedHere && t >= from)
                {
                    double size = Share(t);
                    double wanted = o.SizePrice == SizePrice.Fill ? 1 : Wanted(size, close[t]);
                    if (size <= 0 || wanted <= 0)
                    {
                        Refused++;
                    }
                    else
                    {
                        (orderDecision, orderSize, orderWanted) = (t, size, wanted);
                        int last = to - 1;
                        if (o.TimeInForce == TimeInForce.Day)
                        {
                            last = t + 1;
                            while (last + 1 < to && dayOf[last + 1] == dayOf[t + 1])
                            {
                                last++;
                            }
                        }

                        orderLast = last;
                    }
                }
            }
        }
    }
}
