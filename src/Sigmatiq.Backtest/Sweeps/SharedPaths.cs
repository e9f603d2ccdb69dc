using Sigmatiq.Backtest.Fills;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>The distinct paths of some combos: one for all that have the same signals and effective barriers. Paths under the same barriers
/// stand side by side, and the combos of a path in the order of their list.</summary>
internal sealed class SharedPaths
{
    private readonly int[] combos, first, barriersOf;
    private readonly List<Barriers> barriers;

    private SharedPaths(int[] combos, int[] first, int[] barriersOf, List<Barriers> barriers)
    {
        this.combos = combos;
        this.first = first;
        this.barriersOf = barriersOf;
        this.barriers = barriers;
    }

    /// <summary>How many paths there are.</summary>
    public int Count => barriersOf.Length;

    /// <summary>Finds the paths by sorting the combos by signal set, then by barriers, both by counting.</summary>
    /// <param name="work">The combos.</param>
    /// <param name="signalSets">How many signal sets they are of.</param>
    public static SharedPaths Of(ComboWork[] work, int signalSets)
    {
        (int[] barriersOf, List<Barriers> distinct) = EffectiveBarriers(work);
        int[] setOf = new int[work.Length], all = new int[work.Length];
        for (int i = 0; i < all.Length; i++)
        {
            setOf[i] = work[i].SignalSet;
            all[i] = i;
        }

        int[] sorted = SortedBy(SortedBy(all, setOf, signalSets), barriersOf, distinct.Count);
        List<int> first = [], numbers = [];
        int setBefore = -1, barriersBefore = -1;
        for (int k = 0; k < sorted.Length; k++)
        {
            int set = setOf[sorted[k]], under = barriersOf[sorted[k]];
            if (set != setBefore || under != barriersBefore)
            {
                first.Add(k);
                numbers.Add(under);
                (setBefore, barriersBefore) = (set, under);
            }
        }

        first.Add(sorted.Length);
        return new(sorted, [.. first], [.. numbers], distinct);
    }

    /// <summary>The combos that follow a path.</summary>
    public ReadOnlySpan<int> CombosOf(int path) => combos.AsSpan(first[path], first[path + 1] - first[path]);

    /// <summary>The effective barriers of a path.</summary>
    public Barriers BarriersOf(int path) => barriers[barriersOf[path]];

    /// <summary>A number that the paths under the same barriers share.</summary>
    public int BarriersNumberOf(int path) => barriersOf[path];

    private static (int[] Of, List<Barriers> Distinct) EffectiveBarriers(ComboWork[] work)
    {
        List<Barriers> distinct = [];
        var numberOf = new Dictionary<Barriers, int>();
        var known = new Dictionary<Barriers, int>(ReferenceEqualityComparer.Instance);
        int[] of = new int[work.Length];
        Barriers? before = null;
        int number = -1;
        for (int i = 0; i < work.Length; i++)
        {
            // The same object stands in most combos with the same barriers, and neighbours in a grid often share it.
            Barriers own = work[i].Barriers;
            if (!ReferenceEquals(own, before) && !known.TryGetValue(own, out number))
            {
                Barriers effective = own.Effective();
                if (!numberOf.TryGetValue(effective, out number))
                {
                    numberOf[effective] = number = distinct.Count;
                    distinct.Add(effective);
                }

                known[own] = number;
            }

            before = own;
            of[i] = number;
        }

        return (of, distinct);
    }

    // Stable.
    private static int[] SortedBy(int[] combos, int[] keyOf, int keys)
    {
        int[] until = new int[keys], sorted = new int[combos.Length];
        foreach (int key in keyOf)
        {
            until[key]++;
        }

        for (int key = 1; key < keys; key++)
        {
            until[key] += until[key - 1];
        }

        for (int k = combos.Length - 1; k >= 0; k--)
        {
            sorted[--until[keyOf[combos[k]]]] = combos[k];
        }

        return sorted;
    }
}
