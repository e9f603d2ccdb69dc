using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Market.Bars;

public sealed partial class RuleFrame
{
    /// <summary>Sessions whose volume profile a provisional day is scaled by (01 §1.3).</summary>
    public const int ProfileSessions = 20;

    /// <summary>Completed days and one provisional bar for the running day (01 §1.3).</summary>
    /// <remarks>
    /// <para>A day is a date in exchange time. Open, high, low and close are those of the day so far. Volume is the day's volume so far
    /// divided by the mean share of the day's volume that the previous <see cref="ProfileSessions"/> full sessions had traded by the
    /// same minute after the open; on the last bar of a session it is the volume itself. A full session is not a half day, traded
    /// something, and holds both the first and the last bar of its hours: feeds leave out minutes without a trade, so a hole in the
    /// middle does not count against it.</para>
    /// <para>Day bars are days already: each is its own period, with its own volume.</para>
    /// </remarks>
    /// <param name="bars">The engine's bars, in order.</param>
    /// <param name="calendar">Sessions and clock of the bars' exchange.</param>
    public static RuleFrame OfDays(BarColumns bars, ISessionCalendar calendar)
    {
        if (bars.Interval == Interval.Day1 || bars.Count == 0)
        {
            RuleFrame own = OfBars(bars);
            return new(bars, RuleFrameKind.Day, own.Open, own.High, own.Low, own.Close, own.Volume, own.PeriodOf, own.LastBarOf);
        }

        int n = bars.Count;
        double[] open = new double[n], high = new double[n], low = new double[n], volume = new double[n];
        int[] periodOf = new int[n];
        List<int> lastBarOf = [];
        var profile = new VolumeProfile(ProfileSessions);

        for (int from = 0; from < n;)
        {
            DateOnly date = SessionDates.DateOf(bars.StartUtcUs[from], calendar.Zone);
            Session? session = calendar.SessionOn(date);
            int to = from;
            double high0 = double.NegativeInfinity, low0 = double.PositiveInfinity, volume0 = 0;
            List<(int Minute, double Volume)> traded = [];
            while (to < n && SessionDates.DateOf(bars.StartUtcUs[to], calendar.Zone) == date)
            {
                // Not Math.Max: a NaN price would otherwise spoil the rest of its day.
                high0 = bars.High[to] > high0 ? bars.High[to] : high0;
                low0 = bars.Low[to] < low0 ? bars.Low[to] : low0;
                volume0 += bars.Volume[to];
                open[to] = bars.Open[from];
                high[to] = double.IsInfinity(high0) ? double.NaN : high0;
                low[to] = double.IsInfinity(low0) ? double.NaN : low0;
                periodOf[to] = lastBarOf.Count;
                if (session is { } known)
                {
                    int minute = EndMinute(bars, to, known);
                    bool last = minute >= LengthMinutes(known);
                    volume[to] = last ? volume0 : Scaled(volume0, profile.MeanShareBy(minute));
                    traded.Add((minute, volume0));
                }
                else
                {
                    volume[to] = double.NaN;
                }

                to++;
            }

            lastBarOf.Add(to - 1);
            if (session is { IsHalfDay: false } full && volume0 > 0
                && bars.StartUtcUs[from] <= SessionDates.MicrosecondsOf(full.OpenUtc) && traded[^1].Minute >= LengthMinutes(full))
            {
                profile.Add(traded);
            }

            from = to;
        }

        return new(bars, RuleFrameKind.Day, open, high, low, bars.Close, volume, periodOf, [.. lastBarOf]);
    }

    private static int LengthMinutes(Session session) => (int)(session.CloseUtc - session.OpenUtc).TotalMinutes;

    private static int EndMinute(BarColumns bars, int t, Session session)
    {
        long minutes = (bars.StartUtcUs[t] - SessionDates.MicrosecondsOf(session.OpenUtc)) / 60_000_000 + bars.Interval.Minutes();
        return (int)Math.Min(minutes, LengthMinutes(session));
    }

    private static double Scaled(double volume, double share) => share > 0 ? volume / share : double.NaN;

    /// <summary>Shares of the day's volume traded by a minute, over the last full sessions.</summary>
    private sealed class VolumeProfile(int sessions)
    {
        private readonly Queue<(int Minute, double Volume)[]> kept = new();

        /// <summary>Adds a full session: minute after the open → volume so far, in order; the last entry holds the whole day's.</summary>
        public void Add(List<(int Minute, double Volume)> traded)
        {
            if (kept.Count == sessions)
            {
                kept.Dequeue();
            }

            kept.Enqueue([.. traded]);
        }

        /// <summary>Mean share by the end of a minute, or NaN until enough sessions are known.</summary>
        public double MeanShareBy(int minute)
        {
            if (kept.Count < sessions)
            {
                return double.NaN;
            }

            double sum = 0;
            foreach ((int Minute, double Volume)[] day in kept)
            {
                sum += TradedBy(day, minute) / day[^1].Volume;
            }

            return sum / sessions;
        }

        private static double TradedBy((int Minute, double Volume)[] day, int minute)
        {
            int low = 0, high = day.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (day[middle].Minute <= minute)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low == 0 ? 0 : day[low - 1].Volume;
        }
    }
}
