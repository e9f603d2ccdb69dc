using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Quality;

/// <summary>What the rules found in bars as published, and the bars that may be stored.</summary>
/// <param name="Bars">The bars that were looked at.</param>
/// <param name="Findings">All findings, in the order of the bars.</param>
public sealed record QualityReport(BarColumns Bars, IReadOnlyList<QualityFinding> Findings)
{
    /// <summary>How often each rule that found something did.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; } =
        Findings.GroupBy(f => f.Rule.Name).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Broken facts that no waiver covers.</summary>
    public IReadOnlyList<QualityFinding> Refused(IReadOnlyCollection<QualityWaiver> waivers) => QualityProblems.Refused(Findings, waivers);

    /// <summary>The refusals for broken facts that no waiver covers, the first few of each rule; empty where there are none.</summary>
    public IReadOnlyList<Problem> Problems(IReadOnlyCollection<QualityWaiver> waivers, Func<int, string> place) =>
        QualityProblems.Of(Findings, waivers, Bars.Symbol.Value, Bars.StartUtc, place);

    /// <summary>The bars to store: as published, but for what the waived rules leave out or sort.</summary>
    /// <param name="waivers">Rules that a person has waived.</param>
    /// <param name="place">Where bar t stands, e.g. its row in the file.</param>
    /// <exception cref="ProblemException">MKT-2101 … MKT-2107, MKT-2120, MKT-2121, exit 4: broken facts that are not waived.</exception>
    public BarColumns Accept(IReadOnlyCollection<QualityWaiver> waivers, Func<int, string> place)
    {
        IReadOnlyList<Problem> problems = Problems(waivers, place);
        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }

        int[] order = [.. Enumerable.Range(0, Bars.Count)
            .Where(t => double.IsFinite(Bars.Open[t]) && double.IsFinite(Bars.High[t]) && double.IsFinite(Bars.Low[t]) && double.IsFinite(Bars.Close[t]))
            .OrderBy(t => Bars.StartUtcUs[t])
            .DistinctBy(t => Bars.StartUtcUs[t])];
        return order.Length == Bars.Count && !Findings.Any(f => f.Rule == QualityRule.UnorderedTime) ? Bars : Picked(order);
    }

    private BarColumns Picked(int[] order)
    {
        T[] Pick<T>(T[] column) => [.. order.Select(t => column[t])];
        return new(
            Bars.Symbol, Bars.Interval, Pick(Bars.StartUtcUs), Pick(Bars.Open), Pick(Bars.High), Pick(Bars.Low), Pick(Bars.Close), Pick(Bars.Volume),
            Bars.AdjFactor.Length == 0 ? null : Pick(Bars.AdjFactor));
    }
}
