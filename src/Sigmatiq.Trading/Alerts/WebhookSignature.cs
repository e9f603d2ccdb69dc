using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sigmatiq.Trading.Alerts;

/// <summary>How a receiver knows that a message is ours and not an old one sent again: HMAC-SHA256 (RFC 2104) under the shared secret over
/// <c>timestamp.body</c>, in hexadecimal.</summary>
public static class WebhookSignature
{
    /// <summary>Header with the key of the message.</summary>
    public const string KeyHeader = "X-Sigmatiq-Key";

    /// <summary>Header with the seconds since 1970 of this attempt.</summary>
    public const string TimestampHeader = "X-Sigmatiq-Timestamp";

    /// <summary>Header with the signature.</summary>
    public const string SignatureHeader = "X-Sigmatiq-Signature";

    /// <summary>The value of the header, e.g. <c>sha256=5257a869…</c>.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="timestamp">Seconds since 1970, as in its header.</param>
    /// <param name="body">The bytes that are sent.</param>
    public static string Of(string secret, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.ASCII.GetBytes(timestamp.ToString(CultureInfo.InvariantCulture) + ".");
        byte[] signed = [.. head, .. body];
        return "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }
}
