using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Workflows.Scheduling;

/// <summary>What the newest file of a workflow fires, or why it fires nothing. An older version never steps in: somebody replaced it, and a run of
/// it would be one that no file calls current.</summary>
/// <param name="File">The newest file.</param>
/// <param name="Fires">What its schedule starts; null where it has none, awaits steps that are not built, or is held.</param>
/// <param name="Held">Why it cannot fire until somebody mends the file; null where nothing is wrong with it, or it is paused in the file anyway.</param>
public sealed record FiringFile(WorkflowFile File, WorkflowDefinition? Fires, Problem? Held)
{
    /// <summary>Decides on a file by what it holds and by what was published under its version.</summary>
    /// <param name="file">The newest file of its workflow.</param>
    /// <param name="parsed">What it holds.</param>
    /// <param name="published">The hash under which its version was published; null where it was not.</param>
    public static FiringFile Of(WorkflowFile file, ParseResult<WorkflowDefinition> parsed, ContentHash? published) =>
        !parsed.IsOk ? new(file, null, parsed.Problems[0])
        : parsed.Value is not { Schedule: { } schedule, Awaits: null } workflow ? new(file, null, null)
        : WorkflowVersions.Changed(workflow, published, file.Path) is { } changed ? new(file, null, schedule.Paused is null ? changed : null)
        : new(file, workflow, null);
}
