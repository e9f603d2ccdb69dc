using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Momentum;

/// <summary>How a change over n bars is told.</summary>
public enum RocForm
{
    /// <summary>100·(C − C₋ₙ)/C₋ₙ.</summary>
    Percent,

    /// <summary>(C − C₋ₙ)/C₋ₙ.</summary>
    Fraction,

    /// <summary>C/C₋ₙ.</summary>
    Ratio,

    /// <summary>C − C₋ₙ, also called momentum.</summary>
    Difference,
}

/// <summary>Rate of change: how far the close is from the close n bars before.</summary>
public static class Roc
{
    /// <summary>Fills the rate of change.</summary>
    /// <param name="close">Closing prices, oldest first, shape [n].</param>
    /// <param name="period">How many bars back, at least 1.</param>
    /// <param name="form">Percent, fraction, ratio or difference.</param>
    /// <param name="roc">Receives the change, shape [n]; NaN for the first <paramref name="period"/> seen bars and where the earlier close
    /// is 0 (but for a difference).</param>
    public static void Compute(ReadOnlySpan<double> close, int period, RocForm form, Span<double> roc)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.Run(close, roc, (column, output) =>
        {
            output[..Math.Min(period, column.Length)].Fill(double.NaN);
            for (int t = period; t < column.Length; t++)
            {
                output[t] = Of(column[t - period], column[t], form);
            }
        });
    }

    /// <summary>The change from one close to another.</summary>
    internal static double Of(double before, double now, RocForm form) => form switch
    {
        RocForm.Difference => now - before,
        _ when before == 0 => double.NaN,
        RocForm.Ratio => Gaps.Finite(now / before),
        RocForm.Fraction => Gaps.Finite((now - before) / before),
        _ => Gaps.Finite(100 * (now - before) / before),
    };
}
