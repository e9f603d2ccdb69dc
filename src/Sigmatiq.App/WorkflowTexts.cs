using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App;

/// <summary>Finds the workflow that a name stands for.</summary>
internal static class WorkflowTexts
{
    /// <summary>Where a definition came from.</summary>
    /// <param name="Workflow">The definition.</param>
    /// <param name="Origin"><c>published</c> or <c>file</c>.</param>
    internal sealed record Found(WorkflowDefinition Workflow, string Origin)
    {
        // Both sides of a comparison may have one id and version.
        public override string ToString() => $"{Workflow.Id} {Workflow.Version} ({Origin})";
    }

    /// <summary>A workflow by id or <c>id@version</c>: one of the folder, else what was published before it was taken away. What an id and version stand for
    /// is for good what was published, also where the file says something else by now.</summary>
    /// <param name="name">Id, or id@version.</param>
    /// <param name="isPublishedFirst">Whether a published version comes before the file of the same version.</param>
    /// <param name="folder">The workflow files.</param>
    /// <param name="versions">The published versions.</param>
    /// <param name="ct">Cancels the look.</param>
    /// <exception cref="ProblemException">WFL-1012: there is no such workflow or version. WFL-1xxx: its file is not valid.</exception>
    public static async Task<Found> FindAsync(string name, bool isPublishedFirst, WorkflowFolder folder, WorkflowVersions versions, CancellationToken ct)
    {
        string[] parts = name.Split('@', 2);
        if (isPublishedFirst && parts.Length == 2 && await versions.FindAsync(parts[0], parts[1], ct) is { } first)
        {
            return new(first, "published");
        }

        try
        {
            return new(parts is [var id, var wanted] ? folder.Load(id, wanted) : folder.Load(name), "file");
        }
        catch (ProblemException e) when (e.Problem.Code == WorkflowCodes.UnknownWorkflow)
        {
            string? version = parts.Length == 2 ? parts[1] : (await versions.ListAsync(parts[0], ct)).FirstOrDefault();
            if (version is not null && await versions.FindAsync(parts[0], version, ct) is { } published)
            {
                return new(published, "published");
            }

            throw;
        }
    }
}
