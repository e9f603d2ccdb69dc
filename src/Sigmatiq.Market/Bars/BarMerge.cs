namespace Sigmatiq.Market.Bars;

/// <summary>Newer bars laid over older ones.</summary>
/// <param name="Bars">All of them, by time.</param>
/// <param name="Added">Bars at times that were not there.</param>
/// <param name="Corrected">Bars that took the place of different ones.</param>
/// <param name="Unchanged">Newer bars that say what was known.</param>
public sealed record BarMerge(BarColumns Bars, int Added, int Corrected, int Unchanged)
{
    /// <summary>Lays newer bars over older ones: at a time that both have, the newer bar stands.</summary>
    /// <param name="older">Bars in order, or null for none.</param>
    /// <param name="newer">Bars in order, of the same symbol and interval.</param>
    public static BarMerge Of(BarColumns? older, BarColumns newer)
    {
        if (older is null || older.Count == 0)
        {
            return new(newer, newer.Count, 0, 0);
        }

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

        return new(made.Build(), added, corrected, unchanged);
    }

    // Equals, not ==: a missing volume is the same as a missing volume.
    private static bool Same(BarColumns x, int i, BarColumns y, int j) =>
        x.Open[i].Equals(y.Open[j]) && x.High[i].Equals(y.High[j]) && x.Low[i].Equals(y.Low[j]) && x.Close[i].Equals(y.Close[j])
        && x.Volume[i].Equals(y.Volume[j]) && Factor(x, i).Equals(Factor(y, j));

    private static double Factor(BarColumns bars, int t) => bars.AdjFactor.Length == 0 ? double.NaN : bars.AdjFactor[t];
}
