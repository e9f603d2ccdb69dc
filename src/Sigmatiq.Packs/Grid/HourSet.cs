using System.Numerics;
using System.Text.Json.Nodes;
using Sigmatiq.Market.Calendars;

namespace Sigmatiq.Packs.Grid;

/// <summary>Hours of the day in which entries are admitted: hour h admits bars that <b>start</b> in [h:00, h+1:00) (02 §2.3).</summary>
/// <param name="Mask">Bit h is set where hour h is admitted.</param>
public readonly record struct HourSet(uint Mask)
{
    /// <summary>All 24 hours.</summary>
    public static HourSet All { get; } = new(0xFFFFFF);

    /// <summary>Whether a bar that starts in this hour may be entered.</summary>
    public bool Contains(int hour) => (Mask >> hour & 1) != 0;

    /// <summary>Number of hours.</summary>
    public int Count => BitOperations.PopCount(Mask);

    /// <summary>The hours in order.</summary>
    public IReadOnlyList<int> Hours
    {
        get
        {
            uint mask = Mask;
            return [.. Enumerable.Range(0, 24).Where(h => (mask >> h & 1) != 0)];
        }
    }

    /// <summary>From hours 0 to 23.</summary>
    public static HourSet Of(IEnumerable<int> hours)
    {
        uint mask = 0;
        foreach (int hour in hours)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(hour);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(hour, 23);
            mask |= 1u << hour;
        }

        return new(mask);
    }

    /// <summary>The hours in which a regular session of the calendar has bars: 9 to 15 for New York.</summary>
    public static HourSet RegularSession(ISessionCalendar calendar)
    {
        // Any whole month has a full session; half days are shorter and add nothing.
        uint mask = 0;
        foreach (Session session in calendar.Sessions(new(2024, 3, 1), new(2024, 3, 31)))
        {
            DateTimeOffset open = TimeZoneInfo.ConvertTime(session.OpenUtc, calendar.Zone);
            DateTimeOffset last = TimeZoneInfo.ConvertTime(session.CloseUtc.AddTicks(-1), calendar.Zone);
            for (int hour = open.Hour; hour <= last.Hour; hour++)
            {
                mask |= 1u << hour;
            }
        }

        return new(mask);
    }

    /// <summary>The hours as a JSON list.</summary>
    public JsonArray ToJson() => new([.. Hours.Select(h => (JsonNode?)JsonValue.Create(h))]);

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(",", Hours)}]";
}
