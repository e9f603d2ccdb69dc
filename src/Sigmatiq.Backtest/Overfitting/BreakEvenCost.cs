using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>How much dearer every fill could be before nothing is left of a combo's return.</summary>
public static class BreakEvenCost
{
    /// <summary>The extra cost a side, in basis points of the traded value, at which the total return is 0: (E_n − E_0)/Σ value of every
    /// fill. Trades and quantities stay as they are, so it is exact and no search is needed. Below 0 where the return is already negative.</summary>
    /// <param name="account">Trades and their money.</param>
    /// <param name="profit">E_n − E_0.</param>
    /// <returns>NaN where nothing was traded.</returns>
    public static double Bps(AccountPath account, double profit)
    {
        double traded = EquityCurve.TradedValue(account);
        return traded > 0 ? profit / traded * 10_000 : double.NaN;
    }
}
