using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;

namespace Sigmatiq.Tests.Backtest.Evidence;

/// <summary>The gates of vote 1 that ask how much choosing stands behind a combo (08 §8.10).</summary>
public sealed class OverfittingGatesTests
{
    [Theory]
    [InlineData(0.2, 0.95, Recommendation.Promote)]
    [InlineData(0.2001, 0.99, Recommendation.Review)]
    [InlineData(0.0, 0.9499, Recommendation.Review)]
    [InlineData(null, 0.99, Recommendation.Review)]
    [InlineData(0.1, null, Recommendation.Review)]
    public void Failing_either_makes_it_review_at_best(double? pbo, double? deflated, Recommendation want)
    {
        VoteOne vote = Cast(pbo, p: 0.01).WithTrials(Deflated(deflated), 500);
        vote.Recommendation.Should().Be(want);
        vote.Gates.Single(g => g.Gate == "max_pbo").Should().Match<VoteGate>(g => g.Threshold == 0.2 && g.Comparator == "<=" && !g.IsCritical && g.Window == "selection" && g.Sample == 31);
        vote.Gates[^1].Should().Match<VoteGate>(g => g.Gate == "min_deflated_sharpe" && g.Threshold == 0.95 && g.Comparator == ">=" && !g.IsCritical && g.Sample == 500);
        vote.GatesJson().Should().HaveCount(vote.Gates.Count);
    }

    [Fact]
    public void Passing_both_mends_nothing_else()
    {
        Cast(0, p: 0.2).WithTrials(Deflated(1), 500).Recommendation.Should().Be(Recommendation.Review);
        VoteOne rejected = new([new("g", "G", ">", 0, -1, true, "selection", 1)], Recommendation.Reject);
        rejected.WithTrials(Deflated(1), 500).Recommendation.Should().Be(Recommendation.Reject);
        rejected.WithTrials(Deflated(0), 500).Recommendation.Should().Be(Recommendation.Reject);
    }

    [Fact]
    public void Doubts_say_what_the_figures_mean_and_why_one_is_missing()
    {
        OverfittingWords.Of(Overfit(0.31)).Should().StartWith("Probability of overfitting 0.31: in so many of 12,870 ways").And.Contain("under 0.5 in about half of all sweeps")
            .And.NotContain("longest position");
        OverfittingWords.Of(Overfit(0.31) with { LongestHoldDays = 40 }).Should().Contain("A block has 25 days and the longest position 40");
        OverfittingWords.Of(Overfit(null)).Should().Contain("cannot be said").And.Contain("9 different combos");
        OverfittingWords.Of(Deflated(0.62) with { Floor = 0.1 }, new(90, 45, 0.001), 252).Should().StartWith("Deflated Sharpe 0.62").And.Contain("above 1.59").And.Contain("45 different trials").And.Contain("90 in all");
        OverfittingWords.Of(Deflated(null), new(90, 45, null), 252).Should().Contain("cannot be said").And.Contain("do not vary");
    }

    private static VoteOne Cast(double? pbo, double p) => VoteOne.Cast(
        new(), new MetricSet { TotalTrades = 50, Periods = 500, SharpeRatio = 1 }, 252, double.NaN, 20, new(p, 0.001, 0.01, 20), null, Overfit(pbo));

    private static OverfitProbability Overfit(double? pbo) =>
        new(pbo, 31, 12_870, 0, 16, 25, 10, pbo is null ? "9 different combos are too few to rank; it takes 10." : null);

    private static DeflatedSharpe Deflated(double? value) => new(value, 0.1, 45, value is null ? "The returns do not vary, so there is no Sharpe ratio." : null);
}
