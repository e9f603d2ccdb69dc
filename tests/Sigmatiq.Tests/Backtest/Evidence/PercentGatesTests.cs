using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Tests.Backtest.Evidence;

/// <summary>Vote 1 judges in percent what the leaderboard judges in fractions; at a limit both must say the same (02 §2.9, 04 §4.8).</summary>
[Trait("Row", "S2-32")]
public sealed class PercentGatesTests
{
    [Fact]
    public void A_share_at_a_limit_passes_in_percent_as_it_does_as_a_fraction()
    {
        for (int percent = 1; percent < 100; percent++)
        {
            Judge(percent, percent / 100.0).Should().Be((true, true, GateStatus.Pass), $"{percent} percent is at the limit");
            Judge(percent, (percent - 0.001) / 100).Should().Be((false, true, GateStatus.Marginal), $"under {percent} percent");
            Judge(percent, (percent + 0.001) / 100).Should().Be((true, false, GateStatus.Marginal), $"above {percent} percent");
        }
    }

    // One figure, once as a win rate that must reach the limit, once as a drawdown that must stay within it.
    private static (bool WinRate, bool Drawdown, GateStatus Quality) Judge(double limitPct, double share)
    {
        QualityGates limits = new(MaxDrawdownPct: limitPct, MinWinRatePct: limitPct);
        MetricSet metrics = new() { WinRate = share, MaxDrawdown = -share, TotalTrades = 100 };
        IReadOnlyList<VoteGate> gates = VoteOne.Cast(limits, metrics, 252, double.NaN, 12, null).Gates;
        return (
            gates.Single(g => g.Gate == "min_win_rate_pct").Passed, gates.Single(g => g.Gate == "max_drawdown_pct").Passed,
            GateResult.Of(limits, metrics).Status);
    }
}
