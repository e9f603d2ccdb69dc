using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Which workflow to run.</summary>
/// <param name="Workflow">The id, which takes the newest version there is when the step begins, or id@version.</param>
/// <param name="Parameters">Parameters that differ from their defaults.</param>
public sealed record SubWorkflowInput(string Workflow, JsonObject? Parameters = null);

/// <summary>What its run gave.</summary>
/// <param name="Run">The run.</param>
/// <param name="Workflow">Its workflow.</param>
/// <param name="Version">The version that it was pinned to.</param>
/// <param name="WorkflowHash">The content of that version.</param>
/// <param name="Outputs">What the workflow declares as its outputs; where it declares none, the outputs of its last steps by name.</param>
public sealed record SubWorkflowOutput(string Run, string Workflow, string Version, string WorkflowHash, JsonObject Outputs);

/// <summary>Finds a workflow: the newest version where none is named.</summary>
/// <exception cref="ProblemException">WFL-1012: there is none.</exception>
public delegate Task<WorkflowDefinition> FindWorkflow(string id, string? version, CancellationToken ct);

/// <summary>Runs another workflow as a run of its own and waits for its end without holding a job.</summary>
/// <remarks>The child is found by the run, step and item that it works for, so a killed parent finds it again and never makes a second one. It has the
/// parent's now and a seed of its own that follows from the parent's. A retry of the step tries again what failed in the child; a cancelled child
/// is made anew, and so is one that was cancelled since its parent ended, as soon as the parent goes on.</remarks>
/// <param name="rows">Where runs are found.</param>
/// <param name="find">Finds workflows.</param>
/// <param name="requests">Starts and retries runs; asked for when needed, since the engine that has it knows this kind.</param>
/// <param name="journal">Reads runs.</param>
public sealed class WorkflowStep(IRowStore rows, FindWorkflow find, Func<RunRequests> requests, Func<RunJournal> journal) : StepKind<SubWorkflowInput, SubWorkflowOutput>
{
    /// <summary>The name after <c>uses:</c>.</summary>
    public const string KindName = "workflow";

    /// <inheritdoc/>
    public override string Name => KindName;

    /// <inheritdoc/>
    public override bool Waits => true;

    /// <inheritdoc/>
    public override string Summary => "Run another workflow and wait for its end";

    /// <inheritdoc/>
    /// <exception cref="ProblemException">WFL-1012: there is no such workflow. WFL-1032: too many runs stand above it. What a start refuses.</exception>
    public override async Task<StepOutcome> RunAsync(StepContext context, SubWorkflowInput input, CancellationToken ct)
    {
        IReadOnlyList<FoundChild> children = await rows.QueryAsync<FoundChild>(
            "select run_id, status from runs where parent_run_id = @Run and parent_step = @Step and parent_item = @Index order by run_id",
            new { Run = context.Run.Value, context.Step, context.Index }, ct);

        // One is made after the end of another alone, so at most one of them has not been cancelled.
        RunId child = (children.FirstOrDefault(c => c.Status != "cancelled") ?? children.LastOrDefault()) is { } known ? new(known.RunId) : await StartAsync(context, input, 0, ct);
        RunState state = (await journal().LoadAsync(child, ct)).State;
        if (children.Count > 0 && state.Status is RunStatus.Failed or RunStatus.Cancelled && await TriesAgainAsync(context, state, ct) is { } before)
        {
            if (state.Status == RunStatus.Cancelled)
            {
                child = await StartAsync(context, input, children.Count, ct);
            }
            else
            {
                await requests().RetryAsync(child, null, "engine", $"with step {context.Step} of {context.Run}", $"retry:{context.EffectKey}/{before}", ct);
                context.Log($"tries again what failed in {child}");
            }

            return Wait(child, state);
        }

        return state.Status switch
        {
            RunStatus.Completed => Done(new(child.Value, state.Definition.Id, state.Definition.Version, state.Definition.Hash.Hex, OutputsOf(state))),
            RunStatus.Failed or RunStatus.Cancelled => new StepOutcome.Failed(
                new(WorkflowCodes.ChildFailed, $"{child} ({state.Definition.Id} {state.Definition.Version}) has {(state.Status == RunStatus.Failed ? "failed" : "been cancelled")}: {state.Reason}.",
                    child.Value, $"See 'sigmatiq runs show {child}'; a retry of this step tries it again."), FailureCategories.Refused),
            _ => Wait(child, state),
        };
    }

    /// <summary>What a completed run gives to the step that it worked for.</summary>
    internal static JsonObject OutputsOf(RunState state)
    {
        if (state.Definition.Outputs.Count > 0)
        {
            RunNames names = new(state);
            try
            {
                return new(state.Definition.Outputs.Select(o => KeyValuePair.Create(o.Name, o.Value.Fill(names.Lookup))));
            }
            catch (ExpressionException e)
            {
                throw new ProblemException(e.Code, $"The outputs of {state.Definition.Id} {state.Definition.Version} cannot be evaluated: {e.Message}.", state.Id.Value, "Look at the outputs of its steps.");
            }
        }

        HashSet<string> needed = [.. state.Definition.Steps.SelectMany(s => s.Needs)];
        return new(state.Steps.Where(s => !needed.Contains(s.Spec.Name) && s.Status == StepStatus.Succeeded).Select(s => KeyValuePair.Create(s.Spec.Name, s.Outputs)));
    }

    private static StepOutcome.Waiting Wait(RunId child, RunState state) =>
        new($"waits for the end of {child} ({state.Definition.Id} {state.Definition.Version})", RunParent.WakeKeyOf(child), ExpiresUtc: null);

    private async Task<RunId> StartAsync(StepContext context, SubWorkflowInput input, int number, CancellationToken ct)
    {
        int depth = (RunParent.Of(context.Pins)?.Depth ?? 0) + 1;
        if (depth > RunParent.DepthMax)
        {
            throw new ProblemException(WorkflowCodes.Recursion, $"{RunParent.DepthMax} runs stand above this one already.", input.Workflow, "Look for workflows that run each other in a circle.", ExitCode.BadUsage);
        }

        WorkflowDefinition workflow = input.Workflow.Split('@', 2) is [var id, var version] ? await find(id, version, ct) : await find(input.Workflow, null, ct);
        RunParent parent = new(context.Run, context.Step, context.Index, depth);
        string key = $"child:{context.EffectKey}/{number}", fingerprint = RunKeys.Fingerprint("child", context.Run, key);
        RunOrder order = new(workflow, input.Parameters ?? [], context.RequestedBy)
        {
            AsOfUtc = context.AsOfUtc, Seed = (long)(context.Rng.NextBits() >> 12), Pins = new() { [RunParent.Pin] = StepJson.ToObject(parent) },

            // One child of a number: an attempt that was believed dead may be about to make it too.
            Alongside = async (tx, run, inner) =>
            {
                if (await RunKeys.TakeAsync(tx, key, fingerprint, run.Value, context.RequestedBy, context.AsOfUtc, inner) is { } taken)
                {
                    throw new ChildTakenException(new(taken));
                }
            },
        };
        try
        {
            RunId child = await requests().StartAsync(order, ct);
            context.Log($"started {child}: {workflow.Id} {workflow.Version} ({workflow.Hash.Short})");
            return child;
        }
        catch (ChildTakenException taken)
        {
            return taken.Child;
        }
    }

    // The attempt after which this one tries again. One after a failed one does; one after a wait, a crash or a stop goes on with what there is,
    // unless the run has ended meanwhile and was asked to try again.
    private async Task<int?> TriesAgainAsync(StepContext context, RunState child, CancellationToken ct)
    {
        EndedAttempt? before = await rows.FirstOrDefaultAsync<EndedAttempt>(
            """
            select attempt, status from step_attempts where run_id = @Run and step = @Step and item = @Index and attempt < @Attempt and status not in ('lost', 'crashed', 'running')
             order by attempt desc limit 1
            """,
            new { Run = context.Run.Value, context.Step, context.Index, context.Attempt }, ct);

        // What ended with its parent has nobody's word against it, and the parent goes on.
        bool endedWithParent = child.Stop is { Cancelled: true } stop && stop.Reason.StartsWith($"cancelled by engine: {RunFamilies.ParentEnds}", StringComparison.Ordinal);
        return before is not null && (before.Status == "failed" || endedWithParent || await IsAskedAgainSinceAsync(context, before.Attempt, ct)) ? before.Attempt : null;
    }

    private async Task<bool> IsAskedAgainSinceAsync(StepContext context, int attempt, CancellationToken ct)
    {
        IReadOnlyList<KeptEvent> newestFirst = await rows.QueryAsync<KeptEvent>(
            "select seq, schema_version, kind, body from run_events where run_id = @Run and kind in ('attempt_waiting', 'retry_requested') order by seq desc", new { Run = context.Run.Value }, ct);
        foreach (KeptEvent kept in newestFirst)
        {
            switch (RunEventJson.Read(kept.Kind, kept.SchemaVersion, kept.Body, $"{context.Run} event {kept.Seq}"))
            {
                case RetryRequested:
                    return true;
                case AttemptWaiting waiting when (waiting.Step, waiting.Index, waiting.Attempt) == (context.Step, context.Index, attempt):
                    return false;
            }
        }

        return false;
    }

    private sealed record FoundChild(string RunId, string Status);

    private sealed record EndedAttempt(int Attempt, string Status);

    private sealed record KeptEvent(long Seq, int SchemaVersion, string Kind, string Body);

    private sealed class ChildTakenException(RunId child) : Exception
    {
        public RunId Child { get; } = child;
    }
}
