using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>One row of a leaderboard (spec 02 §2.12).</summary>
/// <param name="Rank">From 1.</param>
/// <param name="ComboId">The combo.</param>
/// <param name="Config">Its swept parameters, presets expanded.</param>
/// <param name="Sharpe">Sharpe ratio, or null.</param>
/// <param name="SharpeLow">Lower end of its 95 % interval.</param>
/// <param name="SharpeHigh">Upper end.</param>
/// <param name="Return">Total return.</param>
/// <param name="Trades">Closed trades.</param>
/// <param name="MaxDrawdown">Deepest fall, ≤ 0.</param>
/// <param name="Gate">What the gates say.</param>
/// <param name="GateReasons">Why not PASS.</param>
/// <param name="ConfigHash">Identity of the config.</param>
/// <param name="DuplicateOf">The lowest combo id with the same trades, or null.</param>
/// <param name="ExceedsModelCap">Size above the model's cap: not to be published (SWS-1005).</param>
/// <param name="IsSelected">Whether a person ticked it for training.</param>
public sealed record LeaderboardRow(
    int Rank, int ComboId, JsonObject Config, double? Sharpe, double? SharpeLow, double? SharpeHigh, double? Return, int Trades, double? MaxDrawdown,
    GateStatus Gate, IReadOnlyList<string> GateReasons, string ConfigHash, int? DuplicateOf, bool ExceedsModelCap, bool IsSelected = false)
{
    /// <summary>The row as JSON.</summary>
    public JsonObject ToJson(string scoreSource) => new()
    {
        ["rank"] = Rank, ["combo_id"] = ComboId, ["config"] = Config.DeepClone(), ["sharpe"] = Sharpe,
        ["sharpe_interval"] = SharpeLow is null ? null : new JsonArray(SharpeLow, SharpeHigh), ["return"] = Return, ["trades"] = Trades,
        ["max_drawdown"] = MaxDrawdown, ["gate"] = Gate.ToString().ToUpperInvariant(),
        ["gate_reasons"] = new JsonArray([.. GateReasons.Select(r => (JsonNode?)r)]), ["config_hash"] = ConfigHash, ["selection_checkbox"] = IsSelected,
        ["duplicate_of"] = DuplicateOf, ["score_source"] = scoreSource, ["exceeds_model_cap"] = ExceedsModelCap,
    };
}

/// <summary>A combo to go on with.</summary>
/// <param name="Row">The combo.</param>
/// <param name="IsGateFailed">No combo of the sweep passed; this one is for evidence only (08 §8.12).</param>
public sealed record BestCombo(LeaderboardRow Row, bool IsGateFailed);

/// <summary>All combos of a sweep by rank.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="ScoreSource">What thresholds were compared with: <c>rule</c>, <c>classifier</c> or <c>none</c>.</param>
/// <param name="Rows">Best first.</param>
public sealed record LeaderboardFile(string ModelId, string ScoreSource, IReadOnlyList<LeaderboardRow> Rows)
{
    /// <summary>Combos with PASS.</summary>
    public int Passed => Rows.Count(r => r.Gate == GateStatus.Pass);

    /// <summary>Combos with MARGINAL.</summary>
    public int Marginal => Rows.Count(r => r.Gate == GateStatus.Marginal);

    /// <summary>Combos with FAIL.</summary>
    public int Failed => Rows.Count(r => r.Gate == GateStatus.Fail);

    /// <summary>Ranks combos.</summary>
    public static LeaderboardFile Of(string modelId, IReadOnlyList<ComboResult> combos, string scoreSource)
    {
        var byId = combos.ToDictionary(c => c.ComboId);
        return new(modelId, scoreSource, [.. LeaderboardOrder.Rank(combos.Select(c => new LeaderboardOrder.Entry(c.ComboId, c.Gate.Status, c.Metrics)))
            .Select((entry, i) =>
            {
                ComboResult c = byId[entry.ComboId];
                return new LeaderboardRow(
                    i + 1, c.ComboId, c.Config.ToJson(), c.Metrics.SharpeRatio, c.Metrics.SharpeLow, c.Metrics.SharpeHigh, c.Metrics.TotalReturn,
                    c.Metrics.TotalTrades, c.Metrics.MaxDrawdown, c.Gate.Status, c.Gate.Reasons, c.ConfigHash.Hex, c.DuplicateOf, c.Config.ExceedsModelCap);
            })]);
    }

    /// <summary>The best-ranked different combos with PASS or MARGINAL; of combos with the same trades the best-ranked stands. Where none
    /// passes, the best-ranked ones of all, for evidence only.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<BestCombo> Best(int count)
    {
        bool nonePasses = Passed + Marginal == 0;
        return [.. Rows.Where(r => nonePasses || r.Gate != GateStatus.Fail).DistinctBy(r => r.DuplicateOf ?? r.ComboId).Take(count)
            .Select(r => new BestCombo(r, nonePasses))];
    }

    /// <summary>The object of 02 §2.12.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="total">Combos that were asked for.</param>
    public JsonObject ToJson(string sweepId, int total)
    {
        JsonObject json = new() { ["sweep_id"] = sweepId, ["model_id"] = ModelId, ["total_combinations"] = total };
        foreach (var (key, value) in Counts())
        {
            json[key] = value?.DeepClone();
        }

        json["score_source"] = ScoreSource;
        json["leaderboard_hash"] = Hash.Hex;
        json["leaderboard"] = RowsJson();
        return json;
    }

    /// <summary>Identity of the result: the rows without ids of sweeps, times and people's ticks.</summary>
    public ContentHash Hash => ContentHash.OfJson(new JsonObject
    {
        ["counts"] = Counts(),
        ["leaderboard"] = (this with { Rows = [.. Rows.Select(r => r with { IsSelected = false })] }).RowsJson(),
    });

    private JsonObject Counts() => new()
    {
        ["evaluated"] = Rows.Count, ["passed_gates"] = Passed, ["marginal_gates"] = Marginal, ["failed_gates"] = Failed,
    };

    private JsonArray RowsJson() => new([.. Rows.Select(r => (JsonNode?)r.ToJson(ScoreSource))]);
}
