using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>A row with what keeps it from being believed too easily.</summary>
/// <param name="Row">The row as the sweep wrote it.</param>
/// <param name="Robust">Break-even cost and ambiguous bars.</param>
/// <param name="Deflated">Its deflated Sharpe ratio as the ledger stands.</param>
/// <param name="NearDuplicateOf">The better-ranked combo that it is nearly the same as, or null.</param>
public sealed record JudgedRow(LeaderboardRow Row, RobustFigures Robust, DeflatedSharpe Deflated, int? NearDuplicateOf)
{
    /// <summary>The row as JSON.</summary>
    public JsonObject ToJson(string scoreSource)
    {
        JsonObject json = Row.ToJson(scoreSource);
        json["deflated_sharpe"] = Deflated.Value;
        json["deflated_sharpe_reason"] = Deflated.Reason;
        json["break_even_bps"] = Robust.BreakEvenBps;
        json["ambiguous_bars"] = Robust.AmbiguousBars;
        json["pessimistic"] = new JsonObject { ["return"] = Row.Return, ["sharpe"] = Row.Sharpe, ["max_drawdown"] = Row.MaxDrawdown };
        json["optimistic"] = new JsonObject { ["return"] = Robust.OptimisticReturn, ["sharpe"] = Robust.OptimisticSharpe, ["max_drawdown"] = Robust.OptimisticDrawdown };
        json["near_duplicate_of"] = NearDuplicateOf;
        return json;
    }
}

/// <summary>A leaderboard as it is shown: beside what the sweep wrote stands what the store knows now, the trials on the idea.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Deflation">What the ledger says of it.</param>
/// <param name="Rows">Best first.</param>
public sealed record JudgedLeaderboard(StoredSweep Sweep, Deflation Deflation, IReadOnlyList<JudgedRow> Rows)
{
    /// <summary>Judges a sweep's combos.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="deflation">What the ledger says of it.</param>
    /// <param name="trades">Trades by combo, for near duplicates; empty where they are not looked for.</param>
    public static JudgedLeaderboard Of(StoredSweep sweep, Deflation deflation, IReadOnlyDictionary<int, IReadOnlySet<(int Entry, int Exit)>> trades) =>
        Of(sweep, deflation, trades.Count == 0 ? new Dictionary<int, int>() : NearDuplicates.Of(sweep.Leaderboard.Rows, trades));

    /// <summary>Judges a sweep's combos, or those of a page of it.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="deflation">What the ledger says of it.</param>
    /// <param name="near">For each combo that is one, the best-ranked combo it is nearly the same as.</param>
    public static JudgedLeaderboard Of(StoredSweep sweep, Deflation deflation, IReadOnlyDictionary<int, int> near) =>
        new(sweep, deflation, [.. sweep.Leaderboard.Rows.Select(r =>
        {
            StoredCombo combo = sweep.Combo(r.ComboId);
            return new JudgedRow(r, combo.Robust, deflation.Of(combo), near.TryGetValue(r.ComboId, out int other) ? other : null);
        })]);

    /// <summary>The object of 02 §2.12 with the trials and the probability of overfitting.</summary>
    /// <param name="rows">The rows to show; all where null.</param>
    public JsonObject ToJson(IEnumerable<JudgedRow>? rows = null)
    {
        JsonObject json = Sweep.ToJson();
        json["trials"] = Deflation.ToJson();
        json["leaderboard"] = new JsonArray([.. (rows ?? Rows).Select(r => (JsonNode?)r.ToJson(Sweep.ScoreSource))]);
        return json;
    }

    /// <summary>Trials and overfitting in one sentence.</summary>
    public string Words()
    {
        string pbo = Sweep.Overfit is not { } overfit ? "It was made before the probability of overfitting was computed."
            : overfit.Value is { } value ? FormattableString.Invariant($"Probability of overfitting {value:0.00} over {overfit.Combos} different combos.")
                + (overfit.IsFlagged ? FormattableString.Invariant($" A block has {overfit.BlockDays} days and the longest position {overfit.LongestHoldDays}: it may read too low.") : "")
            : $"The probability of overfitting cannot be said. {overfit.Reason}";
        return FormattableString.Invariant($"{Deflation.Count.Different} different trials on this idea so far, {Deflation.Count.Raw} in all. {pbo}");
    }
}
