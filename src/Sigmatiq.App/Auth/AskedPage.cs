using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Sigmatiq.App.Auth;

/// <summary>The page that somebody asked for before they were signed in: the door leads back to it.</summary>
internal static class AskedPage
{
    private const int LengthMax = 2_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);
    private static readonly SearchValues<char> PathLetters = SearchValues.Create("/_-.:,@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    private static readonly SearchValues<char> QueryLetters =
        SearchValues.Create("?=&%+~!*()/_-.:,@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Keeps the page of a request with the browser, which shows it to the door alone.</summary>
    public static void Keep(HttpContext context)
    {
        string asked = $"{context.Request.Path}{context.Request.QueryString}";
        if (asked != "/" && IsOurs(asked))
        {
            context.Response.Cookies.Append(Name(context), asked,
                new() { HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/sign-in", MaxAge = Kept, IsEssential = true });
        }
    }

    /// <summary>The page that was asked for, once; null where none was, or nothing of ours.</summary>
    public static string? Of(HttpContext context)
    {
        string? asked = context.Request.Cookies[Name(context)];
        if (asked is not null)
        {
            context.Response.Cookies.Delete(Name(context), new() { Path = "/sign-in" });
        }

        return IsOurs(asked) ? asked : null;
    }

    /// <summary>Whether the door may lead here: a path of ours written plainly, nothing that a browser could read as another server. What follows the question mark may be escaped.</summary>
    public static bool IsOurs([NotNullWhen(true)] string? page)
    {
        if (page is not ['/', ..] || page.Length > LengthMax || page.StartsWith("//", StringComparison.Ordinal))
        {
            return false;
        }

        int query = page.IndexOf('?', StringComparison.Ordinal);
        ReadOnlySpan<char> path = query < 0 ? page : page.AsSpan(0, query), rest = query < 0 ? [] : page.AsSpan(query);
        return !path.ContainsAnyExcept(PathLetters) && !rest.ContainsAnyExcept(QueryLetters);
    }

    // Cookies know no ports.
    private static string Name(HttpContext context) => $"sigmatiq_asked_{context.Connection.LocalPort}";
}
