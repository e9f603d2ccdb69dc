using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>Combos that are nearly the same (spec 02 §2.12): their configs differ in one parameter and more than 90 % of their trades are
/// shared. Two of them on a leaderboard are one idea, not two that agree.</summary>
public static class NearDuplicates
{
    /// <summary>Share of trades above which two combos are nearly the same.</summary>
    public const double OverlapMin = 0.9;

    /// <summary>For each combo that is one, the best-ranked combo it is nearly the same as.</summary>
    /// <param name="rows">Combos, best first. Those with exactly the same trades are left to <see cref="LeaderboardRow.DuplicateOf"/>.</param>
    /// <param name="trades">Entry and exit bars of each combo's trades; a combo without any has none.</param>
    public static IReadOnlyDictionary<int, int> Of(IReadOnlyList<LeaderboardRow> rows, IReadOnlyDictionary<int, IReadOnlySet<(int Entry, int Exit)>> trades)
    {
        var seen = new Dictionary<string, List<LeaderboardRow>>(StringComparer.Ordinal);
        Dictionary<int, int> near = [];
        foreach (LeaderboardRow row in rows)
        {
            foreach (var (key, _) in row.Config)
            {
                JsonObject others = row.Config.DeepClone().AsObject();
                others.Remove(key);
                string family = $"{key}:{CanonicalJson.Text(others)}";
                if (!seen.TryGetValue(family, out List<LeaderboardRow>? better))
                {
                    seen[family] = better = [];
                }

                if (!near.ContainsKey(row.ComboId) && better.Find(b => IsNear(row, b, trades)) is { } first)
                {
                    near[row.ComboId] = first.ComboId;
                }

                better.Add(row);
            }
        }

        return near;
    }

    /// <summary>Share of trades that two combos have in common, of the one that has more; 0 where either has none.</summary>
    public static double Overlap(IReadOnlySet<(int Entry, int Exit)> one, IReadOnlySet<(int Entry, int Exit)> other)
    {
        int most = Math.Max(one.Count, other.Count);
        return most == 0 ? 0 : (double)one.Count(other.Contains) / most;
    }

    private static bool IsNear(LeaderboardRow row, LeaderboardRow better, IReadOnlyDictionary<int, IReadOnlySet<(int Entry, int Exit)>> trades) =>
        (row.DuplicateOf ?? row.ComboId) != (better.DuplicateOf ?? better.ComboId)
        && trades.TryGetValue(row.ComboId, out IReadOnlySet<(int, int)>? own) && trades.TryGetValue(better.ComboId, out IReadOnlySet<(int, int)>? theirs)
        && Overlap(own, theirs) > OverlapMin;
}
