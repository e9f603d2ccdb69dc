using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Cuts the combos of a sweep into the pieces that are evaluated and stored one after the other. A function of the combos alone, so
/// that a sweep that goes on after a kill finds the same chunks.</summary>
internal static class SweepChunks
{
    /// <summary>A chunk ends with the path that reaches so many combos: enough work for every thread, little to lose.</summary>
    public const int CombosMin = 256;

    /// <summary>The chunks of a sweep. Where it may end early they are its windows, in an order that is drawn: the ids of a grid walk along its
    /// axes, so that a first window of them would know one threshold only.</summary>
    public static IReadOnlyList<int[]> Cut(IReadOnlyList<ComboWork> combos, SweepRequest request) => request.EarlyStop
        ? [.. Shuffled(combos.Count, Rng.From(request.Seed).Fork("order")).Chunk(EarlyStop.Window)]
        : Cut(combos);

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

    private static int[] Shuffled(int count, Rng rng)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = rng.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
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
