using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Workflows.Comparison;

/// <summary>All that two runs are compared by.</summary>
/// <param name="State">The fold of the journal.</param>
/// <param name="Attempts">The attempts with their times.</param>
/// <param name="Metrics">Figures by name, at any depth.</param>
/// <param name="Trades">Trades in order of entry; a trade is known by its <c>timestamp</c> and <c>side</c>.</param>
public sealed record RunFacts(RunState State, IReadOnlyList<AttemptView> Attempts, JsonObject Metrics, IReadOnlyList<JsonObject> Trades);

/// <summary>What a difference is about.</summary>
public enum DiffArea
{
    /// <summary>The workflow: its version, steps and how they hang together.</summary>
    Graph,

    /// <summary>What the run was asked to do.</summary>
    Parameters,

    /// <summary>The bars it saw.</summary>
    Data,

    /// <summary>What its steps gave, or how they ended.</summary>
    Outputs,

    /// <summary>Figures of its evidence.</summary>
    Metrics,

    /// <summary>Trades of its evidence.</summary>
    Trades,

    /// <summary>Names that every run makes anew: no difference between what two runs did.</summary>
    Ids,

    /// <summary>How long it took and how many attempts: no difference between what two runs did.</summary>
    Timing,
}

/// <summary>One place in which two runs differ.</summary>
/// <param name="Area">What it is about.</param>
/// <param name="Path">Where, e.g. <c>steps.align.timeout</c> or <c>train[1].artifact_hash</c>.</param>
/// <param name="A">There in the first run; null where it has nothing.</param>
/// <param name="B">There in the second.</param>
public sealed record RunDifference(DiffArea Area, string Path, JsonNode? A, JsonNode? B);

/// <summary>How two runs compare.</summary>
/// <param name="Differences">In what they did and gave.</param>
/// <param name="Apart">In names and time alone, which no two runs share.</param>
public sealed record RunComparison(IReadOnlyList<RunDifference> Differences, IReadOnlyList<RunDifference> Apart)
{
    /// <summary>Whether both did and gave the same.</summary>
    public bool Same => Differences.Count == 0;
}
