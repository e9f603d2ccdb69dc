using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Shards;

/// <summary>The step attempt for which shards are done: what each of them knows of its run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Step">Its step.</param>
/// <param name="Item">Item of <c>for_each</c>.</param>
/// <param name="Attempt">The attempt that made the work.</param>
/// <param name="AsOfUtc">The run's now.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="RequestedBy">Who asked for the run.</param>
/// <param name="IsWhole">The one shard is the attempt itself, done by another node.</param>
/// <param name="Pins">Further facts that the run is pinned to; null where none were kept.</param>
public sealed record ShardOrigin(
    RunId Run, string Step, int Item, int Attempt, DateTimeOffset AsOfUtc, long Seed, string RequestedBy, bool IsWhole, JsonObject? Pins = null)
{
    /// <summary>The origin of an attempt's work.</summary>
    public static ShardOrigin Of(StepContext context, bool isWhole) =>
        new(context.Run, context.Step, context.Index, context.Attempt, context.AsOfUtc, context.Seed, context.RequestedBy, isWhole, (JsonObject)context.Pins.DeepClone());

    /// <summary>What a shard knows; its chance and its effects' keys are its own, and the same on every node and attempt.</summary>
    public StepContext ContextOf(int shard, Action<long, long, string> onProgress, Action<string> onLog) => new()
    {
        Run = Run, Step = IsWhole ? Step : $"{Step}/{Item}", Index = IsWhole ? Item : shard, Attempt = Attempt, AsOfUtc = AsOfUtc, Seed = Seed,
        RequestedBy = RequestedBy, IsShard = true,
        Pins = (JsonObject?)Pins?.DeepClone() ?? [], OnProgress = onProgress, OnLog = onLog,
    };
}

/// <summary>A piece of work cut into shards.</summary>
/// <param name="WorkId">The same for every attempt at it.</param>
/// <param name="Kind">The step kind that each shard runs.</param>
/// <param name="Origin">For what.</param>
/// <param name="Inputs">Input of each shard.</param>
public sealed record ShardWork(string WorkId, string Kind, ShardOrigin Origin, IReadOnlyList<JsonObject> Inputs)
{
    /// <summary>Hash of what is to be done: kind and inputs.</summary>
    public ContentHash InputHash => ContentHash.OfJson(new JsonObject { ["kind"] = Kind, ["inputs"] = new JsonArray([.. Inputs.Select(i => i.DeepClone())]) });
}

/// <summary>A shard that this process has claimed.</summary>
/// <param name="WorkId">Of which work.</param>
/// <param name="Shard">Its number, from 0.</param>
/// <param name="Fence">Number of the claim; it grows with every claim on the shard.</param>
/// <param name="Lost">How often in a row a claim on it ran out.</param>
/// <param name="Input">What it works on.</param>
public sealed record ShardClaim(string WorkId, int Shard, long Fence, int Lost, JsonObject Input);

/// <summary>How far a work is.</summary>
/// <param name="Open">Nobody has claimed them.</param>
/// <param name="Claimed">Somebody works on them.</param>
/// <param name="Done">Counted.</param>
/// <param name="Failed">Failed for good.</param>
/// <param name="Dropped">Not to be done any more.</param>
public sealed record ShardCount(long Open, long Claimed, long Done, long Failed, long Dropped)
{
    /// <summary>All shards.</summary>
    public long Total => Open + Claimed + Done + Failed + Dropped;

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsOver => Open + Claimed == 0;
}

/// <summary>Why a shard failed.</summary>
/// <param name="Problem">What failed.</param>
/// <param name="Category">One of <see cref="FailureCategories"/>.</param>
public sealed record ShardFailure(Problem Problem, string Category);
