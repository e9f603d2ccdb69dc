using System.Numerics;
using Sigmatiq.Indicators.Statistics;

namespace Sigmatiq.Tests.Indicators.Statistics;

public sealed class DistributionTests
{
    // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.1: table of Φ.
    [Theory]
    [InlineData(0, 0.50000)]
    [InlineData(1, 0.84134)]
    [InlineData(1.96, 0.97500)]
    [InlineData(2.33, 0.99010)]
    [InlineData(3, 0.99865)]
    public void The_normal_distribution_equals_its_table(double z, double probability)
    {
        NormalDistribution.Cdf(z).Should().BeApproximately(probability, 5.1e-6);
        NormalDistribution.Cdf(-z).Should().BeApproximately(1 - probability, 5.1e-6);
        NormalDistribution.UpperTail(z).Should().BeApproximately(1 - probability, 5.1e-6);
    }

    [Fact]
    public void The_normal_inverse_undoes_the_normal_distribution()
    {
        for (double z = -6; z <= 6; z += 0.25)
        {
            NormalDistribution.Inverse(NormalDistribution.Cdf(z)).Should().BeApproximately(z, 1e-6);
        }

        NormalDistribution.Inverse(0).Should().Be(double.NegativeInfinity);
        NormalDistribution.Inverse(0.5).Should().BeApproximately(0, 1e-15);
        ((Action)(() => NormalDistribution.Inverse(-0.1))).Should().Throw<ArgumentOutOfRangeException>();
        NormalDistribution.Density(0).Should().BeApproximately(1 / Math.Sqrt(2 * Math.PI), 1e-15);
    }

    [Fact]
    public void The_far_normal_tail_keeps_its_digits()
    {
        // Asymptotic series φ(z)/z·(1 − 1/z² + 3/z⁴ − 15/z⁶ …), at z = 30 good to 1e-9.
        const double Z = 30;
        double series = NormalDistribution.Density(Z) / Z * (1 - Math.Pow(Z, -2) + (3 * Math.Pow(Z, -4)) - (15 * Math.Pow(Z, -6)));
        (NormalDistribution.UpperTail(Z) / series).Should().BeApproximately(1, 1e-8);
    }

    [Fact]
    public void Student_with_one_and_two_degrees_of_freedom_has_its_closed_forms()
    {
        foreach (double t in new[] { -40, -3, -1, -0.2, -1e-9, 0, 1e-9, 0.2, 1, 3, 40 })
        {
            StudentDistribution.Cdf(t, 1).Should().BeApproximately(0.5 + (Math.Atan(t) / Math.PI), 1e-13);
            StudentDistribution.Cdf(t, 2).Should().BeApproximately(0.5 + (t / (2 * Math.Sqrt(2 + (t * t)))), 1e-13);
            StudentDistribution.Inverse(StudentDistribution.Cdf(t, 2), 2).Should().BeApproximately(t, 1e-6);
        }

        StudentDistribution.UpperTail(double.PositiveInfinity, 5).Should().Be(0);
        StudentDistribution.UpperTail(double.NegativeInfinity, 5).Should().Be(1);
    }

    // NIST/SEMATECH e-Handbook, 1.3.6.7.2: critical values of t, upper tail.
    [Theory]
    [InlineData(2.015, 5, 0.05)]
    [InlineData(2.228, 10, 0.025)]
    [InlineData(2.457, 30, 0.01)]
    [InlineData(3.174, 100, 0.001)]
    public void Student_equals_its_table(double t, double freedom, double tail) =>
        StudentDistribution.UpperTail(t, freedom).Should().BeApproximately(tail, tail * 3e-3);

    [Fact]
    public void Binomial_tails_equal_the_exact_sums()
    {
        // P(X ≤ k) with p = a/100 is a fraction of whole numbers: Σ C(n, i)·aⁱ·(100 − a)ⁿ⁻ⁱ / 100ⁿ.
        foreach (int n in new[] { 1, 8, 30, 60 })
        {
            foreach (int a in new[] { 1, 50, 58, 99 })
            {
                BigInteger below = 0, whole = BigInteger.Pow(100, n), choose = 1;
                for (int k = 0; k <= n; k++)
                {
                    BigInteger term = choose * BigInteger.Pow(a, k) * BigInteger.Pow(100 - a, n - k);
                    choose = choose * (n - k) / (k + 1);
                    Close(BinomialDistribution.UpperTail(k, n, a / 100.0), whole - below, whole);
                    Close(BinomialDistribution.Probability(k, n, a / 100.0), term, whole);
                    below += term;
                    Close(BinomialDistribution.LowerTail(k, n, a / 100.0), below, whole);
                }
            }
        }

        static void Close(double ours, BigInteger numerator, BigInteger denominator)
        {
            double exact = Math.Exp(BigInteger.Log(numerator) - BigInteger.Log(denominator));
            ours.Should().BeApproximately(exact, (exact * 1e-9) + 1e-300);
        }
    }

    [Fact]
    public void Binomial_tails_have_certain_ends()
    {
        BinomialDistribution.UpperTail(0, 10, 0.5).Should().Be(1);
        BinomialDistribution.UpperTail(11, 10, 0.5).Should().Be(0);
        BinomialDistribution.LowerTail(-1, 10, 0.5).Should().Be(0);
        BinomialDistribution.LowerTail(10, 10, 0.5).Should().Be(1);
        BinomialDistribution.UpperTail(1, 10, 0).Should().Be(0);
        BinomialDistribution.LowerTail(9, 10, 1).Should().Be(0);
        ((Action)(() => BinomialDistribution.UpperTail(1, 10, 1.5))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_t_test_of_two_values_is_the_one_worked_by_hand()
    {
        // 1 and 3: mean 2, σ = √2, t = 2/(√2/√2) = 2; one degree of freedom: p = 0.5 − atan(2)/π.
        TTest test = TTest.MeanAboveZero([1, 3]);
        test.Statistic.Should().BeApproximately(2, 1e-15);
        test.PValue.Should().BeApproximately(0.5 - (Math.Atan(2) / Math.PI), 1e-14);
    }
}
