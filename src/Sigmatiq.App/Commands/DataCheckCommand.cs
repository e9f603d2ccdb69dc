using System.CommandLine;
using System.Globalization;
using System.Text;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Symbol = Sigmatiq.Market.Symbols.Symbol;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq data check</c>: what the quality rules find in a file, a folder of files, or the store.</summary>
internal static class DataCheckCommand
{
    private const int SeriesShown = 40, RowsShown = 15, ProblemsShown = 20;

    public static Command Create(CommandHost host)
    {
        var what = new Argument<string?>("what") { Description = "A file or folder of bars or of series, or a symbol of the store (default: every series of the store)", Arity = ArgumentArity.ZeroOrOne };
        var asked = new BarReadingOptions("Holds from now on for every check and import of that symbol and interval, or of that file name and column, where the rule finds something now");
        var to = new Option<string?>("--out") { Description = "Write every finding to this CSV: file, symbol, ts, rule, detail, kind, row" };
        Command check = new("check", "Hold bars against their hashes and the quality rules; with --waive, let a broken fact of a series pass from now on") { what, to };
        asked.AddTo(check);
        host.Run(check, async (parse, context, ct) =>
        {
            OutFile? findings = OutFile.Of(parse, context, to);
            BarStore store = await DataCommands.StoreOf(context, ct);
            List<Problem> unread = [];
            string? subject = parse.GetValue(what);
            List<CheckedSeries> all = subject is not null && LooksLikeFile(subject)
                ? Files(context, subject, asked.Read(parse), unread, ct)
                : await StoredAsync(store, subject, asked.Read(parse), ct);
            await WaiveAsync(store, all, asked.Waivers(parse), context, ct);
            findings?.Write(Csv(all));

            Print(context, all);
            Problem[] problems = [.. all.SelectMany(s => s.Problems), .. unread];
            if (problems.Length > ProblemsShown)
            {
                context.Output.Warning($"{problems.Length - ProblemsShown} further refusals are not printed one by one; the table has their counts");
            }

            return problems.Length == 0 ? ExitCode.Ok : throw new ProblemException(problems[..Math.Min(problems.Length, ProblemsShown)]);
        });
        return check;
    }

    // A ticker may hold a dot, but none ends like a file of bars.
    private static bool LooksLikeFile(string text) => File.Exists(text) || Directory.Exists(text) || BarFolder.HasFormat(text);

    private static List<CheckedSeries> Files(CommandContext context, string path, BarFileOptions options, List<Problem> unread, CancellationToken ct)
    {
        bool isFolder = Directory.Exists(path);
        BarFolder folder = isFolder ? BarFolder.Of(path) : new([new(path, [])], []);
        if (folder.Units.Count == 0)
        {
            throw new ProblemException("MKT-2001", "The folder has no file of bars.", path, "Name a folder with .csv, .parquet or .zip files.", ExitCode.BadUsage);
        }

        string from = Path.GetDirectoryName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar)) ?? "/";
        string NameOf(string file) => isFolder ? Path.GetRelativePath(from, Path.GetFullPath(file)).Replace('\\', '/') : file;
        List<CheckedSeries> all = [];
        using (ProgressLine progress = context.Output.Progress("check"))
        {
            for (int i = 0; i < folder.Units.Count; i++)
            {
                BarFolderUnit unit = folder.Units[i];
                progress.Report(i, folder.Units.Count, Path.GetFileName(unit.Path));
                try
                {
                    all.AddRange(OfUnit(unit, NameOf, options, unread, ct));
                }
                catch (ProblemException e) when (isFolder)
                {
                    unread.AddRange(e.All.Select(p => p with { Where = p.Where ?? NameOf(unit.Path) }));
                }
            }

            progress.Report(1);
        }

        DataCommands.NotePassedOver(context, folder.PassedOver, NameOf);
        return all;
    }

    // Of days that are read as one series, a damaged one is named and the rest is looked at.
    private static IEnumerable<CheckedSeries> OfUnit(BarFolderUnit unit, Func<string, string> nameOf, BarFileOptions options, List<Problem> unread, CancellationToken ct)
    {
        HashSet<string> except = [.. unit.Days.Count == 0 ? [] : Directory.EnumerateFiles(unit.Path, "*.zip").Except(unit.Days)];
        try
        {
            return OfFile(unit.Path, nameOf(unit.Path), options with { Except = except }, ct);
        }
        catch (ProblemException) when (unit.Days.Count > 1)
        {
            int before = except.Count;
            foreach (string day in unit.Days)
            {
                try
                {
                    BarFile.Read(day, options with { VolumeOptional = true, Interval = options.Interval ?? Interval.Minute1 }, ct);
                }
                catch (ProblemException e)
                {
                    except.Add(day);
                    unread.AddRange(e.All.Select(p => p with { Where = p.Where ?? nameOf(day) }));
                }
            }

            if (except.Count == before)
            {
                throw;
            }

            return except.Count - before == unit.Days.Count ? [] : OfFile(unit.Path, nameOf(unit.Path), options with { Except = except }, ct);
        }
    }

    private static IEnumerable<CheckedSeries> OfFile(string file, string name, BarFileOptions options, CancellationToken ct)
    {
        if (Path.GetExtension(file).ToLowerInvariant() != ".zip" && !Directory.Exists(file) && SeriesFile.IsOne(file, options, ct))
        {
            IReadOnlyList<PublishedSeries> table = SeriesFile.Read(file, options, ct);
            ContentHash ofTable = HashOf(file);
            return table.Select(series => new CheckedSeries(name, series) { FileHash = ofTable }).ToArray();
        }

        BarFileOptions lenient = options with { VolumeOptional = true, Unnamed = NamedBy(file) };
        IReadOnlyList<PublishedBars> read = BarFile.Read(file, lenient, ct);
        ContentHash hash = HashOf(file);
        return read.Select(p => new CheckedSeries(name, p, CheckedMarket.Of(p.Symbol, options.AssetClass, file)) { FileHash = hash }).ToArray();
    }

    // A folder of archives is read as one file: its hash is that of their names and hashes.
    private static ContentHash HashOf(string file) => !Directory.Exists(file) ? ContentHash.OfFile(file)
        : ContentHash.OfValue(Directory.EnumerateFiles(file, "*.zip").Order(StringComparer.Ordinal).Select(f => new[] { Path.GetFileName(f), ContentHash.OfFile(f).Hex }));

    // Bars that nobody named are called after their file.
    private static Symbol NamedBy(string file)
    {
        string stem = string.Concat(Path.GetFileNameWithoutExtension(file).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')).Trim('-', '_');
        return Symbol.Parse(stem.Length == 0 ? "BARS" : stem[..Math.Min(stem.Length, 20)]);
    }

    private static async Task<List<CheckedSeries>> StoredAsync(BarStore store, string? symbol, BarFileOptions options, CancellationToken ct)
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
            IReadOnlyList<Problem> damaged = store.Verify(snapshot.Id, ct);
            found.Add(new(snapshot, damaged.Count == 0 ? store.Read(snapshot.Id, ct) : null, damaged)
            {
                Waivers = [.. (await store.WaiversAsync(snapshot.Symbol, snapshot.Interval, ct)).Select(w => new QualityWaiver(w.Rule, w.Reason))],
            });
        }

        return found;
    }

    private static async Task WaiveAsync(BarStore store, List<CheckedSeries> all, QualityWaiver[] given, CommandContext context, CancellationToken ct)
    {
        foreach (CheckedSeries series in all)
        {
            foreach (QualityWaiver waiver in given.Where(w => series.Findings.Any(f => f.Rule.Name == w.Rule)))
            {
                await (series.Bars is { } bars ? store.WaiveAsync(bars.Symbol, bars.Interval, waiver, ct) : store.WaiveAsync(series.Table!, waiver, ct));
            }

            IReadOnlyList<QualityWaiver> standing = series.Bars is { } known
                ? await store.StandingWaiversAsync(known.Symbol, known.Interval, ct)
                : await store.StandingWaiversAsync(series.Table!, ct);
            series.Waivers = [.. standing, .. series.Waivers];
        }

        foreach (QualityWaiver idle in given.Where(w => all.All(s => s.Findings.All(f => f.Rule.Name != w.Rule))))
        {
            context.Output.Warning($"{idle.Rule} found nothing here, so nothing was waived");
        }
    }

    private static void Print(CommandContext context, List<CheckedSeries> all)
    {
        CheckedSeries[] shown = all.Count <= SeriesShown ? [.. all] : [.. all.Where(s => s.Findings.Count > 0 || s.Problems.Count > 0)];
        bool files = all.Any(s => s.File.Contains('/', StringComparison.Ordinal)) && all.Select(s => s.File).Distinct().Count() > 1;
        Column<CheckedSeries>[] columns =
        [
            new("series", s => s.Name, Weight: Weight.Key), new("interval", s => s.Interval), new("class", s => s.AssetClass, Weight: Weight.Detail), new("rows", s => DataCommands.Text(s.Count), Right: true),
            new("broken", s => s.Of("broken"), Tone: _ => Tone.Bad, Weight: Weight.Key), new("flags", s => s.Of("flag"), Tone: _ => Tone.Caution, Weight: Weight.Key), new("apart", s => s.Of("remark"), Tone: _ => Tone.Quiet, Weight: Weight.Detail),
            new("waived", s => string.Join(" ", s.Covering.Select(w => w.Rule)), Tone: _ => Tone.Quiet, Weight: Weight.Detail),
            new("state", s => s.State, Tone: s => s.State switch { "ok" => Tone.Ok, "refused" => Tone.Bad, _ => Tone.Caution }),
        ];
        context.Output.List(shown, all.Select(AsJson).ToArray(), files ? [new("file", s => s.File), .. columns] : columns);
        if (context.Output.AsJson)
        {
            return;
        }

        if (all.Count > shown.Length)
        {
            context.Output.Line($"{all.Count - shown.Length} further series are clean.");
        }

        (CheckedSeries Series, QualityFinding Finding)[] rows = [.. all.SelectMany(s => s.Findings.Where(f => !f.Rule.IsRemark).Select(f => (s, f)))];
        if (rows.Length > 0)
        {
            context.Output.Line();
            context.Output.List(
                rows.GroupBy(r => (r.Series, r.Finding.Rule)).SelectMany(g => g.Take(2)).Take(RowsShown).ToArray(),
                new("series", r => r.Series.Name), new("ts (UTC)", r => TsOf(r.Series.At(r.Finding.Bar))), new("rule", r => r.Finding.Rule.Name),
                new("row", r => DataCommands.Text(r.Series.Row(r.Finding.Bar)), Right: true), new("meaning", r => r.Finding.Rule.Meaning), new("detail", r => r.Finding.Detail));
            if (rows.Length > 2)
            {
                context.Output.Line($"At most two rows of each rule and series are shown; {rows.Length} broken facts and flags in all: --out FILE.csv writes every one, -o json too.");
            }
        }

        foreach (QualityRule remark in all.SelectMany(s => s.Findings).Select(f => f.Rule).Where(r => r.IsRemark).Distinct())
        {
            context.Output.Line($"Apart, {remark.Name}: {remark.Meaning}.");
        }

        foreach (var unknown in all.Where(s => s.Bars is not null && s.Calendar is null).GroupBy(s => s.AssetClass))
        {
            context.Output.Line($"No calendar of {unknown.Key} is known here for {string.Join(", ", unknown.Select(s => s.Name).Distinct())}: hours and missing bars were not checked.");
        }
    }

    private static string Csv(List<CheckedSeries> all)
    {
        var text = new StringBuilder("file,symbol,ts,rule,detail,kind,row\n");
        foreach (CheckedSeries series in all)
        {
            foreach (QualityFinding finding in series.Findings)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Field(series.File)},{Field(series.Name)},{TsOf(series.At(finding.Bar))},{finding.Rule.Name},")
                    .Append(CultureInfo.InvariantCulture, $"{Field(finding.Detail)},{finding.Rule.Kind},{series.Row(finding.Bar)}\n");
            }
        }

        return text.ToString();
    }

    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static object AsJson(CheckedSeries s) => new
    {
        Id = s.Id.Hex, File = s.File.Length == 0 ? null : s.File, FileHash = s.FileHash?.Hex, Symbol = s.Name, s.Interval, s.AssetClass, s.Calendar, Bars = s.Count, Findings = s.Counts,
        Rows = s.Findings.Select(f => new { Rule = f.Rule.Name, f.Rule.Kind, Ts = s.At(f.Bar).UtcDateTime, Row = s.Row(f.Bar), f.Detail }),
        Waived = s.Covering.Select(w => new { w.Rule, w.Reason }), s.State,
    };

    private static string TsOf(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
