using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Momentum;
using Sigmatiq.Market.Import;

namespace Sigmatiq.Tests.Indicators.Momentum;

/// <summary>RSI and EMA follow the arithmetic of the sweep workload (<c>bench/SPEC.md</c> §2) in the order written there, to the bit.</summary>
public sealed class FixedArithmeticTests
{
    private static readonly double[] Closes = BarFile.ReadOne(
        Checkout.Material("market/bars/equity/hour/SPY.parquet"), new(), TestContext.Current.CancellationToken).Close;

    [Theory]
    [Trait("Row", "S1-08")]
    [InlineData(14)]
    [InlineData(21)]
    [InlineData(28)]
    public void Rsi_on_real_bars_is_the_written_formula_to_the_bit(int p)
    {
        double[] c = Closes, expected = new double[c.Length], ours = new double[c.Length];
        double ag = 0.0, al = 0.0;
        for (int t = 0; t < c.Length; t++)
        {
            double d = t > 0 ? c[t] - c[t - 1] : 0;
            double g = d > 0 ? d : 0, l = d < 0 ? -d : 0;
            (ag, al) = t <= p ? (ag + g, al + l) : (((ag * (p - 1)) + g) / p, ((al * (p - 1)) + l) / p);
            (ag, al) = t == p ? (ag / p, al / p) : (ag, al);
            expected[t] = t < p ? double.NaN : ag + al == 0 ? 50 : (100 * ag) / (ag + al);
        }

        Rsi.Compute(c, p, ours);
        ours.Select(BitConverter.DoubleToInt64Bits).Should().Equal(expected.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    [Trait("Row", "S1-11")]
    public void Ema_on_real_bars_is_the_written_formula_to_the_bit()
    {
        const int M = 200;
        double[] c = Closes, expected = new double[c.Length], ours = new double[c.Length];
        const double K = 2.0 / (M + 1);
        double sum = 0.0, e = 0;
        for (int t = 0; t < c.Length; t++)
        {
            sum += t < M ? c[t] : 0;
            e = t < M - 1 ? double.NaN : t == M - 1 ? sum / M : e + (K * (c[t] - e));
            expected[t] = e;
        }

        Ema.Compute(c, M, ours);
        ours.Select(BitConverter.DoubleToInt64Bits).Should().Equal(expected.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void A_market_that_stands_still_has_an_rsi_of_50_and_one_that_only_rises_of_100()
    {
        double[] rsi = new double[6];
        Rsi.Compute([7, 7, 7, 7, 7, 7], 3, rsi);
        rsi.Should().Equal(double.NaN, double.NaN, double.NaN, 50, 50, 50);
        Rsi.Compute([1, 2, 3, 4, 5, 6], 3, rsi);
        rsi[3..].Should().Equal(100, 100, 100);
    }
}
