using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning.Confidence;
using Sigmatiq.Learning.Splits;

namespace Sigmatiq.Tests.Learning.Confidence;

public sealed class ConfidenceBlocksTests
{
    // 300 days of seven hours.
    private static readonly FillBars Bars = SomeConfidence.Hours(300);

    private static readonly TradingDays Days = new(Bars);

    [Fact]
    public void A_window_without_a_past_is_cut_in_six_blocks_of_equal_time()
    {
        // 240 days of selection, 60 held out: blocks of 40 days of seven bars.
        ConfidenceBlocks blocks = ConfidenceBlocks.Cut(Days, new(0, 240 * 7, 240 * 7, 300 * 7));
        blocks.Starts.Should().Equal(0, 280, 560, 840, 1120, 1400, 1680);
        blocks.UsesEarlierBars.Should().BeFalse();
    }

    [Fact]
    public void Bars_before_the_range_are_blocks_one_and_two_where_they_hold_half_its_days()
    {
        // 160 days of selection from day 80 on: quarters of 40 days, and two blocks of 40 before them. The whole window trades.
        ConfidenceBlocks blocks = ConfidenceBlocks.Cut(Days, new(80 * 7, 240 * 7, 240 * 7, 300 * 7));
        blocks.Starts.Should().Equal(0, 280, 560, 840, 1120, 1400, 1680);
        blocks.UsesEarlierBars.Should().BeTrue();
        ConfidenceBlocks later = ConfidenceBlocks.Cut(Days, new(100 * 7, 260 * 7, 260 * 7, 300 * 7));
        later.Starts[0].Should().Be(20 * 7, "blocks are of equal time, so the oldest bars are left alone");
        later.Starts[2].Should().Be(100 * 7);
    }

    [Fact]
    public void A_past_of_one_day_less_does_not_suffice()
    {
        ConfidenceBlocks blocks = ConfidenceBlocks.Cut(Days, new(79 * 7, 239 * 7, 239 * 7, 300 * 7));
        (blocks.UsesEarlierBars, blocks.From, blocks.To).Should().Be((false, 79 * 7, 239 * 7));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(7, 71)]
    [InlineData(61, 123)]
    [InlineData(120, 300)]
    public void Blocks_begin_with_a_day_and_differ_by_a_day_at_most(int fromDay, int toDay)
    {
        SweepWindow window = new(fromDay * 7, toDay * 7, toDay * 7, 300 * 7);
        ConfidenceBlocks blocks = ConfidenceBlocks.Cut(Days, window);
        blocks.Starts.Should().HaveCount(7).And.BeInAscendingOrder().And.OnlyContain(t => t % 7 == 0);
        int[] lengths = [.. Enumerable.Range(0, 6).Select(k => (blocks.Starts[k + 1] - blocks.Starts[k]) / 7)];
        (lengths.Max() - lengths.Min()).Should().BeLessThanOrEqualTo(1);
        blocks.To.Should().Be(window.To);
    }
}
