using Sigmatiq.Backtest.Fills;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Cuts the combos of a sweep into the pieces that are evaluated and stored one after the other. A function of the combos alone, so
/// that a sweep that goes on after a kill finds the same chunks.</summary>
internal static class SweepChunks
{
    /// <summary>A chunk ends with the path that reaches so many combos: enough work for every thread, little to lose.</summary>
    public const int CombosMin = 256;

    /// <summary>Positions by chunk: combos of one path stand together, paths in the order of their first combo.</summary>
    public static IReadOnlyList<int[]> Cut(IReadOnlyList<ComboWork> combos)
    {
        List<int[]> chunks = [];
        List<int> open = [];
        foreach (List<int> path in ByPath(combos))
        {
            open.AddRange(path);
            if (open.Count >= CombosMin)
            {
                chunks.Add([.. open]);
                open.Clear();
            }
        }

        if (open.Count > 0)
        {
            chunks.Add([.. open]);
        }

        return chunks;
    }

    private static List<List<int>> ByPath(IReadOnlyList<ComboWork> combos)
    {
        var known = new Dictionary<(int, Barriers), List<int>>();
        List<List<int>> paths = [];
        for (int i = 0; i < combos.Count; i++)
        {
            (int, Barriers) key = (combos[i].SignalSet, combos[i].Barriers.Effective());
            if (!known.TryGetValue(key, out List<int>? path))
            {
                paths.Add(known[key] = path = []);
            }

            path.Add(i);
        }

        return paths;
    }
}
