using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Tests.Backtest.Evidence;

public sealed class ClassifierSkillGateTests
{
    [Theory]
    [InlineData(-0.1, false)]
    [InlineData(0.0, false)]
    [InlineData(0.1, true)]
    public void A_classifier_whose_score_does_not_rank_forward_fails_its_gate_and_is_never_promoted(double slope, bool passes)
    {
        VoteOne vote = VoteOne.Cast(new(), new MetricSet { TotalTrades = 50, Periods = 500, SharpeRatio = 1 }, 252, 0.5, 20, new(0.01, 0.001, 0.01, 20), slope);
        vote.Gates.Single(g => g.Gate == "classifier_skill").Passed.Should().Be(passes);
        vote.Recommendation.Should().Be(passes ? Recommendation.Promote : Recommendation.Review);
    }

    [Fact]
    public void Without_a_trained_model_there_is_no_such_gate() =>
        VoteOne.Cast(new(), new MetricSet(), 252, 0.5, 20, null).Gates.Should().NotContain(g => g.Gate == "classifier_skill");
}
