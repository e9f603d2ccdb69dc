using System.Security.Claims;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Pages;

namespace Sigmatiq.App.Api;

/// <summary>The door: the sign-in page, the one-time link, signing out, and whether the server is well.</summary>
internal static class SignInApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", () => new Answer<Health>(new Health("ok")))
            .AllowAnonymous().Operation("getHealth", "system", "Whether the server answers");
        routes.MapGet("/sign-in", SignInAsync).AllowAnonymous().WithMetadata(new PageRoute(), new Door());
        routes.MapPost("/sign-out", SignOutAsync).WithMetadata(new PageRoute()).Needs(Right.Read);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, People people, string? token, string? next, CancellationToken ct)
    {
        if (token is null)
        {
            return Answers.Page(SignInPage.Render(null));
        }

        string? session = token.Length <= 128 ? await people.RedeemLinkAsync(token, ct) : null;
        if (session is null && context.User.Identity?.IsAuthenticated == true)
        {
            // Pressed twice in the browser that it let in: it still leads where it leads.
            return LeadOn(context, next ?? AskedPage.Of(context));
        }

        if (session is null)
        {
            return Answers.Page(SignInPage.Render("This link has been used, or is older than 15 minutes."), StatusCodes.Status401Unauthorized);
        }

        context.Response.Cookies.Append(SessionAuthentication.CookieName(context.Request), session,
            new() { HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = People.SessionLifetime, IsEssential = true });
        return LeadOn(context, next ?? AskedPage.Of(context));
    }

    private static IResult LeadOn(HttpContext context, string? next)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        // The studio needs a browser; what asks for no page is led to the one that needs none.
        context.Response.Headers.Location = !Answers.WantsPage(context.Request) ? "/status" : AskedPage.IsOurs(next) ? next : "/";
        return Results.Empty;
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, People people, CancellationToken ct)
    {
        if (SessionAuthentication.SessionOf(context.Request) is { } session)
        {
            await people.EndSessionAsync(session, ct);
        }

        context.Response.Cookies.Delete(SessionAuthentication.CookieName(context.Request));
        return Answers.Page(SignInPage.Render(null));
    }
}
