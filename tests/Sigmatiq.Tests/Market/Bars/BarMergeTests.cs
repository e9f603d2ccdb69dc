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

    private static BarColumns Some(BarColumns bars, bool[] keep)
    {
        T[] Kept<T>(T[] column) => [.. column.Where((_, t) => keep[t])];
        return new(bars.Symbol, bars.Interval, Kept(bars.StartUtcUs), Kept(bars.Open), Kept(bars.High), Kept(bars.Low), Kept(bars.Close), Kept(bars.Volume));
    }
}
