using Sigmatiq.Market.Calendars;
using Sigmatiq.Trading.Paper;

namespace Sigmatiq.Tests.Trading.Paper;

public sealed class PaperWindowTests
{
    [Theory]
    // A Tuesday evening in New York: the next open is Wednesday 09:30; 14 days later is a Wednesday again.
    [InlineData("2024-01-16T23:00:00Z", "2024-01-17T14:30:00Z", "2024-01-31T14:30:00Z")]
    // Before the open of the same day.
    [InlineData("2024-01-17T14:00:00Z", "2024-01-17T14:30:00Z", "2024-01-31T14:30:00Z")]
    // Over the start of daylight saving on 2024-03-10: 09:30 New York on both sides.
    [InlineData("2024-03-04T23:00:00Z", "2024-03-05T14:30:00Z", "2024-03-19T13:30:00Z")]
    // Friday evening before Martin Luther King Day: Tuesday.
    [InlineData("2024-01-12T23:00:00Z", "2024-01-16T14:30:00Z", "2024-01-30T14:30:00Z")]
    // The end falls on Good Friday 2024-03-29 and moves to Monday.
    [InlineData("2024-03-14T23:00:00Z", "2024-03-15T13:30:00Z", "2024-04-01T13:30:00Z")]
    public void Paper_starts_at_the_next_open_and_ends_after_its_days_at_an_open(string published, string start, string end)
    {
        PaperWindow window = PaperWindow.After(DateTimeOffset.Parse(published), 14, NyseCalendar.Instance);
        window.StartUtc.Should().Be(DateTimeOffset.Parse(start));
        window.EndUtc.Should().Be(DateTimeOffset.Parse(end));
    }
}
