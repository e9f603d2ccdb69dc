using System.Globalization;
using System.Net;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Trading.Calls;

/// <summary>An address that a rule allows; one in hand was checked.</summary>
/// <param name="Url">The address.</param>
/// <param name="Rule">The rule that allows it.</param>
public sealed record CallTarget(Uri Url, CallRule Rule)
{
    private const int LengthMax = 4_096;

    /// <summary>Checks an address and the method to use on it.</summary>
    /// <exception cref="ProblemException">OUT-1020: it is not in plain form. OUT-1021: no rule allows it.</exception>
    public static CallTarget Check(string url, string method, IReadOnlyList<CallRule> rules)
    {
        Uri parsed = Parse(url);
        CallRule rule = rules.FirstOrDefault(r => r.Fits(HostOf(parsed)))
            ?? throw NotAllowed(parsed, $"The host '{HostOf(parsed)}' is not on the list.");
        if (!rule.Schemes.Contains(parsed.Scheme))
        {
            throw NotAllowed(parsed, $"{rule.Host} is not reached by {parsed.Scheme}, but by {string.Join(" or ", rule.Schemes)}.");
        }

        if (!rule.Ports.Contains(parsed.Port))
        {
            throw NotAllowed(parsed, $"Port {parsed.Port.ToString(CultureInfo.InvariantCulture)} of {rule.Host} is not on the list.");
        }

        return rule.Methods.Contains(method) ? new(parsed, rule) : throw NotAllowed(parsed, $"{method} on {rule.Host} is not on the list.");
    }

    /// <summary>Reads an address. What two readers could take for different hosts is refused, whoever would be right.</summary>
    /// <exception cref="ProblemException">OUT-1020: it is not in plain form.</exception>
    public static Uri Parse(string url)
    {
        if (url.Length > LengthMax)
        {
            throw Bad(url[..80] + "…", $"it has {url.Length.ToString(CultureInfo.InvariantCulture)} characters; {LengthMax} are allowed");
        }

        if (url.Any(c => c <= ' ' || c > '~' || c is '\\' or '"' or '<' or '>' or '^' or '`' or '{' or '|' or '}'))
        {
            throw Bad(url, "it has a character that does not belong there unescaped");
        }

        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || url[..scheme].ToLowerInvariant() is not ("http" or "https") || !Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed))
        {
            throw Bad(url, "it does not begin with https:// or http:// and a host");
        }

        int from = scheme + 3, end = url.IndexOfAny(['/', '?', '#'], from);
        string authority = end < 0 ? url[from..] : url[from..end];
        if (authority.Contains('@', StringComparison.Ordinal))
        {
            throw Bad(url, "it has a user in it");
        }

        if (authority.Contains('%', StringComparison.Ordinal))
        {
            throw Bad(url, "its host is escaped");
        }

        int port = authority.LastIndexOf(':');
        string host = port > authority.LastIndexOf(']') ? authority[..port] : authority;
        bool isName = parsed.HostNameType == UriHostNameType.Dns && string.Equals(host, parsed.Host, StringComparison.OrdinalIgnoreCase)
            && !host.EndsWith('.') && !host.Split('.')[^1].All(char.IsAsciiDigit);
        bool isAddress = parsed.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && IPAddress.TryParse(HostOf(parsed), out IPAddress? ip)
            && string.Equals(host.Trim('[', ']'), ip.ToString(), StringComparison.OrdinalIgnoreCase);
        return isName || isAddress ? parsed : throw Bad(url, $"its host '{host}' is neither a plain name nor an address in its usual form");
    }

    /// <summary>The host without the brackets of an IPv6 address.</summary>
    public static string HostOf(Uri url) => url.Host.Trim('[', ']');

    private static ProblemException Bad(string url, string why) => new(
        CallCodes.BadAddress, $"'{url}' is no address to call: {why}.", "url", "Write it plainly, such as https://api.example.org/v1/prices?symbol=SPY.", ExitCode.BadUsage);

    private static ProblemException NotAllowed(Uri url, string why) => new(
        CallCodes.NotAllowed, $"{why} Nothing was sent.", url.GetLeftPart(UriPartial.Authority), "Whoever runs the platform allows hosts below calls: in outside.yaml.");
}
