using System.Globalization;
using Sigmatiq.Market.Import;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Quality;

/// <summary>What the rules for any numeric series found: order, times that occur twice, slips of scale.</summary>
/// <param name="Series">The series that was looked at.</param>
/// <param name="Findings">All findings, in the order of its values.</param>
public sealed record SeriesReport(PublishedSeries Series, IReadOnlyList<QualityFinding> Findings)
{
    /// <summary>Looks through a series as published.</summary>
    public static SeriesReport Of(PublishedSeries series)
    {
        List<QualityFinding> found = [];
        QualityGates.CheckTimes(series.StartUtcUs, found);
        int[] order = [.. Enumerable.Range(0, series.Values.Length).OrderBy(t => series.StartUtcUs[t])];
        foreach ((int at, int power) in ScaleSlip.Find([.. order.Select(t => series.Values[t])], splits: false))
        {
            found.Add(new(QualityRule.ScaleSlip, order[at], string.Create(CultureInfo.InvariantCulture, $"value={series.Values[order[at]]}, 10^{power} times its neighbours")));
        }

        return new(series, [.. found.OrderBy(f => f.Bar)]);
    }

    /// <summary>Time of value t.</summary>
    public DateTimeOffset At(int t) => DateTimeOffset.UnixEpoch.AddTicks(Series.StartUtcUs[t] * 10);

    /// <summary>The refusals for broken facts that no waiver covers, the first few of each rule; empty where there are none.</summary>
    public IReadOnlyList<Problem> Problems(IReadOnlyCollection<QualityWaiver> waivers) => QualityProblems.Of(Findings, waivers, Series.Name, At, Series.Place);
}
