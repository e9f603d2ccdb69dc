using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Quality;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Market.Bars;

namespace Sigmatiq.Tests.Market.Quality;

public sealed class WrongZoneTests
{
    private const long HourUs = 3_600_000_000;
    private static readonly NyseCalendar Nyse = NyseCalendar.Instance;

    [Theory]
    [InlineData("2024-01-08", "2024-01-19")] // winter: the last two bars of a day would still lie in the session
    [InlineData("2024-07-08", "2024-07-19")]
    [InlineData("2024-03-04", "2024-03-15")] // the clock changes in between
    public void New_York_time_labelled_UTC_is_found_bar_by_bar(string from, string to)
    {
        long[] starts = Starts(Interval.Hour1, from, to);
        Found(Interval.Hour1, [.. starts.Select(at => at + Offset(at))]).Should().Equal(Enumerable.Range(0, starts.Length));
    }

    [Fact]
    public void UTC_read_as_New_York_time_is_found()
    {
        long[] starts = Starts(Interval.Minute5, "2024-07-08", "2024-07-12");
        Found(Interval.Minute5, [.. starts.Select(at => at - Offset(at))]).Should().HaveCount(starts.Length);
    }

    [Fact]
    public void A_fixed_winter_clock_is_found_in_summer_only()
    {
        // Eastern standard time all year: right until March, an hour late afterwards.
        long[] starts = Starts(Interval.Hour1, "2024-02-26", "2024-03-28");
        long[] written = [.. starts.Select(at => at - Offset(at) - (5 * HourUs))];
        List<int> found = Found(Interval.Hour1, [.. starts.Select((at, t) => at + (at - written[t]))]);
        found.Should().Equal(Enumerable.Range(0, starts.Length).Where(t => Offset(starts[t]) == -4 * HourUs));
    }

    [Fact]
    public void A_part_that_was_filled_in_on_the_wrong_clock_is_found_and_the_rest_is_not()
    {
        // On three of eighteen days the first four hours.
        long[] starts = Starts(Interval.Hour1, "2024-07-08", "2024-07-31");
        HashSet<int> wrong = [.. Enumerable.Range(0, starts.Length).Where(t => t / 7 % 6 == 2 && t % 7 < 4)];
        long[] mixed = [.. starts.Select((at, t) => wrong.Contains(t) ? at + Offset(at) : at).Order()];
        Found(Interval.Hour1, mixed).Select(t => mixed[t]).Should().Equal(wrong.Select(t => starts[t] + Offset(starts[t])).Order()).And.HaveCount(12);
    }

    [Fact]
    public void Trading_before_and_after_hours_is_no_wrong_clock()
    {
        foreach ((int open, int close) in new[] { (4, 20), (7, 16), (9, 20), (8, 17) })
        {
            long[] starts = [.. Nyse.Sessions(new(2024, 7, 8), new(2024, 7, 26)).SelectMany(s => Enumerable.Range(open, close - open)
                .Select(hour => SessionDates.MicrosecondsOf(SessionDates.InstantOf(s.Date, new(hour, 0), Nyse.Zone))))];
            Found(Interval.Hour1, starts).Should().BeEmpty($"{open}:00 to {close}:00 are habitual hours");
        }
    }

    [Fact]
    public void Closing_prints_stubs_after_half_days_and_a_few_early_bars_are_no_wrong_clock()
    {
        long[] starts = Starts(Interval.Hour1, "2024-06-24", "2024-07-12");
        long stub = SessionDates.MicrosecondsOf(SessionDates.InstantOf(new(2024, 7, 3), new(13, 0), Nyse.Zone));
        long print = SessionDates.MicrosecondsOf(SessionDates.InstantOf(new(2024, 7, 12), new(16, 0), Nyse.Zone));
        Found(Interval.Hour1, [.. starts.Append(stub).Append(print).Order()]).Should().BeEmpty();
        Found(Interval.Hour1, [starts[0] - HourUs, .. starts[..3]]).Should().BeEmpty("one morning is no evidence");
    }

    [Fact]
    public void Bars_in_the_session_and_bars_around_the_clock_are_left_alone()
    {
        Found(Interval.Minute5, Starts(Interval.Minute5, "2024-07-01", "2024-07-12")).Should().BeEmpty();
        long first = Starts(Interval.Hour1, "2024-07-01", "2024-07-01")[0];
        Found(Interval.Hour1, [.. Enumerable.Range(0, 500).Select(i => first + (i * HourUs))]).Should().BeEmpty();
    }

    private static long[] Starts(Interval interval, string from, string to) =>
        MadeBars.OnSessions(interval, DateOnly.Parse(from), DateOnly.Parse(to), Rng.From(1)).StartUtcUs;

    private static long Offset(long startUtcUs) => Nyse.Zone.GetUtcOffset(SessionDates.InstantOf(startUtcUs)).Ticks / 10;

    private static List<int> Found(Interval interval, long[] starts) => [.. WrongZone.Find(MadeBars.At(interval, starts, Rng.From(2)), Nyse).Select(f => f.Bar)];
}
