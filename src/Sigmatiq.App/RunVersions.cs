using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App;

/// <summary>Which version of its workflow a rerun takes.</summary>
internal static class RunVersions
{
    /// <summary>The version the earlier run had.</summary>
    public const string Original = "original";

    /// <summary>The newest one there is.</summary>
    public const string Latest = "latest";

    /// <summary>The definition that is meant, published or in the folder; a published one is taken as it was published.</summary>
    /// <param name="earlier">The run that is gone over again.</param>
    /// <param name="version"><c>original</c>, <c>latest</c> or a version.</param>
    /// <param name="published">The published versions.</param>
    /// <param name="folder">The workflow files.</param>
    /// <param name="ct">Cancels the look.</param>
    /// <exception cref="ProblemException">WFL-1012: there is no such version.</exception>
    public static async Task<WorkflowDefinition> OfAsync(RunState earlier, string version, WorkflowVersions published, WorkflowFolder folder, CancellationToken ct)
    {
        if (version == Original || version == earlier.Definition.Version)
        {
            return earlier.Definition;
        }

        return await FindAsync(earlier.Definition.Id, version == Latest ? null : version, published, folder, ct);
    }

    /// <summary>A workflow by id, in the newest version where none is named, published or in the folder.</summary>
    /// <exception cref="ProblemException">WFL-1012: there is no such workflow or version.</exception>
    public static async Task<WorkflowDefinition> FindAsync(string id, string? version, WorkflowVersions published, WorkflowFolder folder, CancellationToken ct)
    {
        string[] known = [.. (await published.ListAsync(id, ct)).Concat(folder.List().Where(f => f.Id == id).Select(f => f.Version)).Distinct().OrderByDescending(Version.Parse)];
        string? wanted = version is null or Latest ? known.FirstOrDefault() : version;
        return wanted is not null && known.Contains(wanted)
            ? await published.FindAsync(id, wanted, ct) ?? folder.Load(id, wanted)
            : throw new ProblemException(WorkflowCodes.UnknownWorkflow, known.Length == 0 ? $"There is no workflow '{id}'." : $"There is no version '{version}' of {id}.", version ?? id,
                $"Use {Original}, {Latest} or one of: {string.Join(", ", known.DefaultIfEmpty("(none)"))}.", ExitCode.BadUsage);
    }
}
