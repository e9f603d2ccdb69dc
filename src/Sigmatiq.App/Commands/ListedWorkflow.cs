using Sigmatiq.Packs.Yaml;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.App.Commands;

/// <summary>A workflow file as lists show it.</summary>
/// <param name="File">The file.</param>
/// <param name="Parsed">What it holds, or what is wrong with it.</param>
/// <param name="Next">The next fire by its schedule, also while that is paused; null where there is none.</param>
/// <param name="Paused">Why it does not start; null where it does.</param>
internal sealed record ListedWorkflow(WorkflowFile File, ParseResult<WorkflowDefinition> Parsed, DateTimeOffset? Next, string? Paused)
{
    /// <summary>Its schedule; null where it is started by hand alone or broken.</summary>
    public Schedule? Schedule => Parsed.IsOk ? Parsed.Value.Schedule : null;

    /// <summary>Its state in a word or two.</summary>
    public string State => !Parsed.IsOk ? $"{Parsed.Problems.Count} problems" : Paused is null ? "valid" : "valid, paused";

    /// <summary>Reads a file for a list; of several versions the newest alone fires.</summary>
    public static ListedWorkflow Of(WorkflowFile file, ParseResult<WorkflowDefinition> parsed, bool isNewest, SchedulePause? pause, DateTimeOffset nowUtc)
    {
        WorkflowDefinition? workflow = parsed.IsOk ? parsed.Value : null;
        DateTimeOffset? next = isNewest && workflow?.Schedule is { } schedule ? FireTimes.After(schedule, nowUtc)?.AtUtc : null;
        return new(file, parsed, next, workflow?.Awaits ?? workflow?.Schedule?.Paused ?? (workflow?.Schedule is null ? null : pause?.Reason));
    }
}
