using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>Reads how a file is to be understood out of a body, and says what an import found.</summary>
internal static class ImportReader
{
    /// <summary>Keys of a body that asks for an import or its preview.</summary>
    public static readonly string[] Keys = ["upload", "symbol", "interval", "asset_class", "zone", "columns", "waive", "reason"];

    private const int RowsShown = 5, RefusedMax = 500;

    /// <summary>The options of <c>sigmatiq data import</c>.</summary>
    /// <exception cref="ProblemException">MKT-1001, MKT-1002, MKT-2009, MKT-2012, MKT-2015: one is not understood.</exception>
    public static BarFileOptions Options(JsonObject body) => new()
    {
        Symbol = body.Text("symbol") is { Length: > 0 } symbol ? Symbol.Parse(symbol) : null,
        Interval = body.Text("interval") is { Length: > 0 } interval ? Intervals.Parse(interval) : null,
        AssetClass = body.Text("asset_class") is { Length: > 0 } asset ? CheckedMarket.Parse(asset) : null,
        Zone = body.Text("zone") is { Length: > 0 } zone ? BarFileOptions.ParseZone(zone) : TimeZoneInfo.Utc,
        Columns = body.Text("columns") is { Length: > 0 } columns ? BarFileOptions.ParseColumns(columns) : new Dictionary<string, string>(),
    };

    /// <summary>What is let pass in this import alone.</summary>
    /// <exception cref="ProblemException">MKT-2110: not a rule. MKT-2111: no reason.</exception>
    public static QualityWaiver[] Waivers(JsonObject body) =>
        [.. body.List("waive").Select(rule => QualityWaiver.Of(rule?.GetValueKind() == JsonValueKind.String ? rule.GetValue<string>() : "null", body.Text("reason")))];

    /// <summary>A series of a file as it was understood, and what becomes of it.</summary>
    public static ImportedSeriesShown Of(ImportedSeries series, bool isPreview)
    {
        PublishedBars published = series.Published;
        BarColumns bars = published.Bars;
        HashSet<string> refusing = [.. series.Refusals.Select(p => p.Code)];
        QualityFinding[] refused = [.. series.Report.Findings.Where(f => f.Rule.IsBroken && refusing.Contains(f.Rule.Code)).OrderBy(f => f.Bar)];
        return new(
            published.Symbol.Value, bars.Interval.Text(), bars.Count, bars.StartUtc(0), bars.StartUtc(bars.Count - 1), series.Merge.Added, series.Merge.Corrected, series.Merge.Unchanged,
            series.Refusals.Count > 0 ? "refused" : series.ChangesNothing ? "known" : isPreview ? "would_be_taken_in" : "taken_in",
            series.Report.Counts, refused.Length,
            [.. refused.Take(RefusedMax).Select(f => new RefusedRow(published.Rows[f.Bar], bars.StartUtc(f.Bar), f.Rule.Name, f.Rule.Code, f.Rule.Meaning, f.Detail))],
            [.. series.Report.Counts.Keys.Where(rule => QualityRule.Find(rule)?.IsBroken == true)], [.. series.Refusals.Select(Answers.LineOf)], series.Snapshot?.Id.Hex, series.Merge.KeptFactors, published.RepeatedTimes,
            [.. Enumerable.Range(0, bars.Count).Where(t => t < RowsShown || t >= bars.Count - RowsShown).Select(t => RowOf(published, t))]);
    }

    private static UnderstoodRow RowOf(PublishedBars published, int t)
    {
        BarColumns bars = published.Bars;
        string there = bars.Interval == Interval.Day1
            ? $"session of {bars.StartUtc(t).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
            : TimeZoneInfo.ConvertTime(bars.StartUtc(t), Instrument.Of(bars.Symbol).Calendar.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return new(published.Rows[t], bars.StartUtc(t), there, Border(bars.Open[t]), Border(bars.High[t]), Border(bars.Low[t]), Border(bars.Close[t]), Border(bars.Volume[t]));
    }

    private static double? Border(double value) => double.IsFinite(value) ? value : null;
}
