using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sigmatiq.App.Api;
using Sigmatiq.App.Pages;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>Signs a request in by its session cookie; who has none gets the sign-in page, programs a problem.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, People people)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "session";

    /// <summary>The claim that carries the user's plan.</summary>
    public const string PlanClaim = CallerClaims.Plan;

    /// <summary>Cookies know no ports: without the port in its name a second server on this machine would overwrite the first one's.</summary>
    public static string CookieName(HttpRequest request) => $"sigmatiq_{request.HttpContext.Connection.LocalPort}";

    /// <summary>The session's secret of a request, null without one.</summary>
    public static string? SessionOf(HttpRequest request) => request.Cookies[CookieName(request)];

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SessionOf(Request) is not { Length: > 0 and <= 128 } session)
        {
            return AuthenticateResult.NoResult();
        }

        Person? person = await people.FindSessionAsync(session, Context.RequestAborted);
        if (person is null)
        {
            return AuthenticateResult.NoResult();
        }

        return AuthenticateResult.Success(new(CallerClaims.Of(new(person, null, []), SchemeName), SchemeName));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => RouteRights.RefuseAsync(Context);

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!Answers.WantsPage(Request))
        {
            return Answers.Refuse(Context, StatusCodes.Status401Unauthorized,
                new Problem("APP-2001", "Not signed in.", Answers.PathOf(Request), "Open the one-time link that 'sigmatiq up' prints."));
        }

        bool isRead = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        if (isRead)
        {
            AskedPage.Keep(Context);
        }

        if (isRead && SessionOf(Request) is null)
        {
            Response.StatusCode = StatusCodes.Status303SeeOther;
            Response.Headers.Location = "/sign-in";
            return Task.CompletedTask;
        }

        // In place rather than by a redirect: after signing in, loading the page again leads back to where the person was.
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.ContentType = "text/html; charset=utf-8";
        string ended = isRead ? "Your session has ended." : "Your session has ended; what you sent was not recorded.";
        return Response.WriteAsync(SignInPage.Render(ended).Markup, Context.RequestAborted);
    }
}
