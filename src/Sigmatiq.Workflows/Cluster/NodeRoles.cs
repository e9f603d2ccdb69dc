using Sigmatiq.Store.Errors;

namespace Sigmatiq.Workflows.Cluster;

/// <summary>What a node does for the store (spec 08 §8.1).</summary>
[Flags]
public enum NodeRole
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Answers pages and programs.</summary>
    Api = 1,

    /// <summary>Fires schedules and advances backfills.</summary>
    Scheduler = 2,

    /// <summary>Drives runs and works on shards.</summary>
    Worker = 4,

    /// <summary>Works for a command, on what that was asked for alone; ends with it.</summary>
    Command = 8,
}

/// <summary>Roles as people write them.</summary>
public static class NodeRoles
{
    /// <summary>Every role that a served node can have.</summary>
    public const NodeRole All = NodeRole.Api | NodeRole.Scheduler | NodeRole.Worker;

    private const string CommandName = "command";

    private static readonly (string Name, NodeRole Role)[] Names = [("api", NodeRole.Api), ("scheduler", NodeRole.Scheduler), ("worker", NodeRole.Worker)];

    /// <summary>Reads roles separated by commas.</summary>
    /// <exception cref="ProblemException">CLU-1004: there is no such role.</exception>
    public static NodeRole Parse(string text)
    {
        NodeRole roles = NodeRole.None;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            NodeRole role = Names.FirstOrDefault(n => n.Name == part).Role;
            roles |= role != NodeRole.None ? role : throw Unknown(part);
        }

        return roles != NodeRole.None ? roles : throw Unknown(text);
    }

    /// <summary>Reads roles as <see cref="Text"/> wrote them.</summary>
    internal static NodeRole Read(string text) => text == CommandName ? NodeRole.Command : Parse(text);

    /// <summary>Roles separated by commas.</summary>
    public static string Text(NodeRole roles) => roles == NodeRole.Command ? CommandName : string.Join(',', Names.Where(n => roles.HasFlag(n.Role)).Select(n => n.Name));

    private static ProblemException Unknown(string text) => new(
        "CLU-1004", $"There is no role '{text}'.", "--roles", $"Use some of: {string.Join(", ", Names.Select(n => n.Name))}.", ExitCode.BadUsage);
}
