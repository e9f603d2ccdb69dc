using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Indicators.Statistics;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Backtest.Overfitting;

public sealed class DeflatedSharpeTests
{
    // Bailey and López de Prado, "The Deflated Sharpe Ratio" (2014), the numerical example: annual Sharpe 2.5 on daily returns, 250 a year,
    // five years, 100 trials whose annual Sharpe ratios have the variance 0.5, skewness -3, kurtosis 10.
    private static DeflatedSharpe Published(int trials = 100, double skewness = -3, double kurtosis = 10) =>
        DeflatedSharpe.Of(2.5 / Math.Sqrt(250), 1250, skewness, kurtosis, trials, 0.5 / 250);

    [Fact]
    public void The_published_worked_example_comes_out()
    {
        DeflatedSharpe published = Published();
        published.Floor!.Value.Should().BeApproximately(0.1132, 0.00005);
        published.Value!.Value.Should().BeApproximately(0.9004, 0.00005);
        published.Reason.Should().BeNull();
    }

    [Fact]
    public void With_one_trial_nothing_is_deflated()
    {
        DeflatedSharpe one = DeflatedSharpe.Of(0.1, 401, 0, 3, 1, null);
        one.Floor.Should().Be(0);

        // Worked by hand: 0.1·√400 = 2; 1 + (3 − 1)/4·0.01 = 1.005; 2/√1.005 = 1.995018...
        one.Value!.Value.Should().BeApproximately(Probability.NormalCdf(2 / Math.Sqrt(1.005)), 1e-15);
        one.Value!.Value.Should().BeApproximately(0.97698, 0.00005);
    }

    [Fact]
    public void What_cannot_be_said_is_null_and_says_why()
    {
        DeflatedSharpe.Of(null, 500, null, null, 45, 0.001).Should().Match<DeflatedSharpe>(d => d.Value == null && d.Reason!.Contains("do not vary"));
        DeflatedSharpe.Of(double.NaN, 500, 0, 3, 45, 0.001).Value.Should().BeNull();
        DeflatedSharpe.Of(0.1, 1, 0, 3, 45, 0.001).Reason.Should().Contain("too few returns");
        DeflatedSharpe.Of(0.1, 500, double.NaN, 3, 45, 0.001).Reason.Should().Contain("too few returns");
        DeflatedSharpe.Of(0.1, 500, 0, 3, 45, null).Should().Match<DeflatedSharpe>(d => d.Value == null && d.Floor == null && d.Reason!.Contains("spread is unknown"));

        // Three returns of one sign with a long tail: 1 − 5·1 + (4 − 1)/4·1 is below 0, and its root is none.
        DeflatedSharpe radicand = DeflatedSharpe.Of(1, 500, 5, 4, 45, 0.001);
        radicand.Value.Should().BeNull();
        radicand.Floor.Should().NotBeNull();
        radicand.Reason.Should().Contain("no standard error");
        FluentActions.Invoking(() => DeflatedSharpe.FloorOf(0, 0.1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void More_trials_and_a_wider_spread_never_raise_it_and_a_higher_sharpe_never_lowers_it()
    {
        for (long seed = 0; seed < 500; seed++)
        {
            Rng rng = Rng.From(seed);
            double sharpe = (rng.NextDouble() - 0.3) * 0.4, skewness = rng.NextGaussian(), kurtosis = 1 + (skewness * skewness) + (5 * rng.NextDouble());
            int periods = 20 + rng.NextInt(2000), trials = 1 + rng.NextInt(5000);
            double variance = rng.NextDouble() * 0.01;
            double Value(double sr, int k, double v) => DeflatedSharpe.Of(sr, periods, skewness, kurtosis, k, v).Value!.Value;
            double value = Value(sharpe, trials, variance);
            value.Should().BeInRange(0, 1, $"seed {seed}");
            Value(sharpe, trials + 1 + rng.NextInt(100), variance).Should().BeLessThanOrEqualTo(value + 1e-15, $"seed {seed}: K grew");
            Value(sharpe, trials, variance * 2).Should().BeLessThanOrEqualTo(value + 1e-15, $"seed {seed}: the spread grew");
            // Kurtosis is at least 1 + skewness² for any returns, so the standard error exists.
            double floor = DeflatedSharpe.FloorOf(trials, variance)!.Value;
            ((sharpe > floor) == (value > 0.5)).Should().BeTrue($"seed {seed}: above SR0 is above a half");
        }
    }

    [Fact]
    public void The_interval_of_a_sharpe_ratio_narrows_with_the_years()
    {
        // Worked by hand for a Sharpe ratio of 0: 1.96·√(252/(T − 1)), which is ±1.4 on two years, ±3.1 on five months, ±10 on two weeks.
        foreach ((int days, double half) in new[] { (504, 1.39), (100, 3.13), (10, 10.37) })
        {
            SharpeInterval interval = SharpeInterval.Of(0, 0, 3, days, 252)!.Value;
            interval.High.Should().BeApproximately(half, 0.01);
            interval.Low.Should().Be(-interval.High);
        }

        SharpeInterval.Of(null, 0, 3, 100, 252).Should().BeNull();
        SharpeInterval.Of(0.1, 0, 3, 1, 252).Should().BeNull();
        SharpeInterval.Of(1, 5, 4, 100, 252).Should().BeNull("the root of a negative number is none");
    }
}
