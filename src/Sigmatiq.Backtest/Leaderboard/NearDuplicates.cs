using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Leaderboard;

/// <summary>Combos that are nearly the same (spec 02 §2.12): their configs differ in one parameter and more than 90 % of their trades are
/// shared. Two of them on a leaderboard are one idea, not two that agree.</summary>
public static class NearDuplicates
{
    /// <summary>Share of trades above which two combos are nearly the same.</summary>
    public const double OverlapMin = 0.9;

    /// <summary>A combo as it is compared.</summary>
    /// <param name="ComboId">The combo.</param>
    /// <param name="SameTrades">The lowest id with the same trades: two of one are no near duplicates but the same.</param>
    /// <param name="Values">Its swept parameters as text, in one order for all.</param>
    public readonly record struct Entry(int ComboId, int SameTrades, IReadOnlyList<string> Values);

    /// <summary>For each combo that is one, the best-ranked combo it is nearly the same as.</summary>
    /// <param name="rows">Combos, best first. Those with exactly the same trades are left to <see cref="LeaderboardRow.DuplicateOf"/>.</param>
    /// <param name="trades">Entry and exit bars of each combo's trades; a combo without any has none.</param>
    public static IReadOnlyDictionary<int, int> Of(IReadOnlyList<LeaderboardRow> rows, IReadOnlyDictionary<int, IReadOnlySet<(int Entry, int Exit)>> trades) =>
        Of([.. rows.Select(r => new Entry(r.ComboId, r.DuplicateOf ?? r.ComboId, [.. r.Config.Select(c => CanonicalJson.Text(c.Value))]))], trades);

    /// <summary>For each combo that is one, the best-ranked combo it is nearly the same as.</summary>
    /// <param name="rows">Combos, best first.</param>
    /// <param name="trades">Entry and exit bars of each combo's trades; a combo without any has none.</param>
    public static IReadOnlyDictionary<int, int> Of(IReadOnlyList<Entry> rows, IReadOnlyDictionary<int, IReadOnlySet<(int Entry, int Exit)>> trades)
    {
        var seen = new Dictionary<string, List<Entry>>(StringComparer.Ordinal);
        Dictionary<int, int> near = [];
        foreach (Entry row in rows)
        {
            for (int left = 0; left < row.Values.Count; left++)
            {
                // Those that agree in all but this parameter.
                string family = $"{left}:{string.Join('|', row.Values.Where((_, i) => i != left))}";
                if (!seen.TryGetValue(family, out List<Entry>? better))
                {
                    seen[family] = better = [];
                }

                int found = near.ContainsKey(row.ComboId) ? -1 : better.FindIndex(b => IsNear(row, b, trades));
                if (found >= 0)
                {
                    near[row.ComboId] = better[found].ComboId;
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

    private static bool IsNear(Entry row, Entry better, IReadOnlyDictionary<int, IReadOnlySet<(int Entry, int Exit)>> trades) =>
        row.SameTrades != better.SameTrades
        && trades.TryGetValue(row.ComboId, out IReadOnlySet<(int, int)>? own) && trades.TryGetValue(better.ComboId, out IReadOnlySet<(int, int)>? theirs)
        && Overlap(own, theirs) > OverlapMin;
}
