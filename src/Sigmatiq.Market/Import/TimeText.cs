using System.Globalization;

namespace Sigmatiq.Market.Import;

/// <summary>Reads the time of a bar: ISO 8601, or seconds since 1970.</summary>
internal static class TimeText
{
    private static readonly string[] Local =
    [
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        "yyyyMMdd'T'HHmm", "yyyyMMdd'T'HHmmss", "yyyyMMdd HH:mm", "yyyyMMdd HH:mm:ss",
    ];

    private static readonly string[] Zoned =
        [.. Local.SelectMany(format => new[] { format + "zzz", format + "'Z'", format + " zzz", format + " 'Z'" })];

    /// <summary>Reads a time.</summary>
    /// <param name="text">Text without quotes.</param>
    /// <param name="zone">Zone of a time that names none.</param>
    /// <param name="previousUtcUs">The row before, which tells the two instants of a repeated hour apart.</param>
    /// <param name="time">Microseconds since 1970 UTC, and whether it is a date alone (then at 00:00, a label).</param>
    /// <returns>Why it is not a time, or null.</returns>
    public static string? Read(string text, TimeZoneInfo zone, long previousUtcUs, out (long UtcUs, bool IsDate) time)
    {
        time = default;
        text = text.Trim();
        if (DateTime.TryParseExact(text, ["yyyy-MM-dd", "yyyyMMdd", "yyyy/MM/dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date))
        {
            time = (Microseconds(date), true);
            return null;
        }

        if (text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c is '.' or '-') && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds))
        {
            if (Math.Abs(seconds) >= 100_000_000_000m)
            {
                return "is too large for seconds since 1970; it looks like milliseconds or smaller";
            }

            time = ((long)(seconds * 1_000_000m), false);
            return null;
        }

        // Offsets of two digits, as PostgreSQL writes them: +00 is +00:00.
        string full = text.Length > 3 && text[^3] is '+' or '-' && text.Contains(':', StringComparison.Ordinal) ? text + ":00" : text;
        if (DateTimeOffset.TryParseExact(full, Zoned, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant))
        {
            time = (Microseconds(instant.UtcDateTime), false);
            return null;
        }

        return DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local)
            ? OfLocal(local, zone, previousUtcUs, out time)
            : "is neither ISO 8601 (2024-01-31T15:30:00Z) nor seconds since 1970";
    }

    /// <summary>The instant at which a zone's clock shows a time; of two, the first that comes after the row before.</summary>
    /// <returns>Why there is none, or null.</returns>
    public static string? OfLocal(DateTime local, TimeZoneInfo zone, long previousUtcUs, out (long UtcUs, bool IsDate) time)
    {
        time = default;
        if (zone.IsInvalidTime(local))
        {
            return $"does not exist in {zone.Id}: the clock skips it that day";
        }

        TimeSpan offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local))
        {
            TimeSpan[] offsets = [.. zone.GetAmbiguousTimeOffsets(local).OrderByDescending(o => o)];
            offset = Microseconds(local - offsets[0]) > previousUtcUs ? offsets[0] : offsets[^1];
        }

        time = (Microseconds(local - offset), false);
        return null;
    }

    private static long Microseconds(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / 10;
}
