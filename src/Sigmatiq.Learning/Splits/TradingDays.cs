using Sigmatiq.Backtest.Fills;

namespace Sigmatiq.Learning.Splits;

/// <summary>Which bars belong to which trading day.</summary>
public sealed class TradingDays
{
    private readonly int[] firstBarOf;

    /// <summary>Takes the days of bars as the engine trades on them.</summary>
    public TradingDays(FillBars bars)
    {
        DayOf = bars.DayOf;
        firstBarOf = new int[bars.Days];
        for (int day = 1; day < firstBarOf.Length; day++)
        {
            firstBarOf[day] = bars.LastBarOfDay[day - 1] + 1;
        }
    }

    /// <summary>Index of the trading day of each bar, from 0, shape [bars].</summary>
    public int[] DayOf { get; }

    /// <summary>Number of days.</summary>
    public int Count => firstBarOf.Length;

    /// <summary>First bar of a day.</summary>
    public int FirstBar(int day) => firstBarOf[day];

    /// <summary>Last bar of a day.</summary>
    public int LastBar(int day) => day + 1 < firstBarOf.Length ? firstBarOf[day + 1] - 1 : DayOf.Length - 1;

    /// <summary>The bar one trading day before: as many bars into the day before, or that day's last one where it was shorter; −1 for
    /// the first day.</summary>
    public int OneDayBefore(int bar)
    {
        int day = DayOf[bar];
        return day == 0 ? -1 : Math.Min(firstBarOf[day - 1] + (bar - firstBarOf[day]), LastBar(day - 1));
    }
}
