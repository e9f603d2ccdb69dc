using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary><c>/keys</c>: keys of programs. The same functions as <c>sigmatiq keys</c>.</summary>
internal sealed class KeysApi(KeyRing keys, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/keys", ListAsync).Operation("listKeys", "people", "One's own keys; for who administers all, or those of one user").Takes("user", "Only keys of this user.").Needs(Right.Read);
        routes.MapPost("/keys", MakeAsync)
            .Operation("createKey", "people", "Makes a key of one's own, or for who administers of somebody else; the answer is never kept under a key").Body<KeyRequest>()
            .WithMetadata(new NeverKept()).Needs(Right.Read);
        routes.MapPost("/keys/{id}/revoke", RevokeAsync).Operation("revokeKey", "people", "Makes a key void from its next request on").Body<UserDecision>().Needs(Right.Read);
    }

    // Everybody sees their own; who administers sees all, or those of one user.
    private async Task<Answer<IReadOnlyList<KeyAnswer>>> ListAsync(HttpContext context, string? user, CancellationToken ct)
    {
        Caller caller = context.Caller();
        if (user is not null && user != caller.Person.Id)
        {
            caller.Demand(Right.Administer, Answers.PathOf(context.Request));
        }

        string? whose = user ?? (caller.Rights.Contains(Right.Administer) ? null : caller.Person.Id);
        return new((await keys.ListAsync(whose, ct)).Select(Of).ToArray());
    }

    private async Task<Made<KeyMadeAnswer>> MakeAsync(HttpContext context, CancellationToken ct)
    {
        Caller caller = context.Caller();
        caller.DemandPerson(Answers.PathOf(context.Request));
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["user", "name", "scopes", "days", "reason"], ct);
        string user = body.Text("user") ?? caller.Person.Id;
        if (user != caller.Person.Id)
        {
            caller.Demand(Right.Administer, Answers.PathOf(context.Request));
        }

        KeyMade made = await keys.MakeAsync(user, body.Text("name"), [.. body.List("scopes").Select(TextOf)], DaysOf(body), caller.Person.Id, body.Text("reason"), ct);
        return new(new KeyMadeAnswer(Of(made.Key), made.Secret), isNew: true);
    }

    // Whoever holds a key may always give it up.
    private async Task<Answer<KeyAnswer>> RevokeAsync(HttpContext context, string id, CancellationToken ct)
    {
        Caller caller = context.Caller();
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["reason"], ct);
        if (caller.Key != id && !caller.Rights.Contains(Right.Administer))
        {
            ApiKey? own = (await keys.ListAsync(caller.Person.Id, ct)).FirstOrDefault(k => k.Id == id);
            if (caller.Key is not null || own is null)
            {
                caller.Demand(Right.Administer, Answers.PathOf(context.Request));
            }
        }

        return new(Of(await keys.RevokeAsync(id, caller.Person.Id, body.Text("reason"), ct)));
    }

    private static string TextOf(JsonNode? word) => word?.GetValueKind() == JsonValueKind.String ? word.GetValue<string>() : word?.ToJsonString() ?? "null";

    private static int DaysOf(JsonObject body) => body["days"] is not { } days ? KeyRing.DaysUsual
        : days.GetValueKind() == JsonValueKind.Number && days.AsValue().TryGetValue(out int whole) ? whole
        : throw new ProblemException("KEY-1004", $"A key cannot live for {days.ToJsonString()} days.", "days", $"Use 1 to {KeyRing.DaysMax}.", ExitCode.BadUsage);

    private KeyAnswer Of(ApiKey k) =>
        new(k.Id, k.UserId, k.Name, k.Scopes.Split(' '), k.State(clock.GetUtcNow()), k.MadeBy, k.CreatedAtUtc, k.ExpiresAtUtc, k.LastUsedAtUtc, k.RevokedAtUtc);
}
