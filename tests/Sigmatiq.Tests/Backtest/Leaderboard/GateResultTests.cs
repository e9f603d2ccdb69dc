using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Tests.Backtest.Leaderboard;

/// <summary>Quality gates at, above and below their limits (02 §2.9); percent in packs, fractions in metrics.</summary>
[Trait("Row", "S1-45")]
[Trait("Row", "S0-15")]
public sealed class GateResultTests
{
    private static readonly QualityGates Limits = new(30, 0.7, 25, 40);
    private static readonly MetricSet Good = new() { TotalTrades = 30, SharpeRatio = 0.7, MaxDrawdown = -0.25, WinRate = 0.4 };

    [Fact]
    public void A_value_at_its_limit_passes()
    {
        GateResult result = GateResult.Of(Limits, Good);
        (result.Status, result.StatusText, result.Reasons.Count).Should().Be((GateStatus.Pass, "PASS", 0));
        result.Checks.Select(c => (c.Name, c.Required, c.Actual)).Should().Equal(
            ("min_trades", 30, 30), ("min_sharpe", 0.7, 0.7), ("max_drawdown", 0.25, 0.25), ("min_win_rate", 0.4, 0.4));
    }

    [Theory]
    [InlineData(29, 0.7, -0.25, 0.4, GateStatus.Marginal, "min_trades_not_met")]
    [InlineData(27, 0.7, -0.25, 0.4, GateStatus.Marginal, "min_trades_not_met")]
    [InlineData(26, 0.7, -0.25, 0.4, GateStatus.Fail, "min_trades_not_met")]
    [InlineData(30, 0.63, -0.25, 0.4, GateStatus.Marginal, "min_sharpe_not_met")]
    [InlineData(30, 0.6299, -0.25, 0.4, GateStatus.Fail, "min_sharpe_not_met")]
    [InlineData(30, 0.7, -0.275, 0.4, GateStatus.Marginal, "max_dd_exceeded")]
    [InlineData(30, 0.7, -0.2751, 0.4, GateStatus.Fail, "max_dd_exceeded")]
    [InlineData(30, 0.7, -0.25, 0.36, GateStatus.Marginal, "min_win_rate_not_met")]
    [InlineData(30, 0.7, -0.25, 0.3599, GateStatus.Fail, "min_win_rate_not_met")]
    [InlineData(31, 0.8, -0.24, 0.41, GateStatus.Pass, null)]
    public void A_miss_of_a_tenth_is_marginal_and_more_fails(int trades, double sharpe, double drawdown, double winRate, GateStatus status, string? reason)
    {
        GateResult result = GateResult.Of(Limits, new() { TotalTrades = trades, SharpeRatio = sharpe, MaxDrawdown = drawdown, WinRate = winRate });
        result.Status.Should().Be(status);
        result.Reasons.Should().Equal(reason is null ? [] : [reason]);
    }

    [Fact]
    public void One_far_miss_makes_several_near_ones_fail() =>
        GateResult.Of(Limits, new() { TotalTrades = 29, SharpeRatio = 0.65, MaxDrawdown = -0.9, WinRate = 0.39 }).Should().BeEquivalentTo(
            new { Status = GateStatus.Fail, Reasons = new[] { "min_trades_not_met", "min_sharpe_not_met", "max_dd_exceeded", "min_win_rate_not_met" } });

    [Fact]
    public void An_undefined_value_fails_and_is_never_marginal() => GateResult.Of(Limits, Good with { SharpeRatio = null }).Status.Should().Be(GateStatus.Fail);

    [Fact]
    public void A_limit_of_zero_has_no_margin()
    {
        QualityGates zero = new(MinSharpe: 0);
        GateResult.Of(zero, new() { SharpeRatio = 0 }).Status.Should().Be(GateStatus.Pass);
        GateResult.Of(zero, new() { SharpeRatio = -1e-9 }).Status.Should().Be(GateStatus.Fail);
    }

    [Fact]
    public void A_gate_without_a_limit_is_not_checked() => GateResult.Of(QualityGates.PlatformDefaults, Good).Checks.Select(c => c.Name)
        .Should().Equal("min_trades", "min_sharpe", "max_drawdown");
}
