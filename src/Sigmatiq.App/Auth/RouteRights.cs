using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Sigmatiq.App.Api;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>The right that a route asks for.</summary>
/// <param name="Right">Which.</param>
internal sealed record RouteRight(Right Right);

/// <summary>Rights at the routes: each names one, or is a door that stands open. A route that says neither is a mistake, and the host does not start
/// with it.</summary>
internal static class RouteRights
{
    private static readonly Dictionary<Right, AuthorizationPolicy> Policies = Enum.GetValues<Right>().ToDictionary(
        r => r, r => new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim(CallerClaims.Right, EnumWords<Right>.Text(r)).Build());

    /// <summary>Opens a route to those who have a right.</summary>
    public static T Needs<T>(this T route, Right right) where T : IEndpointConventionBuilder => route.RequireAuthorization(Policies[right]).WithMetadata(new RouteRight(right));

    /// <summary>The right that a route asks for; null for a door.</summary>
    public static Right? Of(Endpoint route) => route.Metadata.GetMetadata<RouteRight>()?.Right;

    /// <summary>Refuses to start with a route that says neither which right it asks for nor that it is open to strangers, or says both.</summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    public static void Check(IEnumerable<Endpoint> routes)
    {
        string[] wrong = [.. routes.Where(r => Of(r) is null == r.Metadata.GetMetadata<IAllowAnonymous>() is null).Select(r => r.DisplayName ?? "?")];
        if (wrong.Length > 0)
        {
            throw new InvalidOperationException($"These routes must either name a right (.Needs(Right.…)) or be open (.AllowAnonymous()): {string.Join(", ", wrong)}.");
        }
    }

    /// <summary>Says why somebody who is signed in may not.</summary>
    public static Task RefuseAsync(HttpContext context)
    {
        string place = Answers.PathOf(context.Request);
        Problem? why = context.GetEndpoint() is { } route && Of(route) is { } right ? CallerClaims.Read(context.User)?.Refusal(right, place) : null;
        return Answers.Refuse(context, StatusCodes.Status403Forbidden, why ?? new Problem("USR-1010", "You may not do this.", place));
    }
}
