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
            if (platform.Workflows.List().All(w => w.Id != workflow.Id))
            {
                context.Output.Note($"Kept in the store by its hash. It is listed, started and scheduled once its file lies in the folder of workflows.");
            }

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
            WorkflowTexts.Found one = await FindAsync(platform, parse.GetRequiredValue(a), isPublishedFirst: true, ct), other = await FindAsync(platform, parse.GetRequiredValue(b), isPublishedFirst: true, ct);
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

    // A file by its path, else as everywhere.
    private static async Task<WorkflowTexts.Found> FindAsync(Platform platform, string name, bool isPublishedFirst, CancellationToken ct) =>
        File.Exists(name) || name.EndsWith(".yaml", StringComparison.Ordinal)
            ? new(platform.Workflows.Parse(name).Value, "file")
            : await WorkflowTexts.FindAsync(name, isPublishedFirst, platform.Workflows, platform.Engine.Versions, ct);

    private static string Text(JsonNode? value) => value switch
    {
        null => "—",
        JsonValue => value.ToString(),
        _ => value.ToJsonString(),
    };
}
