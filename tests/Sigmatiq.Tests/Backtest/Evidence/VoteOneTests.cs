using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Tests.Backtest.Evidence;

/// <summary>Vote 1 at, above and below each limit (04 §4.8, §4.21).</summary>
[Trait("Row", "S2-32")]
public sealed class VoteOneTests
{
    private static readonly QualityGates Limits = new(30, 0.7, 25, 40);
    private static readonly MetricSet Good = new()
    {
        TotalTrades = 30, SharpeRatio = 0.7, SharpeLow = -0.1, SharpeHigh = 1.5, MaxDrawdown = -0.25, WinRate = 0.4, Periods = 505,
    };

    [Fact]
    public void Every_gate_at_its_limit_promotes_but_significance_is_strict()
    {
        VoteOne vote = Cast(Good, 0.0499);
        vote.Recommendation.Should().Be(Recommendation.Promote);
        vote.Confidence.Should().Be(1);
        vote.Gates.Select(g => (g.Gate, g.Comparator, g.Threshold, g.IsCritical, g.Window)).Should().Equal(
            ("min_trades", ">=", 30, false, "selection"), ("min_sharpe_ratio", ">=", 0.7, false, "selection"),
            ("max_drawdown_pct", "<=", 25, true, "selection"), ("min_win_rate_pct", ">=", 40, false, "selection"),
            ("statistical_significance", "<", 0.05, false, "holdout"));
        Cast(Good, 0.05).Recommendation.Should().Be(Recommendation.Review);
        Cast(Good, null).Gates[^1].Passed.Should().BeFalse("no trade on the hold-out proves nothing");
    }

    [Theory]
    [InlineData(29, 0.7, -0.25, 0.4, Recommendation.Review)]
    [InlineData(26, 0.7, -0.25, 0.4, Recommendation.Reject)]
    [InlineData(30, 0.69, -0.25, 0.4, Recommendation.Review)]
    [InlineData(30, 0.5, -0.25, 0.4, Recommendation.Reject)]
    [InlineData(30, 0.7, -0.2500001, 0.4, Recommendation.Reject)]
    [InlineData(30, 0.7, -0.25, 0.39, Recommendation.Review)]
    [InlineData(30, 0.7, -0.25, 0.3, Recommendation.Reject)]
    public void A_near_miss_is_for_review_and_a_critical_or_far_one_rejects(int trades, double sharpe, double drawdown, double winRate, Recommendation want) =>
        Cast(Good with { TotalTrades = trades, SharpeRatio = sharpe, MaxDrawdown = drawdown, WinRate = winRate }, 0.01).Recommendation.Should().Be(want);

    [Theory]
    [InlineData(">", 1.0, false)]
    [InlineData(">", 1.0000001, true)]
    [InlineData(">=", 1.0, true)]
    [InlineData(">=", 0.9999999, false)]
    [InlineData("<", 1.0, false)]
    [InlineData("<", 0.9999999, true)]
    [InlineData("<=", 1.0, true)]
    [InlineData("<=", 1.0000001, false)]
    public void Each_comparator_means_what_it_says(string comparator, double value, bool passes)
    {
        new VoteGate("g", "G", comparator, 1, value, false, "holdout", 1).Passed.Should().Be(passes);
        new VoteGate("g", "G", comparator, 1, null, false, "holdout", 1).Passed.Should().BeFalse("an undefined value fails");
    }

    [Fact]
    public void Beside_each_gate_stands_what_it_can_tell()
    {
        VoteOne vote = Cast(Good with { TotalTrades = 30, WinRate = 0.5 }, 0.01, noSkill: 0.6);
        VoteGate sharpe = vote.Gates.Single(g => g.Gate == "min_sharpe_ratio"), win = vote.Gates.Single(g => g.Gate == "min_win_rate_pct");

        // No skill: SR ~ N(0, 1/(T − 1)) per period, so the annual limit of 0.7 on 504/252 years is 0.7·√2 = 0.99 deviations: 16 %.
        sharpe.FalsePass.Should().BeApproximately(0.1611, 1e-3);
        sharpe.Interval.Should().Be((-0.1, 1.5));

        // At a no-skill win rate of 60 %, 40 % of 30 trades (12) is reached almost always: 1 − P(X ≤ 11) = 0.9917.
        win.FalsePass.Should().BeApproximately(0.9917, 1e-3);
        (Math.Round(win.Interval!.Value.Low), Math.Round(win.Interval.Value.High)).Should().Be((33, 67));
        vote.Gates.Single(g => g.Gate == "max_drawdown_pct").FalsePass.Should().BeNull("a limit of damage says nothing of skill");
        vote.Gates.Single(g => g.Gate == "min_trades").FalsePass.Should().BeNull();
        vote.Gates[^1].FalsePass.Should().Be(0.05);
        win.ToJson()["false_pass"]!.GetValue<double>().Should().Be(win.FalsePass);
    }

    [Fact]
    public void A_combo_that_failed_its_quality_gates_is_rejected_whatever_the_rest_says() =>
        VoteOne.Recommend([new("g", "G", ">", 0, 1, false, "holdout", 1)], GateStatus.Fail).Should().Be(Recommendation.Reject);

    private static VoteOne Cast(MetricSet selection, double? p, double noSkill = double.NaN) =>
        VoteOne.Cast(Limits, selection, 252, noSkill, 12, p is { } value ? new(value, 0.001, 0.02, 10) : null);
}
