using System.Collections.Concurrent;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>The leaderboard of a sweep that is under way: the combos of its finished chunks, ranked as they would be if it ended now. For a look: what
/// it says is not kept, and what counts is the leaderboard of the end.</summary>
/// <remarks>Chunks are read once; those of sweeps that have ended are forgotten at the next look.</remarks>
/// <param name="data">The folders of sweeps.</param>
/// <param name="planOf">Makes the plan of a sweep again, see <see cref="SweepWorks.PlanOfAsync"/>.</param>
public sealed class LeaderboardSoFar(DataDirectory data, Func<string, CancellationToken, Task<SweepPlan>> planOf)
{
    /// <summary>At most so many combos are shown, the best ones.</summary>
    public const int RanksMax = 1_000;

    private readonly ConcurrentDictionary<string, (SweepPlan Plan, ConcurrentDictionary<string, ComboFigures[]> Chunks)> looks = new(StringComparer.Ordinal);

    /// <summary>The best combos so far.</summary>
    /// <param name="sweepId">A sweep that is under way.</param>
    /// <param name="ranks">So many of them at most.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <returns><c>combo_id</c>, <c>rank</c>, <c>gate</c>, <c>gate_reasons</c>, the swept parameters, and the figures that a leaderboard is sorted by; how many combos are
    /// evaluated, in how many chunks; and the names of the parameters.</returns>
    public async Task<(ColumnSet Columns, LeaderboardCounts Counts, int Chunks, IReadOnlyList<string> Parameters)> ReadAsync(string sweepId, int ranks, CancellationToken ct)
    {
        if (!looks.TryGetValue(sweepId, out var look))
        {
            look = looks.GetOrAdd(sweepId, (await planOf(sweepId, ct), new(StringComparer.Ordinal)));
            foreach (string other in looks.Keys.Where(k => k != sweepId).Take(Math.Max(0, looks.Count - 4)))
            {
                looks.TryRemove(other, out _);
            }
        }

        foreach (string path in new SweepFolder(data, sweepId).ChunkPaths.Where(p => !look.Chunks.ContainsKey(p)))
        {
            ct.ThrowIfCancellationRequested();
            if (SweepFolder.Look(path) is { } chunk)
            {
                look.Chunks[path] = chunk;
            }
        }

        // A chunk that a sweep begun anew has written over is one of the same combos.
        Dictionary<int, ComboFigures> figures = [];
        foreach (ComboFigures combo in look.Chunks.OrderBy(c => c.Key, StringComparer.Ordinal).SelectMany(c => c.Value))
        {
            figures[combo.ComboId] = combo;
        }

        Dictionary<int, GateResult> gates = figures.ToDictionary(f => f.Key, f => GateResult.Of(look.Plan.Gates, f.Value.Metrics));
        LeaderboardOrder.Entry[] ranked = [.. LeaderboardOrder.Rank(figures.Values.Select(f => new LeaderboardOrder.Entry(f.ComboId, gates[f.ComboId].Status, f.Metrics))).Take(Math.Min(ranks, RanksMax))];
        int[] combos = [.. ranked.Select(e => e.ComboId)];
        Column Figure(string name, Func<MetricSet, double?> of) => Column.Of(name, [.. ranked.Select(e => of(e.Metrics) ?? double.NaN)]);
        int With(GateStatus status) => gates.Values.Count(g => g.Status == status);
        return (
            new(
            [
                Column.Of("combo_id", combos), Column.Of("rank", [.. combos.Select((_, i) => i + 1)]), Column.Of("gate", [.. combos.Select(c => (string?)gates[c].StatusText)]),
                Column.Of("gate_reasons", [.. combos.Select(c => gates[c].Reasons.Count == 0 ? null : string.Join(' ', gates[c].Reasons))]),
                .. look.Plan.Grid.Axes.Select(axis => Parameter(axis, [.. combos.Select(look.Plan.Grid.Combo)])),
                Figure("sharpe_ratio", m => m.SharpeRatio), Figure("sharpe_low", m => m.SharpeLow), Figure("sharpe_high", m => m.SharpeHigh), Figure("total_return", m => m.TotalReturn),
                Figure("max_drawdown", m => m.MaxDrawdown), Figure("win_rate", m => m.WinRate), Figure("profit_factor", m => m.ProfitFactor), Figure("total_trades", m => m.TotalTrades),
            ]),
            new(With(GateStatus.Pass), With(GateStatus.Marginal), With(GateStatus.Fail), figures.Values.Select(f => f.Behaviour).Distinct(StringComparer.Ordinal).Count()), look.Chunks.Count,
            [.. look.Plan.Grid.Axes.Select(a => a.Key)]);
    }

    private static Column Parameter(GridAxis axis, Combo[] combos) => axis.Values.All(v => v.Hours is null)
        ? Column.Of(axis.Key, [.. combos.Select(c => c.Find(axis.Key)?.Number ?? double.NaN)])
        : Column.Of(axis.Key, [.. combos.Select(c => c.Find(axis.Key)?.ToJson()?.ToJsonString())]);
}
