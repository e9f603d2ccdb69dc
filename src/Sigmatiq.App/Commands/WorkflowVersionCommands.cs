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
            WorkflowDefinition workflow = (await FindAsync(platform, parse.GetRequiredValue(file), isPublishedFirst: false, ct)).Workflow;
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
        var a = new Argument<string>("a") { Description = "A file; an id, which is its newest file; or id@version, which is what was published under it, else the file" };
        var b = new Argument<string>("b") { Description = "Another" };
        Command diff = new("diff", "In what two versions differ, by what they say and not by how it is written") { a, b };
        host.Run(diff, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            FoundVersion one = await FindAsync(platform, parse.GetRequiredValue(a), isPublishedFirst: true, ct), other = await FindAsync(platform, parse.GetRequiredValue(b), isPublishedFirst: true, ct);
            IReadOnlyList<WorkflowDifference> found = WorkflowDiff.Of(one.Workflow, other.Workflow);
            context.Output.List(
                found, found.Select(d => new { Id = d.Path, d.A, d.B }),
                new("where", d => d.Path, Weight: Weight.Key), new(one.ToString(), d => Text(d.A), Weight: Weight.Key),
                new(other.ToString(), d => Text(d.B), Weight: Weight.Key));
            context.Output.Note(found.Count == 0 ? $"{one} and {other} say the same." : $"{found.Count.ToString(CultureInfo.InvariantCulture)} {(found.Count == 1 ? "difference" : "differences")}.");
            return ExitCode.Ok;
        });
        return diff;
    }

    // A file by its path, else one of workflows/, else what was published before it was taken away. What an id and version stand for is for good what
    // was published, also where the file says something else by now.
    private static async Task<FoundVersion> FindAsync(Platform platform, string name, bool isPublishedFirst, CancellationToken ct)
    {
        if (File.Exists(name) || name.EndsWith(".yaml", StringComparison.Ordinal))
        {
            return new(platform.Workflows.Parse(name).Value, "file");
        }

        string[] parts = name.Split('@', 2);
        if (isPublishedFirst && parts.Length == 2 && await platform.Engine.Versions.FindAsync(parts[0], parts[1], ct) is { } first)
        {
            return new(first, "published");
        }

        try
        {
            return new(WorkflowsCommands.Load(platform, name), "file");
        }
        catch (ProblemException e) when (e.Problem.Code == WorkflowCodes.UnknownWorkflow)
        {
            string? version = parts.Length == 2 ? parts[1] : (await platform.Engine.Versions.ListAsync(parts[0], ct)).FirstOrDefault();
            if (version is not null && await platform.Engine.Versions.FindAsync(parts[0], version, ct) is { } published)
            {
                return new(published, "published");
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

    // Both sides of a comparison may have one id and version.
    private sealed record FoundVersion(WorkflowDefinition Workflow, string Origin)
    {
        public override string ToString() => $"{Workflow.Id} {Workflow.Version} ({Origin})";
    }
}
