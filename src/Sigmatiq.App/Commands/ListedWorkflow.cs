using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.App.Commands;

/// <summary>A workflow file as lists show it.</summary>
/// <param name="File">The file.</param>
/// <param name="Parsed">What it holds, or what is wrong with it.</param>
/// <param name="Changed">Why it cannot run though it is valid: other content was published under its version. Null where it can.</param>
/// <param name="Next">The next fire by its schedule, also while that is paused; null where there is none.</param>
/// <param name="Paused">Why it does not start; null where it does.</param>
/// <param name="IsNewest">Whether no newer version of it lies there: an older one never fires.</param>
internal sealed record ListedWorkflow(WorkflowFile File, ParseResult<WorkflowDefinition> Parsed, Problem? Changed, DateTimeOffset? Next, string? Paused, bool IsNewest)
{
    /// <summary>Its schedule; null where it is started by hand alone or broken.</summary>
    public Schedule? Schedule => Parsed.IsOk ? Parsed.Value.Schedule : null;

    /// <summary>Whether it is paused since its steps are not built yet.</summary>
    public bool IsAwaiting => Parsed.IsOk && Parsed.Value.Awaits is not null;

    /// <summary>What keeps it from running until somebody mends the file.</summary>
    public IReadOnlyList<Problem> Problems => Changed is null ? Parsed.Problems : [Changed];

    /// <summary>Its state in a word or two.</summary>
    public string State => Changed is not null ? "changed after it was published"
        : !Parsed.IsOk ? $"{Problems.Count} {(Problems.Count == 1 ? "problem" : "problems")}"
        : !IsNewest ? "valid, older"
        : Paused is null ? "valid" : "valid, paused";

    /// <summary>Every file of a folder; of several versions the newest alone fires.</summary>
    public static async Task<IReadOnlyList<ListedWorkflow>> AllAsync(Platform platform, WorkflowFolder folder, CancellationToken ct)
    {
        IReadOnlyDictionary<string, SchedulePause> pauses = await platform.Schedules.PausesAsync(ct);
        IReadOnlyDictionary<string, ContentHash> published = await platform.Engine.Versions.HashesAsync(ct);
        DateTimeOffset now = platform.Clock.GetUtcNow();
        return
        [
            .. folder.List().GroupBy(f => f.Id).SelectMany(files => files.Select((f, i) =>
                Of(f, folder.Read(f), published.TryGetValue(f.Name, out ContentHash hash) ? hash : null, i == 0, pauses.GetValueOrDefault(f.Id), now))),
        ];
    }

    private static ListedWorkflow Of(WorkflowFile file, ParseResult<WorkflowDefinition> parsed, ContentHash? published, bool isNewest, SchedulePause? pause, DateTimeOffset nowUtc)
    {
        WorkflowDefinition? workflow = parsed.IsOk ? parsed.Value : null;
        Problem? changed = workflow is null ? null : WorkflowVersions.Changed(workflow, published, file.Path);
        DateTimeOffset? next = isNewest && changed is null && workflow?.Schedule is { } schedule ? FireTimes.After(schedule, nowUtc)?.AtUtc : null;
        return new(file, parsed, changed, next, workflow?.Awaits ?? workflow?.Schedule?.Paused ?? (workflow?.Schedule is null ? null : pause?.Reason), isNewest);
    }
}
