using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Backtest.Sweeps;

public sealed class SharedPathsTests
{
    [Fact]
    public void Every_combo_follows_one_path_whose_signals_and_effective_barriers_are_its_own()
    {
        const long Seed = 7;
        Rng rng = Rng.From(Seed);
        for (int round = 0; round < 200; round++)
        {
            Barriers[] some = [.. Enumerable.Range(0, 1 + rng.NextInt(6)).Select(_ => BarriersOf(rng))];
            int sets = 1 + rng.NextInt(5);

            // Now the same object as another combo's, now an equal one, as configs may come.
            ComboWork[] work =
            [
                .. Enumerable.Range(0, rng.NextInt(80)).Select(_ =>
                {
                    Barriers own = some[rng.NextInt(some.Length)];
                    return new ComboWork(rng.NextInt(sets), rng.NextInt(2) == 0 ? own : own with { }, new(SizingMethod.FixedPct, 10));
                }),
            ];

            SharedPaths paths = SharedPaths.Of(work, sets);

            var expected = work.Select((w, i) => (Key: (w.SignalSet, w.Barriers.Effective()), i)).GroupBy(w => w.Key, w => w.i).ToDictionary(g => g.Key, g => g.ToArray());
            paths.Count.Should().Be(expected.Count, "seed {0}, round {1}", Seed, round);
            for (int path = 0; path < paths.Count; path++)
            {
                int[] combos = paths.CombosOf(path).ToArray();
                combos.Should().Equal(expected[(work[combos[0]].SignalSet, paths.BarriersOf(path))], "seed {0}, round {1}, path {2}", Seed, round, path);
                if (path > 0 && paths.BarriersNumberOf(path) != paths.BarriersNumberOf(path - 1))
                {
                    Enumerable.Range(0, path).Should().NotContain(p => paths.BarriersNumberOf(p) == paths.BarriersNumberOf(path), "they stand side by side");
                }
            }
        }
    }

    private static Barriers BarriersOf(Rng rng) => new(Maybe(rng), Maybe(rng), Maybe(rng), rng.NextInt(2) == 0 ? null : 1 + rng.NextInt(3));

    private static double? Maybe(Rng rng) => rng.NextInt(3) == 0 ? null : 1 + rng.NextInt(3);
}
