using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Quality;

/// <summary>Turns broken facts into refusals.</summary>
internal static class QualityProblems
{
    private const int ShownPerRule = 3;

    /// <summary>Broken facts that no waiver covers.</summary>
    public static IReadOnlyList<QualityFinding> Refused(IEnumerable<QualityFinding> findings, IReadOnlyCollection<QualityWaiver> waivers) =>
        [.. findings.Where(f => f.Rule.IsBroken && waivers.All(w => w.Rule != f.Rule.Name))];

    /// <summary>The refusals, the first few of each rule.</summary>
    public static IReadOnlyList<Problem> Of(
        IEnumerable<QualityFinding> findings, IReadOnlyCollection<QualityWaiver> waivers, string name, Func<int, DateTimeOffset> at, Func<int, string> place)
    {
        List<Problem> problems = [];
        foreach (QualityFinding[] rule in Refused(findings, waivers).GroupBy(f => f.Rule).Select(g => g.ToArray()))
        {
            foreach (QualityFinding finding in rule.Take(ShownPerRule))
            {
                string more = rule.Length > ShownPerRule && finding == rule[0] ? $" ({rule.Length} such rows in all)" : "";
                problems.Add(new(
                    finding.Rule.Code, $"{name}: {finding.Rule.Meaning} at {at(finding.Bar):yyyy-MM-ddTHH:mm:ss}Z: {finding.Detail}{more}.", place(finding.Bar),
                    $"Correct the file, or take it as it is with --waive {finding.Rule.Name} --reason TEXT: then {finding.Rule.WhenWaived}.", ExitCode.DataRefused));
            }
        }

        return problems;
    }
}
