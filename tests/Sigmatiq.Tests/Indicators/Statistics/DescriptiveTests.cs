using Sigmatiq.Indicators.Statistics;

namespace Sigmatiq.Tests.Indicators.Statistics;

public sealed class DescriptiveTests
{
    // Worked by hand: mean 4; distances −3, −2, −1, 6; squares 9 + 4 + 1 + 36 = 50; cubes −27 − 8 − 1 + 216 = 180;
    // fourth powers 81 + 16 + 1 + 1296 = 1394.
    private static readonly double[] Values = [1, 2, 3, 10];

    [Fact]
    public void Moments_of_a_small_sample_are_those_worked_by_hand()
    {
        Descriptive.Mean(Values).Should().Be(4);
        Descriptive.Variance(Values).Should().BeApproximately(50.0 / 3, 1e-14);
        Descriptive.StandardDeviation(Values).Should().BeApproximately(Math.Sqrt(50.0 / 3), 1e-14);
        Descriptive.Skewness(Values).Should().BeApproximately(45 / Math.Pow(12.5, 1.5), 1e-14);
        Descriptive.Kurtosis(Values).Should().BeApproximately(348.5 / 156.25, 1e-14);
    }

    [Fact]
    public void Figures_a_sample_is_too_small_or_too_constant_for_are_undefined()
    {
        Descriptive.Mean([]).Should().Be(double.NaN);
        Descriptive.StandardDeviation([1]).Should().Be(double.NaN);
        Descriptive.Skewness([2, 2, 2]).Should().Be(double.NaN);
        Descriptive.Kurtosis([2, 2, 2]).Should().Be(double.NaN);
        Descriptive.Mean([1, double.NaN]).Should().Be(double.NaN);
        Quantile.Of([], 0.5).Should().Be(double.NaN);
        Quantile.Of([1, double.NaN, 3], 0.5).Should().Be(double.NaN);
        Correlation.Pearson([1, 2], [3, 3]).Should().Be(double.NaN);
        TTest.MeanAboveZero([0.1]).PValue.Should().Be(double.NaN);
        TTest.MeanAboveZero([1, 1]).Statistic.Should().Be(double.NaN);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.95, 8.95)]
    [InlineData(1, 10)]
    public void Quantiles_interpolate_between_sorted_neighbours(double p, double expected) =>
        Quantile.Of([10, 2, 1, 3], p).Should().BeApproximately(expected, 1e-14); // position 3p: 0.75 -> 1.75; 2.85 -> 3 + 0.85·7

    [Fact]
    public void A_quantile_outside_zero_to_one_is_refused() =>
        ((Action)(() => Quantile.Of([1], 1.01))).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Anscombes_first_two_sets_have_their_famous_correlation()
    {
        // F. J. Anscombe, Graphs in Statistical Analysis, The American Statistician 27 (1973): r = 0.816 in both.
        double[] x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
        double[] y1 = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
        double[] y2 = [9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74];
        Correlation.Pearson(x, y1).Should().BeApproximately(0.816, 0.0005);
        Correlation.Pearson(x, y2).Should().BeApproximately(0.816, 0.0005);
        Descriptive.Variance(x).Should().Be(11);
    }

    [Fact]
    public void Ranks_of_ties_are_shared()
    {
        Correlation.Ranks([30, 10, 20, 10]).Should().Equal(4, 1.5, 3, 1.5);
        Correlation.Spearman([1, 2, 3, 4], [10, 100, 1000, 10000]).Should().BeApproximately(1, 1e-15);
    }
}
