using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Costs;

/// <summary>Which share of the account a position takes (spec 01 §1.7).</summary>
/// <param name="Method">Fixed, or half Kelly.</param>
/// <param name="Pct">The fixed share in percent; under Kelly the cap.</param>
public readonly record struct PositionSize(SizingMethod Method, double Pct)
{
    /// <summary>Trades closed before Kelly's own p and b are believed.</summary>
    public const int KellyTradesMin = 30;

    /// <summary>Kelly's fraction f* = p − (1 − p)/b, halved and held within [0, cap].</summary>
    /// <param name="winRate">p, share of trades with a gain.</param>
    /// <param name="payoff">b, average gain over average loss, both as returns; infinite where no trade lost.</param>
    /// <param name="cap">The largest share allowed.</param>
    public static double HalfKelly(double winRate, double payoff, double cap) =>
        Math.Clamp(0.5 * (winRate - ((1 - winRate) / payoff)), 0, cap);
}

/// <summary>The trades an account has closed, as far as Kelly needs them.</summary>
internal struct KellyRecord
{
    private int wins, count;
    private double gains, losses;

    public void Add(double tradeReturn)
    {
        count++;
        if (tradeReturn > 0)
        {
            wins++;
            gains += tradeReturn;
        }
        else
        {
            losses -= tradeReturn;
        }
    }

    /// <summary>The share for the next position, from trades closed before only.</summary>
    public readonly double Share(double cap)
    {
        if (count < PositionSize.KellyTradesMin)
        {
            return cap / 2;
        }

        if (wins == 0)
        {
            return 0;
        }

        double averageLoss = wins == count ? 0 : losses / (count - wins);
        return PositionSize.HalfKelly((double)wins / count, averageLoss > 0 ? gains / wins / averageLoss : double.PositiveInfinity, cap);
    }
}
