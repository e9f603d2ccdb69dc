using System.Globalization;

namespace Sigmatiq.Store.Rows;

/// <summary>An instant as the store writes it: ISO 8601 UTC with microseconds, always 27 characters, so that text order is time order.</summary>
public static class UtcText
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>E.g. <c>2024-03-28T13:30:00.000000Z</c>; what is finer than a microsecond is cut off.</summary>
    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Reads any ISO 8601 instant that names its offset.</summary>
    /// <exception cref="FormatException">Not an instant.</exception>
    public static DateTimeOffset Parse(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUniversalTime();
}
