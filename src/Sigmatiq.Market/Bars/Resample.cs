using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Market.Bars;

/// <summary>Longer bars out of shorter ones, along the sessions of an exchange: 1m → 5m → 1h → 1d.</summary>
public static class Resample
{
    /// <summary>Bars of a longer interval, complete periods only.</summary>
    /// <remarks>Periods are counted from the session's open, so hours start at 09:30 and the last one may be short. A period is
    /// complete when it holds both the first and the last of its shorter bars; the running one and a session cut off by a feed are
    /// left out, a minute without a trade in the middle is not missed. Bars outside the session, or off its grid, are left out.</remarks>
    /// <param name="bars">Intraday bars in order.</param>
    /// <param name="target">A longer interval.</param>
    /// <param name="calendar">Sessions of the exchange.</param>
    /// <exception cref="ArgumentException">The target is not longer than the bars.</exception>
    public static BarColumns To(BarColumns bars, Interval target, ISessionCalendar calendar)
    {
        if (target.Minutes() <= bars.Interval.Minutes())
        {
            throw new ArgumentException($"Bars of {bars.Interval.Text()} cannot become {target.Text()}: the target must be longer.", nameof(target));
        }

        var made = new BarsBuilder(bars.Symbol, target, bars.AdjFactor.Length > 0);
        int t = 0;
        while (t < bars.Count)
        {
            DateOnly date = SessionDates.DateOf(bars.StartUtcUs[t], calendar.Zone);
            int end = t;
            while (end < bars.Count && SessionDates.DateOf(bars.StartUtcUs[end], calendar.Zone) == date)
            {
                end++;
            }

            if (calendar.SessionOn(date) is { } session)
            {
                AddPeriods(bars, t, end, session, target, made);
            }

            t = end;
        }

        return made.Build();
    }

    private static void AddPeriods(BarColumns bars, int from, int to, Session session, Interval target, BarsBuilder made)
    {
        long step = bars.Interval.Minutes() * 60_000_000L;
        long open = SessionDates.MicrosecondsOf(session.OpenUtc), close = SessionDates.MicrosecondsOf(session.CloseUtc);
        long length = target == Interval.Day1 ? close - open : target.Minutes() * 60_000_000L;
        int t = from;
        for (long start = open; start < close; start += length)
        {
            long lastStart = open + ((Math.Min(start + length, close) - open - 1) / step * step);
            bool first = false, last = false;
            double high = double.NegativeInfinity, low = double.PositiveInfinity, volume = 0, opening = double.NaN, closing = double.NaN, factor = double.NaN;
            for (; t < to && bars.StartUtcUs[t] < start + length; t++)
            {
                if (bars.StartUtcUs[t] < start || (bars.StartUtcUs[t] - open) % step != 0 || bars.StartUtcUs[t] >= close)
                {
                    continue;
                }

                opening = first || last ? opening : bars.Open[t];
                first |= bars.StartUtcUs[t] == start;
                last |= bars.StartUtcUs[t] == lastStart;
                high = Math.Max(high, bars.High[t]);
                low = Math.Min(low, bars.Low[t]);
                closing = bars.Close[t];
                volume += bars.Volume[t];
                factor = bars.AdjFactor.Length > 0 ? bars.AdjFactor[t] : double.NaN;
            }

            if (first && last)
            {
                long label = target == Interval.Day1 ? SessionDates.MicrosecondsOf(session.Date) : start;
                made.Add(label, opening, high, low, closing, volume, factor);
            }
        }
    }
}
