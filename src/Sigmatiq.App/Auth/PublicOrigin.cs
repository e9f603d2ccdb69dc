using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>The address under which a proxy on this machine publishes the server: it ends the encryption and passes requests on to loopback. Its name is then answered
/// for, its pages are our own, and what it says of a caller's address is believed.</summary>
public sealed class PublicOrigin
{
    private const string Option = "--public-url";

    private PublicOrigin(Uri address) => Address = address;

    /// <summary>Such as <c>https://desk.example.org</c>.</summary>
    public Uri Address { get; }

    /// <summary>Reads an address.</summary>
    /// <exception cref="ProblemException">APP-1161: it is none, is not encrypted, or has a path.</exception>
    public static PublicOrigin Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttps || uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            throw new ProblemException("APP-1161", $"'{text}' is no public address.", Option, "Give the address that people open, encrypted and without a path: https://desk.example.org.", ExitCode.BadUsage);
        }

        return new(uri);
    }

    /// <summary>Whether a request came by the proxy.</summary>
    public bool IsMeant(HttpRequest request) => string.Equals(request.Host.Value, Address.Authority, StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes a request that came by the proxy what it was before: encrypted, and from the caller's address. Only the last address is the proxy's own word;
    /// those before it are the caller's.</summary>
    public static void Restore(HttpContext context)
    {
        context.Request.Scheme = Uri.UriSchemeHttps;
        string? said = context.Request.Headers["X-Forwarded-For"].LastOrDefault()?.Split(',')[^1].Trim();
        if (System.Net.IPAddress.TryParse(said, out System.Net.IPAddress? caller))
        {
            context.Connection.RemoteIpAddress = caller;
        }
    }
}
