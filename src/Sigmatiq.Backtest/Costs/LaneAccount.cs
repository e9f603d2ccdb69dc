using System.Runtime.Intrinsics;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Costs;

/// <summary>Four accounts side by side in which nothing rounds and nothing is refused: <see cref="Account"/> for fractional shares, a fee in
/// proportion and sizes worked out at the fill, line by line in the same order, so that each lane has its bits.</summary>
internal struct LaneAccount
{
    private readonly Vector256<double> bought, sold, shares;
    private Vector256<double> quantity, outlay;

    /// <summary>Accounts with so much cash.</summary>
    /// <param name="options">The engine's options.</param>
    /// <param name="shares">The size of each lane as a share of its cash.</param>
    /// <param name="cash">Cash of each lane.</param>
    public LaneAccount(EngineOptions options, Vector256<double> shares, double cash)
    {
        bought = Vector256.Create(1 + options.Fee.Rate);
        sold = Vector256.Create(1 - options.Fee.Rate);
        this.shares = shares;
        Cash = Vector256.Create(cash);
    }

    /// <summary>Cash in hand.</summary>
    public Vector256<double> Cash { get; private set; }

    /// <summary>Shares held since the last <see cref="Buy"/>.</summary>
    public readonly Vector256<double> Quantity => quantity;

    /// <summary>Whether an account of this size is of that kind: then all money in a trade is in proportion to the cash before it, and its
    /// returns do not depend on how much that was.</summary>
    /// <remarks>Whole shares round, a fee per share has a minimum, a share of a bar's volume is a number of shares, and Kelly asks what was
    /// earned before.</remarks>
    public static bool Fits(EngineOptions options, PositionSize size) =>
        options.Quantity == QuantityKind.Fractional && options.Fee.Kind != FeeKind.PerShare && options.SizePrice == SizePrice.Fill
        && options.Order != OrderType.Limit && size.Method == SizingMethod.FixedPct && size.Share > 0;

    /// <summary>Buys at a price with each lane's share of its cash.</summary>
    public void Buy(double price)
    {
        outlay = shares * Cash;
        quantity = outlay / (Vector256.Create(price) * bought);
        Cash -= outlay;
    }

    /// <summary>Sells everything.</summary>
    /// <returns>All bits set in the lanes that gained.</returns>
    public Vector256<double> Sell(double price)
    {
        Vector256<double> proceeds = quantity * Vector256.Create(price) * sold;
        Cash += proceeds;
        return Vector256.GreaterThan(proceeds - outlay, Vector256<double>.Zero);
    }
}
