using System.Collections.Concurrent;

namespace Sigmatiq.Market.Calendars;

/// <summary>Sessions of a rule-based calendar, worked out once a year of dates.</summary>
internal sealed class YearlySessions(Func<DateOnly, Session?> rule)
{
    private readonly ConcurrentDictionary<int, Session?[]> years = new();

    /// <summary>The session of a date, or null.</summary>
    public Session? On(DateOnly date) => Of(date.Year)[date.DayOfYear - 1];

    /// <summary>Sessions with <c>from ≤ date ≤ to</c>.</summary>
    public IReadOnlyList<Session> Between(DateOnly from, DateOnly to)
    {
        List<Session> found = [];
        for (DateOnly date = from; date <= to; date = date.AddDays(1))
        {
            if (On(date) is { } session)
            {
                found.Add(session);
            }
        }

        return found;
    }

    private Session?[] Of(int year) => years.GetOrAdd(year, y =>
    {
        DateOnly first = new(y, 1, 1);
        var days = new Session?[DateTime.IsLeapYear(y) ? 366 : 365];
        for (int i = 0; i < days.Length; i++)
        {
            days[i] = rule(first.AddDays(i));
        }

        return days;
    });
}
