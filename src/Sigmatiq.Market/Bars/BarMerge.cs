namespace Sigmatiq.Market.Bars;

/// <summary>Newer bars laid over older ones.</summary>
/// <param name="Bars">All of them, by time.</param>
/// <param name="Added">Bars at times that were not there.</param>
/// <param name="Corrected">Bars that took the place of different ones.</param>
/// <param name="Unchanged">Newer bars that say what was known.</param>
public sealed record BarMerge(BarColumns Bars, int Added, int Corrected, int Unchanged)
{
    /// <summary>Newer bars whose adjustment factor is the older one's, since the newer ones came without any.</summary>
    public int KeptFactors { get; init; }

    /// <summary>Lays newer bars over older ones: at a time that both have, the newer bar stands.</summary>
    /// <remarks>Adjustment factors count back from the end of their file, so those of an older file are brought to the newer one's scale
    /// at the first bar that both have; without a common bar they stay as they are. Newer bars without factors say nothing of them: at common times
    /// the older ones stay.</remarks>
    /// <param name="older">Bars in order, or null for none.</param>
    /// <param name="newer">Bars in order, of the same symbol and interval.</param>
    public static BarMerge Of(BarColumns? older, BarColumns newer)
    {
        if (older is null || older.Count == 0)
        {
            return new(newer, newer.Count, 0, 0);
        }

        (newer, int kept) = WithFactorsOf(older, newer);
        older = Rescaled(older, newer);
        var made = new BarsBuilder(newer.Symbol, newer.Interval, older.AdjFactor.Length > 0 || newer.AdjFactor.Length > 0);
        int added = 0, corrected = 0, unchanged = 0, a = 0, b = 0;
        while (a < older.Count || b < newer.Count)
        {
            if (b == newer.Count || (a < older.Count && older.StartUtcUs[a] < newer.StartUtcUs[b]))
            {
                made.Add(older, a++);
                continue;
            }

            if (a < older.Count && older.StartUtcUs[a] == newer.StartUtcUs[b])
            {
                if (Same(older, a, newer, b))
                {
                    unchanged++;
                }
                else
                {
                    corrected++;
                }

                a++;
            }
            else
            {
                added++;
            }

            made.Add(newer, b++);
        }

        return new(made.Build(), added, corrected, unchanged) { KeptFactors = kept };
    }

    private static (BarColumns Bars, int Kept) WithFactorsOf(BarColumns older, BarColumns newer)
    {
        if (older.AdjFactor.Length == 0 || newer.AdjFactor.Length > 0)
        {
            return (newer, 0);
        }

        double[] factors = new double[newer.Count];
        int kept = 0;
        for (int a = 0, b = 0; b < newer.Count; b++)
        {
            while (a < older.Count && older.StartUtcUs[a] < newer.StartUtcUs[b])
            {
                a++;
            }

            factors[b] = a < older.Count && older.StartUtcUs[a] == newer.StartUtcUs[b] ? older.AdjFactor[a] : double.NaN;
            kept += double.IsNaN(factors[b]) ? 0 : 1;
        }

        return (new(newer.Symbol, newer.Interval, newer.StartUtcUs, newer.Open, newer.High, newer.Low, newer.Close, newer.Volume, factors), kept);
    }

    private static BarColumns Rescaled(BarColumns older, BarColumns newer)
    {
        if (older.AdjFactor.Length == 0 || newer.AdjFactor.Length == 0)
        {
            return older;
        }

        for (int a = 0, b = 0; a < older.Count && b < newer.Count;)
        {
            if (older.StartUtcUs[a] != newer.StartUtcUs[b])
            {
                _ = older.StartUtcUs[a] < newer.StartUtcUs[b] ? a++ : b++;
                continue;
            }

            double scale = newer.AdjFactor[b] / older.AdjFactor[a];
            if (!double.IsNaN(scale))
            {
                return scale == 1 ? older : new(
                    older.Symbol, older.Interval, older.StartUtcUs, older.Open, older.High, older.Low, older.Close, older.Volume,
                    [.. older.AdjFactor.Select(f => f * scale)]);
            }

            a++;
            b++;
        }

        return older;
    }

    // Equals, not ==: a missing volume is the same as a missing volume.
    private static bool Same(BarColumns x, int i, BarColumns y, int j) =>
        x.Open[i].Equals(y.Open[j]) && x.High[i].Equals(y.High[j]) && x.Low[i].Equals(y.Low[j]) && x.Close[i].Equals(y.Close[j])
        && x.Volume[i].Equals(y.Volume[j]) && Factor(x, i).Equals(Factor(y, j));

    private static double Factor(BarColumns bars, int t) => bars.AdjFactor.Length == 0 ? double.NaN : bars.AdjFactor[t];
}
