using System.Collections.Concurrent;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Journal;

/// <summary>Published versions of workflows. A run names one by its hash, so an old run is read with the file it began with.</summary>
public sealed class WorkflowVersions(IRowStore rows, TimeProvider clock)
{
    private readonly ConcurrentDictionary<ContentHash, WorkflowDefinition> known = new();

    /// <summary>Publishes a definition; the same content again changes nothing.</summary>
    /// <exception cref="ProblemException">WFL-1010: this version has been published with other content.</exception>
    public async Task PublishAsync(WorkflowDefinition workflow, CancellationToken ct)
    {
        int added = await rows.ExecuteAsync(
            """
            insert into workflow_versions (workflow_hash, workflow_id, version, text, published_at_utc) values (@Hash, @Id, @Version, @Text, @AtUtc)
            on conflict do nothing
            """,
            new { workflow.Hash, workflow.Id, workflow.Version, workflow.Text, AtUtc = clock.GetUtcNow() }, ct);
        if (added == 0 && Changed(workflow, await HashAsync(workflow.Id, workflow.Version, ct)) is { } changed)
        {
            throw new ProblemException(changed);
        }

        // The first text counts: another one of the same content may order its keys otherwise, and every process must read the same.
        if (added > 0)
        {
            known[workflow.Hash] = workflow;
        }
    }

    /// <summary>Why a definition may not go by its version: WFL-1010, another content was published under it. Null where it may.</summary>
    /// <param name="workflow">The definition.</param>
    /// <param name="published">The hash under which its version was published; null where it was not.</param>
    /// <param name="path">Its file; null where it has none.</param>
    public static Problem? Changed(WorkflowDefinition workflow, ContentHash? published, string? path = null) => published is null || published == workflow.Hash ? null
        : new(WorkflowCodes.Immutable, $"{workflow.Id} {workflow.Version} has been published with other content.", path ?? $"{workflow.Id}@{workflow.Version}",
            $"Give the changed file a new version, or take the change back; 'sigmatiq workflows diff {workflow.Id}@{workflow.Version} {path ?? "FILE"}' shows what was changed.", ExitCode.BadUsage);

    /// <summary>The hash of every published version, by <c>id@version</c>.</summary>
    public async Task<IReadOnlyDictionary<string, ContentHash>> HashesAsync(CancellationToken ct) =>
        (await rows.QueryAsync<(string Id, string Version, string Hash)>("select workflow_id, version, workflow_hash from workflow_versions", null, ct))
            .ToDictionary(v => $"{v.Id}@{v.Version}", v => ContentHash.Parse(v.Hash), StringComparer.Ordinal);

    /// <summary>The published versions of a workflow, newest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string workflow, CancellationToken ct) =>
        [.. (await rows.QueryAsync<string>("select version from workflow_versions where workflow_id = @workflow", new { workflow }, ct)).OrderByDescending(Version.Parse)];

    /// <summary>A published version; null where there is none.</summary>
    public async Task<WorkflowDefinition?> FindAsync(string workflow, string version, CancellationToken ct) =>
        await HashAsync(workflow, version, ct) is { } hash ? await LoadAsync(hash, ct) : null;

    /// <summary>The hash under which a version was published; null where it was not.</summary>
    public async Task<ContentHash?> HashAsync(string workflow, string version, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<string>("select workflow_hash from workflow_versions where workflow_id = @workflow and version = @version", new { workflow, version }, ct) is { } hash
            ? ContentHash.Parse(hash) : null;

    /// <summary>The definition that a run is pinned to.</summary>
    /// <exception cref="ProblemException">WFL-1012: it was never published here. WFL-1xxx: this program can no longer read it.</exception>
    public async Task<WorkflowDefinition> LoadAsync(ContentHash hash, CancellationToken ct)
    {
        if (known.TryGetValue(hash, out WorkflowDefinition? workflow))
        {
            return workflow;
        }

        string text = await rows.FirstOrDefaultAsync<string>("select text from workflow_versions where workflow_hash = @hash", new { hash }, ct)
            ?? throw new ProblemException(WorkflowCodes.UnknownWorkflow, "No workflow with this hash has been published.", hash.Hex, "Publish the file again.");
        return known[hash] = WorkflowYaml.ParsePublished(text, $"workflow {hash.Short}").Value;
    }
}
