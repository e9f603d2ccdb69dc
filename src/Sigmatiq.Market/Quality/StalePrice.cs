using System.Globalization;
using Sigmatiq.Market.Bars;

namespace Sigmatiq.Market.Quality;

/// <summary>Finds stretches in which the price stands still, as a feed that hangs makes them.</summary>
internal static class StalePrice
{
    /// <summary>One finding per stretch, at its first bar: a week of days, a session of hours, an hour of 5-minute bars, half an hour of minutes.</summary>
    public static void Find(BarColumns bars, List<QualityFinding> found)
    {
        int least = bars.Interval switch
        {
            Interval.Day1 => 5,
            Interval.Hour1 => 7,
            Interval.Minute5 => 12,
            _ => 30,
        };
        int since = 0;
        for (int t = 0; t <= bars.Count; t++)
        {
            if (t < bars.Count && IsFlat(bars, t) && (t == since || bars.Close[t] == bars.Close[since]))
            {
                continue;
            }

            if (t - since >= least)
            {
                found.Add(new(QualityRule.StalePrice, since, string.Create(CultureInfo.InvariantCulture, $"bars={t - since} price={bars.Close[since]}")));
            }

            since = t < bars.Count && IsFlat(bars, t) ? t : t + 1;
        }
    }

    private static bool IsFlat(BarColumns bars, int t) => bars.Open[t] == bars.Close[t] && bars.High[t] == bars.Close[t] && bars.Low[t] == bars.Close[t];
}
