using System.Text;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.App.Auth;

/// <summary><c>docs/rights.md</c>: which role and which scope have which right, and every route with the right that it asks for.</summary>
internal static class RightsReference
{
    private const string Head =
        """
        # Rights: who may do what, route by route

        Written by `./sigmatiq users rights --reference > docs/rights.md` from the one table that routes and commands go by; a test holds it current.
        How users and keys are made, and where the promises end: [users.md](users.md).


        """;

    /// <summary>The page.</summary>
    /// <param name="routes">All routes of the server.</param>
    public static string Text(IEnumerable<Endpoint> routes)
    {
        Right[] rights = Enum.GetValues<Right>();
        StringBuilder page = new(Head);
        page.Append("## Roles\n\n");
        Table(page, ["Role", .. rights.Select(EnumWords<Right>.Text)], Roles.All.Select(role => (string[])[role, .. rights.Select(r => Yes(Roles.RightsOf(role).Contains(r)))]));
        page.Append("\n## Scopes of keys\n\nA key may do what both its scopes and its owner's role let through, as they stand at that moment.\n\n");
        Table(page, ["Scope", .. rights.Select(EnumWords<Right>.Text)], KeyScopes.All.Select(scope => (string[])[scope, .. rights.Select(r => Yes(KeyScopes.RightsOf([scope]).Contains(r)))]));
        page.Append("\n## Routes\n\n`/api` before a route is the same route. `open` answers without sign-in; whatever is not listed asks for a sign-in and then says 404. Beyond the right, a route may refuse by what is asked:\n"
            + "a vote by the policy of its request, a decision about the run or sweep of another without `operate`, a look at the sessions or keys of others without `administer`, the making of keys and links by a key.\n\n");
        Table(page, ["Route", "Right", .. Roles.All], routes.OfType<RouteEndpoint>().SelectMany(Lines).OrderBy(l => l.Path, StringComparer.Ordinal).ThenBy(l => l.Method, StringComparer.Ordinal)
            .Select(l => (string[])[$"`{l.Method} {l.Path}`", l.Right is { } right ? EnumWords<Right>.Text(right) : "open", .. Roles.All.Select(role => Yes(l.Right is not { } r || Roles.RightsOf(role).Contains(r)))]));
        return page.ToString();
    }

    private static IEnumerable<(string Path, string Method, Right? Right)> Lines(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method => ($"/{route.RoutePattern.RawText!.TrimStart('/')}", method, RouteRights.Of(route)));

    private static string Yes(bool may) => may ? "yes" : "";

    private static void Table(StringBuilder page, string[] heads, IEnumerable<string[]> rows)
    {
        page.Append("| ").AppendJoin(" | ", heads).Append(" |\n|").Append(string.Concat(Enumerable.Repeat("---|", heads.Length))).Append('\n');
        foreach (string[] row in rows)
        {
            page.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }
    }
}
