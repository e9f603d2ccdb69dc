using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Import;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Market.Simulator;

namespace Sigmatiq.Tests.Market.Bars;

public sealed class ResampleTests
{
    private static readonly NyseCalendar Nyse = NyseCalendar.Instance;

    [Fact]
    public void One_step_and_several_give_the_same_bars()
    {
        // With a half day (3 July) and the change of the clock inside.
        foreach ((DateOnly from, DateOnly to) in new[] { (new DateOnly(2024, 7, 1), new DateOnly(2024, 7, 8)), (new DateOnly(2024, 3, 8), new DateOnly(2024, 3, 12)) })
        {
            BarColumns minutes = MadeBars.OnSessions(Interval.Minute1, from, to, Rng.From(4));
            BarColumns five = Resample.To(minutes, Interval.Minute5, Nyse), hours = Resample.To(five, Interval.Hour1, Nyse);
            int sessions = Nyse.Sessions(from, to).Count;
            hours.StartUtcUs.Should().Equal(Nyse.Sessions(from, to).SelectMany(s => s.BarStarts(Interval.Hour1)));
            AssertNear(hours, Resample.To(minutes, Interval.Hour1, Nyse));
            AssertNear(Resample.To(hours, Interval.Day1, Nyse), Resample.To(minutes, Interval.Day1, Nyse));
            Resample.To(hours, Interval.Day1, Nyse).Count.Should().Be(sessions);
        }
    }

    [Fact]
    public void A_running_period_and_one_cut_off_are_left_out()
    {
        BarColumns minutes = MadeBars.OnSessions(Interval.Minute5, new(2024, 7, 2), new(2024, 7, 2), Rng.From(4));
        Resample.To(minutes.Slice(0, 35), Interval.Hour1, Nyse).Count.Should().Be(2, "35 bars are two whole hours and most of a third");
        Resample.To(minutes.Slice(3, 78), Interval.Hour1, Nyse).Count.Should().Be(6, "the first hour lacks its beginning");
        Resample.To(minutes.Slice(0, 77), Interval.Day1, Nyse).Count.Should().Be(0);
        Resample.To(minutes, Interval.Day1, Nyse).Count.Should().Be(1);
    }

    [Fact]
    public void Bars_outside_the_session_do_not_enter()
    {
        Session session = Nyse.SessionOn(new(2024, 7, 3))!.Value;
        long open = SessionDates.MicrosecondsOf(session.OpenUtc);
        BarColumns around = MadeBars.At(Interval.Minute5, [.. Enumerable.Range(-12, 78).Select(i => open + (i * 300_000_000L))], Rng.From(4));
        BarColumns inside = around.Slice(12, 12 + 42);
        MarketSimulatorTests.AssertSame(Resample.To(around, Interval.Day1, Nyse), Resample.To(inside, Interval.Day1, Nyse));
    }

    [Fact]
    public void The_real_minutes_give_days_whose_extremes_are_those_of_their_session()
    {
        PublishedBars published = BarFile.Read(Checkout.Material("market/bars/equity/minute/SPY_2020-12.parquet"), new(), TestContext.Current.CancellationToken)[0];
        BarColumns days = Resample.To(published.Bars, Interval.Day1, Nyse);
        days.Count.Should().Be(4);
        Resample.To(published.Bars, Interval.Hour1, Nyse).Count.Should().Be(28);
    }

    [Fact]
    public void Bars_cannot_be_made_shorter() =>
        ((Action)(() => Resample.To(MadeBars.OnSessions(Interval.Hour1, new(2024, 7, 2), new(2024, 7, 2), Rng.From(4)), Interval.Hour1, Nyse)))
            .Should().Throw<ArgumentException>();

    // Sums of volume in another order differ in their last bits.
    private static void AssertNear(BarColumns a, BarColumns b)
    {
        a.StartUtcUs.Should().Equal(b.StartUtcUs);
        a.Open.Should().Equal(b.Open);
        a.High.Should().Equal(b.High);
        a.Low.Should().Equal(b.Low);
        a.Close.Should().Equal(b.Close);
        a.Volume.Should().Equal(b.Volume, (x, y) => Math.Abs(x - y) < 1e-6 * y);
    }
}
