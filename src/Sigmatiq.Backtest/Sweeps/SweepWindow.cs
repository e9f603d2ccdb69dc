using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Which bars a sweep may see, and which are held out (spec 02 §2.1). Cut along trading days.</summary>
/// <param name="From">First bar of the range.</param>
/// <param name="To">End of the selection window, exclusive.</param>
/// <param name="HoldoutFrom">First bar of the hold-out; equal to <paramref name="HoldoutTo"/> where there is none.</param>
/// <param name="HoldoutTo">End of the hold-out, exclusive.</param>
public sealed record SweepWindow(int From, int To, int HoldoutFrom, int HoldoutTo)
{
    /// <summary>Trading days a range needs, and a hold-out after its end.</summary>
    public const int DaysMin = 60;

    private const double GapShareMax = 0.05;

    /// <summary>Whether anything is held out.</summary>
    public bool HasHoldout => HoldoutTo > HoldoutFrom;

    /// <summary>Cuts the range and its hold-out.</summary>
    /// <param name="bars">All stored bars.</param>
    /// <param name="start">First date, or null.</param>
    /// <param name="end">Last date, or null.</param>
    /// <param name="holdout">What is held out.</param>
    /// <exception cref="ProblemException">SWS-2001: not enough data.</exception>
    public static SweepWindow Cut(FillBars bars, DateOnly? start, DateOnly? end, HoldoutRule holdout)
    {
        int firstDay = 0, endDay = bars.Days;
        while (firstDay < bars.Days && start is { } s && bars.DateOfDay(firstDay) < s)
        {
            firstDay++;
        }

        while (endDay > firstDay && end is { } e && bars.DateOfDay(endDay - 1) > e)
        {
            endDay--;
        }

        int days = endDay - firstDay;
        if (days < DaysMin)
        {
            throw new ProblemException("SWS-2001", $"The range holds {days} trading days of stored bars.", "date_range",
                $"Give a range of at least {DaysMin} trading days inside the stored data; a year or more is recommended.", ExitCode.DataRefused);
        }

        if (holdout.IsAfterEnd)
        {
            int after = bars.Days - endDay;
            return after >= DaysMin
                ? new(FirstBar(bars, firstDay), FirstBar(bars, endDay), FirstBar(bars, endDay), bars.Count)
                : throw new ProblemException("SWS-2001", $"After the range {after} trading days are stored.", "holdout",
                    $"A hold-out after the range needs at least {DaysMin}; end the range earlier or hold a share out.", ExitCode.DataRefused);
        }

        // The share is meant in decimal: 0.2 of 500 days is 100 days, not 99 and a rounding.
        int held = (int)Math.Floor((days * holdout.Share!.Value) + 1e-9);
        int cut = FirstBar(bars, endDay - held);
        return new(FirstBar(bars, firstDay), cut, cut, FirstBar(bars, endDay));
    }

    /// <summary>Refuses a window with gaps: sessions or bars that the calendar expects and the data do not have.</summary>
    /// <exception cref="ProblemException">SWS-2002: more than 5 % of the expected bars are missing.</exception>
    public void RefuseGaps(FillBars bars, Interval interval, ISessionCalendar calendar)
    {
        long expected = 0;
        DateOnly first = bars.DateOfDay(bars.DayOf[From]), last = bars.DateOfDay(bars.DayOf[To - 1]);
        foreach (Session session in calendar.Sessions(first, last))
        {
            expected += interval == Interval.Day1 ? 1 : (long)Math.Ceiling((session.CloseUtc - session.OpenUtc).TotalMinutes / interval.Minutes());
        }

        long missing = expected - (To - From);
        if (missing > GapShareMax * expected)
        {
            throw new ProblemException("SWS-2002", FormattableString.Invariant(
                $"{missing} of {expected} expected bars from {first:yyyy-MM-dd} to {last:yyyy-MM-dd} are missing, more than 5 %."),
                "date_range", "Import the missing bars, or choose a range without the gap.", ExitCode.DataRefused);
        }
    }

    /// <summary>Dates of window and hold-out, for files and screens.</summary>
    public JsonObject ToJson(FillBars bars) => new()
    {
        ["selection"] = Dates(bars, From, To),
        ["holdout"] = HasHoldout ? Dates(bars, HoldoutFrom, HoldoutTo) : null,
    };

    private static JsonObject Dates(FillBars bars, int from, int to) => new()
    {
        ["start"] = Text(bars.DateOfDay(bars.DayOf[from])), ["end"] = Text(bars.DateOfDay(bars.DayOf[to - 1])), ["bars"] = to - from,
        ["trading_days"] = bars.DayOf[to - 1] - bars.DayOf[from] + 1,
    };

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static int FirstBar(FillBars bars, int day) => day == 0 ? 0 : bars.LastBarOfDay[day - 1] + 1;
}
