using Sigmatiq.Market.Quality;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Market.Quality;

public sealed class ScaleSlipTests
{
    [Theory]
    [InlineData(2, 40, 55)]
    [InlineData(4, 90, 100)] // until the end
    [InlineData(-2, 0, 12)] // from the beginning
    [InlineData(3, 50, 51)] // one value
    [InlineData(-3, 10, 40)]
    public void A_stretch_a_power_of_ten_off_is_found_value_by_value(int power, int from, int to)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            double[] values = Walk(Rng.From(seed), 100, 0.02);
            for (int t = from; t < to; t++)
            {
                values[t] *= Math.Pow(10, power);
            }

            ScaleSlip.Find(values, splits: true).Should().Equal(Enumerable.Range(from, to - from).Select(t => (t, power)), $"seed {seed}");
        }
    }

    [Fact]
    public void Missing_and_negative_values_are_passed_over()
    {
        double[] values = [20, 21, double.NaN, 2050, -3, 2060, double.NaN, 20.5, .. Enumerable.Repeat(20.7, 30)];
        ScaleSlip.Find(values, splits: false).Should().Equal((3, 2), (5, 2));
    }

    [Fact]
    public void Two_slips_of_different_size_are_told_apart()
    {
        double[] values = [.. Enumerable.Repeat(17.25, 30), 172500, 172900, 1731, 1728, 17.3, 17.31];
        ScaleSlip.Find(values, splits: false).Should().Equal((30, 4), (31, 4), (32, 2), (33, 2));
    }

    [Fact]
    public void A_split_ten_for_one_is_none_but_a_tenfold_that_comes_back_is()
    {
        double[] lasts = [.. Enumerable.Repeat(1200.5, 20), .. Enumerable.Repeat(120.5, 40)];
        ScaleSlip.Find(lasts, splits: true).Should().BeEmpty();
        ScaleSlip.Find(lasts, splits: false).Should().HaveCount(20, "nothing but a share is split");
        double[] returns = [.. Enumerable.Repeat(1200.5, 20), .. Enumerable.Repeat(120.5, 4), .. Enumerable.Repeat(1190.5, 20)];
        ScaleSlip.Find(returns, splits: true).Should().Equal((20, -1), (21, -1), (22, -1), (23, -1));
    }

    [Fact]
    public void What_markets_do_is_no_slip()
    {
        // Real ones: a short squeeze, a rate that leaves zero, oil in April 2020, volatility in February 2018.
        ScaleSlip.Find([39.36, 39.12, 43.03, 65.01, 76.79, 147.98, 347.51, 193.6, 325, 225, 90, 92.41, 53.5], splits: true).Should().BeEmpty();
        ScaleSlip.Find([0.01, 0.01, 0.02, 0.01, 0.11, 0.12, 0.33, 0.01, 0.09], splits: false).Should().BeEmpty();
        ScaleSlip.Find([18.31, -36.98, 8.91, 13.64, 15.06], splits: false).Should().BeEmpty();
        // A balance of confidence that crosses zero.
        ScaleSlip.Find([-2.4, 1.6, 13.6, -1.1, -12, 0.9, 9.1], splits: false).Should().BeEmpty();
        ScaleSlip.Find([13.47, 17.31, 37.32, 29.98, 27.73], splits: false).Should().BeEmpty();
        for (int seed = 0; seed < 200; seed++)
        {
            ScaleSlip.Find(Walk(Rng.From(seed), 1000, 0.08), splits: false).Should().BeEmpty($"seed {seed}: it wanders over decades, but step by step");
        }
    }

    private static double[] Walk(Rng rng, int count, double volatility)
    {
        double[] values = new double[count];
        double log = Math.Log(50);
        for (int t = 0; t < count; t++)
        {
            log += volatility * rng.NextGaussian();
            values[t] = Math.Exp(log);
        }

        return values;
    }
}
