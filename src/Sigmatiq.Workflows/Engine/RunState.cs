using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Asked for, without a slot yet.</summary>
    Queued,

    /// <summary>Something is being done or about to be tried again.</summary>
    Running,

    /// <summary>Nothing can be done until something happens outside; the run holds no job.</summary>
    Waiting,

    /// <summary>Starts nothing until somebody resumes it; it holds no job.</summary>
    Paused,

    /// <summary>It crashed its worker again and again, and starts nothing until somebody resumes it.</summary>
    SetAside,

    /// <summary>Every step ended well or was skipped. Final until a failed step is tried again.</summary>
    Completed,

    /// <summary>A step failed. Final until it is tried again.</summary>
    Failed,

    /// <summary>Ended on request. Final.</summary>
    Cancelled,
}

/// <summary>Where a step, or one instance of it, stands.</summary>
public enum StepStatus
{
    /// <summary>What it needs is not there yet.</summary>
    Pending,

    /// <summary>Can start now.</summary>
    Ready,

    /// <summary>An attempt is under way.</summary>
    Running,

    /// <summary>Waits for something outside.</summary>
    Waiting,

    /// <summary>Failed, and will be tried again after a pause.</summary>
    Retrying,

    /// <summary>Done. Final.</summary>
    Succeeded,

    /// <summary>Failed for good. Final.</summary>
    Failed,

    /// <summary>Not run, for a stated reason. Final.</summary>
    Skipped,

    /// <summary>Ended on request. Final.</summary>
    Cancelled,
}

/// <summary>Which states are final.</summary>
public static class Finality
{
    /// <summary>Whether the run stays as it is.</summary>
    public static bool IsFinal(this RunStatus status) => status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled;

    /// <summary>Whether nothing is done about the run: it has ended, or goes on only when something happens outside.</summary>
    public static bool IsAtRest(this RunStatus status) => status.IsFinal() || status is RunStatus.Waiting or RunStatus.Paused or RunStatus.SetAside;

    /// <summary>Whether the step stays as it is.</summary>
    public static bool IsFinal(this StepStatus status) =>
        status is StepStatus.Succeeded or StepStatus.Failed or StepStatus.Skipped or StepStatus.Cancelled;

    /// <summary>Whether a job has something to do for the step.</summary>
    public static bool IsActive(this StepStatus status) => status is StepStatus.Ready or StepStatus.Running or StepStatus.Retrying;
}

/// <summary>One item of a step's <c>for_each</c>, or the step itself.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Input">What an attempt receives.</param>
/// <param name="Status">Where it stands.</param>
public sealed record StepInstance(int Index, JsonObject Input, StepStatus Status)
{
    /// <summary>Attempts begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Attempts that failed; lost ones are not counted.</summary>
    public int Failures { get; init; }

    /// <summary>Attempts in a row that died with their process and had come no further than one before them.</summary>
    public int Crashes { get; init; }

    /// <summary>Most units that an attempt had done when its process died.</summary>
    public long Furthest { get; init; }

    /// <summary>Hash over all that the output depends on, of the latest attempt.</summary>
    public ContentHash? InputHash { get; init; }

    /// <summary>The run that made the output, where it was taken over.</summary>
    public RunId? ReusedFrom { get; init; }

    /// <summary>What it gave, once succeeded.</summary>
    public JsonObject? Output { get; init; }

    /// <summary>The latest failure.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Why it waits, was skipped or cancelled.</summary>
    public string? Reason { get; init; }

    /// <summary>What wakes it while it waits.</summary>
    public string? WakeKey { get; init; }

    /// <summary>When it is tried again or its waiting ends.</summary>
    public DateTimeOffset? DueUtc { get; init; }
}

/// <summary>One step of a run.</summary>
/// <param name="Spec">Its definition.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Instances">Its instances; none before it can start.</param>
/// <param name="Reason">Why it was skipped, cancelled or failed.</param>
public sealed record StepRun(StepSpec Spec, StepStatus Status, ImmutableArray<StepInstance> Instances, string? Reason)
{
    /// <summary>What <c>steps.NAME.outputs</c> stands for: an object, a list of objects with <c>for_each</c>, null before success.</summary>
    public JsonNode? Outputs => Status != StepStatus.Succeeded ? null
        : Spec.ForEach is null ? Instances[0].Output?.DeepClone()
        : new JsonArray([.. Instances.Select(i => (JsonNode?)i.Output?.DeepClone())]);
}

/// <summary>Why a run starts nothing more.</summary>
/// <param name="Cancelled">True for a request, false for a failed step.</param>
/// <param name="Reason">As a sentence.</param>
public sealed record RunStop(bool Cancelled, string Reason);

/// <summary>Why a run starts nothing for now.</summary>
/// <param name="Status"><see cref="RunStatus.Paused"/> or <see cref="RunStatus.SetAside"/>.</param>
/// <param name="Reason">As a sentence.</param>
public sealed record RunHold(RunStatus Status, string Reason)
{
    /// <summary>Who pauses a run where the disk is full; no person has this name.</summary>
    public const string ByStore = "the store";
}

/// <summary>A run at one instant: the fold of its events.</summary>
/// <param name="Id">The run.</param>
/// <param name="Definition">Its workflow.</param>
/// <param name="Request">What it is pinned to.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Steps">Its steps in the order of the definition.</param>
/// <param name="Stop">Set when it starts nothing more.</param>
public sealed record RunState(
    RunId Id, WorkflowDefinition Definition, RunRequest Request, RunStatus Status, ImmutableArray<StepRun> Steps, RunStop? Stop)
{
    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedUtc { get; init; }

    /// <summary>Whether it had a slot of its concurrency group and began.</summary>
    public bool IsAdmitted { get; init; }

    /// <summary>Set while it starts nothing; what is under way may still end.</summary>
    public RunHold? Hold { get; init; }

    /// <summary>Why it is held, failed or was cancelled.</summary>
    public string? Reason => Hold?.Reason ?? Stop?.Reason;

    /// <summary>When it reached a final state.</summary>
    public DateTimeOffset? EndedUtc { get; init; }

    /// <summary>Finds a step.</summary>
    public StepRun Step(string name) => Steps.First(s => s.Spec.Name == name);

    /// <summary>The earliest instant at which something is due; null where nothing is.</summary>
    public DateTimeOffset? NextDueUtc => Steps.SelectMany(s => s.Instances)
        .Where(i => i.Status is StepStatus.Retrying or StepStatus.Waiting).Min(i => i.DueUtc);

    /// <summary>Everything the fold knows as JSON, for comparison and display.</summary>
    public JsonObject ToJson() => new()
    {
        ["id"] = Id.Value,
        ["workflow"] = Definition.Id,
        ["version"] = Definition.Version,
        ["status"] = StepJson.NameOf(Status.ToString()),
        ["reason"] = Reason,
        ["request"] = StepJson.ToObject(Request),
        ["requested_utc"] = JsonSerializer.SerializeToNode(RequestedUtc, StepJson.Options),
        ["ended_utc"] = JsonSerializer.SerializeToNode(EndedUtc, StepJson.Options),
        ["steps"] = new JsonArray([.. Steps.Select(s => new JsonObject
        {
            ["name"] = s.Spec.Name,
            ["uses"] = s.Spec.Uses,
            ["status"] = StepJson.NameOf(s.Status.ToString()),
            ["reason"] = s.Reason,
            ["instances"] = new JsonArray([.. s.Instances.Select(i => StepJson.ToObject(i))]),
        })]),
    };
}
