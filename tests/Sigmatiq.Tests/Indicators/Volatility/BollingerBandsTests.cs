using Sigmatiq.Indicators.Volatility;

namespace Sigmatiq.Tests.Indicators.Volatility;

public sealed class BollingerBandsTests
{
    // Two values a and b have the mean (a + b)/2 and the population deviation |a − b|/2, whatever their size.
    [Theory]
    [InlineData(1, 3)]
    [InlineData(1e300, -1e300)]
    [InlineData(1e200, 3e200)]
    [InlineData(1e-200, 3e-200)]
    [InlineData(4e-320, 8e-320)]
    [InlineData(1e8, 100000000.00000003)]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    public void The_bands_are_right_at_every_size_of_price(double a, double b)
    {
        double[] close = [.. Enumerable.Range(0, 40).Select(t => t % 2 == 0 ? a : b)];
        double[] upper = new double[40], middle = new double[40], lower = new double[40];
        BollingerBands.Compute(close, 2, 1, upper, middle, lower);
        double mean = (a / 2) + (b / 2), half = Math.Abs((a / 2) - (b / 2)), slack = 4e-16 * (Math.Abs(mean) + half) + double.Epsilon;
        for (int t = 1; t < 40; t++)
        {
            middle[t].Should().BeApproximately(mean, slack);
            upper[t].Should().BeApproximately(mean + half, slack);
            lower[t].Should().BeApproximately(mean - half, slack);
        }
    }
}
