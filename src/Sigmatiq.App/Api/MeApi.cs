using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store;

namespace Sigmatiq.App.Api;

/// <summary><c>/me</c> and <c>/roles</c>: what a page shows and hides.</summary>
internal sealed class MeApi(DataDirectory data)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/me", (HttpContext context) => new Answer<MeAnswer>(Of(context.Caller())))
            .Operation("getMe", "people", "Who asks, and what they may do by this sign-in or key").Needs(Right.Read);
        routes.MapGet("/roles", () => new Answer<IReadOnlyList<RoleAnswer>>(Roles.All.Select(r => new RoleAnswer(r, Words(Roles.RightsOf(r)))).ToArray()))
            .Operation("listRoles", "people", "The roles with their rights").Needs(Right.Read);
    }

    private MeAnswer Of(Caller caller) =>
        new(caller.Person.Id, caller.Person.Name, caller.Person.Role, caller.Person.Plan, Words(caller.Rights), caller.Key, caller.Scopes, Cli(caller));

    // A command without it would open, or make, another store.
    private IReadOnlyList<string> Cli(Caller caller) =>
        data.Root == UsualFolders.Data ? [] : ["--data", caller.Rights.Contains(Right.Operate) ? data.Root : "DIRECTORY"];

    private static IReadOnlyList<string> Words(IReadOnlySet<Right> rights) => [.. rights.Order().Select(EnumWords<Right>.Text)];
}
