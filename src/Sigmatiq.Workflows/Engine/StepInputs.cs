using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>What a step's output depends on, as one hash: its kind and the kind's version, the input with every reference replaced by its
/// value, the outputs of the steps it needs, the run's now and seed, and its name and item, since its chance comes from them. Retries,
/// timeouts and the rest of the workflow are no part of it, so that two versions of a workflow can share what they do alike.</summary>
public static class StepInputs
{
    private static readonly ConditionalWeakTable<StepRun, OutputsHash> Needed = [];

    /// <summary>The hash for an item of a step that is about to begin.</summary>
    /// <param name="state">The run.</param>
    /// <param name="step">The step, opened.</param>
    /// <param name="index">Its item.</param>
    /// <param name="kindVersion">Version of its kind.</param>
    /// <param name="code">Hash of the kind's code, where it comes from outside this program.</param>
    public static ContentHash HashOf(RunState state, string step, int index, int kindVersion, ContentHash? code = null)
    {
        StepRun run = state.Step(step);
        JsonObject all = new()
        {
            ["kind"] = run.Spec.Uses,
            ["kind_version"] = kindVersion,
            ["step"] = step,
            ["item"] = index,
            ["input"] = run.Instances[index].Input.DeepClone(),
            ["needs"] = new JsonObject(run.Spec.Needs.Order(StringComparer.Ordinal).Select(n => KeyValuePair.Create(n, (JsonNode?)HashOf(state.Step(n))))),
            ["as_of"] = JsonSerializer.SerializeToNode(state.Request.AsOfUtc, StepJson.Options),
            ["seed"] = state.Request.Seed,
        };
        if (code is { } hash)
        {
            all["kind_code"] = hash.Hex;
        }

        return ContentHash.OfJson(all);
    }

    /// <summary>What an earlier run made of the same input, for a run that goes over it again.</summary>
    /// <param name="state">The run.</param>
    /// <param name="step">The step, opened.</param>
    /// <param name="index">Its item.</param>
    /// <param name="inputHash">Its hash.</param>
    /// <param name="source">The earlier run.</param>
    /// <returns>The item to take over; null where there is none, or where the rerun was asked to begin at or before it.</returns>
    public static StepInstance? ReusableFrom(RunState state, string step, int index, ContentHash inputHash, RunState source)
    {
        if (state.Request.Rerun is not { } rerun || (rerun.From is { } from && state.Definition.UpTo(step).Contains(from)) || !source.Definition.Has(step))
        {
            return null;
        }

        StepInstance? done = source.Step(step).Instances.FirstOrDefault(i => i.Index == index);
        return done is { Status: StepStatus.Succeeded, Output: not null } && done.InputHash == inputHash ? done : null;
    }

    // A step that has ended stays the same object in all states after, so each item of a fan-out finds what the first one worked out.
    private static string? HashOf(StepRun needed) => Needed.GetValue(needed, static step => new(step.Outputs is { } outputs ? ContentHash.OfJson(outputs).Hex : null)).Hex;

    private sealed record OutputsHash(string? Hex);
}
