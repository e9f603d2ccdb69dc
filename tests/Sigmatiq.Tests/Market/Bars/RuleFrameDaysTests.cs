using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Market.Bars;

public sealed class RuleFrameDaysTests
{
    private static readonly NyseCalendar Nyse = NyseCalendar.Instance;

    [Fact]
    public void A_provisional_day_holds_what_the_day_has_shown_so_far()
    {
        BarColumns bars = Hours(new(2024, 3, 1), new(2024, 3, 4), (_, hour) => 100 + hour);
        RuleFrame frame = RuleFrame.OfDays(bars, Nyse);

        frame.Kind.Should().Be(RuleFrameKind.Day);
        frame.Periods.Should().Be(2);
        frame.LastBarOf.Should().Equal(6, 13);
        frame.PeriodOf[..8].Should().Equal(0, 0, 0, 0, 0, 0, 0, 1);
        frame.Open[6].Should().Be(100, "the day opened with its first bar");
        frame.High[3].Should().Be(103 + 1);
        frame.Low[3].Should().Be(100 - 1);
        frame.Close[3].Should().Be(103.5);
        frame.High[7].Should().Be(101, "a new day starts anew");
    }

    [Fact]
    public void Volume_is_scaled_by_what_the_last_twenty_full_sessions_had_traded_by_the_same_minute()
    {
        // Hand-worked: every full session trades 30, 10, 10, 10, 10, 10, 20 = 100. After the first hour the share is 0.3, after
        // the second 0.4; the 21st session trades twice as much, so its first hour (60) stands for 60 / 0.3 = 200.
        double[] profile = [30, 10, 10, 10, 10, 10, 20];
        BarColumns bars = Hours(new(2024, 1, 2), new(2024, 1, 31), (_, _) => 100, (day, hour) => profile[hour] * (day == 20 ? 2 : 1));
        RuleFrame frame = RuleFrame.OfDays(bars, Nyse);

        bars.Count.Should().Be(21 * 7);
        int first = 20 * 7;
        frame.Volume[first].Should().BeApproximately(200, 1e-9);
        frame.Volume[first + 1].Should().BeApproximately(80 / 0.4, 1e-9);
        frame.Volume[first + 6].Should().Be(200, "the last bar's share is 1");
        frame.Volume[first - 7].Should().Be(double.NaN, "only nineteen sessions are known");
        frame.Volume[first - 1].Should().Be(100, "a finished day needs no scale");
    }

    [Fact]
    public void Half_days_and_sessions_with_a_missing_end_do_not_enter_the_profile()
    {
        // 2024-07-03 is a half day; of 2024-07-08 the last hour is missing. Each counts for nothing, so the twenty are full by 2024-07-31 only.
        long missing = SessionDates.MicrosecondsOf(new DateTimeOffset(2024, 7, 8, 19, 30, 0, TimeSpan.Zero));
        BarColumns all = MadeBars.OnSessions(Interval.Hour1, new(2024, 7, 1), new(2024, 8, 1), Rng.From(1));
        BarColumns bars = MadeBars.At(Interval.Hour1, [.. all.StartUtcUs.Where(us => us != missing)], Rng.From(1));
        RuleFrame frame = RuleFrame.OfDays(bars, Nyse);

        DateOnly FirstKnown() => Enumerable.Range(0, bars.Count).Where(t => !double.IsNaN(frame.Volume[t]) && !frame.LastBarOf.Contains(t))
            .Select(t => SessionDates.DateOf(bars.StartUtcUs[t], Nyse.Zone)).First();
        // July 2024 has 22 sessions; without the two, the 20th full one is the 31st, so the 1st of August is scaled first.
        FirstKnown().Should().Be(new DateOnly(2024, 8, 1));
    }

    [Theory]
    [InlineData(Interval.Hour1)]
    [InlineData(Interval.Minute5)]
    public void Nothing_later_than_a_bar_changes_what_the_frame_shows_at_it(Interval interval)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Rng rng = Rng.From(seed);
            BarColumns bars = MadeBars.OnSessions(interval, new(2024, 6, 3), new(2024, 7, 19), rng);
            int t = rng.NextInt(bars.Count);
            RuleFrame known = RuleFrame.OfDays(bars, Nyse), other = RuleFrame.OfDays(MadeBars.WithNoiseAfter(bars, t, rng), Nyse);
            RuleFrame cut = RuleFrame.OfDays(bars.Slice(0, t + 1), Nyse);
            foreach ((double[] a, double[] b, double[] c) in new[]
            {
                (known.Open, other.Open, cut.Open), (known.High, other.High, cut.High), (known.Low, other.Low, cut.Low),
                (known.Close, other.Close, cut.Close), (known.Volume, other.Volume, cut.Volume),
            })
            {
                a[..(t + 1)].Should().Equal(b[..(t + 1)], $"seed {seed}, bar {t}");
                a[..(t + 1)].Should().Equal(c, $"seed {seed}, bar {t}");
            }

            known.PeriodOf[..(t + 1)].Should().Equal(cut.PeriodOf, $"seed {seed}");
        }
    }

    [Fact]
    public void Day_bars_are_days_already()
    {
        BarColumns bars = MadeBars.OnSessions(Interval.Day1, new(2024, 1, 2), new(2024, 1, 31), Rng.From(5));
        RuleFrame frame = RuleFrame.OfDays(bars, Nyse);
        frame.Kind.Should().Be(RuleFrameKind.Day);
        frame.Periods.Should().Be(21);
        frame.Volume.Should().Equal(bars.Volume);
    }

    private static BarColumns Hours(DateOnly from, DateOnly to, Func<int, int, double> price, Func<int, int, double>? volume = null)
    {
        List<(long Start, int Day, int Hour)> at =
            [.. Nyse.Sessions(from, to).SelectMany((s, day) => s.BarStarts(Interval.Hour1).Select((us, hour) => (us, day, hour)))];
        return new(
            Symbol.Parse("TEST"), Interval.Hour1, [.. at.Select(a => a.Start)],
            [.. at.Select(a => price(a.Day, a.Hour))], [.. at.Select(a => price(a.Day, a.Hour) + 1)], [.. at.Select(a => price(a.Day, a.Hour) - 1)],
            [.. at.Select(a => price(a.Day, a.Hour) + 0.5)], [.. at.Select(a => volume?.Invoke(a.Day, a.Hour) ?? 1)]);
    }
}
