using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Steps.Plugins;

/// <summary>Where a step kind that is not of this program comes from.</summary>
/// <param name="Assembly">Name of the assembly.</param>
/// <param name="Version">Its version.</param>
/// <param name="Path">The file.</param>
/// <param name="Hash">Hash over its bytes and those of every assembly in its folder.</param>
public sealed record PluginSource(string Assembly, string Version, string Path, ContentHash Hash);

/// <summary>A kind of a plug-in: runs only the code that its run is pinned to.</summary>
/// <param name="kind">The kind.</param>
/// <param name="source">Where it comes from.</param>
public sealed class PluginKind(IStepKind kind, PluginSource source) : IStepKind
{
    /// <summary>Where a run's request keeps the hashes of the plug-ins that it uses, by kind.</summary>
    public const string Pin = "code";

    /// <summary>Where it comes from.</summary>
    public PluginSource Source => source;

    /// <inheritdoc/>
    public string Name { get; } = kind.Name;

    /// <inheritdoc/>
    public string Summary { get; } = kind.Summary;

    /// <inheritdoc/>
    public int Version => kind.Version;

    /// <inheritdoc/>
    public bool IsReusable => kind.IsReusable;

    /// <inheritdoc/>
    public bool Waits => kind.Waits;

    /// <inheritdoc/>
    public ContentHash? Code => source.Hash;

    /// <inheritdoc/>
    public Type InputType => kind.InputType;

    /// <inheritdoc/>
    public Type OutputType => kind.OutputType;

    /// <inheritdoc/>
    public IEnumerable<InputFault> Faults(StepLiterals input) => kind.Faults(input);

    /// <inheritdoc/>
    /// <exception cref="ProblemException">WFL-2211: the run was asked for with other code.</exception>
    public Task<StepOutcome> RunAsync(StepContext context, JsonObject input, CancellationToken ct) =>
        context.Pins[Pin]?[Name]?.GetValue<string>() is { } pinned && pinned != source.Hash.Hex
            ? throw new ProblemException(WorkflowCodes.CodeChanged, $"{Name} was {pinned[..12]} when the run was asked for and is {source.Hash.Short} now ({source.Assembly} {source.Version}).",
                source.Path, "Put the plug-in of that hash back, or rerun the run with the one that is there.")
            : kind.RunAsync(context, input, ct);

    /// <summary>The hashes of the plug-ins that a workflow uses, also for the items of <c>shard.for_each</c>; null where it uses none.</summary>
    internal static JsonObject? PinsOf(WorkflowDefinition workflow, StepKinds kinds)
    {
        JsonObject code = [];
        foreach (string uses in workflow.Steps.SelectMany(s => ShardForEachStep.UsesOf(s, kinds)).Distinct().Order(StringComparer.Ordinal))
        {
            if (kinds.TryGet(uses, out StepKinds.Entry? entry) && entry.Kind.Code is { } hash)
            {
                code[uses] = hash.Hex;
            }
        }

        return code.Count > 0 ? code : null;
    }
}
