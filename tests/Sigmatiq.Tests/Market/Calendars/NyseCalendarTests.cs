using System.Globalization;
using System.Text.Json;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Tests.Market.Calendars;

public sealed class NyseCalendarTests
{
    private static readonly NyseCalendar Nyse = NyseCalendar.Instance;

    [Fact]
    public void Every_session_of_the_published_calendar_opens_and_closes_as_ours()
    {
        List<string> published = [.. File.ReadAllLines(Checkout.Material("market/calendar/xnys_sessions.csv")).Skip(1).Where(l => l.Length > 0)];
        DateOnly first = DateOnly.Parse(published[0][..10], CultureInfo.InvariantCulture), last = DateOnly.Parse(published[^1][..10], CultureInfo.InvariantCulture);
        IEnumerable<string> ours = Nyse.Sessions(first, last).Select(s => string.Create(
            CultureInfo.InvariantCulture, $"{s.Date:yyyy-MM-dd},{s.OpenUtc:yyyy-MM-ddTHH:mm:ss}Z,{s.CloseUtc:yyyy-MM-ddTHH:mm:ss}Z"));
        published.Count.Should().Be(8324);
        ours.Should().Equal(published);
    }

    [Fact]
    public void Every_holiday_of_the_hours_file_is_one_of_ours_and_none_is_left_over()
    {
        HashSet<DateOnly> published = [.. Hours().GetProperty("holidays").EnumerateArray().Select(d => Date(d.GetString()!))];
        // The file also names New Years on a Saturday, which the exchange does not observe and on which it is shut anyway.
        HashSet<DateOnly> weekdays = [.. published.Where(d => !DateRules.IsWeekend(d))];
        HashSet<DateOnly> ours = [];
        for (DateOnly date = new(1998, 1, 1); date <= new DateOnly(2028, 12, 31); date = date.AddDays(1))
        {
            if (!DateRules.IsWeekend(date) && Nyse.SessionOn(date) is null)
            {
                NyseCalendar.HolidayOn(date).Should().NotBeNullOrEmpty();
                ours.Add(date);
            }
        }

        weekdays.Count.Should().BeGreaterThan(285);
        ours.Should().BeEquivalentTo(weekdays);
    }

    [Fact]
    public void Every_early_close_of_the_hours_file_is_one_of_ours_and_none_is_left_over()
    {
        HashSet<DateOnly> published = [];
        foreach (JsonProperty close in Hours().GetProperty("early_closes").EnumerateObject())
        {
            close.Value.GetString().Should().Be("13:00:00");
            published.Add(Date(close.Name));
        }

        // The file names a Sunday, and lacks the last afternoon of 1999, which the published sessions have.
        published.Remove(new(2017, 12, 24)).Should().BeTrue();
        published.Add(new(1999, 12, 31)).Should().BeTrue();
        DateOnly from = published.Min();
        HashSet<DateOnly> ours = [.. Nyse.Sessions(from, new(2028, 12, 31)).Where(s => s.IsHalfDay).Select(s => s.Date)];
        ours.Should().BeEquivalentTo(published);
    }

    [Theory]
    [InlineData("2024-03-08", "14:30")] // the Friday before clocks go forward: EST, UTC-5
    [InlineData("2024-03-11", "13:30")] // the Monday after: EDT, UTC-4
    [InlineData("2024-11-01", "13:30")] // the Friday before clocks go back
    [InlineData("2024-11-04", "14:30")] // the Monday after
    [InlineData("2006-04-03", "13:30")] // until 2006 clocks went forward in April
    [InlineData("2006-03-13", "14:30")]
    [InlineData("2007-03-12", "13:30")] // since 2007 in March
    [InlineData("2006-10-30", "14:30")] // and back in October
    [InlineData("2007-10-29", "13:30")]
    public void The_open_follows_New_York_clocks_across_daylight_saving(string date, string openUtc) =>
        Nyse.SessionOn(Date(date))!.Value.OpenUtc.ToString("HH:mm", CultureInfo.InvariantCulture).Should().Be(openUtc);

    [Theory]
    [InlineData("2024-07-03T16:59:59Z", "2024-07-02")] // a half day, still open
    [InlineData("2024-07-03T17:00:00Z", "2024-07-03")]
    [InlineData("2024-07-04T23:00:00Z", "2024-07-03")] // Independence Day
    [InlineData("2001-09-16T12:00:00Z", "2001-09-10")] // the longest closing
    [InlineData("2024-01-02T03:00:00Z", "2023-12-29")] // still the first in New York
    public void The_last_completed_session_is_the_newest_that_has_closed(string asOf, string session) =>
        Nyse.LastCompletedSession(DateTimeOffset.Parse(asOf, CultureInfo.InvariantCulture)).Date.Should().Be(Date(session));

    [Fact]
    public void Next_and_previous_sessions_step_over_weekends_and_holidays()
    {
        Nyse.NextSession(new(2001, 9, 10)).Date.Should().Be(new DateOnly(2001, 9, 17));
        Nyse.PreviousSession(new(2001, 9, 17)).Date.Should().Be(new DateOnly(2001, 9, 10));
        Nyse.NextSession(new(2021, 12, 31)).Date.Should().Be(new DateOnly(2022, 1, 3));
    }

    [Fact]
    public void Hour_bars_start_at_half_past_and_the_last_one_is_short()
    {
        Session full = Nyse.SessionOn(new(2024, 7, 2))!.Value, half = Nyse.SessionOn(new(2024, 7, 3))!.Value;
        string[] Starts(Session s, Interval i) => [.. s.BarStarts(i).Select(us => SessionDates.InstantOf(us).ToString("HH:mm", CultureInfo.InvariantCulture))];

        Starts(full, Interval.Hour1).Should().Equal("13:30", "14:30", "15:30", "16:30", "17:30", "18:30", "19:30");
        Starts(half, Interval.Hour1).Should().Equal("13:30", "14:30", "15:30", "16:30");
        full.BarStarts(Interval.Minute5).Should().HaveCount(78);
        half.BarStarts(Interval.Minute5).Should().HaveCount(42);
        full.BarCloseUtc(full.BarStarts(Interval.Hour1)[^1], Interval.Hour1).Should().Be(full.CloseUtc);
        full.BarStarts(Interval.Day1).Should().Equal(SessionDates.MicrosecondsOf(new DateOnly(2024, 7, 2)));
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static JsonElement Hours() =>
        JsonDocument.Parse(File.ReadAllText(Checkout.Material("market/calendar/us_equity_hours.json"))).RootElement;
}
