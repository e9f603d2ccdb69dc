using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Comparison;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq workflows publish / diff</c>: versions, which never change once they are published.</summary>
internal static class WorkflowVersionCommands
{
    /// <summary>Keeps a version for good.</summary>
    public static Command Publish(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = "A workflow file, or the id of one in workflows/" };
        Command publish = new("publish", "Keep a version in the store under its content hash; other content under the same version is refused from then on") { file };
        host.Run(publish, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            WorkflowDefinition workflow = await FindAsync(platform, parse.GetRequiredValue(file), ct);
            await platform.Engine.Versions.PublishAsync(workflow, ct);
            IReadOnlyList<string> versions = await platform.Engine.Versions.ListAsync(workflow.Id, ct);
            context.Output.Item(
                new { workflow.Id, workflow.Version, WorkflowHash = workflow.Hash.Hex, Published = versions },
                ("workflow", $"{workflow.Id} {workflow.Version}"), ("hash", workflow.Hash.Hex), ("published", string.Join(", ", versions)));
            return ExitCode.Ok;
        });
        return publish;
    }

    /// <summary>In what two versions differ.</summary>
    public static Command Diff(CommandHost host)
    {
        var a = new Argument<string>("a") { Description = "A file, an id (newest version) or id@version; published versions count too" };
        var b = new Argument<string>("b") { Description = "Another" };
        Command diff = new("diff", "In what two versions differ, by what they say and not by how it is written") { a, b };
        host.Run(diff, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            WorkflowDefinition one = await FindAsync(platform, parse.GetRequiredValue(a), ct), other = await FindAsync(platform, parse.GetRequiredValue(b), ct);
            IReadOnlyList<WorkflowDifference> found = WorkflowDiff.Of(one, other);
            context.Output.List(
                found, found.Select(d => new { Id = d.Path, d.A, d.B }),
                new("where", d => d.Path, Weight: Weight.Key), new($"{one.Id} {one.Version}", d => Text(d.A), Weight: Weight.Key),
                new($"{other.Id} {other.Version}", d => Text(d.B), Weight: Weight.Key));
            context.Output.Note(found.Count == 0 ? "Both say the same." : $"{found.Count.ToString(CultureInfo.InvariantCulture)} differences.");
            return ExitCode.Ok;
        });
        return diff;
    }

    // A file by its path, else one of workflows/, else what was published before it was taken away.
    private static async Task<WorkflowDefinition> FindAsync(Platform platform, string name, CancellationToken ct)
    {
        if (File.Exists(name) || name.EndsWith(".yaml", StringComparison.Ordinal))
        {
            return platform.Workflows.Parse(name).Value;
        }

        try
        {
            return WorkflowsCommands.Load(platform, name);
        }
        catch (ProblemException e) when (e.Problem.Code == WorkflowCodes.UnknownWorkflow)
        {
            string[] parts = name.Split('@', 2);
            string? version = parts.Length == 2 ? parts[1] : (await platform.Engine.Versions.ListAsync(parts[0], ct)).FirstOrDefault();
            if (version is not null && await platform.Engine.Versions.FindAsync(parts[0], version, ct) is { } published)
            {
                return published;
            }

            throw;
        }
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "—",
        JsonValue => value.ToString(),
        _ => value.ToJsonString(),
    };
}
