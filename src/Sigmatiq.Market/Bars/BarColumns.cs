using Sigmatiq.Market.Symbols;

namespace Sigmatiq.Market.Bars;

/// <summary>Bars of one symbol as columns, oldest first; never changed after it is made.</summary>
/// <remarks>
/// <para>Times are microseconds since 1970 UTC and name the bar's <b>start</b>. A day bar carries its session date at 00:00: a
/// label, not an instant. Prices are raw (not dividend-adjusted); adjusted price = price × <see cref="AdjFactor"/>.</para>
/// <para>All columns have the shape [n]. <see cref="AdjFactor"/> is empty where nothing is known.</para>
/// </remarks>
public sealed class BarColumns
{
    /// <summary>Takes the columns over; the caller must not change them afterwards.</summary>
    /// <exception cref="ArgumentException">Columns of different lengths.</exception>
    public BarColumns(
        Symbol symbol, Interval interval, long[] startUtcUs, double[] open, double[] high, double[] low, double[] close, double[] volume,
        double[]? adjFactor = null)
    {
        int n = startUtcUs.Length;
        if (open.Length != n || high.Length != n || low.Length != n || close.Length != n || volume.Length != n
            || (adjFactor is { Length: > 0 } && adjFactor.Length != n))
        {
            throw new ArgumentException($"Bar columns of {symbol} differ in length.");
        }

        Symbol = symbol;
        Interval = interval;
        StartUtcUs = startUtcUs;
        Open = open;
        High = high;
        Low = low;
        Close = close;
        Volume = volume;
        AdjFactor = adjFactor ?? [];
    }

    /// <summary>Whose bars.</summary>
    public Symbol Symbol { get; }

    /// <summary>How long each bar is.</summary>
    public Interval Interval { get; }

    /// <summary>Number of bars.</summary>
    public int Count => StartUtcUs.Length;

    /// <summary>Start of each bar, microseconds since 1970 UTC.</summary>
    public long[] StartUtcUs { get; }

    /// <summary>Opening prices.</summary>
    public double[] Open { get; }

    /// <summary>Highest prices.</summary>
    public double[] High { get; }

    /// <summary>Lowest prices.</summary>
    public double[] Low { get; }

    /// <summary>Closing prices.</summary>
    public double[] Close { get; }

    /// <summary>Volumes, in shares.</summary>
    public double[] Volume { get; }

    /// <summary>Adjustment factors, or empty.</summary>
    public double[] AdjFactor { get; }

    /// <summary>Start of bar t as an instant.</summary>
    public DateTimeOffset StartUtc(int t) => DateTimeOffset.UnixEpoch.AddTicks(StartUtcUs[t] * 10);

    /// <summary>Bars [from, to) as a new value.</summary>
    public BarColumns Slice(int from, int to) => new(
        Symbol, Interval, StartUtcUs[from..to], Open[from..to], High[from..to], Low[from..to], Close[from..to], Volume[from..to],
        AdjFactor.Length == 0 ? null : AdjFactor[from..to]);

    /// <summary>Whether every bar has its adjustment factor.</summary>
    public bool IsAdjustable => AdjFactor.Length > 0 && !AdjFactor.Any(double.IsNaN);

    /// <summary>The bars with every price times its adjustment factor, and no factors left; itself where the factor of any bar is not
    /// known, since adjusted and raw prices in one series would make a jump that nobody traded.</summary>
    public BarColumns Adjusted()
    {
        if (!IsAdjustable)
        {
            return this;
        }

        double[] Times(double[] price)
        {
            double[] adjusted = new double[price.Length];
            for (int t = 0; t < adjusted.Length; t++)
            {
                adjusted[t] = price[t] * AdjFactor[t];
            }

            return adjusted;
        }

        return new(Symbol, Interval, StartUtcUs, Times(Open), Times(High), Times(Low), Times(Close), Volume);
    }
}
