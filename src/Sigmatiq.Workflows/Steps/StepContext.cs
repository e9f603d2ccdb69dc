using System.Text.Json.Nodes;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What an attempt knows of its run, and where it reports to.</summary>
/// <remarks>Everything here but <see cref="Attempt"/> is the same for every attempt at the same step of the same run, also after a
/// crash: work that depends on nothing else gives the same results again.</remarks>
public sealed class StepContext
{
    /// <summary>The run.</summary>
    public required RunId Run { get; init; }

    /// <summary>Name of the step in its workflow, e.g. <c>align</c>.</summary>
    public required string Step { get; init; }

    /// <summary>Which item of <c>for_each</c> this is, from 0; 0 without <c>for_each</c>.</summary>
    public required int Index { get; init; }

    /// <summary>Which try this is, from 1. Never let a result depend on it.</summary>
    public required int Attempt { get; init; }

    /// <summary>The run's now, pinned when it was requested: "until yesterday" means yesterday as seen from here.</summary>
    public required DateTimeOffset AsOfUtc { get; init; }

    /// <summary>The run's seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Who asked for the run.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>Whether this is a shard of a step rather than a step. One that waited for further shards could take the last place in which they
    /// would be done.</summary>
    public bool IsShard { get; init; }

    /// <summary>Further facts that the run is pinned to.</summary>
    public JsonObject Pins { get; init; } = [];

    /// <summary>Receives progress: done, total (0 when unknown), and what is being done.</summary>
    public Action<long, long, string> OnProgress { get; init; } = (_, _, _) => { };

    /// <summary>Receives a line for the step's log.</summary>
    public Action<string> OnLog { get; init; } = _ => { };

    /// <summary>Key of this step's effects: the same on every attempt, so a repeated effect can be known as the same.</summary>
    public string EffectKey => EffectKeyOf(Index);

    /// <summary>Key of the effects of another item of the same <c>for_each</c>.</summary>
    public string EffectKeyOf(int index) => $"{Run}/{Step}/{index}";

    /// <summary>Chance for this step alone, the same on every attempt.</summary>
    public Rng Rng => Rng.From(Seed).Fork(Step, Index);

    /// <summary>Reports progress; may be called as often as wanted, it is stored at most once a second.</summary>
    /// <param name="done">Units done.</param>
    /// <param name="total">Units in all, 0 when unknown.</param>
    /// <param name="text">What is being done, e.g. <c>combo 17 of 45</c>.</param>
    public void Report(long done, long total, string text) => OnProgress(done, total, Storable(text));

    /// <summary>Writes one line to the step's log.</summary>
    public void Log(string line) => OnLog(Storable(line));

    // What a program that is not ours prints may hold a NUL, which no text of PostgreSQL can: a log line must not fail its step.
    private static string Storable(string text) => text.Replace('\0', '\uFFFD');
}
