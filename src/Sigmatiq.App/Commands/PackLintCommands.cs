using System.CommandLine;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq packs lint / publish</c>: what is wrong with a pack, and the promise that it never changes (01 §1.11, §1.12).</summary>
internal static class PackLintCommands
{
    public static Command Lint(CommandHost host)
    {
        var target = new Argument<string>("pack") { Description = "swingsigma, swingsigma@1.1.0, or a folder with the six files" };
        var noBacktest = new Option<bool>("--no-backtest") { Description = "Leave out the sanity backtest (PCK-2003, PCK-2004)" };
        var ticker = new Option<string?>("--ticker") { Description = "Backtest on the stored bars of this ticker (default: the synthetic market)" };
        var file = new BarsFileOptions(isRequired: false);
        Command lint = new("lint", "Check a pack and name every finding; exit 1 where one is an error") { target, noBacktest, ticker };
        file.AddTo(lint);
        host.Run(lint, async (parse, context, ct) =>
        {
            string folder = FolderOf(parse.GetRequiredValue(target));
            List<LintFinding> findings = [.. PackLinter.LintFolder(folder)];
            string apart = "";
            if (parse.GetValue(noBacktest))
            {
                apart = " The sanity backtest (PCK-2003, PCK-2004) was left out.";
            }
            else if (PackFolder.Load(folder) is { IsOk: true } parsed)
            {
                Pack pack = parsed.Value;
                BarColumns bars = file.IsGiven(parse) ? file.Read(parse, ct)
                    : parse.GetValue(ticker) is { } symbol ? await StoredAsync(context, Market.Symbols.Symbol.Parse(symbol), pack.Policies.Engine.Interval, ct)
                    : SanityBacktest.SampleBars(pack);
                IReadOnlyList<SanityRun> runs = SanityBacktest.Run(pack, bars, ct);
                findings.AddRange(SanityFindings.Of(pack, runs, IsOfficial(folder)).Select(f => f.In(folder)));
                foreach (SanityRun run in runs)
                {
                    context.Output.Note($"{run.StrategyId}: {SanityFindings.Figures(run)}");
                }

                apart = runs.Count < pack.Strategies.Count ? " The sanity backtest leaves out strategies whose rules do not compile." : "";
            }

            context.Output.List(
                findings, findings.Select(AsJson).ToArray(),
                new("code", f => f.Code), new("level", f => f.Level == LintLevel.Error ? "error" : "warn", Tone: f => f.Level == LintLevel.Error ? Tone.Bad : Tone.Caution),
                new("path", f => f.Path), new("message", f => f.Message), new("remedy", f => f.Remediation, Tone: _ => Tone.Quiet));
            int errors = findings.Count(f => f.Level == LintLevel.Error);
            context.Output.Note($"{errors} {(errors == 1 ? "error" : "errors")}, {findings.Count - errors} {(findings.Count - errors == 1 ? "warning" : "warnings")}.{apart}");
            return errors > 0 ? ExitCode.Error : ExitCode.Ok;
        });
        return lint;
    }

    public static Command Publish(CommandHost host)
    {
        Argument<string> reference = PacksCommands.Reference();
        Command publish = new("publish", "Publish a pack version that has no error: from then on its content cannot change") { reference };
        host.Run(publish, async (parse, context, ct) =>
        {
            Pack pack = PacksCommands.Library.Load(parse.GetRequiredValue(reference));
            string folder = Shown(PacksCommands.Library.FolderOf(pack.Id, pack.Version));
            PublishedPacks published = new(await context.RowsAsync(ct), context.Clock);
            foreach (LintFinding warning in PublishLint.Pass(pack, await published.HashAsync(pack.Id, pack.Version, ct), IsOfficial(folder), folder, ct))
            {
                context.Output.Warning($"{warning.Code} {warning.Path}: {warning.Message}");
            }

            bool isNew = await published.PublishAsync(pack, (await context.ActorAsync(Right.Operate, ct)).Id, ct);
            JsonObject json = PacksCommands.Summary(pack);
            json["published"] = true;
            json["is_new"] = isNew;
            context.Output.Item(json, ("pack", pack.Reference), ("hash", pack.Hash.Hex), ("state", isNew ? "published" : "was published before, unchanged"));
            return ExitCode.Ok;
        });
        return publish;
    }

    private static async Task<BarColumns> StoredAsync(CommandContext context, Market.Symbols.Symbol symbol, Interval interval, CancellationToken ct)
    {
        BarStore store = new(context.Data, await context.RowsAsync(ct), context.Clock, context.Ids);
        return store.Read((await store.RequireAsync(symbol, interval, ct)).Id, ct);
    }

    private static object AsJson(LintFinding finding)
    {
        YamlPlace? place = finding.Place;
        return new { Id = finding.Code, finding.Code, finding.Level, finding.Path, File = place?.File, Line = place?.Line, Column = place?.Column, finding.Message, finding.Remediation };
    }

    private static string FolderOf(string target)
    {
        if (Directory.Exists(target))
        {
            return Shown(target);
        }

        PackLibrary library = PacksCommands.Library;
        var (id, version) = library.Resolve(target);
        return Shown(library.FolderOf(id, version));
    }

    // Official packs ship beside the program; a folder anywhere else is a user's own.
    private static bool IsOfficial(string folder) =>
        Path.GetFullPath(folder).StartsWith(Path.GetFullPath(PacksCommands.Library.RootFolder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // As a terminal makes it a link: from where the reader stands where that is shorter.
    private static string Shown(string folder)
    {
        string full = Path.GetFullPath(folder), near = Path.GetRelativePath(Directory.GetCurrentDirectory(), full);
        return near.StartsWith("..", StringComparison.Ordinal) ? full : near;
    }
}
