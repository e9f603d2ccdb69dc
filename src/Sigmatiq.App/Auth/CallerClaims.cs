using System.Security.Claims;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.App.Auth;

/// <summary>A <see cref="Caller"/> as the claims that ASP.NET hands along with a request, and back.</summary>
internal static class CallerClaims
{
    /// <summary>The claim that carries the user's plan.</summary>
    public const string Plan = "plan";

    /// <summary>The claim for each right that they have now; routes ask for these.</summary>
    public const string Right = "right";

    private const string Key = "key";
    private const string Scope = "scope";

    public static ClaimsPrincipal Of(Caller caller, string scheme)
    {
        Person person = caller.Person;
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, person.Id), new(ClaimTypes.Name, person.Name), new(ClaimTypes.Role, person.Role), new(Plan, person.Plan),
            .. caller.Rights.Select(r => new Claim(Right, EnumWords<Auth.Right>.Text(r))), .. caller.Scopes.Select(s => new Claim(Scope, s)),
        ];
        if (caller.Key is { } key)
        {
            claims.Add(new(Key, key));
        }

        return new(new ClaimsIdentity(claims, scheme));
    }

    /// <summary>Who asks; null for a stranger.</summary>
    public static Caller? Read(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
        ? new(new(id, user.FindFirstValue(ClaimTypes.Name)!, user.FindFirstValue(ClaimTypes.Role)!, user.FindFirstValue(Plan)!), user.FindFirstValue(Key),
            [.. user.FindAll(Scope).Select(c => c.Value)])
        : null;

    /// <summary>Who asks, on a route that no stranger reaches.</summary>
    public static Caller Caller(this HttpContext context) => Read(context.User) ?? throw new InvalidOperationException($"Nobody is signed in at {context.Request.Path}.");
}
