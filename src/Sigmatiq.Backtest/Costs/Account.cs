using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Costs;

/// <summary>Cash and one position at a time: turns fills into money, in the arithmetic of the benchmark (double, in this order).</summary>
/// <remarks>
/// <para>Quantity: budget = size · cash, over the price it is sized at. Fractional with a proportional fee: budget/(price · (1 + fee)),
/// so that the budget pays the fee. Whole: rounded down. An order that cash cannot pay, fee included, is cut to what it can.</para>
/// <para>Buy: cash − quantity · price · (1 + fee) (exactly the budget where the quantity was worked out at the fill). Sell: cash +
/// quantity · price · (1 − fee). A fee that is not proportional is added or taken as money.</para>
/// </remarks>
internal struct Account
{
    private readonly FeeModel fee;
    private readonly double rate;
    private readonly bool proportional, whole, atFill;

    public Account(EngineOptions options)
    {
        fee = options.Fee;
        rate = fee.Rate;
        proportional = fee.Kind != FeeKind.PerShare;
        whole = options.Quantity == QuantityKind.Whole;
        atFill = options.SizePrice == SizePrice.Fill;
        Cash = options.StartingCash;
    }

    /// <summary>Cash in hand.</summary>
    public double Cash { get; private set; }

    /// <summary>What the open position cost, fee included.</summary>
    public double Outlay { get; private set; }

    /// <summary>Shares for a share of the cash at a price; 0 where it buys none.</summary>
    public readonly double QuantityFor(double size, double price)
    {
        double budget = size * Cash;
        double quantity = whole ? Math.Floor(budget / price) : proportional ? budget / (price * (1 + rate)) : budget / price;
        return quantity > 0 ? quantity : 0;
    }

    /// <summary>Buys; cuts the quantity to what cash can pay.</summary>
    /// <param name="size">The share of cash the quantity was worked out from; NaN where it was cut since.</param>
    /// <param name="wanted">Quantity wanted, positive.</param>
    /// <param name="price">Fill price.</param>
    /// <returns>The quantity bought; 0 where cash pays none, and then nothing has changed.</returns>
    public double Buy(double size, double wanted, double price)
    {
        if (!whole && proportional && atFill && !double.IsNaN(size))
        {
            Outlay = size * Cash;
            Cash -= Outlay;
            return wanted;
        }

        double quantity = wanted;
        double cost = Cost(quantity, price);
        if (cost > Cash)
        {
            quantity = Affordable(quantity, price);
            if (quantity <= 0)
            {
                return 0;
            }

            cost = Cost(quantity, price);
        }

        Outlay = cost;
        Cash -= cost;
        return quantity;
    }

    /// <summary>Sells the whole position.</summary>
    /// <returns>Net profit or loss of the trade.</returns>
    public double Sell(double quantity, double price)
    {
        double proceeds = proportional ? quantity * price * (1 - rate) : (quantity * price) - fee.Of(quantity, price);
        Cash += proceeds;
        return proceeds - Outlay;
    }

    private readonly double Cost(double quantity, double price) =>
        proportional ? quantity * price * (1 + rate) : (quantity * price) + fee.Of(quantity, price);

    // The fee only falls with the quantity, so the first cut already fits; whole shares step down to the largest that does.
    private readonly double Affordable(double wanted, double price)
    {
        double quantity = proportional ? Cash / (price * (1 + rate)) : (Cash - fee.Of(wanted, price)) / price;
        if (!whole)
        {
            return quantity;
        }

        quantity = Math.Min(wanted, Math.Floor(proportional ? quantity : Cash / price));
        while (quantity > 0 && Cost(quantity, price) > Cash)
        {
            quantity--;
        }

        return quantity;
    }
}
