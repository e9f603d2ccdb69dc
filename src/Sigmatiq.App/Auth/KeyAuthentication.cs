using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Sigmatiq.App.Api;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>Signs a program in by <c>Authorization: Bearer sgq_…</c>. A request that has the header is judged by it alone, whatever cookie came along.</summary>
internal sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, People people)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "key";
    private const string Bearer = "Bearer ";

    /// <summary>Why a key is refused, without saying which of the reasons it is.</summary>
    public static Problem Refused(string where) => new("KEY-1005", "The key is unknown, revoked or too old, or its owner is disabled.", where, "Make a new one: 'sigmatiq keys make'.");

    /// <summary>Whether a request comes with a key, right or wrong.</summary>
    public static bool IsMeant(HttpRequest request) => request.Headers.Authorization.Count > 0;

    /// <summary>The key of a request; null without one, or with several.</summary>
    public static string? KeyOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        KeyOf(Request) is { } key && await people.FindKeyAsync(key, Context.RequestAborted) is { } caller
            ? AuthenticateResult.Success(new(CallerClaims.Of(caller, SchemeName), SchemeName)) : AuthenticateResult.NoResult();

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Answers.Refuse(Context, StatusCodes.Status401Unauthorized, Refused("Authorization"));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => RouteRights.RefuseAsync(Context);
}
