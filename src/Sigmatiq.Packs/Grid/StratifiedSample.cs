using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Packs.Grid;

/// <summary>A seeded sample of a grid in which every value of every parameter appears (02 §2.4).</summary>
/// <remarks>Latin hypercube: each round deals every axis a fresh shuffle of its values over the rows of the round, so that values appear
/// equally often up to one; the first round alone already shows each value. Rows that were drawn before are skipped.</remarks>
public static class StratifiedSample
{
    /// <summary>Draws distinct ids, ascending.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="count">How many; not more than the grid has.</param>
    /// <param name="seed">Same seed, same sample.</param>
    public static IReadOnlyList<int> Draw(ParameterGrid grid, int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, grid.Size);
        int rows = grid.Axes.Max(a => a.Values.Count);
        SortedSet<int> drawn = [];
        int[] row = new int[grid.Axes.Count];
        Rng rng = Rng.From(seed).Fork("sample");

        // Rounds may hit what was drawn before, and do so more the fuller the sample is; after many the rest is drawn one by one.
        for (int round = 0; round < 50 * ((count / rows) + 1) && drawn.Count < count; round++)
        {
            int[][] dealt = [.. grid.Axes.Select((a, i) => Deal(a.Values.Count, rows, rng.Fork("round", round).Fork("axis", i)))];
            for (int r = 0; r < rows && drawn.Count < count; r++)
            {
                for (int a = 0; a < row.Length; a++)
                {
                    row[a] = dealt[a][r];
                }

                drawn.Add(grid.IdOf(row));
            }
        }

        Rng rest = rng.Fork("rest");
        while (drawn.Count < count)
        {
            drawn.Add(1 + rest.NextInt((int)grid.Size));
        }

        return [.. drawn];
    }

    // The values over the rows, each equally often up to one, in random order.
    private static int[] Deal(int values, int rows, Rng rng)
    {
        int[] order = Shuffled(values, rng), dealt = new int[rows];
        for (int r = 0; r < rows; r++)
        {
            dealt[r] = order[r % values];
        }

        int[] places = Shuffled(rows, rng);
        return [.. places.Select(p => dealt[p])];
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
}
