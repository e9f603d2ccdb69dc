using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App;

/// <summary>Keeps what was written in the studio as a new version: a file in the folder, published, and on the record of decisions.</summary>
internal sealed class SavedWorkflows(Platform platform)
{
    /// <summary>Saves a version; the same text again changes nothing.</summary>
    /// <param name="workflow">The workflow, valid.</param>
    /// <param name="madeFrom">The version that it was made from; null for a new workflow.</param>
    /// <param name="by">Who saves it.</param>
    /// <param name="note">Why; null without.</param>
    /// <param name="ct">Cancels the save.</param>
    /// <returns>The file, and whether it is new.</returns>
    /// <exception cref="WorkflowConflictException">WFL-1014: the version is taken, or another one was saved since <paramref name="madeFrom"/>.</exception>
    /// <exception cref="ProblemException">WFL-1015: the folder cannot be written.</exception>
    public async Task<(WorkflowFile File, bool IsNew)> SaveAsync(WorkflowDefinition workflow, string? madeFrom, string by, string? note, CancellationToken ct)
    {
        WorkflowFolder folder = platform.Workflows;
        WorkflowVersions versions = platform.Engine.Versions;
        WorkflowFile[] files = [.. folder.List().Where(f => f.Id == workflow.Id)];
        WorkflowFile? taken = files.FirstOrDefault(f => f.Version == workflow.Version);
        if (taken is not null && WorkflowFolder.TextIn(taken) == workflow.Text)
        {
            await versions.PublishAsync(workflow, ct);
            return (taken, false);
        }

        string? newest = files.Select(f => f.Version).Concat(await versions.ListAsync(workflow.Id, ct)).MaxBy(Version.Parse);
        if (taken is not null || await OtherTextAsync(versions, workflow, ct))
        {
            throw await ConflictAsync($"{workflow.Id} {workflow.Version} is there already.", workflow.Id, workflow.Version, files, versions, ct);
        }

        if (newest is not null && newest != madeFrom)
        {
            throw await ConflictAsync(
                madeFrom is null ? $"There is a workflow {workflow.Id} already, in version {newest}." : $"Somebody has saved {workflow.Id} {newest} since {madeFrom}.", workflow.Id, newest, files, versions, ct);
        }

        WorkflowFile file = folder.Save(workflow);
        await versions.PublishAsync(workflow, ct);
        await platform.Rows.InTransactionAsync(
            async tx => await platform.Audit.AppendAsync(tx, new(by, "workflow.saved", $"{workflow.Id}@{workflow.Version}", note, new JsonObject { ["workflow_hash"] = workflow.Hash.Hex, ["base"] = madeFrom }), ct), ct);
        return (file, true);
    }

    private static async Task<bool> OtherTextAsync(WorkflowVersions versions, WorkflowDefinition workflow, CancellationToken ct) =>
        WorkflowVersions.Changed(workflow, await versions.HashAsync(workflow.Id, workflow.Version, ct)) is not null;

    private static async Task<WorkflowConflictException> ConflictAsync(string message, string id, string version, WorkflowFile[] files, WorkflowVersions versions, CancellationToken ct)
    {
        WorkflowFile? file = files.FirstOrDefault(f => f.Version == version);
        string? present = file is null ? (await versions.FindAsync(id, version, ct))?.Text : WorkflowFolder.TextIn(file);
        return new(new Problem(WorkflowCodes.VersionTaken, message, $"{id}@{version}", "Compare the two, take over what you want, and save a version after it.", ExitCode.BadUsage), present);
    }
}
