using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Indicators.Catalog;

/// <summary>Bars by chance, from tame to hostile: missing numbers, runs of gaps, markets that stand still, zeros of both signs, denormals, 1e300, 1e308, crossed prices.</summary>
internal static class RandomBars
{
    public static BarColumns Make(Rng rng, int length, Interval interval = Interval.Day1)
    {
        int hostility = rng.NextInt(4);
        bool isStill = rng.NextInt(10) == 0;
        double[][] columns = [.. Enumerable.Range(0, 5).Select(_ => new double[length])];
        double price = Math.Exp(8 * rng.NextGaussian());
        int gapLeft = 0;
        for (int t = 0; t < length; t++)
        {
            double open = price;
            price *= Math.Exp(0.02 * rng.NextGaussian());
            price = isStill || rng.NextInt(5) == 0 ? open : price;
            columns[0][t] = open;
            columns[1][t] = Math.Max(open, price) * (1 + (0.01 * rng.NextInt(3)));
            columns[2][t] = Math.Min(open, price) * (1 - (0.01 * rng.NextInt(3)));
            columns[3][t] = price;
            columns[4][t] = rng.NextInt(1_000_000);
            gapLeft = gapLeft > 0 ? gapLeft - 1 : hostility > 0 && rng.NextInt(40) == 0 ? rng.NextInt(12) : 0;
            for (int c = 0; c < 5; c++)
            {
                if (gapLeft > 0 || (hostility > 1 && rng.NextInt(25) == 0))
                {
                    columns[c][t] = gapLeft > 0 ? double.NaN : Oddity(rng);
                }
                else if (hostility == 3 && rng.NextInt(6) == 0)
                {
                    columns[c][t] = BitConverter.UInt64BitsToDouble(rng.NextBits());
                }
            }
        }

        long step = interval.Minutes() * 60_000_000L;
        long[] start = [.. Enumerable.Range(0, length).Select(i => i * step)];
        return new(Symbol.Parse("CHANCE"), interval, start, columns[0], columns[1], columns[2], columns[3], columns[4]);
    }

    private static double Oddity(Rng rng) => rng.NextInt(16) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => 0.0,
        4 => -0.0,
        5 => 1e300,
        6 => -1e300,
        7 => 1.0000001e300,
        8 => double.MaxValue,
        9 => double.Epsilon,
        10 => -double.Epsilon,
        11 => 3e-310,
        12 => -42.5,
        13 => 1e308,
        14 => -1e308,
        _ => 1e-200,
    };
}
