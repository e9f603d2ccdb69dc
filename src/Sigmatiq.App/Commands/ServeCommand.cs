using System.CommandLine;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Cluster;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq serve</c>: the web host and the engine, without starting any run.</summary>
internal static class ServeCommand
{
    public static Command Create(CommandHost host)
    {
        Option<string?> urls = UrlsOption();
        Option<string> roles = new("--roles")
        {
            Description = "What this process does for a shared store, separated by commas: api, scheduler, worker", DefaultValueFactory = _ => NodeRoles.Text(NodeRoles.All),
        };
        Option<string?> node = new("--node") { Description = "Name of this process among those of a shared store; stable over restarts (default: the machine's name)" };
        Option<string?> published = new("--public-url") { Description = "Address at which a proxy on this machine publishes it, encrypted: https://desk.example.org" };
        Command serve = new("serve", "Serve the page and run the engine until stopped; on PostgreSQL, as one of several nodes") { urls, roles, node, published };
        host.Run(serve, (parse, context, ct) =>
            ServeAsync(context, parse.GetValue(urls), "Sign in", (_, _) => Task.CompletedTask, ct, NodeRoles.Parse(parse.GetValue(roles)!), parse.GetValue(node),
                parse.GetValue(published) is { } address ? PublicOrigin.Parse(address) : null));
        return serve;
    }

    public static Option<string?> UrlsOption() =>
        new("--urls") { Description = "Address to listen on, loopback only (default: http://127.0.0.1:8484, or the next free port)" };

    /// <summary>Serves the store of a command until the user stops it; where it is served already, prints where and leaves.</summary>
    /// <param name="context">The command.</param>
    /// <param name="url">Address asked for.</param>
    /// <param name="purpose">What the sign-in link is for.</param>
    /// <param name="work">What to do once the store is served.</param>
    /// <param name="ct">Cancelled when the user stops it, which is a tidy end here.</param>
    /// <param name="roles">What it does for a shared store.</param>
    /// <param name="node">Its name among the nodes of a shared store; null takes the machine's.</param>
    /// <param name="published">Where a proxy on this machine publishes it; null for nowhere.</param>
    public static async Task<ExitCode> ServeAsync(
        CommandContext context, string? url, string purpose, Func<Platform, Uri, Task> work, CancellationToken ct, NodeRole roles = NodeRoles.All, string? node = null, PublicOrigin? published = null)
    {
        if (context.Postgres is { } shared)
        {
            return await ServeNodeAsync(context, new(node ?? Environment.MachineName, roles), shared, url, purpose, work, published, ct);
        }

        if (roles != NodeRoles.All || node is not null)
        {
            throw new ProblemException("CLU-1007", "A local store has one process, with every role.", "--roles", "Share a store on PostgreSQL: --store postgres://USER@HOST/DATABASE.",
                ExitCode.BadUsage);
        }

        Platform platform = await context.PlatformAsync(ct);
        Serving serving = await ServedStore.StartAsync(platform, url, who => context.Output.Note($"Waiting for {who}, which has the engine of {platform.Data.Root} ..."), ct, published);
        // Where another process serves it, that one knows whether it is published.
        Uri seen = serving.Store is null ? serving.Address : published?.Address ?? serving.Address;
        string link = await LinkAsync(platform, seen, ct);
        string home = seen.GetLeftPart(UriPartial.Authority);
        if (context.Output.AsJson)
        {
            context.Output.Value(new { Address = home, SignIn = link, AlreadyServed = serving.Store is null, Data = platform.Data.Root });
        }
        else
        {
            context.Output.Line($"Sigmatiq {(serving.Store is null ? "already serves" : "serves")} {platform.Data.Root} at {home}");
            context.Output.Line(LinkText(purpose, link));
        }

        if (serving.Store is { } store)
        {
            await using (store)
            {
                try
                {
                    await work(platform, serving.Address);
                    await store.UntilStoppedAsync(ct);
                }
                catch (OperationCanceledException) when (ct.IsCancellationRequested)
                {
                    // Stopping is how this command is meant to end.
                }

                context.Output.Note("Stopping. A run under way goes on at the next start.");
            }
        }

        return ExitCode.Ok;
    }

    private static async Task<ExitCode> ServeNodeAsync(
        CommandContext context, NodeName name, PostgresAddress store, string? url, string purpose, Func<Platform, Uri, Task> work, PublicOrigin? published, CancellationToken ct)
    {
        Platform platform = await context.PlatformAsync(ct);
        await using ServedNode served = await ServedNode.StartAsync(platform, name, store, url, context.Ids, who => context.Output.Note($"Waiting for {who} ..."), ct, published);
        Uri? seen = served.Address is null ? null : published?.Address ?? served.Address;
        string? home = seen?.GetLeftPart(UriPartial.Authority);
        string? link = seen is { } address ? await LinkAsync(platform, address, ct) : null;
        if (context.Output.AsJson)
        {
            context.Output.Value(new { Node = name.Id, Roles = NodeRoles.Text(name.Roles), name.Build, Store = store.Shown, Address = home, SignIn = link, Data = platform.Data.Root });
        }
        else
        {
            context.Output.Line($"Sigmatiq node {name.Id} ({NodeRoles.Text(name.Roles)}) serves {store.Shown}{(home is null ? "" : $" at {home}")}");
            if (link is not null)
            {
                context.Output.Line(LinkText(purpose, link));
            }
        }

        try
        {
            if (served.Address is { } answers)
            {
                await work(platform, answers);
            }

            await served.UntilStoppedAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping is how this command is meant to end.
        }

        context.Output.Note("Stopping. Another node goes on with the runs under way.");
        return ExitCode.Ok;
    }

    /// <summary>A fresh one-time link.</summary>
    public static async Task<string> LinkAsync(Platform platform, Uri address, CancellationToken ct, string? next = null) =>
        $"{address.GetLeftPart(UriPartial.Authority)}/sign-in?token={await platform.People.NewLinkAsync(ct)}{(next is null ? "" : $"&next={next}")}";

    /// <summary>A link with what it is for.</summary>
    public static string LinkText(string purpose, string link) => $"{purpose} (works once, within 15 minutes): {link}";
}
