using System.Security.Cryptography;
using System.Text;
using Sigmatiq.App.Api;
using Sigmatiq.App.Pages;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>What every request must satisfy before anything else looks at it.</summary>
internal static class RequestGuards
{
    private static readonly string[] LoopbackNames = ["127.0.0.1", "localhost", "[::1]"];

    /// <summary>Refuses names that are not this machine's own: a page elsewhere whose name was pointed at 127.0.0.1 (DNS rebinding)
    /// sends that name. Refuses also what a page of another origin sends.</summary>
    /// <param name="origin">Where a proxy publishes the server; null for nowhere.</param>
    public static Func<HttpContext, RequestDelegate, Task> CheckOrigin(PublicOrigin? origin) => (context, next) => CheckOriginAsync(context, next, origin);

    private static Task CheckOriginAsync(HttpContext context, RequestDelegate next, PublicOrigin? published)
    {
        HttpRequest request = context.Request;
        if (published?.IsMeant(request) == true)
        {
            PublicOrigin.Restore(context);
            context.Response.Headers.StrictTransportSecurity = "max-age=31536000";
        }
        else if (!LoopbackNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return Answers.Refuse(context, StatusCodes.Status421MisdirectedRequest,
                new Problem("APP-2003", $"This server does not answer for '{request.Host.Host}'.", "Host", "Use the address that the program printed."));
        }

        string origin = request.Headers.Origin.ToString();
        bool isForeign = origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        bool isCrossSite = request.Headers["Sec-Fetch-Site"] == "cross-site" && !IsRead(request);
        return (isForeign && !IsRead(request)) || isCrossSite
            ? Answers.Refuse(context, StatusCodes.Status403Forbidden, new Problem("APP-2004", $"A page of another origin ('{origin}') may not do this.", "Origin"))
            : next(context);
    }

    /// <summary>Headers of every answer.</summary>
    public static Task AddHeadersAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PageAssets.ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Not no-referrer: under it browsers send our own forms with the origin "null", like those of a stranger.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers.CacheControl = "no-store";
        return next(context);
    }

    /// <summary>A form must carry its session's token. JSON, methods other than POST and what comes with a key need none: another origin cannot
    /// send those without asking first, and it is never allowed to.</summary>
    public static async Task CheckFormTokenAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        if (!HttpMethods.IsPost(request.Method) || request.HasJsonContentType())
        {
            await next(context);
            return;
        }

        // A program that forgot to say what it sends; a token without a form is still taken.
        if (!request.HasFormContentType && request.Headers["X-Csrf-Token"].Count == 0 && !Answers.WantsPage(request) && !request.Path.StartsWithSegments("/approvals"))
        {
            await Answers.Refuse(context, StatusCodes.Status415UnsupportedMediaType, Bodies.NotJson(request));
            return;
        }

        if (CallerClaims.Read(context.User)?.Key is not null)
        {
            await next(context);
            return;
        }

        string? session = SessionAuthentication.SessionOf(request);
        string sent = request.HasFormContentType ? (await request.ReadFormAsync(context.RequestAborted))["csrf"].ToString() : request.Headers["X-Csrf-Token"].ToString();
        byte[] expected = Encoding.UTF8.GetBytes(session is null ? "" : People.FormTokenOf(session));
        if (expected.Length == 0 || !CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(sent)))
        {
            await Answers.Refuse(context, StatusCodes.Status403Forbidden,
                new Problem("APP-2005", "The form does not belong to this session.", request.Path, "Load the page again and send it once more."));
            return;
        }

        await next(context);
    }

    private static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
}
