using System.CommandLine;
using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Sources;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Snapshots;
using Symbol = Sigmatiq.Market.Symbols.Symbol;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq data sample / import / align / check / list / snapshot / prune</c>: the bars of the store.</summary>
internal static class DataCommands
{
    public static Command Create(CommandHost host) => new("data", "The bars of the store: make, bring in, bring up to date, check, list and prune them")
    {
        Sample(host), Import(host), Align(host), Check(host), List(host), Snapshot(host), DataPruneCommand.Create(host),
    };

    private static Command Sample(CommandHost host)
    {
        Command sample = new("sample", "Make the synthetic sample market: hours since 2018 and a year of 5-minute bars of eight symbols");
        host.Run(sample, async (_, context, ct) =>
        {
            BarStore store = await StoreOf(context, ct);
            MarketAlign align = AlignOf(store);
            (Symbol Symbol, Interval Interval)[] wanted = [.. MarketSimulator.Default.Symbols.SelectMany(s => new[] { (s, Interval.Hour1), (s, Interval.Minute5) })];
            List<AlignedSeries> made = [];
            using (ProgressLine progress = context.Output.Progress("sample"))
            {
                foreach ((Symbol symbol, Interval interval) in wanted)
                {
                    progress.Report(made.Count, wanted.Length, $"{symbol} {interval.Text()}");
                    made.Add(await align.AlignAsync(symbol, interval, context.Clock.GetUtcNow(), ct));
                }

                progress.Report(1);
            }

            context.Output.Note(MarketSimulator.PlantedEffectText);
            Print(context, made);
            return ExitCode.Ok;
        });
        return sample;
    }

    private static Command Import(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = "CSV with a header, or Parquet" };
        var asked = new BarReadingOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the bars as understood and write nothing" };
        Command import = new("import", "Bring in bars from a file; refused where a fact is broken and not waived") { file, dryRun };
        asked.AddTo(import);
        host.Run(import, async (parse, context, ct) =>
        {
            bool dry = parse.GetValue(dryRun);
            var bars = new BarImport(await StoreOf(context, ct));
            IReadOnlyList<ImportedSeries> series = await bars.RunAsync(parse.GetRequiredValue(file), asked.Read(parse), asked.Waivers(parse), dry, ct);
            context.Output.List(
                series, series.Select(s => AsJson(s, dry)).ToArray(),
                new("symbol", s => s.Published.Symbol.Value),
                new("interval", s => s.Published.Bars.Interval.Text()),
                new("bars", s => Text(s.Published.Bars.Count), Right: true),
                new("first", s => Text(s.Published.Bars.StartUtc(0))),
                new("last", s => Text(s.Published.Bars.StartUtc(s.Published.Bars.Count - 1))),
                new("added", s => Text(s.Merge.Added), Right: true),
                new("corrected", s => Text(s.Merge.Corrected), Right: true, Tone: s => s.Merge.Corrected > 0 ? Tone.Caution : Tone.Plain),
                new("findings", s => Findings(s.Report.Counts), Tone: _ => Tone.Caution),
                new("snapshot", s => s.Snapshot?.Id.Short ?? "dry run", Tone: _ => Tone.Quiet));
            if (dry)
            {
                PrintRows(context, series[0]);
            }

            return ExitCode.Ok;
        });
        return import;
    }

    private static Command Align(CommandHost host)
    {
        var tickers = new Argument<string[]>("symbol") { Description = "Which symbols (default: all that have bars)", Arity = ArgumentArity.ZeroOrMore };
        var interval = new Option<string>("--interval") { Description = "Length of the bars (default: 1h for a named symbol, all that are there otherwise)" };
        Command align = new("align", "Bring bars up to the last completed session; ends with 4 where a series has no feed and is stale") { tickers, interval };
        host.Run(align, async (parse, context, ct) =>
        {
            BarStore store = await StoreOf(context, ct);
            MarketAlign market = AlignOf(store);
            Interval? asked = parse.GetValue(interval) is { } text ? Intervals.Parse(text) : null;
            string[] named = parse.GetValue(tickers) ?? [];
            (Symbol Symbol, Interval Interval)[] series = named.Length > 0
                ? [.. named.Select(t => (Symbol.Parse(t), asked ?? Interval.Hour1))]
                : [.. (await store.ListAsync(ct)).Where(s => asked is null || s.Interval == asked).Select(s => (s.Symbol, s.Interval))];
            List<AlignedSeries> aligned = [];
            foreach ((Symbol symbol, Interval length) in series)
            {
                aligned.Add(await market.AlignAsync(symbol, length, context.Clock.GetUtcNow(), ct));
            }

            Print(context, aligned);
            return aligned.Any(a => a.IsStale) ? ExitCode.DataRefused : ExitCode.Ok;
        });
        return align;
    }

    private static Command Check(CommandHost host)
    {
        var what = new Argument<string?>("what") { Description = "A symbol of the store, or a file (default: every series of the store)", Arity = ArgumentArity.ZeroOrOne };
        var asked = new BarReadingOptions();
        Command check = new("check", "Hold bars against their hashes and the quality gates; with --waive, let a broken fact of a series pass from now on") { what };
        asked.AddTo(check);
        host.Run(check, async (parse, context, ct) =>
        {
            BarStore store = await StoreOf(context, ct);
            QualityWaiver[] given = asked.Waivers(parse);
            List<CheckedSeries> found = parse.GetValue(what) is { } path && LooksLikeFile(path)
                ? [.. BarFile.Read(path, asked.Read(parse), ct).Select(p => new CheckedSeries(p.Bars, p.Place, null, [], []))]
                : [.. (await StoredAsync(store, parse.GetValue(what), asked.Read(parse), ct))];
            foreach (CheckedSeries series in found)
            {
                foreach (QualityWaiver waiver in given)
                {
                    await store.WaiveAsync(series.Bars.Symbol, series.Bars.Interval, waiver, ct);
                }

                series.Waivers = [.. series.Waivers, .. await store.StandingWaiversAsync(series.Bars.Symbol, series.Bars.Interval, ct)];
            }

            context.Output.List(
                found, found.Select(AsJson).ToArray(),
                new("symbol", c => c.Bars.Symbol.Value),
                new("interval", c => c.Bars.Interval.Text()),
                new("bars", c => Text(c.Bars.Count), Right: true),
                new("findings", c => Findings(c.Report.Counts), Tone: _ => Tone.Caution),
                new("waived", c => string.Join(" ", c.Waivers.Select(w => w.Rule).Distinct().Where(c.Report.Counts.ContainsKey)), Tone: _ => Tone.Quiet),
                new("state", c => c.Problems.Count == 0 ? "ok" : "refused", Tone: c => c.Problems.Count == 0 ? Tone.Ok : Tone.Bad));
            Problem[] problems = [.. found.SelectMany(c => c.Problems)];
            return problems.Length == 0 ? ExitCode.Ok : throw new ProblemException(problems);
        });
        return check;
    }

    private static Command List(CommandHost host)
    {
        Command list = new("list", "List the series of the store with their range and source");
        host.Run(list, async (_, context, ct) =>
        {
            BarStore store = await StoreOf(context, ct);
            IReadOnlyList<BarSnapshot> all = await store.ListAsync(ct);
            context.Output.List(
                all, all.Select(AsJson).ToArray(),
                new("symbol", s => s.Symbol.Value),
                new("interval", s => s.Interval.Text()),
                new("bars", s => Text(s.Bars), Right: true),
                new("first", s => Text(s.FirstStartUtc)),
                new("last", s => Text(s.LastStartUtc)),
                new("source", s => s.IsSynthetic ? $"{s.Source} (synthetic)" : s.Source, Tone: s => s.IsSynthetic ? Tone.Caution : Tone.Plain),
                new("findings", s => Findings(s.Findings), Tone: _ => Tone.Caution),
                new("snapshot", s => s.Id.Short, Tone: _ => Tone.Quiet));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Snapshot(CommandHost host)
    {
        var what = new Argument<string>("what") { Description = "A symbol (its newest snapshot), or a snapshot's id" };
        var interval = new Option<string>("--interval") { Description = "Length of the bars", DefaultValueFactory = _ => "1h" };
        Command snapshot = new("snapshot", "Show a snapshot: what it is of and its files with their hashes, each held against its bytes") { what, interval };
        host.Run(snapshot, async (parse, context, ct) =>
        {
            BarStore store = await StoreOf(context, ct);
            string text = parse.GetRequiredValue(what);
            bool isId = text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
            BarSnapshot shown = isId ? await store.FindAsync(ContentHash.Parse(text), ct)
                : await store.RequireAsync(Symbol.Parse(text), Intervals.Parse(parse.GetRequiredValue(interval)), ct);
            SnapshotManifest manifest = store.Manifest(shown.Id);
            IReadOnlyList<Problem> problems = store.Verify(shown.Id, ct);
            context.Output.Item(
                new { Id = shown.Id.Hex, Snapshot = AsJson(shown), Files = manifest.Files.Select(f => new { f.Path, Sha256 = f.Sha256.Hex, f.Bytes, f.Rows }) },
                ("snapshot", shown.Id.Hex), ("series", $"{shown.Symbol} {shown.Interval.Text()}"), ("bars", Text(shown.Bars)),
                ("range", $"{Text(shown.FirstStartUtc)} to {Text(shown.LastStartUtc)}"), ("source", $"{shown.Source} {shown.SourceVersion}"));
            if (!context.Output.AsJson)
            {
                context.Output.List(
                    manifest.Files, new("file", f => f.Path), new("rows", f => Text(f.Rows), Right: true), new("bytes", f => Text(f.Bytes), Right: true),
                    new("sha256", f => f.Sha256.Short, Tone: _ => Tone.Quiet));
            }

            return problems.Count == 0 ? ExitCode.Ok : throw new ProblemException(problems);
        });
        return snapshot;
    }

    // A ticker may hold a dot, but none ends like a file of bars.
    private static bool LooksLikeFile(string text) => File.Exists(text) || Path.GetExtension(text).ToLowerInvariant() is ".csv" or ".parquet" or ".tsv" or ".txt" or ".pq";

    internal static async Task<BarStore> StoreOf(CommandContext context, CancellationToken ct) =>
        new(context.Data, await context.RowsAsync(ct), context.Clock, context.Ids);

    private static MarketAlign AlignOf(BarStore store) => new(store, [new SimulatorSource(MarketSimulator.Default), new ImportedSource()]);

    private static async Task<IEnumerable<CheckedSeries>> StoredAsync(BarStore store, string? symbol, BarFileOptions options, CancellationToken ct)
    {
        Symbol? only = symbol is null ? options.Symbol : Symbol.Parse(symbol);
        BarSnapshot[] wanted = [.. (await store.ListAsync(ct)).Where(s => (only is null || s.Symbol == only) && (options.Interval is null || s.Interval == options.Interval))];
        if (only is { } missing && wanted.Length == 0)
        {
            await store.RequireAsync(missing, options.Interval ?? Interval.Hour1, ct);
        }

        List<CheckedSeries> found = [];
        foreach (BarSnapshot snapshot in wanted)
        {
            IReadOnlyList<StoredWaiver> waivers = await store.WaiversAsync(snapshot.Symbol, snapshot.Interval, ct);
            IReadOnlyList<Problem> damaged = store.Verify(snapshot.Id, ct);
            BarColumns bars = damaged.Count == 0 ? store.Read(snapshot.Id, ct) : new(snapshot.Symbol, snapshot.Interval, [], [], [], [], [], []);
            found.Add(new(
                bars, t => $"{snapshot.Symbol} {snapshot.Interval.Text()} bar {t + 1}", snapshot, damaged, [.. waivers.Select(w => new QualityWaiver(w.Rule, w.Reason))]));
        }

        return found;
    }

    private static void Print(CommandContext context, IReadOnlyList<AlignedSeries> aligned) => context.Output.List(
        aligned, aligned.Select(a => new
        {
            Id = a.Snapshot.Id.Hex, Symbol = a.Snapshot.Symbol.Value, Interval = a.Snapshot.Interval.Text(), a.Snapshot.Bars, a.AddedBars, a.Until, a.MissingSessions,
            Stale = a.IsStale, Synthetic = a.Snapshot.IsSynthetic, Snapshot = a.Snapshot.Id.Hex,
        }).ToArray(),
        new("symbol", a => a.Snapshot.Symbol.Value),
        new("interval", a => a.Snapshot.Interval.Text()),
        new("bars", a => Text(a.Snapshot.Bars), Right: true),
        new("added", a => Text(a.AddedBars), Right: true),
        new("last", a => Text(a.Snapshot.LastStartUtc)),
        new("source", a => a.Snapshot.IsSynthetic ? $"{a.Snapshot.Source} (synthetic)" : a.Snapshot.Source),
        new("state", a => a.IsStale ? $"stale: {a.MissingSessions} sessions missing" : "current", Tone: a => a.IsStale ? Tone.Caution : Tone.Ok),
        new("snapshot", a => a.Snapshot.Id.Short, Tone: _ => Tone.Quiet));

    private static int[] FirstAndLast(BarColumns bars)
    {
        const int shown = 5;
        return [.. Enumerable.Range(0, bars.Count).Where(t => t < shown || t >= bars.Count - shown)];
    }

    private static void PrintRows(CommandContext context, ImportedSeries series)
    {
        BarColumns bars = series.Published.Bars;
        if (!context.Output.AsJson)
        {
            context.Output.List(
                FirstAndLast(bars), new("row", t => Text(series.Published.Rows[t]), Right: true), new("ts (UTC)", t => Text(bars.StartUtc(t))),
                new("exchange time", t => bars.Interval == Interval.Day1 ? "" : TimeZoneInfo.ConvertTime(bars.StartUtc(t), Instrument.Of(bars.Symbol).Calendar.Zone)
                    .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
                new("open", t => BarsCsv.Number(bars.Open[t]), Right: true), new("high", t => BarsCsv.Number(bars.High[t]), Right: true),
                new("low", t => BarsCsv.Number(bars.Low[t]), Right: true), new("close", t => BarsCsv.Number(bars.Close[t]), Right: true),
                new("volume", t => BarsCsv.Number(bars.Volume[t]), Right: true));
        }
    }

    private static object AsJson(BarSnapshot s) => new
    {
        Id = s.Id.Hex, Symbol = s.Symbol.Value, Interval = s.Interval.Text(), s.Bars, First = s.FirstStartUtc, Last = s.LastStartUtc, s.Source, s.SourceVersion,
        Synthetic = s.IsSynthetic, s.Findings,
    };

    private static object AsJson(ImportedSeries s, bool dryRun) => new
    {
        Id = s.Snapshot?.Id.Hex, Symbol = s.Published.Symbol.Value, Interval = s.Published.Bars.Interval.Text(), Bars = s.Published.Bars.Count,
        First = s.Published.Bars.StartUtc(0), Last = s.Published.Bars.StartUtc(s.Published.Bars.Count - 1), s.Merge.Added, s.Merge.Corrected, s.Merge.Unchanged,
        Findings = s.Report.Counts, DryRun = dryRun, Snapshot = s.Snapshot?.Id.Hex, Rows = dryRun ? AsJson(s.Published) : null,
    };

    private static object[] AsJson(PublishedBars p) =>
    [
        .. FirstAndLast(p.Bars).Select(t => new
        {
            Row = p.Rows[t], Ts = p.Bars.StartUtc(t), Open = Border(p.Bars.Open[t]), High = Border(p.Bars.High[t]), Low = Border(p.Bars.Low[t]),
            Close = Border(p.Bars.Close[t]), Volume = Border(p.Bars.Volume[t]),
        }),
    ];

    private static double? Border(double value) => double.IsNaN(value) ? null : value;

    private static object AsJson(CheckedSeries c) => new
    {
        Id = c.Snapshot?.Id.Hex, Symbol = c.Bars.Symbol.Value, Interval = c.Bars.Interval.Text(), Bars = c.Bars.Count, Findings = c.Report.Counts,
        Waived = c.Waivers.Select(w => new { w.Rule, w.Reason }), State = c.Problems.Count == 0 ? "ok" : "refused",
    };

    private static string Findings(IReadOnlyDictionary<string, int> counts) => string.Join(" ", counts.Select(c => $"{c.Key}={Text(c.Value)}"));

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>Bars under check: of a file, or of a snapshot.</summary>
    private sealed class CheckedSeries(BarColumns bars, Func<int, string> place, BarSnapshot? snapshot, IReadOnlyList<Problem> damaged, IReadOnlyList<QualityWaiver> waivers)
    {
        public BarColumns Bars { get; } = bars;

        public BarSnapshot? Snapshot { get; } = snapshot;

        public QualityReport Report { get; } = QualityGates.Check(bars, Instrument.Of(bars.Symbol).Calendar);

        public IReadOnlyList<QualityWaiver> Waivers { get; set; } = waivers;

        public IReadOnlyList<Problem> Problems => [.. damaged, .. Report.Problems(Waivers, place)];
    }
}
