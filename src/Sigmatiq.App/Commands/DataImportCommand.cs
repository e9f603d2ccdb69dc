using System.CommandLine;
using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq data import</c>: bars of a file on their way into the store.</summary>
internal static class DataImportCommand
{
    private const int RowsShown = 5;

    public static Command Create(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = "CSV with a header, Parquet, or a zip (or folder of zips) of trade bars as Lean stores them" };
        var asked = new BarReadingOptions("Holds for this import alone; a later file with the same fault is refused again");
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the bars as understood and what would be refused; write nothing" };
        Command import = new("import", "Bring in bars from a file; refused where a fact is broken and not waived") { file, dryRun };
        asked.AddTo(import);
        host.Run(import, async (parse, context, ct) =>
        {
            bool dry = parse.GetValue(dryRun);
            string from = parse.GetRequiredValue(file);
            if (BarFile.IsArchiveFolder(from))
            {
                DataCommands.NotePassedOver(context, BarFolder.BesideArchives(from), f => Path.GetFileName(f));
            }

            var bars = new BarImport(await DataCommands.StoreOf(context, ct));
            IReadOnlyList<ImportedSeries> series = await bars.RunAsync(parse.GetRequiredValue(file), asked.Read(parse), asked.Waivers(parse), dry, ct);
            Print(context, series, dry);
            Problem[] refused = [.. series.SelectMany(s => s.Refusals)];
            return refused.Length == 0 ? ExitCode.Ok : throw new ProblemException(refused);
        });
        return import;
    }

    private static void Print(CommandContext context, IReadOnlyList<ImportedSeries> series, bool dry)
    {
        context.Output.List(
            series, series.Select(s => AsJson(s, dry)).ToArray(),
            new("symbol", s => s.Published.Symbol.Value, Weight: Weight.Key),
            new("interval", s => s.Published.Bars.Interval.Text()),
            new("bars", s => DataCommands.Text(s.Published.Bars.Count), Right: true),
            new("first", s => DataCommands.Text(s.Published.Bars.StartUtc(0)), Weight: Weight.Detail),
            new("last", s => DataCommands.Text(s.Published.Bars.StartUtc(s.Published.Bars.Count - 1))),
            new("added", s => s.Refusals.Count > 0 ? "" : DataCommands.Text(s.Merge.Added), Right: true),
            new("corrected", s => s.Refusals.Count > 0 ? "" : DataCommands.Text(s.Merge.Corrected), Right: true, Tone: s => s.Merge.Corrected > 0 ? Tone.Caution : Tone.Plain),
            new("findings", s => DataCommands.Findings(s.Report.Counts), Tone: _ => Tone.Caution, Weight: Weight.Key),
            new("state", s => StateOf(s, dry), Tone: s => s.Refusals.Count > 0 ? Tone.Bad : Tone.Ok, Weight: Weight.Key),
            new("snapshot", s => s.Snapshot?.Id.Short, Tone: _ => Tone.Quiet, Weight: Weight.Detail));
        foreach (ImportedSeries one in series.Where(s => s.Published.RepeatedTimes > 0))
        {
            context.Output.Note($"{one.Published.Symbol}: {one.Published.RepeatedTimes} bars lie in an hour that the clock of --tz shows twice; they were taken in the order of the file.");
        }

        foreach (ImportedSeries one in series.Where(s => s.Merge.KeptFactors > 0))
        {
            context.Output.Note($"{one.Published.Symbol}: the file has no adjustment factors; {one.Merge.KeptFactors} bars keep the stored ones. --factors FILE gives new ones.");
        }

        if (dry)
        {
            PrintRows(context, series[0]);
            context.Output.Note("Dry run: nothing was written.");
        }
        else if (series.All(s => s.ChangesNothing))
        {
            context.Output.Note("The store has all these bars already: nothing was changed.");
        }
    }

    private static string StateOf(ImportedSeries series, bool dry) =>
        series.Refusals.Count > 0 ? "would be refused" : series.ChangesNothing ? "known already" : dry ? "dry run: would be taken in" : "taken in";

    private static int[] FirstAndLast(BarColumns bars) => [.. Enumerable.Range(0, bars.Count).Where(t => t < RowsShown || t >= bars.Count - RowsShown)];

    private static void PrintRows(CommandContext context, ImportedSeries series)
    {
        BarColumns bars = series.Published.Bars;
        if (context.Output.AsJson)
        {
            return;
        }

        context.Output.Line();
        context.Output.Line($"First and last rows of {bars.Symbol} as understood, prices as in the file:");
        context.Output.List(
            FirstAndLast(bars), new("row", t => DataCommands.Text(series.Published.Rows[t]), Right: true), new("ts (UTC)", t => DataCommands.Text(bars.StartUtc(t))),
            new("exchange time", t => ExchangeTime(bars, t)),
            new("open", t => BarsCsv.Number(bars.Open[t]), Right: true), new("high", t => BarsCsv.Number(bars.High[t]), Right: true),
            new("low", t => BarsCsv.Number(bars.Low[t]), Right: true), new("close", t => BarsCsv.Number(bars.Close[t]), Right: true),
            new("volume", t => BarsCsv.Number(bars.Volume[t]), Right: true),
            new("factor", t => bars.AdjFactor.Length == 0 ? null : BarsCsv.Number(bars.AdjFactor[t]), Right: true));
    }

    private static string ExchangeTime(BarColumns bars, int t) => bars.Interval == Interval.Day1
        ? $"session of {bars.StartUtc(t).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
        : TimeZoneInfo.ConvertTime(bars.StartUtc(t), Instrument.Of(bars.Symbol).Calendar.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static object AsJson(ImportedSeries s, bool dryRun) => new
    {
        Id = s.Snapshot?.Id.Hex, Symbol = s.Published.Symbol.Value, Interval = s.Published.Bars.Interval.Text(), Bars = s.Published.Bars.Count,
        First = s.Published.Bars.StartUtc(0), Last = s.Published.Bars.StartUtc(s.Published.Bars.Count - 1), s.Merge.Added, s.Merge.Corrected, s.Merge.Unchanged,
        Changed = !dryRun && !s.ChangesNothing, Findings = s.Report.Counts, DryRun = dryRun, Snapshot = s.Snapshot?.Id.Hex,
        Refusals = s.Refusals.Select(p => new { p.Code, p.Message, p.Where, p.Remedy }), Rows = dryRun ? AsJson(s.Published) : null,
    };

    private static object[] AsJson(PublishedBars p) =>
    [
        .. FirstAndLast(p.Bars).Select(t => new
        {
            Row = p.Rows[t], Ts = p.Bars.StartUtc(t), ExchangeTime = ExchangeTime(p.Bars, t), Open = Border(p.Bars.Open[t]), High = Border(p.Bars.High[t]),
            Low = Border(p.Bars.Low[t]), Close = Border(p.Bars.Close[t]), Volume = Border(p.Bars.Volume[t]), AdjFactor = p.Bars.AdjFactor.Length == 0 ? null : Border(p.Bars.AdjFactor[t]),
        }),
    ];

    private static double? Border(double value) => double.IsNaN(value) ? null : value;
}
