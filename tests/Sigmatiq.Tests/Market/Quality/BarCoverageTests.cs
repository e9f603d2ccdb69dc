using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Tests.Market.Quality;

public sealed class BarCoverageTests
{
    // Wednesday 2024-07-03 closes at 13:00 in New York (17:00 UTC), the 4th is a holiday, Friday the 5th is an ordinary day, and the 6th a Saturday.
    private static readonly string[] Wednesday = ["2024-07-03T13:30", "2024-07-03T14:30", "2024-07-03T16:30"];

    [Fact]
    public void Days_say_how_many_bars_their_session_has_and_how_many_of_these_are_missing()
    {
        string[] friday = ["2024-07-05T13:30", "2024-07-05T14:30", "2024-07-05T15:30", "2024-07-05T16:30", "2024-07-05T17:30", "2024-07-05T18:30", "2024-07-05T19:30"];
        ColumnSet days = BarCoverage.Of(Bars([.. Wednesday, .. friday, "2024-07-06T15:30"]), NyseCalendar.Instance);
        days["date"].Dates.Should().Equal(new DateOnly(2024, 7, 3), new DateOnly(2024, 7, 5), new DateOnly(2024, 7, 6));
        days["bars"].Ints.Should().Equal(3, 7, 1);
        days["expected"].Ints.Should().Equal(4, 7, 0);
        days["missing"].Ints.Should().Equal(1, 0, 0);
    }

    [Fact]
    public void A_session_without_any_bar_is_named()
    {
        ColumnSet days = BarCoverage.Of(Bars([.. Wednesday, "2024-07-08T13:30"]), NyseCalendar.Instance);
        days["date"].Dates.Should().Equal(new DateOnly(2024, 7, 3), new DateOnly(2024, 7, 5), new DateOnly(2024, 7, 8));
        days["bars"].Ints.Should().Equal(3, 0, 1);
        days["missing"].Ints.Should().Equal(1, 7, 6);
    }

    [Fact]
    public void Where_no_calendar_is_known_nothing_is_expected_and_nothing_missing()
    {
        ColumnSet days = BarCoverage.Of(Bars(Wednesday), null);
        days["bars"].Ints.Should().Equal(3);
        (days["expected"].IsNull(0), days["missing"].IsNull(0)).Should().Be((true, true));
        BarCoverage.Of(Bars([]), NyseCalendar.Instance).Rows.Should().Be(0);
    }

    private static BarColumns Bars(string[] starts)
    {
        long[] us = [.. starts.Select(s => (DateTimeOffset.Parse(s + ":00Z", System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / 10)];
        double[] ones = [.. us.Select(_ => 1.0)];
        return new(Symbol.Parse("MKT.SYN"), Interval.Hour1, us, ones, ones, ones, ones, ones);
    }
}
