using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;

namespace Sigmatiq.Market.Quality;

/// <summary>Looks through bars as published, before anything of them is stored.</summary>
public static class QualityGates
{
    private const double WickMax = 0.05, JumpMax = 0.25;

    // Where more than a tenth of the bars lie outside regular hours, they are meant to.
    private const double ExtendedMin = 0.1;

    /// <summary>Everything the rules find, in the order of the bars.</summary>
    /// <param name="bars">Bars as published: NaN where a value is missing, in the order of the file.</param>
    /// <param name="calendar">Sessions of their exchange.</param>
    public static QualityReport Check(BarColumns bars, ISessionCalendar calendar) => Check(bars, new CheckedMarket(Instrument.Of(bars.Symbol).AssetClass, calendar));

    /// <summary>Everything the rules find, in the order of the bars.</summary>
    /// <param name="bars">Bars as published: NaN where a value is missing, in the order of the file.</param>
    /// <param name="market">What they are bars of.</param>
    public static QualityReport Check(BarColumns bars, CheckedMarket market)
    {
        List<QualityFinding> found = [];
        CheckTimes(bars.StartUtcUs, found);
        double previousClose = double.NaN;
        for (int t = 0; t < bars.Count; t++)
        {
            CheckPrices(bars, t, found);
            CheckMoves(bars, t, previousClose, found);
            previousClose = double.IsNaN(bars.Close[t]) ? previousClose : bars.Close[t];
        }

        CheckScale(bars, market, found);
        CheckFactors(bars, found);
        bool extended = CheckHours(bars, market, found);
        CheckVolume(bars, market, extended, found);
        StalePrice.Find(bars, found);
        if (market.Calendar is { } calendar)
        {
            Gaps.Find(bars, calendar, found);
        }

        return new(bars, [.. found.OrderBy(f => f.Bar)]);
    }

    /// <summary>Times that several rows share, and rows earlier than the one before.</summary>
    internal static void CheckTimes(long[] startUtcUs, List<QualityFinding> found)
    {
        Dictionary<long, int> copies = [];
        foreach (long start in startUtcUs)
        {
            copies[start] = copies.GetValueOrDefault(start) + 1;
        }

        for (int t = 0; t < startUtcUs.Length; t++)
        {
            if (copies[startUtcUs[t]] is > 1 and int rows)
            {
                found.Add(new(QualityRule.DuplicateTime, t, $"rows={rows}"));
            }

            if (t > 0 && startUtcUs[t] < startUtcUs[t - 1])
            {
                found.Add(new(QualityRule.UnorderedTime, t, $"after {SessionDates.InstantOf(startUtcUs[t - 1]):yyyy-MM-ddTHH:mm:ss}Z"));
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

    private static void CheckMoves(BarColumns bars, int t, double previousClose, List<QualityFinding> found)
    {
        double o = bars.Open[t], h = bars.High[t], l = bars.Low[t], c = bars.Close[t];
        if (bars.Interval != Interval.Day1 && (h > (1 + WickMax) * Math.Max(o, c) || l < (1 - WickMax) * Math.Min(o, c)))
        {
            found.Add(new(QualityRule.Wick, t, Text($"o={o} h={h} l={l} c={c}")));
        }

        if (Math.Abs((c / previousClose) - 1) > JumpMax)
        {
            found.Add(new(QualityRule.Jump, t, Text($"prev_close={previousClose} close={c}")));
        }
    }

    private static void CheckScale(BarColumns bars, CheckedMarket market, List<QualityFinding> found)
    {
        // A change that the adjustment factor explains is a split.
        foreach ((int t, int power) in ScaleSlip.Find(bars.Adjusted().Close, market.Splits))
        {
            found.Add(new(QualityRule.ScaleSlip, t, Text($"close={bars.Close[t]}, 10^{power} times its neighbours")));
        }
    }

    /// <summary>One finding per stretch without factors, at its first bar.</summary>
    private static void CheckFactors(BarColumns bars, List<QualityFinding> found)
    {
        if (bars.IsAdjustable)
        {
            return;
        }

        int since = 0;
        for (int t = 0; t <= bars.AdjFactor.Length; t++)
        {
            if (t < bars.AdjFactor.Length && double.IsNaN(bars.AdjFactor[t]))
            {
                continue;
            }

            if (t > since)
            {
                found.Add(new(QualityRule.FactorMissing, since, Text($"bars={t - since}")));
            }

            since = t + 1;
        }
    }

    /// <summary>Finds bars outside the session, and tells whether the bars as a whole are of extended hours.</summary>
    private static bool CheckHours(BarColumns bars, CheckedMarket market, List<QualityFinding> found)
    {
        if (market.Calendar is not { } calendar || bars.Interval == Interval.Day1)
        {
            return false;
        }

        List<QualityFinding> shifted = WrongZone.Find(bars, calendar);
        found.AddRange(shifted);
        HashSet<int> named = [.. shifted.Select(f => f.Bar)];
        int outside = 0;
        for (int t = 0; t < bars.Count; t++)
        {
            Session? session = calendar.SessionOn(SessionDates.DateOf(bars.StartUtcUs[t], calendar.Zone));
            bool inside = session is { } hours && bars.StartUtcUs[t] >= SessionDates.MicrosecondsOf(hours.OpenUtc)
                && bars.StartUtcUs[t] < SessionDates.MicrosecondsOf(hours.CloseUtc);
            if (!inside && !named.Contains(t))
            {
                found.Add(new(QualityRule.OutsideSession, t, ""));
                outside++;
            }
        }

        return outside > ExtendedMin * bars.Count;
    }

    private static void CheckVolume(BarColumns bars, CheckedMarket market, bool extended, List<QualityFinding> found)
    {
        bool regular = market.CountsShares && !extended && bars.Interval is (Interval.Day1 or Interval.Hour1);
        if (bars.Count > 0 && bars.Volume.All(v => double.IsNaN(v) || (v == 0 && !regular)))
        {
            found.Add(new(QualityRule.NoVolume, 0, Text($"bars={bars.Count}")));
            return;
        }

        for (int t = 0; t < bars.Count; t++)
        {
            if (double.IsNaN(bars.Volume[t]))
            {
                found.Add(new(QualityRule.NullVolume, t, ""));
            }
            else if (bars.Volume[t] == 0)
            {
                found.Add(new(regular ? QualityRule.ZeroVolume : QualityRule.QuietBar, t, ""));
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
