using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Market.Simulator;

namespace Sigmatiq.Tests.Market.Bars;

public sealed class BarMergeTests
{
    [Fact]
    public void Newer_bars_stand_where_both_are_there_and_every_bar_is_counted()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Rng rng = Rng.From(seed);
            BarColumns all = MadeBars.OnSessions(Interval.Hour1, new(2024, 1, 2), new(2024, 1, 12), rng), other = MadeBars.At(Interval.Hour1, all.StartUtcUs, rng);
            bool[] inOlder = [.. all.StartUtcUs.Select(_ => rng.NextInt(2) == 0)], inNewer = [.. all.StartUtcUs.Select(_ => rng.NextInt(2) == 0)];
            BarMerge merge = BarMerge.Of(Some(other, inOlder), Some(all, inNewer));

            merge.Added.Should().Be(all.StartUtcUs.Where((_, t) => inNewer[t] && !inOlder[t]).Count(), $"seed {seed}");
            merge.Corrected.Should().Be(all.StartUtcUs.Where((_, t) => inNewer[t] && inOlder[t]).Count(), $"seed {seed}");
            merge.Bars.StartUtcUs.Should().Equal(all.StartUtcUs.Where((_, t) => inNewer[t] || inOlder[t]), $"seed {seed}");
            merge.Bars.Close.Should().Equal(Enumerable.Range(0, all.Count).Where(t => inNewer[t] || inOlder[t]).Select(t => inNewer[t] ? all.Close[t] : other.Close[t]), $"seed {seed}");
            BarMerge again = BarMerge.Of(merge.Bars, Some(all, inNewer));
            (again.Added, again.Corrected).Should().Be((0, 0), $"seed {seed}");
            MarketSimulatorTests.AssertSame(again.Bars, merge.Bars);
        }
    }

    [Fact]
    public void Older_adjustment_factors_come_to_the_newer_scale_so_that_no_jump_is_made()
    {
        // Before: factors count back from day 3. Then a 2 % dividend after day 3: everything up to day 3 has 0.98 of its factor.
        BarColumns older = Days(0, [0.95, 1, 1], [100, 95, 96]), newer = Days(2, [0.98, 1], [96, 94]);
        BarMerge merge = BarMerge.Of(older, newer);
        merge.Bars.AdjFactor.Should().Equal(0.95 * 0.98, 0.98, 0.98, 1);
        merge.Bars.Adjusted().Close.Should().Equal(100 * (0.95 * 0.98), 95 * 0.98, 96 * 0.98, 94);
        BarMerge.Of(merge.Bars, newer).Corrected.Should().Be(0);
    }

    [Fact]
    public void A_series_that_lacks_a_factor_is_not_adjusted_at_all()
    {
        BarColumns mixed = BarMerge.Of(Days(0, null, [100, 95]), Days(2, [0.5, 1], [96, 94])).Bars;
        mixed.IsAdjustable.Should().BeFalse();
        mixed.Adjusted().Close.Should().Equal(100, 95, 96, 94);
    }

    private static BarColumns Days(int first, double[]? factors, double[] close) => new(
        Sigmatiq.Market.Symbols.Symbol.Parse("TEST"), Interval.Day1, [.. close.Select((_, i) => (first + i) * 86_400_000_000L)], close, close, close, close,
        [.. close.Select(_ => 1.0)], factors);

    private static BarColumns Some(BarColumns bars, bool[] keep)
    {
        T[] Kept<T>(T[] column) => [.. column.Where((_, t) => keep[t])];
        return new(bars.Symbol, bars.Interval, Kept(bars.StartUtcUs), Kept(bars.Open), Kept(bars.High), Kept(bars.Low), Kept(bars.Close), Kept(bars.Volume));
    }
}
