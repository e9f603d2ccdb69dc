using Sigmatiq.Learning.Calibration;

namespace Sigmatiq.Tests.Learning.Calibration;

public sealed class ReliabilityTests
{
    [Fact]
    public void The_brier_score_is_the_mean_squared_miss()
    {
        Reliability.Brier([0.9, 0.2, 0.5], [1, 0, 1]).Should().BeApproximately((0.01 + 0.04 + 0.25) / 3, 1e-15);
        Reliability.Brier([], []).Should().BeNull();
    }

    [Fact]
    public void Ten_bins_hold_every_row_once()
    {
        IReadOnlyList<ReliabilityBin> table = Reliability.Table([0, 0.05, 0.1, 0.55, 0.999, 1], [0, 1, 0, 1, 1, 1]);
        table.Should().HaveCount(10);
        table.Select(b => b.Count).Should().Equal(2, 1, 0, 0, 0, 1, 0, 0, 0, 2);
        table[0].MeanProbability.Should().BeApproximately(0.025, 1e-15);
        table[0].ShareOfGains.Should().Be(0.5);
        table[2].MeanProbability.Should().BeNull();
        table[9].ShareOfGains.Should().Be(1);
    }
}
