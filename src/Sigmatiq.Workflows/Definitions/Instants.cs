using System.Globalization;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Instants as workflow files write them: ISO 8601 with <c>Z</c> or an offset, so that no machine's zone has a say.</summary>
public static class Instants
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads <c>2026-03-02T14:30:00Z</c>, <c>2026-03-02T09:30-05:00</c>.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        bool isRead = DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant)
            && (text[^1] == 'Z' || text.AsSpan(16).IndexOfAny('+', '-') >= 0);
        instant = isRead ? instant.ToUniversalTime() : default;
        return isRead;
    }
}
