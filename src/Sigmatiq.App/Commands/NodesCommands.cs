using System.CommandLine;
using System.Globalization;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Cluster;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq nodes</c>: the processes that work on one store together.</summary>
internal static class NodesCommands
{
    public static Command Create(CommandHost host) => new("nodes", "The processes that work on a shared store (PostgreSQL)") { List(host), Drain(host) };

    private static Command List(CommandHost host)
    {
        Command list = new("list", "Show nodes with build, roles, state, claims and last sign");
        host.RunOnStore(list, async (_, context, ct) =>
        {
            NodeTable nodes = (await context.PlatformAsync(ct)).Engine.Nodes;
            DateTimeOffset now = await nodes.NowAsync(ct);
            context.Output.List(
                [.. (await nodes.ListAsync(ct)).Select(n => new Line(n.NodeId, n.SeenAt(now), n.Roles, n.Version, n.Build, n.Address, n.Claims, n.StartedAtUtc, n.SignAtUtc))],
                new("id", n => n.Id), new("state", n => n.State), new("roles", n => n.Roles), new("version", n => n.Version), new("build", n => n.Build), new("address", n => n.Address),
                new("claims", n => n.Claims.ToString(CultureInfo.InvariantCulture)), new("started", n => UtcText.Format(n.StartedAt)), new("last sign", n => UtcText.Format(n.LastSignAt)));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Drain(CommandHost host)
    {
        var id = new Argument<string?>("node") { Description = "The node; left out together with --all", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every living node" };
        Command drain = new("drain", "Have a node leave its work to the others and take no more; it stays until it is stopped") { id, all };
        host.RunOnStore(drain, async (parse, context, ct) =>
        {
            string? node = parse.GetValue(id);
            if (node is null != parse.GetValue(all))
            {
                throw new ProblemException("CLU-1006", "Name one node, or all of them.", "nodes drain", "Use 'sigmatiq nodes drain NODE' or 'sigmatiq nodes drain --all'.", ExitCode.BadUsage);
            }

            await context.ActorAsync(Right.Operate, ct);
            IReadOnlyList<string> asked = await (await context.PlatformAsync(ct)).Engine.Nodes.DrainAsync(node, ct);
            context.Output.List([.. asked.Select(n => new Asked(n, "draining"))], new("id", n => n.Id), new("state", n => n.State));
            return ExitCode.Ok;
        });
        return drain;
    }

    private sealed record Line(
        string Id, string State, string Roles, string Version, string Build, string? Address, long Claims, DateTimeOffset StartedAt, DateTimeOffset LastSignAt);

    private sealed record Asked(string Id, string State);
}
