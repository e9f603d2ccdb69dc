using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Quality;

/// <summary>Looks through bars as published, before anything of them is stored.</summary>
public static class QualityGates
{
    private const double WickMax = 0.05, JumpMax = 0.25;

    /// <summary>Everything the rules find, in the order of the bars.</summary>
    /// <param name="bars">Bars as published: NaN where a value is missing, in the order of the file.</param>
    /// <param name="calendar">Sessions of their exchange.</param>
    public static QualityReport Check(BarColumns bars, ISessionCalendar calendar)
    {
        List<QualityFinding> found = [];
        CheckTimes(bars, found);
        double previousClose = double.NaN;
        for (int t = 0; t < bars.Count; t++)
        {
            CheckPrices(bars, t, found);
            CheckFlags(bars, t, previousClose, calendar, found);
            previousClose = double.IsNaN(bars.Close[t]) ? previousClose : bars.Close[t];
        }

        Gaps.Find(bars, calendar, found);
        return new(bars, [.. found.OrderBy(f => f.Bar)]);
    }

    private static void CheckTimes(BarColumns bars, List<QualityFinding> found)
    {
        Dictionary<long, int> copies = [];
        foreach (long start in bars.StartUtcUs)
        {
            copies[start] = copies.GetValueOrDefault(start) + 1;
        }

        for (int t = 0; t < bars.Count; t++)
        {
            if (copies[bars.StartUtcUs[t]] is > 1 and int rows)
            {
                found.Add(new(QualityRule.DuplicateTime, t, $"rows={rows}"));
            }

            if (t > 0 && bars.StartUtcUs[t] < bars.StartUtcUs[t - 1])
            {
                found.Add(new(QualityRule.UnorderedTime, t, $"after {bars.StartUtc(t - 1):yyyy-MM-ddTHH:mm:ss}Z"));
            }
        }
    }

    private static void CheckPrices(BarColumns bars, int t, List<QualityFinding> found)
    {
        double o = bars.Open[t], h = bars.High[t], l = bars.Low[t], c = bars.Close[t];
        if (!double.IsFinite(o) || !double.IsFinite(h) || !double.IsFinite(l) || !double.IsFinite(c))
        {
            found.Add(new(QualityRule.NullPrice, t, Text($"o={o} h={h} l={l} c={c}")));
        }
        else
        {
            if (Math.Min(Math.Min(o, c), Math.Min(h, l)) <= 0)
            {
                found.Add(new(QualityRule.NonPositivePrice, t, Text($"o={o} h={h} l={l} c={c}")));
            }

            if (h < Math.Max(o, c))
            {
                found.Add(new(QualityRule.HighBelowBody, t, Text($"o={o} h={h} l={l} c={c}")));
            }

            if (l > Math.Min(o, c))
            {
                found.Add(new(QualityRule.LowAboveBody, t, Text($"o={o} h={h} l={l} c={c}")));
            }
        }

        if (bars.Volume[t] < 0)
        {
            found.Add(new(QualityRule.NegativeVolume, t, Text($"v={bars.Volume[t]}")));
        }
    }

    private static void CheckFlags(BarColumns bars, int t, double previousClose, ISessionCalendar calendar, List<QualityFinding> found)
    {
        double o = bars.Open[t], h = bars.High[t], l = bars.Low[t], c = bars.Close[t];
        bool inside = true;
        if (bars.Interval != Interval.Day1)
        {
            Session? session = calendar.SessionOn(SessionDates.DateOf(bars.StartUtcUs[t], calendar.Zone));
            inside = session is { } hours && bars.StartUtcUs[t] >= SessionDates.MicrosecondsOf(hours.OpenUtc)
                && bars.StartUtcUs[t] < SessionDates.MicrosecondsOf(hours.CloseUtc);
            if (!inside)
            {
                found.Add(new(QualityRule.OutsideSession, t, ""));
            }

            if (h / Math.Max(o, c) - 1 > WickMax || 1 - (l / Math.Min(o, c)) > WickMax)
            {
                found.Add(new(QualityRule.Wick, t, Text($"o={o} h={h} l={l} c={c}")));
            }
        }

        if (double.IsNaN(bars.Volume[t]))
        {
            found.Add(new(QualityRule.NullVolume, t, ""));
        }
        else if (bars.Volume[t] == 0 && inside)
        {
            found.Add(new(QualityRule.ZeroVolume, t, ""));
        }

        if (Math.Abs((c / previousClose) - 1) > JumpMax)
        {
            found.Add(new(QualityRule.Jump, t, Text($"prev_close={previousClose} close={c}")));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
