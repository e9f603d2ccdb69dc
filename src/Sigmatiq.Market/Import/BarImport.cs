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
public sealed record ImportedSeries(PublishedBars Published, QualityReport Report, BarMerge Merge, BarSnapshot? Snapshot);

/// <summary>Takes files of bars into the store: all symbols of a file, or nothing.</summary>
public sealed class BarImport(BarStore store)
{
    /// <summary>Reads a file, holds it against the quality gates, and lays its bars over those that are there.</summary>
    /// <param name="path">A CSV or Parquet file.</param>
    /// <param name="options">How to understand it.</param>
    /// <param name="waivers">Broken facts to take in from this file, each with a reason that is stored; the standing ones of a series
    /// count too.</param>
    /// <param name="dryRun">Whether to stop before anything is written.</param>
    /// <param name="ct">Stops before anything is written.</param>
    /// <exception cref="ProblemException">MKT-2001 … MKT-2013: the file is not understood. MKT-2014: real bars under a synthetic name.
    /// MKT-2101 … MKT-2107, exit 4: broken facts. MKT-4003: the series was changed meanwhile.</exception>
    public async Task<IReadOnlyList<ImportedSeries>> RunAsync(
        string path, BarFileOptions options, IReadOnlyCollection<QualityWaiver> waivers, bool dryRun, CancellationToken ct)
    {
        List<(PublishedBars Published, QualityReport Report, BarMerge Merge, BarState State)> checkedSeries = [];
        List<Problem> refused = [];
        foreach (PublishedBars published in BarFile.Read(path, options, ct))
        {
            RefuseSynthetic(published);
            QualityReport report = QualityGates.Check(published.Bars, Instrument.Of(published.Symbol).Calendar);
            IReadOnlyList<QualityWaiver> standing = await store.StandingWaiversAsync(published.Symbol, published.Bars.Interval, ct);
            QualityWaiver[] all = [.. waivers, .. standing.ExceptBy(waivers.Select(w => w.Rule), w => w.Rule)];
            try
            {
                BarColumns accepted = report.Accept(all, published.Place);
                if (accepted.Count > 0)
                {
                    BarSnapshot? known = await store.LatestAsync(published.Symbol, published.Bars.Interval, ct);
                    BarMerge merge = BarMerge.Of(known is null ? null : store.Read(known.Id, ct), accepted);
                    checkedSeries.Add((published, report, merge, StateOf(published, report, merge, known, all)));
                }
            }
            catch (ProblemException e) when (e.Problem.Exit == ExitCode.DataRefused && e.Problem.Code.StartsWith("MKT-", StringComparison.Ordinal))
            {
                refused.AddRange(e.All);
            }
        }

        if (refused.Count > 0)
        {
            throw new ProblemException(refused);
        }

        IReadOnlyList<BarSnapshot>? stored = dryRun ? null : await store.PutAsync([.. checkedSeries.Select(s => s.State)], ct);
        return [.. checkedSeries.Select((s, i) => new ImportedSeries(s.Published, s.Report, s.Merge, stored?[i]))];
    }

    private static BarState StateOf(
        PublishedBars published, QualityReport report, BarMerge merge, BarSnapshot? known, IReadOnlyCollection<QualityWaiver> waivers) =>
        new(merge.Bars, BarOrigin.Import, known)
        {
            Findings = report.Counts,
            Waived = [.. waivers.Where(w => report.Counts.ContainsKey(w.Rule)).Select(w => (w, report.Counts[w.Rule]))],
            File = Path.GetFileName(published.File),
        };

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
