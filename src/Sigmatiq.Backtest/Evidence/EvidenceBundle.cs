using System.Text.Json.Nodes;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>What a person is shown before a vote, in memory: pure, without clock and ids, so that the same request gives the same bytes.</summary>
/// <param name="StrategyId">Stable id of what would be deployed.</param>
/// <param name="StrategyName">Its name for people.</param>
/// <param name="Year">Year in which the hold-out ends.</param>
/// <param name="Holdout">The combo on the hold-out: the evidence.</param>
/// <param name="Selection">The combo on the selection window: the data it was chosen on, labelled so.</param>
/// <param name="Vote">Vote 1.</param>
/// <param name="IsGateFailed">Whether the quality gates refused the combo (08 §8.12).</param>
/// <param name="Metrics">The figures of 04 §4.7 <c>backtest_metrics</c> and what stands beside them.</param>
/// <param name="Texts">Text files by name.</param>
/// <param name="Columns">Parquet files by name.</param>
public sealed record EvidenceBundle(
    string StrategyId, string StrategyName, int Year, WindowResult Holdout, WindowResult Selection, VoteOne Vote, bool IsGateFailed, JsonObject Metrics,
    IReadOnlyDictionary<string, string> Texts, IReadOnlyDictionary<string, ColumnSet> Columns);
