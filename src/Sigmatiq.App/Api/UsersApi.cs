using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;

namespace Sigmatiq.App.Api;

/// <summary><c>/users</c>: who there is, and decisions about them. The same functions as <c>sigmatiq users</c>.</summary>
internal sealed class UsersApi(Accounts accounts)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users", async (CancellationToken ct) => new Answer<IReadOnlyList<UserAnswer>>((await accounts.ListAsync(ct)).Select(Of).ToArray()))
            .Operation("listUsers", "people", "The users of the store").Needs(Right.Read);
        routes.MapGet("/users/{id}", async (string id, CancellationToken ct) => new Answer<UserAnswer>(Of(await accounts.FindAsync(id, ct))))
            .Operation("getUser", "people", "A user").Needs(Right.Read);
        routes.MapPost("/users", AddAsync).Operation("createUser", "people", "Adds a user; the same one again changes nothing").Body<UserRequest>().Needs(Right.Administer);
        Decision("role", ["role", "reason"], (id, body, by, ct) => accounts.ChangeRoleAsync(id, body.Text("role") ?? "", by, body.Text("reason") ?? "", ct))
            .Operation("changeRole", "people", "Gives a user another role, from their next request and vote on").Body<RoleRequest>().Needs(Right.Administer);
        Decision("plan", ["plan", "reason"], (id, body, by, ct) => accounts.ChangePlanAsync(id, body.Text("plan") ?? "", by, body.Text("reason") ?? "", ct))
            .Operation("changePlan", "people", "Gives a user another plan").Body<PlanRequest>().Needs(Right.Administer);
        Decision("disable", ["reason"], (id, body, by, ct) => accounts.DisableAsync(id, by, body.Text("reason") ?? "", ct))
            .Operation("disableUser", "people", "Shuts a user out at once: sessions end, links and keys are void for good, no vote").Body<UserDecision>().Needs(Right.Administer);
        Decision("enable", ["reason"], (id, body, by, ct) => accounts.EnableAsync(id, by, body.Text("reason") ?? "", ct))
            .Operation("enableUser", "people", "Lets a user in again, by a new link and new keys").Body<UserDecision>().Needs(Right.Administer);
        routes.MapPost("/users/{id}/link", LinkAsync)
            .Operation("createLink", "people", "Makes a one-time link that signs a user in; the answer is never kept under a key").Body<UserDecision>().WithMetadata(new NeverKept()).Needs(Right.Administer);
        routes.MapGet("/users/{id}/sessions", SessionsAsync).Operation("listSessions", "people", "One's own open sessions; those of others for who administers").Needs(Right.Read);
        routes.MapPost("/users/{id}/sign-out", SignOutAsync)
            .Operation("endSessions", "people", "Ends one's own sessions, or those of others for who administers").Body<SignOutRequest>().Needs(Right.Read);

        RouteHandlerBuilder Decision(string verb, string[] keys, Func<string, JsonObject, string, CancellationToken, Task<Account>> decide) =>
            routes.MapPost($"/users/{{id}}/{verb}", async (HttpContext context, string id, CancellationToken ct) =>
            {
                JsonObject body = await Bodies.ObjectAsync(context.Request, keys, ct);
                return new Answer<UserAnswer>(Of(await decide(id, body, context.Caller().Person.Id, ct)));
            });
    }

    private static UserAnswer Of(Account a) => new(a.Id, a.Name, a.Role, a.Plan, a.IsActive, a.CreatedAtUtc, a.DisabledAtUtc);

    private async Task<Made<UserAnswer>> AddAsync(HttpContext context, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["id", "name", "role", "plan", "reason"], ct);
        Person user = new(body.Text("id") ?? "", body.Text("name") ?? "", body.Text("role") ?? "", body.Text("plan") ?? "free");
        return new(Of(await accounts.AddAsync(user, context.Caller().Person.Id, body.Text("reason") ?? "", ct)), isNew: true);
    }

    private async Task<Made<LinkAnswer>> LinkAsync(HttpContext context, string id, CancellationToken ct)
    {
        context.Caller().DemandPerson(Answers.PathOf(context.Request));
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["reason"], ct);
        string secret = await accounts.LinkAsync(id, context.Caller().Person.Id, body.Text("reason") ?? "", ct);
        return new(new LinkAnswer(id, $"{context.Request.Scheme}://{context.Request.Host}/sign-in?token={secret}"), isNew: true);
    }

    private async Task<Answer<IReadOnlyList<SessionAnswer>>> SessionsAsync(HttpContext context, string id, CancellationToken ct)
    {
        DemandOwn(context, id);
        string? own = SessionAuthentication.SessionOf(context.Request) is { } secret && context.Caller().Key is null ? People.SessionIdOf(secret) : null;
        return new((await accounts.SessionsAsync(id, ct)).Select(s => new SessionAnswer(s.Id, s.CreatedAtUtc, s.ExpiresAtUtc, s.Id == own)).ToArray());
    }

    private async Task<Answer<SignedOutAnswer>> SignOutAsync(HttpContext context, string id, CancellationToken ct)
    {
        DemandOwn(context, id);
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["session", "reason"], ct);
        return new(new SignedOutAnswer(id, await accounts.SignOutAsync(id, body.Text("session"), context.Caller().Person.Id, body.Text("reason") ?? "", ct)));
    }

    // One's own sessions are one's own business; a key is nobody who sits there.
    private static void DemandOwn(HttpContext context, string id)
    {
        Caller caller = context.Caller();
        if (caller.Key is not null || caller.Person.Id != id)
        {
            caller.Demand(Right.Administer, Answers.PathOf(context.Request));
        }
    }
}
