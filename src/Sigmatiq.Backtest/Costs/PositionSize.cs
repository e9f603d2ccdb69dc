using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Costs;

/// <summary>Which share of the account a position takes (spec 01 §1.7).</summary>
/// <param name="Method">Fixed, half Kelly, or what a target of volatility leaves room for.</param>
/// <param name="Pct">The fixed share in percent; under the other methods the cap.</param>
/// <param name="VolTargetPct">What the position may swing in a year, in percent of equity; read by <see cref="SizingMethod.VolTarget"/> only.</param>
public readonly record struct PositionSize(SizingMethod Method, double Pct, double VolTargetPct = 0)
{
    /// <summary><see cref="Pct"/> as a fraction.</summary>
    public double Share => Percent.ToFraction(Pct);

    /// <summary>Trades closed before Kelly's own p and b are believed.</summary>
    public const int KellyTradesMin = 30;

    /// <summary>Kelly's fraction f* = p − (1 − p)/b, halved and held within [0, cap].</summary>
    /// <param name="winRate">p, share of trades with a gain.</param>
    /// <param name="payoff">b, average gain over average loss, both as returns; infinite where no trade lost.</param>
    /// <param name="cap">The largest share allowed.</param>
    public static double HalfKelly(double winRate, double payoff, double cap) =>
        Math.Clamp(0.5 * (winRate - ((1 - winRate) / payoff)), 0, cap);

    /// <summary>The share whose swings come to the target: target over the instrument's own volatility, at most the cap.</summary>
    /// <param name="target">Annual volatility wanted of the position, as a fraction of equity.</param>
    /// <param name="volatility">Annual volatility of the instrument as a fraction (<see cref="DayVolatility"/>). NaN, before enough days are
    /// known, gives half the cap, as Kelly before enough trades; 0, a price that stood still, gives the cap.</param>
    /// <param name="cap">The largest share allowed.</param>
    public static double OfVolatility(double target, double volatility, double cap) =>
        double.IsNaN(volatility) ? cap / 2 : volatility * cap <= target ? cap : target / volatility;
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
