using System.CommandLine;
using System.Globalization;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Workflows.Cluster;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq users</c>: who there is, what they may do, and who is shut out. The same functions as <c>/users</c>.</summary>
internal static class UsersCommands
{
    private const string UsualAddress = "http://127.0.0.1:8484";

    public static Command Create(CommandHost host) => new("users", "The people of a store, their roles, sessions and sign-in links")
    {
        List(host), Rights(host), Add(host), Role(host), Plan(host),
        Decide(host, "disable", "Shut a user out at once: sessions end, links and keys are void for good, no vote", (accounts, id, by, why, ct) => accounts.DisableAsync(id, by, why, ct)),
        Decide(host, "enable", "Let a user in again; they need a new link and new keys", (accounts, id, by, why, ct) => accounts.EnableAsync(id, by, why, ct)),
        Link(host), Sessions(host), SignOut(host),
    };

    /// <summary>Why; kept in the audit chain.</summary>
    internal static Option<string> Reason() => new("--reason") { Description = "Why; it is kept in the audit chain", Required = true };

    private static Argument<string> User() => new("user") { Description = "Id of the user" };

    private static Command List(CommandHost host)
    {
        Command list = new("list", "List the users with role and plan");
        host.RunOnStore(list, async (_, context, ct) =>
        {
            IReadOnlyList<Account> accounts = await (await context.PlatformAsync(ct)).Accounts.ListAsync(ct);
            context.Output.List(
                accounts, accounts.Select(Json).ToArray(), new("user", a => a.Id, Weight: Weight.Key), new("name", a => a.Name), new("role", a => a.Role, Weight: Weight.Key), new("plan", a => a.Plan),
                new("state", StateOf, Tone: a => a.IsActive ? Tone.Ok : Tone.Bad, Weight: Weight.Key), new("since", a => Time(a.DisabledAtUtc ?? a.CreatedAtUtc), Weight: Weight.Detail));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Rights(CommandHost host)
    {
        var reference = new Option<bool>("--reference") { Description = "Print them with every route as a Markdown page" };
        Command rights = new("rights", "Print which role has which rights, and which scope of a key lets which through") { reference };
        host.Run(rights, async (parse, context, ct) =>
        {
            if (parse.GetValue(reference))
            {
                context.Output.Text(RightsReference.Text(await WebServer.RoutesOfAsync(await context.PlatformAsync(ct))));
                return ExitCode.Ok;
            }

            Right[] all = Enum.GetValues<Right>();
            (string Kind, string Word, IReadOnlySet<Right> Rights)[] rows =
                [.. Roles.All.Select(r => ("role", r, Roles.RightsOf(r))), .. KeyScopes.All.Select(s => ("scope", s, KeyScopes.RightsOf([s])))];
            context.Output.List(
                rows, rows.Select(r => new { Id = r.Word, r.Kind, Rights = r.Rights.Order().Select(EnumWords<Right>.Text) }).ToArray(),
                [new("kind", r => r.Kind), new("word", r => r.Word, Weight: Weight.Key), .. all.Select(right => new Column<(string Kind, string Word, IReadOnlySet<Right> Rights)>(
                    EnumWords<Right>.Text(right), r => r.Rights.Contains(right) ? "yes" : ""))]);
            return ExitCode.Ok;
        });
        return rights;
    }

    private static Command Add(CommandHost host)
    {
        Argument<string> user = User();
        var name = new Option<string?>("--name") { Description = "Name on screen (default: the id)" };
        var role = new Option<string>("--role") { Description = string.Join(", ", Roles.All), Required = true };
        var plan = new Option<string>("--plan") { Description = "What sweeps they may run: free, premium, pro or unlimited", DefaultValueFactory = _ => "free" };
        Option<string> reason = Reason();
        Command add = new("add", "Add a user; the same one again changes nothing") { user, name, role, plan, reason };
        host.Run(add, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string id = parse.GetRequiredValue(user);
            string by = (await context.ActorAsync(Right.Administer, ct)).Id;
            Print(context, await platform.Accounts.AddAsync(new(id, parse.GetValue(name) ?? id, parse.GetRequiredValue(role), parse.GetRequiredValue(plan)), by, parse.GetRequiredValue(reason), ct));
            return ExitCode.Ok;
        });
        return add;
    }

    private static Command Role(CommandHost host)
    {
        var role = new Argument<string>("role") { Description = string.Join(", ", Roles.All) };
        return Decide(host, "role", "Give a user another role; it holds from their next request and vote on", (accounts, id, by, why, ct, given) => accounts.ChangeRoleAsync(id, given!, by, why, ct), role);
    }

    private static Command Plan(CommandHost host)
    {
        var plan = new Argument<string>("plan") { Description = "free, premium, pro or unlimited" };
        return Decide(host, "plan", "Give a user another plan", (accounts, id, by, why, ct, given) => accounts.ChangePlanAsync(id, given!, by, why, ct), plan);
    }

    private static Command Decide(CommandHost host, string verb, string help, Func<Accounts, string, string, string, CancellationToken, Task<Account>> decide) =>
        Decide(host, verb, help, (accounts, id, by, why, ct, _) => decide(accounts, id, by, why, ct), null);

    private static Command Decide(
        CommandHost host, string verb, string help, Func<Accounts, string, string, string, CancellationToken, string?, Task<Account>> decide, Argument<string>? given)
    {
        Argument<string> user = User();
        Option<string> reason = Reason();
        Command command = new(verb, help) { user };
        if (given is not null)
        {
            command.Add(given);
        }

        command.Add(reason);
        host.RunOnStore(command, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string by = (await context.ActorAsync(Right.Administer, ct)).Id;
            Print(context, await decide(platform.Accounts, parse.GetRequiredValue(user), by, parse.GetRequiredValue(reason), ct, given is null ? null : parse.GetRequiredValue(given)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Link(CommandHost host)
    {
        Argument<string> user = User();
        var url = new Option<string?>("--url") { Description = $"Address of the server (default: the one that serves the store, else {UsualAddress})" };
        Option<string> reason = Reason();
        Command link = new("link", "Make a one-time link that signs a user in") { user, url, reason };
        host.RunOnStore(link, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string by = await PersonAsync(context, ct), id = parse.GetRequiredValue(user);
            string secret = await platform.Accounts.LinkAsync(id, by, parse.GetRequiredValue(reason), ct);
            string address = (parse.GetValue(url) ?? await ServedAtAsync(context, platform, ct) ?? UsualAddress).TrimEnd('/');
            string made = $"{address}/sign-in?token={secret}";
            if (context.Output.AsJson)
            {
                context.Output.Value(new { User = id, Url = made });
            }
            else
            {
                context.Output.Line(made);
            }

            context.Output.Note("It works once, within 15 minutes. Whoever opens it first is that user.");
            return ExitCode.Ok;
        });
        return link;
    }

    private static Command Sessions(CommandHost host)
    {
        Argument<string> user = User();
        Command sessions = new("sessions", "List the sessions of a user that are open") { user };
        host.RunOnStore(sessions, async (parse, context, ct) =>
        {
            await context.ActorAsync(Right.Administer, ct);
            IReadOnlyList<OpenSession> open = await (await context.PlatformAsync(ct)).Accounts.SessionsAsync(parse.GetRequiredValue(user), ct);
            context.Output.List(open, new("session", s => s.Id, Weight: Weight.Key), new("signed in", s => Time(s.CreatedAtUtc)), new("runs out", s => Time(s.ExpiresAtUtc)));
            return ExitCode.Ok;
        });
        return sessions;
    }

    private static Command SignOut(CommandHost host)
    {
        Argument<string> user = User();
        var session = new Option<string?>("--session") { Description = "One of 'users sessions' (default: all)" };
        Option<string> reason = Reason();
        Command signOut = new("sign-out", "End the sessions of a user at once") { user, session, reason };
        host.RunOnStore(signOut, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            string by = (await context.ActorAsync(Right.Administer, ct)).Id, id = parse.GetRequiredValue(user);
            int ended = await platform.Accounts.SignOutAsync(id, parse.GetValue(session), by, parse.GetRequiredValue(reason), ct);
            context.Output.Item(new { User = id, Ended = ended }, ("user", id), ("sessions ended", ended.ToString(CultureInfo.InvariantCulture)));
            return ExitCode.Ok;
        });
        return signOut;
    }

    /// <summary>Who makes a link or a key: never a key.</summary>
    internal static async Task<string> PersonAsync(CommandContext context, CancellationToken ct)
    {
        Caller? caller = await context.CallerAsync(Right.Read, ct);
        caller?.DemandPerson(CommandContext.KeyVariable);
        return People.LocalOperator.Id;
    }

    private static async Task<string?> ServedAtAsync(CommandContext context, Platform platform, CancellationToken ct)
    {
        if (context.Postgres is null)
        {
            return (await EngineLease.HolderAsync(platform.Data, platform.Rows, platform.Clock, ct))?.Address;
        }

        NodeTable nodes = platform.Engine.Nodes;
        DateTimeOffset now = await nodes.NowAsync(ct);
        return (await nodes.ListAsync(ct)).FirstOrDefault(n => n.LivesAt(now) && n.Address is not null)?.Address;
    }

    private static void Print(CommandContext context, Account account) => context.Output.Item(
        Json(account), ("user", account.Id), ("name", account.Name), ("role", account.Role), ("plan", account.Plan), ("state", StateOf(account)));

    private static object Json(Account a) => new { a.Id, a.Name, a.Role, a.Plan, a.IsActive, a.CreatedAtUtc, a.DisabledAtUtc };

    private static string StateOf(Account account) => account.IsActive ? "active" : "disabled";

    private static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
