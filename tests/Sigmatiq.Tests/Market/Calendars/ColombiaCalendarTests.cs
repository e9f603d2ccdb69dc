using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Tests.Market.Calendars;

public sealed class ColombiaCalendarTests
{
    // The public holidays of 2024 as the country's labour ministry lists them.
    private static readonly string[] Of2024 =
    [
        "2024-01-01", "2024-01-08", "2024-03-25", "2024-03-28", "2024-03-29", "2024-05-01", "2024-05-13", "2024-06-03", "2024-06-10",
        "2024-07-01", "2024-07-20", "2024-08-07", "2024-08-19", "2024-10-14", "2024-11-04", "2024-11-11", "2024-12-08", "2024-12-25",
    ];

    [Fact]
    public void The_holidays_of_2024_are_the_official_eighteen()
    {
        List<string> ours = [];
        for (DateOnly date = new(2024, 1, 1); date.Year == 2024; date = date.AddDays(1))
        {
            if (ColombiaCalendar.IsHoliday(date))
            {
                ours.Add(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            }
        }

        ours.Should().Equal(Of2024);
    }

    [Theory]
    [InlineData(1990, 4, 15)]
    [InlineData(2000, 4, 23)]
    [InlineData(2008, 3, 23)]
    [InlineData(2011, 4, 24)]
    [InlineData(2024, 3, 31)]
    [InlineData(2038, 4, 25)]
    public void Easter_falls_on_its_known_Sundays(int year, int month, int day) => DateRules.Easter(year).Should().Be(new DateOnly(year, month, day));

    [Theory]
    [InlineData("2024-03-08")]
    [InlineData("2024-03-11")] // New York has gone forward, Bogotá has not
    [InlineData("2024-11-05")]
    public void A_session_runs_from_eight_in_the_same_winter_and_summer(string date)
    {
        Session session = ColombiaCalendar.Instance.SessionOn(DateOnly.Parse(date, CultureInfo.InvariantCulture))!.Value;
        session.OpenUtc.TimeOfDay.Should().Be(new TimeSpan(13, 0, 0));
        session.CloseUtc.TimeOfDay.Should().Be(new TimeSpan(18, 0, 0));
        session.BarStarts(Interval.Minute5).Should().HaveCount(60, "the last bar starts at 12:55");
    }

    [Theory]
    [InlineData("2024-01-08", "Epiphany")]
    [InlineData("2024-03-28", "Maundy Thursday")]
    [InlineData("2024-06-10", "Sacred Heart")]
    [InlineData("2024-08-07", "Battle of Boyacá")]
    [InlineData("2024-12-08", null)] // a Sunday
    [InlineData("2024-12-09", null)]
    public void A_weekday_without_trading_has_the_name_of_its_holiday(string date, string? name) =>
        ColombiaCalendar.Instance.HolidayOn(DateOnly.Parse(date, CultureInfo.InvariantCulture)).Should().Be(name);

    [Fact]
    public void Weekends_and_holidays_have_no_session()
    {
        ColombiaCalendar.Instance.SessionOn(new(2024, 3, 25)).Should().BeNull();
        ColombiaCalendar.Instance.SessionOn(new(2024, 3, 30)).Should().BeNull();
        ColombiaCalendar.Instance.Sessions(new(2024, 3, 25), new(2024, 3, 31)).Should().HaveCount(2);
    }
}
