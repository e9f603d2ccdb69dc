using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado and Zhu
/// 2015; spec 08 §8.10): how often the combo that is best on one half of the days is in the lower half of all on the other days.</summary>
/// <remarks>The days are cut into 16 blocks; each choice of 8 is once the half to choose on, the other 8 the half to judge on. Choosing
/// among noise gives about 0.5, so noise alone stays under 0.5 in about half of all sweeps; a combo that is truly better gives nearly 0.</remarks>
/// <param name="Value">PBO, 0 to 1; null where it cannot be said.</param>
/// <param name="Combos">Different combos compared.</param>
/// <param name="Splits">Ways to halve the blocks, 12,870 for 16.</param>
/// <param name="Overfit">Splits whose best combo was at or below the median afterwards, a tie for the best counted by its mean.</param>
/// <param name="Blocks">Number of blocks.</param>
/// <param name="BlockDays">Days of the shortest block.</param>
/// <param name="LongestHoldDays">Trading days of the longest position; 0 where it is not known.</param>
/// <param name="Reason">Why there is no value, in words; null where there is one.</param>
public sealed record OverfitProbability(
    double? Value, int Combos, int Splits, double Overfit, int Blocks, int BlockDays, int LongestHoldDays, string? Reason)
{
    /// <summary>Blocks of whole days.</summary>
    public const int DefaultBlocks = 16;

    /// <summary>With fewer combos a rank says nothing.</summary>
    public const int CombosMin = 10;

    /// <summary>Whether a block is shorter than the longest position, so that one trade lies in both halves of some splits.</summary>
    public bool IsFlagged => Value is not null && BlockDays < LongestHoldDays;

    /// <summary>PBO of a sweep.</summary>
    /// <param name="returns">Daily returns of the different combos, one column each, all of one length, shape [combos][days].</param>
    /// <param name="longestHoldDays">Trading days of the longest position; 0 where it is not known.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="ct">Stops between splits.</param>
    public static OverfitProbability Of(IReadOnlyList<double[]> returns, int longestHoldDays, int threads, CancellationToken ct) =>
        Of(returns, DefaultBlocks, CombosMin, longestHoldDays, threads, ct);

    /// <summary>The same with other blocks than 16, for examples that fit on a page.</summary>
    internal static OverfitProbability Of(
        IReadOnlyList<double[]> returns, int blocks, int combosMin, int longestHoldDays, int threads, CancellationToken ct)
    {
        int combos = returns.Count, days = combos == 0 ? 0 : returns[0].Length, blockDays = days / blocks;
        OverfitProbability No(string reason) => new(null, combos, 0, 0, blocks, blockDays, longestHoldDays, reason);
        if (combos < combosMin)
        {
            return No(FormattableString.Invariant($"{combos} different combos are too few to rank; it takes {combosMin}."));
        }

        if (blockDays < 1)
        {
            return No(FormattableString.Invariant($"{days} days are too few for {blocks} blocks of whole days."));
        }

        (int splits, double overfit) = HalfSplits.Judge(new BlockSums(returns, blocks), threads, ct);
        return new(overfit / splits, combos, splits, overfit, blocks, blockDays, longestHoldDays, null);
    }

    /// <summary>The object of leaderboards and evidence.</summary>
    public JsonObject ToJson() => new()
    {
        ["pbo"] = Value, ["combos"] = Combos, ["splits"] = Splits, ["overfit_splits"] = Overfit, ["blocks"] = Blocks, ["block_days"] = BlockDays,
        ["longest_hold_days"] = LongestHoldDays, ["block_shorter_than_hold"] = IsFlagged, ["reason"] = Reason,
    };

    /// <summary>What <see cref="ToJson"/> wrote; null for a sweep of before.</summary>
    public static OverfitProbability? Parse(JsonNode? json) => json is null ? null : new(
        json["pbo"]?.GetValue<double>(), json["combos"]!.GetValue<int>(), json["splits"]!.GetValue<int>(), json["overfit_splits"]!.GetValue<double>(),
        json["blocks"]!.GetValue<int>(), json["block_days"]!.GetValue<int>(), json["longest_hold_days"]!.GetValue<int>(), json["reason"]?.GetValue<string>());
}
