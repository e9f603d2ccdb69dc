using System.CommandLine;
using System.Globalization;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq keys</c>: keys of programs. The same functions as <c>/keys</c>.</summary>
internal static class KeysCommands
{
    public static Command Create(CommandHost host) => new("keys", "Keys with which programs ask, and commands are given in somebody's name") { List(host), Make(host), Revoke(host) };

    private static Command List(CommandHost host)
    {
        var user = new Option<string?>("--user") { Description = "Whose (default: all)" };
        Command list = new("list", "List keys with scopes, state and last use") { user };
        host.RunOnStore(list, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string? whose = parse.GetValue(user);
            if (await context.CallerAsync(Right.Read, ct) is { } caller && caller.Person.Id != whose)
            {
                caller.Demand(Right.Administer, CommandContext.KeyVariable);
            }

            DateTimeOffset now = platform.Clock.GetUtcNow();
            IReadOnlyList<ApiKey> keys = await platform.Keys.ListAsync(whose, ct);
            context.Output.List(
                keys, keys.Select(k => Json(k, now)).ToArray(), new("key", k => k.Id, Weight: Weight.Key), new("user", k => k.UserId, Weight: Weight.Key), new("name", k => k.Name),
                new("scopes", k => k.Scopes), new("state", k => k.State(now), Tone: k => k.State(now) == "active" ? Tone.Ok : Tone.Quiet, Weight: Weight.Key),
                new("expires", k => Time(k.ExpiresAtUtc)), new("last used", k => Time(k.LastUsedAtUtc), Weight: Weight.Detail));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Make(CommandHost host)
    {
        var name = new Argument<string>("name") { Description = "What it is for" };
        var user = new Option<string>("--user") { Description = "Whose rights it has", DefaultValueFactory = _ => People.LocalOperator.Id };
        var scope = new Option<string[]>("--scope") { Description = $"What it lets through: {string.Join(", ", KeyScopes.All)}", AllowMultipleArgumentsPerToken = true, Required = true };
        var days = new Option<int>("--days") { Description = $"How long it can be used, 1 to {KeyRing.DaysMax}", DefaultValueFactory = _ => KeyRing.DaysUsual };
        Option<string> reason = UsersCommands.Reason();
        Command make = new("make", "Make a key and print it, once: it is not kept and cannot be shown again") { name, user, scope, days, reason };
        host.RunOnStore(make, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string by = await UsersCommands.PersonAsync(context, ct);
            KeyMade made = await platform.Keys.MakeAsync(
                parse.GetRequiredValue(user), parse.GetRequiredValue(name), parse.GetRequiredValue(scope), parse.GetValue(days), by, parse.GetRequiredValue(reason), ct);
            if (context.Output.AsJson)
            {
                context.Output.Value(new { made.Key.Id, User = made.Key.UserId, made.Key.Name, Scopes = made.Key.Scopes.Split(' '), made.Key.ExpiresAtUtc, made.Secret });
            }
            else
            {
                // Alone on its line and alone on stdout, so that a shell can take it.
                context.Output.Line(made.Secret);
            }

            context.Output.Note($"Key {made.Key.Id} of {made.Key.UserId} until {Time(made.Key.ExpiresAtUtc)}. It is shown this once.");
            return ExitCode.Ok;
        });
        return make;
    }

    private static Command Revoke(CommandHost host)
    {
        var id = new Argument<string>("key") { Description = "Id of the key" };
        Option<string> reason = UsersCommands.Reason();
        Command revoke = new("revoke", "Make a key void from its next request on") { id, reason };
        host.RunOnStore(revoke, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string key = parse.GetRequiredValue(id);
            Caller? caller = await context.CallerAsync(Right.Read, ct);
            if (caller is not null && caller.Key != key)
            {
                caller.Demand(Right.Administer, CommandContext.KeyVariable);
            }

            ApiKey revoked = await platform.Keys.RevokeAsync(key, caller?.Person.Id ?? People.LocalOperator.Id, parse.GetRequiredValue(reason), ct);
            context.Output.Item(Json(revoked, platform.Clock.GetUtcNow()), ("key", revoked.Id), ("user", revoked.UserId), ("state", "revoked"));
            return ExitCode.Ok;
        });
        return revoke;
    }

    private static object Json(ApiKey k, DateTimeOffset now) => new
    {
        k.Id, User = k.UserId, k.Name, Scopes = k.Scopes.Split(' '), State = k.State(now), k.MadeBy, k.CreatedAtUtc, k.ExpiresAtUtc, k.LastUsedAtUtc, k.RevokedAtUtc,
    };

    private static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
