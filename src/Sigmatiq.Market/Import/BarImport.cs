using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>One symbol of an imported file.</summary>
/// <param name="Published">The bars as the file has them.</param>
/// <param name="Report">What the quality gates found.</param>
/// <param name="Merge">How they lie over the bars that were there.</param>
/// <param name="Snapshot">The series' state after the import; null in a dry run.</param>
/// <param name="Refusals">Broken facts for which the import is refused; only a dry run returns with any.</param>
public sealed record ImportedSeries(PublishedBars Published, QualityReport Report, BarMerge Merge, BarSnapshot? Snapshot, IReadOnlyList<Problem> Refusals)
{
    /// <summary>Whether the store knew all the bars already.</summary>
    public bool ChangesNothing => Merge.Added == 0 && Merge.Corrected == 0;
}

/// <summary>Takes files of bars into the store: all symbols of a file, or nothing.</summary>
public sealed class BarImport(BarStore store)
{
    /// <summary>Reads a file, holds it against the quality gates, and lays its bars over those that are there.</summary>
    /// <param name="path">A CSV, Parquet or zip file.</param>
    /// <param name="options">How to understand it.</param>
    /// <param name="waivers">Broken facts to take in from this file, each with a reason that is stored; the standing ones of a series
    /// count too.</param>
    /// <param name="dryRun">Whether to stop before anything is written, and to return what would be refused.</param>
    /// <param name="ct">Stops before anything is written.</param>
    /// <exception cref="ProblemException">MKT-2001 … MKT-2013: the file is not understood. MKT-2014: real bars under a synthetic name.
    /// MKT-2101 … MKT-2121, exit 4: broken facts. MKT-4003: the series was changed meanwhile.</exception>
    public async Task<IReadOnlyList<ImportedSeries>> RunAsync(
        string path, BarFileOptions options, IReadOnlyCollection<QualityWaiver> waivers, bool dryRun, CancellationToken ct)
    {
        List<ImportedSeries> series = [];
        List<BarState> states = [];
        foreach (PublishedBars published in BarFile.Read(path, options, ct))
        {
            RefuseSynthetic(published);
            CheckedMarket market = CheckedMarket.Of(published.Symbol, options.AssetClass, path);
            QualityReport report = QualityGates.Check(published.Bars, market);
            IReadOnlyList<QualityWaiver> standing = await store.StandingWaiversAsync(published.Symbol, published.Bars.Interval, ct);
            QualityWaiver[] all = [.. waivers, .. standing.ExceptBy(waivers.Select(w => w.Rule), w => w.Rule)];
            IReadOnlyList<Problem> refusals = report.Problems(all, published.Place);
            BarColumns accepted = refusals.Count > 0 ? published.Bars : report.Accept(all, published.Place);
            if (accepted.Count == 0)
            {
                continue;
            }

            BarSnapshot? known = refusals.Count > 0 ? null : await store.LatestAsync(published.Symbol, published.Bars.Interval, ct);
            BarMerge merge = BarMerge.Of(known is null ? null : store.Read(known.Id, ct), accepted);
            if (known is not null && (merge.Added > 0 || merge.Corrected > 0))
            {
                QualityReport whole = QualityGates.Check(merge.Bars, market);
                refusals = Seam(published, report, whole, known, all);
                states.Add(StateOf(published, report, whole, merge, known, all));
            }
            else
            {
                states.Add(StateOf(published, report, report, merge, known, all));
            }

            series.Add(new(published, report, merge, null, refusals));
        }

        Problem[] refused = [.. series.SelectMany(s => s.Refusals)];
        if (dryRun)
        {
            return series;
        }

        if (refused.Length > 0)
        {
            throw new ProblemException(refused);
        }

        IReadOnlyList<BarSnapshot> stored = await store.PutAsync(states, ct);
        return [.. series.Select((s, i) => s with { Snapshot = stored[i] })];
    }

    // A file whose prices are all a hundred times too large is smooth in itself; only beside the bars that are there it shows.
    private static IReadOnlyList<Problem> Seam(PublishedBars published, QualityReport report, QualityReport whole, BarSnapshot known, QualityWaiver[] waivers)
    {
        bool isNew = report.Counts.ContainsKey(QualityRule.ScaleSlip.Name) || known.Findings.ContainsKey(QualityRule.ScaleSlip.Name);
        QualityFinding[] slips = isNew ? [] : [.. whole.Findings.Where(f => f.Rule == QualityRule.ScaleSlip)];
        return new QualityReport(whole.Bars, slips).Problems(waivers, t => $"{Path.GetFileName(published.File)} laid over the stored bars, bar {t + 1}");
    }

    // The newest state is flagged for all of its bars, and for those that its waivers left out.
    private static BarState StateOf(
        PublishedBars published, QualityReport report, QualityReport whole, BarMerge merge, BarSnapshot? known, IReadOnlyCollection<QualityWaiver> waivers)
    {
        Dictionary<string, int> findings = whole.Counts.ToDictionary(c => c.Key, c => c.Value);
        if (known is not null && whole != report)
        {
            foreach (QualityRule rule in new[] { QualityRule.NullPrice, QualityRule.DuplicateTime, QualityRule.UnorderedTime })
            {
                int leftOut = known.Findings.GetValueOrDefault(rule.Name) + report.Counts.GetValueOrDefault(rule.Name);
                if (leftOut > 0)
                {
                    findings[rule.Name] = leftOut;
                }
            }
        }

        return new(merge.Bars, BarOrigin.Import, known)
        {
            Findings = findings,
            Waived = [.. waivers.Where(w => report.Counts.ContainsKey(w.Rule)).Select(w => (w, report.Counts[w.Rule]))],
            File = Path.GetFileName(published.File),
        };
    }

    private static void RefuseSynthetic(PublishedBars published)
    {
        if (published.Symbol.IsSynthetic)
        {
            throw new ProblemException(
                "MKT-2014", $"{published.Symbol} is a name of the synthetic market; bars from a file cannot carry it.", published.File,
                "Give the bars another name with --symbol.", ExitCode.BadUsage);
        }
    }
}
