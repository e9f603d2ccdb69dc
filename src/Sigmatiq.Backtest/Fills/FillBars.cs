using Sigmatiq.Market.Bars;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Backtest.Fills;

/// <summary>The bars as the engine trades on them: prices (raw or adjusted) and trading days.</summary>
/// <remarks>All bar columns have the shape [n]; day columns the shape [days]. Never changed after it is made.</remarks>
public sealed class FillBars
{
    private readonly DateOnly[] dates;
    private readonly Lazy<double[]> dayVolatility;

    private FillBars(double[] open, double[] high, double[] low, double[] close, double[] volume, long[] startUtcUs, int[] dayOf, int[] lastBarOfDay, DateOnly[] dates)
    {
        Open = open;
        High = high;
        Low = low;
        Close = close;
        Volume = volume;
        StartUtcUs = startUtcUs;
        DayOf = dayOf;
        LastBarOfDay = lastBarOfDay;
        this.dates = dates;
        dayVolatility = new(() => Costs.DayVolatility.Of(Close, LastBarOfDay));
    }

    /// <summary>Number of bars n.</summary>
    public int Count => Open.Length;

    /// <summary>Number of trading days.</summary>
    public int Days => LastBarOfDay.Length;

    /// <summary>Opening prices.</summary>
    public double[] Open { get; }

    /// <summary>Highest prices.</summary>
    public double[] High { get; }

    /// <summary>Lowest prices.</summary>
    public double[] Low { get; }

    /// <summary>Closing prices.</summary>
    public double[] Close { get; }

    /// <summary>Volumes in shares; 0 or NaN where nothing is known.</summary>
    public double[] Volume { get; }

    /// <summary>Bar starts, microseconds since 1970 UTC.</summary>
    public long[] StartUtcUs { get; }

    /// <summary>Index of each bar's trading day, shape [n], non-decreasing from 0.</summary>
    public int[] DayOf { get; }

    /// <summary>Last bar of each trading day, shape [days].</summary>
    public int[] LastBarOfDay { get; }

    /// <summary>Annual volatility as decisions inside each day know it, shape [days]; see <see cref="Costs.DayVolatility"/>.</summary>
    public double[] DayVolatility => dayVolatility.Value;

    /// <summary>The date of a trading day in the zone the bars were read in.</summary>
    public DateOnly DateOfDay(int day) => dates[day];

    /// <summary>Prepares bars for trading.</summary>
    /// <param name="bars">Bars of one symbol, oldest first.</param>
    /// <param name="zone">The exchange's clock; a bar belongs to the date it starts on there. Day bars carry their date already.</param>
    /// <param name="prices">Raw, or times the adjustment factor where one is known.</param>
    public static FillBars From(BarColumns bars, TimeZoneInfo zone, PriceKind prices)
    {
        int n = bars.Count;
        int[] dayOf = new int[n];
        List<DateOnly> dates = [];
        List<int> last = [];
        DateTime localDayEnd = DateTime.MinValue;
        long untilUtcUs = long.MinValue;
        for (int t = 0; t < n; t++)
        {
            // The zone is asked once a day at most: until the next midnight UTC minus a day nothing can change the date.
            if (bars.StartUtcUs[t] >= untilUtcUs)
            {
                DateTime utc = bars.StartUtc(t).UtcDateTime;
                DateTime local = bars.Interval == Interval.Day1 ? utc : TimeZoneInfo.ConvertTimeFromUtc(utc, zone);
                DateOnly date = DateOnly.FromDateTime(local);
                if (dates.Count == 0 || dates[^1] != date)
                {
                    dates.Add(date);
                    last.Add(t);
                }

                localDayEnd = date.AddDays(1).ToDateTime(TimeOnly.MinValue);
                // An hour less than the distance to midnight is safe against a clock change in between.
                untilUtcUs = bars.StartUtcUs[t] + Math.Max(0, (long)((localDayEnd - local).TotalMicroseconds - 3_600_000_000));
            }

            dayOf[t] = dates.Count - 1;
            last[^1] = t;
        }

        BarColumns traded = prices == PriceKind.Adjusted ? bars.Adjusted() : bars;
        return new(traded.Open, traded.High, traded.Low, traded.Close, bars.Volume, bars.StartUtcUs, dayOf, [.. last], [.. dates]);
    }
}
