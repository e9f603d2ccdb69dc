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
        Sample(host), DataImportCommand.Create(host), Align(host), DataCheckCommand.Create(host), List(host), Snapshot(host), DataPruneCommand.Create(host),
    };

    private static Command Sample(CommandHost host)
    {
        Command sample = new("sample", "Make the synthetic sample market: hours since 2018 and a year of 5-minute bars of eight symbols");
        host.Run(sample, async (_, context, ct) =>
        {
            BarStore store = await StoreOf(context, ct);
            MarketAlign align = BarAlignment.Over(store);
            IReadOnlyList<(Symbol Symbol, Interval Interval)> wanted = BarAlignment.SampleMarket;
            List<AlignedSeries> made = [];
            using (ProgressLine progress = context.Output.Progress("sample"))
            {
                foreach ((Symbol symbol, Interval interval) in wanted)
                {
                    progress.Report(made.Count, wanted.Count, $"{symbol} {interval.Text()}");
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

    private static Command Align(CommandHost host)
    {
        var tickers = new Argument<string[]>("symbol") { Description = "Which symbols (default: all that have bars)", Arity = ArgumentArity.ZeroOrMore };
        var interval = new Option<string>("--interval") { Description = "Length of the bars (default: 1h for a named symbol, all that are there otherwise)" };
        Command align = new("align", "Bring bars up to the last completed session; ends with 4 where a series has no feed and is stale") { tickers, interval };
        host.Run(align, async (parse, context, ct) =>
        {
            BarStore store = await StoreOf(context, ct);
            MarketAlign market = BarAlignment.Over(store);
            IReadOnlyList<(Symbol Symbol, Interval Interval)> series = await BarAlignment.MeantAsync(store, parse.GetValue(tickers) ?? [], parse.GetValue(interval), ct);
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

    private static Command List(CommandHost host)
    {
        Command list = new("list", "List the series of the store with their range and source");
        host.RunOnStore(list, async (_, context, ct) =>
        {
            BarStore store = await StoreOf(context, ct);
            IReadOnlyList<BarSnapshot> all = await store.ListAsync(ct);
            context.Output.List(
                all, all.Select(AsJson).ToArray(),
                new("symbol", s => s.Symbol.Value, Weight: Weight.Key),
                new("interval", s => s.Interval.Text(), Weight: Weight.Key),
                new("bars", s => Text(s.Bars), Right: true, Weight: Weight.Key),
                new("first", s => Text(s.FirstStartUtc)),
                new("last", s => Text(s.LastStartUtc), Weight: Weight.Key),
                new("source", s => s.IsSynthetic ? $"{s.Source} (synthetic)" : s.Source, Tone: s => s.IsSynthetic ? Tone.Caution : Tone.Plain),
                new("findings", s => Findings(s.Findings), Tone: _ => Tone.Caution),
                new("snapshot", s => s.Id.Short, Tone: _ => Tone.Quiet, Weight: Weight.Detail));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Snapshot(CommandHost host)
    {
        var what = new Argument<string>("what") { Description = "A symbol (its newest snapshot), or a snapshot's id" };
        var interval = new Option<string>("--interval") { Description = "Length of the bars", DefaultValueFactory = _ => "1h" };
        Command snapshot = new("snapshot", "Show a snapshot: what it is of and its files with their hashes, each held against its bytes") { what, interval };
        host.RunOnStore(snapshot, async (parse, context, ct) =>
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

    internal static async Task<BarStore> StoreOf(CommandContext context, CancellationToken ct) =>
        new(context.Data, await context.RowsAsync(ct), context.Clock, context.Ids);

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

    private static object AsJson(BarSnapshot s) => new
    {
        Id = s.Id.Hex, Symbol = s.Symbol.Value, Interval = s.Interval.Text(), s.Bars, First = s.FirstStartUtc, Last = s.LastStartUtc, s.Source, s.SourceVersion,
        Synthetic = s.IsSynthetic, s.Findings,
    };

    /// <summary>Names files that a command passes over, by their reason.</summary>
    internal static void NotePassedOver(CommandContext context, IReadOnlyList<PassedOver> passed, Func<string, string> nameOf)
    {
        foreach (IGrouping<string, PassedOver> group in passed.GroupBy(p => p.Reason))
        {
            context.Output.Note($"Passed over, {group.Key}: {string.Join(", ", group.Select(p => nameOf(p.File)))}");
        }
    }

    internal static string Findings(IReadOnlyDictionary<string, int> counts) => string.Join(" ", counts.Select(c => $"{c.Key}={Text(c.Value)}"));

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string Text(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
