using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Shards;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What to do for each item, on all workers there are.</summary>
/// <param name="Kind">The step kind that does it; one that computes, and waits for nobody.</param>
/// <param name="Items">The items, at most 100,000.</param>
/// <param name="As">Field of the kind's input that takes the item; null takes the fields of items that are objects.</param>
/// <param name="Input">Fields of the kind's input that are the same for every item.</param>
public sealed record ShardForEachInput(string Kind, JsonArray Items, string? As = null, JsonObject? Input = null);

/// <summary>What it gave.</summary>
/// <param name="Count">Number of items.</param>
/// <param name="Hash">Hash of the outputs in the order of the items: the same however many workers there were.</param>
/// <param name="File">File of the outputs below the data directory, a JSON list in the order of the items.</param>
public sealed record ShardForEachOutput(int Count, string Hash, string File);

/// <summary>Does something for each item of a list, spread over all workers of a cluster; each item counts once.</summary>
/// <param name="pool">Has it done.</param>
/// <param name="kinds">What can be done.</param>
/// <param name="data">Where the outputs go.</param>
public sealed class ShardForEachStep(Func<ShardPool> pool, Func<StepKinds> kinds, DataDirectory data) : StepKind<ShardForEachInput, ShardForEachOutput>
{
    /// <summary>Its name.</summary>
    public const string KindName = "shard.for_each";

    /// <summary>Most items of one step.</summary>
    public const int ItemsMax = 100_000;

    /// <inheritdoc/>
    public override string Name => KindName;

    /// <inheritdoc/>
    public override string Summary => "Run a step kind for each item of a list, spread over all workers of a cluster";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, ShardForEachInput input, CancellationToken ct)
    {
        ShardWork work = new(context.EffectKey, KindOf(context, input), ShardOrigin.Of(context, isWhole: false), [.. input.Items.Select((item, i) => InputOf(context, input, item, i))]);
        ShardCount count = work.Inputs.Count == 0 ? new(0, 0, 0, 0, 0)
            : await pool().RunAsync(work, now => context.Report(now.Done, now.Total, $"{now.Done} of {now.Total} items done, {now.Claimed} under way"), ct);
        if (count.Failed > 0)
        {
            (int shard, ShardFailure failure) = (await pool().Table.FirstFailureAsync(work.WorkId, ct))!.Value;
            context.Log($"item {shard} failed: {failure.Problem}");
            return new StepOutcome.Failed(failure.Problem, failure.Category);
        }

        if (count.Done < count.Total)
        {
            throw new ProblemException("CLU-2004", $"{count.Dropped} of {count.Total} items were dropped.", context.Step, "Try the step again: 'sigmatiq runs retry'.");
        }

        JsonArray results = [.. await pool().Table.ResultsAsync(work.WorkId, ct)];
        byte[] text = Encoding.UTF8.GetBytes(CanonicalJson.Text(results));
        ContentHash hash = ContentHash.Of(text);
        string file = DataDirectory.HashedName("for-each", hash, ".json");
        AtomicFile.Write(data.File("results", file), text);
        return Done(new ShardForEachOutput(results.Count, hash.Hex, $"results/{file}"));
    }

    private string KindOf(StepContext context, ShardForEachInput input)
    {
        if (input.Items.Count > ItemsMax)
        {
            throw new ProblemException(WorkflowCodes.TooManyItems, $"{context.Step} has {input.Items.Count} items; {ItemsMax} are allowed.", context.Step, "Give it fewer items, or more steps.");
        }

        return RefusalOf(input.Kind, kinds(), context.Step) is { } refusal ? throw new ProblemException(refusal) : input.Kind;
    }

    /// <summary>Why a kind cannot be spread; null where it can.</summary>
    internal static Problem? RefusalOf(string kind, StepKinds kinds, string? where)
    {
        string others() => $"Use one of: {string.Join(", ", kinds.Names.Where(n => n != KindName && kinds.TryGet(n, out StepKinds.Entry? e) && !e.Kind.Waits))}.";
        return kind == KindName || !kinds.TryGet(kind, out StepKinds.Entry? entry)
            ? new(WorkflowCodes.UnknownKind, $"'{kind}' is no step kind that can be spread over workers.", where, others())
            : entry.Kind.Waits ? new("CLU-2003", $"{kind} waits for something, which a shard cannot.", where, others()) : null;
    }

    /// <summary>The kind that a step names to be spread; null where it is another step, or says so only when it runs.</summary>
    internal static string? KindOf(StepSpec step) =>
        step.Uses == KindName && step.With.GetValueOrDefault("kind") is Template.Constant { Value: JsonValue value } && value.TryGetValue(out string? kind) ? kind : null;

    /// <summary>The kinds that a step may run: its own, and for this one that of its items; where it names that only when it runs, any.</summary>
    internal static IEnumerable<string> UsesOf(StepSpec step, StepKinds kinds) =>
        step.Uses != KindName ? [step.Uses] : KindOf(step) is { } kind ? [step.Uses, kind] : kinds.Names;

    private static JsonObject InputOf(StepContext context, ShardForEachInput input, JsonNode? item, int index)
    {
        JsonObject own = input.Input?.DeepClone().AsObject() ?? [];
        if (input.As is { } field)
        {
            own[field] = item?.DeepClone();
            return own;
        }

        foreach (var (name, value) in item as JsonObject ?? throw new ProblemException(WorkflowCodes.BadInput, $"Item {index} of {context.Step} is no object.", context.Step,
            "Name the field that takes the item with 'as:', or give objects."))
        {
            own[name] = value?.DeepClone();
        }

        return own;
    }
}
