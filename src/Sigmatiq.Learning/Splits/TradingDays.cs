using Sigmatiq.Market.Bars;

namespace Sigmatiq.Learning.Splits;

/// <summary>Which bars belong to which trading day.</summary>
public sealed class TradingDays
{
    private readonly int[] firstBarOf;

    private TradingDays(int[] dayOf, int[] firstBarOf)
    {
        DayOf = dayOf;
        this.firstBarOf = firstBarOf;
    }

    /// <summary>Index of the trading day of each bar, from 0, shape [bars].</summary>
    public int[] DayOf { get; }

    /// <summary>Number of days.</summary>
    public int Count => firstBarOf.Length;

    /// <summary>Reads the days off the bars' starts in exchange time; every day bar is a day of its own.</summary>
    public static TradingDays Of(BarColumns bars, TimeZoneInfo zone)
    {
        int[] dayOf = new int[bars.Count];
        List<int> firsts = [];
        DateTime date = default;
        for (int t = 0; t < dayOf.Length; t++)
        {
            DateTime day = bars.Interval == Interval.Day1 ? bars.StartUtc(t).UtcDateTime.Date : TimeZoneInfo.ConvertTime(bars.StartUtc(t), zone).Date;
            if (t == 0 || day != date)
            {
                firsts.Add(t);
                date = day;
            }

            dayOf[t] = firsts.Count - 1;
        }

        return new(dayOf, [.. firsts]);
    }

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
