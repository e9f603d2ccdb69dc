using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.LookAhead;

/// <summary>What something decided, one value per row, and on which bar each value counts as decided.</summary>
/// <param name="What">What was decided.</param>
/// <param name="Values">The values, shape [n]; compared to the bit.</param>
/// <param name="DecidedAt">Bar at whose close each value is known, shape [n], −1 where it never is; null: row t is known at bar t.</param>
internal sealed record Decided(string What, double[] Values, int[]? DecidedAt = null);

/// <summary>The one test of every look ahead: bars after a cut are replaced by noise, and nothing decided at or before it may change.</summary>
internal static class CutTest
{
    /// <summary>Runs random cuts and names what changed; empty where nothing sees the future.</summary>
    /// <param name="bars">The bars.</param>
    /// <param name="cuts">How many cut points.</param>
    /// <param name="seed">Root of chance.</param>
    /// <param name="decide">Everything decided on some bars, the same columns in the same order each time.</param>
    public static IReadOnlyList<string> Leaks(BarColumns bars, int cuts, long seed, Func<BarColumns, IReadOnlyList<Decided>> decide)
    {
        IReadOnlyList<Decided> whole = decide(bars);
        whole.Should().NotBeEmpty("a comparison of nothing proves nothing");
        long compared = 0;
        SortedSet<string> leaks = new(StringComparer.Ordinal);
        Rng root = Rng.From(seed).Fork("cuts");
        for (int i = 0; i < cuts; i++)
        {
            Rng rng = root.Fork("cut", i);
            int t = rng.NextInt(bars.Count - 1);
            IReadOnlyList<Decided> altered = decide(NoiseAfter(bars, t, rng));
            for (int c = 0; c < whole.Count; c++)
            {
                if (FirstDifference(whole[c], altered[c], t, ref compared) is { } row)
                {
                    leaks.Add($"{whole[c].What} (seed {seed}, cut {t}, row {row})");
                    if (leaks.Count >= 20)
                    {
                        return [.. leaks];
                    }
                }
            }
        }

        compared.Should().BeGreaterThan(cuts, "values must have been compared");
        return [.. leaks];
    }

    /// <summary>The bars up to and with t, then a market of another level and temper on the same clock.</summary>
    public static BarColumns NoiseAfter(BarColumns bars, int t, Rng rng)
    {
        double[] open = [.. bars.Open], high = [.. bars.High], low = [.. bars.Low], close = [.. bars.Close], volume = [.. bars.Volume];
        double price = close[t] * Math.Exp(rng.NextGaussian());
        for (int u = t + 1; u < bars.Count; u++)
        {
            open[u] = price * Math.Exp(0.01 * rng.NextGaussian());
            price = open[u] * Math.Exp(0.03 * rng.NextGaussian());
            close[u] = price;
            high[u] = Math.Max(open[u], price) * (1 + (0.02 * rng.NextDouble()));
            low[u] = Math.Min(open[u], price) * (1 - (0.02 * rng.NextDouble()));
            volume[u] = 1 + rng.NextInt(5_000_000);
        }

        return new(bars.Symbol, bars.Interval, bars.StartUtcUs, open, high, low, close, volume, bars.AdjFactor);
    }

    private static int? FirstDifference(Decided whole, Decided altered, int t, ref long compared)
    {
        if (whole.What != altered.What || whole.Values.Length != altered.Values.Length)
        {
            throw new InvalidOperationException($"{whole.What} and {altered.What} are not the same column.");
        }

        for (int row = 0; row < whole.Values.Length; row++)
        {
            int before = whole.DecidedAt?[row] ?? row, after = altered.DecidedAt?[row] ?? row;
            bool wasDecided = before >= 0 && before <= t, isDecided = after >= 0 && after <= t;
            if (!wasDecided && !isDecided)
            {
                continue;
            }

            compared++;
            if (before != after || BitConverter.DoubleToInt64Bits(whole.Values[row]) != BitConverter.DoubleToInt64Bits(altered.Values[row]))
            {
                return row;
            }
        }

        return null;
    }
}
