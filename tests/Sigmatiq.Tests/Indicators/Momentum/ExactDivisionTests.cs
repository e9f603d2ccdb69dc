using System.Numerics;
using Sigmatiq.Indicators.Momentum;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Indicators.Momentum;

/// <summary>RSI divides by its period without waiting for a division, and has the bits of the division all the same.</summary>
public sealed class ExactDivisionTests
{
    private const long Seed = 90210;

    [Fact]
    public void Every_period_gives_the_bits_of_the_written_formula_on_any_size_of_price()
    {
        Rng root = Rng.From(Seed);
        for (int i = 0; i < 3000; i++)
        {
            Rng rng = root.Fork("series", i);
            int p = i < 500 ? i + 1 : 1 + rng.NextInt(5000), n = p + 60;
            double size = Math.Pow(10, rng.NextInt(540) - 300), price = 1;
            double[] close = new double[n];
            for (int t = 0; t < n; t++)
            {
                // Runs one way only, markets that stand still and steps of one unit of the last digit are among them.
                int kind = rng.NextInt(8);
                price = kind == 0 ? price : kind == 1 ? Math.BitIncrement(price) : price * Math.Exp((i % 5 == 0 ? Math.Abs(rng.NextGaussian()) : rng.NextGaussian()) / 50);
                close[t] = price * size;
            }

            double[] ours = new double[n], expected = Written(close, p);
            Rsi.Compute(close, p, ours);
            for (int t = 0; t < n; t++)
            {
                (BitConverter.DoubleToInt64Bits(ours[t]) == BitConverter.DoubleToInt64Bits(expected[t])).Should().BeTrue(
                    $"seed {Seed}, series {i}, period {p}, bar {t}: {ours[t]:r} against {expected[t]:r}");
            }
        }
    }

    /// <summary>The claim behind it, by whole numbers: no quotient of 53 bits by a period lies closer than 1/(2·period) of a last digit to the
    /// middle between two doubles, so an error of far less cannot change how it is rounded.</summary>
    [Fact]
    public void No_quotient_lies_near_the_middle_between_two_doubles()
    {
        Rng rng = Rng.From(Seed).Fork("quotients");
        for (int i = 0; i < 100_000; i++)
        {
            int p = 1 + rng.NextInt(5000);
            BigInteger mantissa = (BigInteger)((rng.NextBits() >> 12) | (1UL << 52));

            // Shift until the quotient has 53 bits, then look at what is left beyond its last digit, in 2p-ths.
            int shift = 0;
            while ((mantissa << shift) / p < (BigInteger)1 << 52)
            {
                shift++;
            }

            BigInteger rest = (mantissa << (shift + 1)) % (2 * p);
            BigInteger.Abs(rest - p).Should().BeGreaterThanOrEqualTo(1, $"seed {Seed}: {mantissa} / {p}");
        }
    }

    private static double[] Written(double[] c, int p)
    {
        double[] rsi = new double[c.Length];
        double ag = 0.0, al = 0.0;
        for (int t = 0; t < c.Length; t++)
        {
            double d = t > 0 ? c[t] - c[t - 1] : 0;
            double g = d > 0 ? d : 0, l = d < 0 ? -d : 0;
            (ag, al) = t <= p ? (ag + g, al + l) : (((ag * (p - 1)) + g) / p, ((al * (p - 1)) + l) / p);
            (ag, al) = t == p ? (ag / p, al / p) : (ag, al);
            rsi[t] = t < p ? double.NaN : ag + al == 0 ? 50 : (100 * ag) / (ag + al);
        }

        return rsi;
    }
}
