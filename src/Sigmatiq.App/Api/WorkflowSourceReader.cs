using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Api;

/// <summary>Reads the newest file of a workflow for whoever mends it: whatever it holds, its text is there.</summary>
internal static class WorkflowSourceReader
{
    /// <summary>The newest file, or what was published where there is none.</summary>
    /// <exception cref="ProblemException">WFL-1012: there is no such workflow.</exception>
    public static async Task<WorkflowSource> ReadAsync(string id, WorkflowFolder folder, WorkflowVersions versions, CancellationToken ct)
    {
        WorkflowFile[] files = [.. folder.List().Where(f => f.Id == id)];
        IReadOnlyList<string> published = await versions.ListAsync(id, ct);
        if (files.Length == 0)
        {
            return await GoodAsync(id, published.FirstOrDefault(), files, published, folder, versions, ct) is { } kept
                ? new(id, kept.Version, null, kept.Text, "sound", [], null)
                : throw new ProblemException(WorkflowCodes.UnknownWorkflow, $"There is no workflow '{id}'.", "id", "Use an id of GET /workflows.", ExitCode.BadUsage);
        }

        WorkflowFile newest = files[0];
        string? text = WorkflowFolder.TextIn(newest);
        ParseResult<WorkflowDefinition> read = folder.Read(newest);
        Problem? changed = read.IsOk ? WorkflowVersions.Changed(read.Value, await versions.HashAsync(id, newest.Version, ct)) : null;
        string state = text is null ? "unreadable" : !read.IsOk ? "broken" : changed is not null ? "changed" : "sound";
        IReadOnlyList<Problem> problems = read.IsOk ? changed is null ? [] : [changed] : read.Problems;
        return new(
            id, newest.Version, Path.GetFileName(newest.Path), text, state, PlacedProblems.Of(text ?? "", problems),
            state == "sound" ? null : await GoodAsync(id, newest.Version, files, published, folder, versions, ct));
    }

    // What was published under a version is what it stands for, also where its file says something else by now.
    private static async Task<WorkflowGood?> GoodAsync(
        string id, string? newest, WorkflowFile[] files, IReadOnlyList<string> published, WorkflowFolder folder, WorkflowVersions versions, CancellationToken ct)
    {
        if (newest is null)
        {
            return null;
        }

        Version most = Version.Parse(newest);
        foreach (string version in files.Select(f => f.Version).Concat(published).Distinct(StringComparer.Ordinal).Where(v => Version.Parse(v) <= most).OrderByDescending(Version.Parse))
        {
            if (published.Contains(version) && await PublishedAsync(id, version, versions, ct) is { } known)
            {
                return new(version, "published", known.Text);
            }

            if (files.FirstOrDefault(f => f.Version == version) is { } file && folder.Read(file) is { IsOk: true } sound)
            {
                return new(version, "file", sound.Value.Text);
            }
        }

        return null;
    }

    // A later release may refuse what an earlier one published: then an older version is looked for.
    private static async Task<WorkflowDefinition?> PublishedAsync(string id, string version, WorkflowVersions versions, CancellationToken ct)
    {
        try
        {
            return await versions.FindAsync(id, version, ct);
        }
        catch (ProblemException)
        {
            return null;
        }
    }
}
