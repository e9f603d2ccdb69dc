using Sigmatiq.Backtest.Sweeps;

namespace Sigmatiq.Tests.Backtest.Sweeps;

public sealed class PaceTests
{
    private static readonly long Second = TimeProvider.System.TimestampFrequency;
    private readonly Pace pace = new(TimeProvider.System);

    [Fact]
    public void What_is_left_takes_as_long_as_the_pace_so_far_says()
    {
        pace.Left(0, 0).Should().BeNull();
        // A quarter in 10 s: three quarters in 30 s.
        pace.Left(0.25, 10 * Second).Should().Be(TimeSpan.FromSeconds(30));
        pace.Left(0.5, 20 * Second).Should().Be(TimeSpan.FromSeconds(20));
        pace.Left(1, 40 * Second).Should().BeNull("it is done");
    }

    [Fact]
    public void Work_that_goes_on_is_not_credited_with_what_it_did_before()
    {
        pace.Left(0.6, 0).Should().BeNull();
        // 0.1 in 5 s, 0.3 left: 15 s. From nothing it would be 0.3 / 0.7 * 5 = 2.1 s.
        pace.Left(0.7, 5 * Second)!.Value.TotalSeconds.Should().BeApproximately(15, 1e-9);
    }

    [Theory]
    [InlineData(0.019, 60)]
    [InlineData(0.5, 1.9)]
    [InlineData(double.NaN, 60)]
    public void Nobody_can_tell_too_early_or_where_the_whole_is_not_known(double share, double seconds)
    {
        pace.Left(0, 0);
        pace.Left(share, (long)(seconds * Second)).Should().BeNull();
    }
}
