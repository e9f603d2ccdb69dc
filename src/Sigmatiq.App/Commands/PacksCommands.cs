using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq packs list / show / lint / publish / migrate</c>: packs and their versions (spec 01).</summary>
internal static class PacksCommands
{
    public static Command Create(CommandHost host) => new("packs", "Packs: indicators, rules, gates and policies under a version") { List(host), Show(host), Lint(host), Publish(host), Migrate(host) };

    /// <summary>The packs beside the program.</summary>
    public static PackLibrary Library => new(Path.Combine(CommandContext.HomeFolder, "packs"));

    private static Command List(CommandHost host)
    {
        Command list = new("list", "List packs and versions");
        host.Run(list, (_, context) =>
        {
            PackLibrary library = Library;
            Pack[] packs = [.. library.List().Select(p => library.Load($"{p.Id}@{p.Version}"))];
            context.Output.List(
                packs, packs.Select(Summary).ToArray(),
                new("pack", p => p.Id),
                new("version", p => p.Version.ToString()),
                new("name", p => p.Name),
                new("horizon", p => EnumWords<TimeHorizon>.Text(p.Vibe.TimeHorizon)),
                new("strategies", p => string.Join(" ", p.Strategies.Select(s => s.Id))),
                new("hash", p => p.Hash.Short, Tone: _ => Tone.Quiet));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Show(CommandHost host)
    {
        Argument<string> reference = Reference();
        Command show = new("show", "Show what a pack holds") { reference };
        host.Run(show, (parse, context) =>
        {
            Pack pack = Library.Load(parse.GetRequiredValue(reference));
            JsonObject json = Summary(pack);
            json["content"] = pack.Content.DeepClone();
            context.Output.Item(
                json, ("pack", pack.Reference), ("name", pack.Name), ("description", pack.Description), ("author", pack.Author),
                ("hash", pack.Hash.Hex), ("tags", string.Join(" ", pack.Tags)),
                ("instruments", string.Join(" ", pack.SupportedInstruments.Select(EnumWords<InstrumentType>.Text))),
                ("bars", $"{EnumOf(pack.Policies.Engine.Interval)}, rules on the {EnumWords<Market.Bars.RuleFrameKind>.Text(pack.Policies.Engine.RuleFrame)} frame"));
            if (context.Output.AsJson)
            {
                return ExitCode.Ok;
            }

            context.Output.Line();
            context.Output.List(pack.Indicators, new("indicator", i => i.Id), new("group", i => i.Group, Tone: _ => Tone.Quiet),
                new("parameters", i => string.Join(" ", i.Params.Select(p => $"{p.Name}={(p.IsFlag ? p.Value != 0 ? "true" : "false" : p.Value.ToString(CultureInfo.InvariantCulture))}"))));
            context.Output.Line();
            context.Output.List(pack.Features, new("feature", f => f.Id), new("calculation", f => f.Calculation));
            context.Output.Line();
            context.Output.List(pack.Strategies, new("strategy", s => s.Id), new("enter when all hold", s => string.Join("; ", s.EntryLogic)), new("leave when any holds", s => string.Join("; ", s.ExitLogic)));
            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Lint(CommandHost host)
    {
        var target = new Argument<string>("pack") { Description = "swingsigma, swingsigma@1.1.0, or a folder with the six files" };
        Command lint = new("lint", "Check a pack and name every finding; exit 1 where one is an error") { target };
        host.Run(lint, (parse, context) =>
        {
            IReadOnlyList<LintFinding> findings = Findings(parse.GetRequiredValue(target));
            context.Output.List(
                findings, findings.Select(f => new { Id = f.Code, f.Code, f.Level, f.Path, f.Message, f.Remediation }).ToArray(),
                new("code", f => f.Code), new("level", f => f.Level == LintLevel.Error ? "error" : "warn", Tone: f => f.Level == LintLevel.Error ? Tone.Bad : Tone.Caution),
                new("path", f => f.Path), new("message", f => f.Message), new("remedy", f => f.Remediation, Tone: _ => Tone.Quiet));
            int errors = findings.Count(f => f.Level == LintLevel.Error);
            context.Output.Note($"{errors} {(errors == 1 ? "error" : "errors")}, {findings.Count - errors} {(findings.Count - errors == 1 ? "warning" : "warnings")}. The sanity backtest (PCK-2003, PCK-2004) is not part of this.");
            return errors > 0 ? ExitCode.Error : ExitCode.Ok;
        });
        return lint;
    }

    private static Command Publish(CommandHost host)
    {
        Argument<string> reference = Reference();
        Command publish = new("publish", "Publish a pack version: from then on its content cannot change") { reference };
        host.Run(publish, async (parse, context, ct) =>
        {
            Pack pack = Library.Load(parse.GetRequiredValue(reference));
            PublishedPacks published = new(await context.RowsAsync(ct), context.Clock);
            LintFinding[] errors = [.. PackLinter.Lint(pack, await published.HashAsync(pack.Id, pack.Version, ct)).Where(f => f.Level == LintLevel.Error)];
            if (errors.Length > 0)
            {
                throw new ProblemException([.. errors.Select(e => new Problem(e.Code, e.Message, e.Path, e.Remediation))]);
            }

            bool isNew = await published.PublishAsync(pack, People.LocalOperator.Id, ct);
            JsonObject json = Summary(pack);
            json["published"] = true;
            json["is_new"] = isNew;
            context.Output.Item(json, ("pack", pack.Reference), ("hash", pack.Hash.Hex), ("state", isNew ? "published" : "was published before, unchanged"));
            return ExitCode.Ok;
        });
        return publish;
    }

    private static Command Migrate(CommandHost host)
    {
        var model = new Argument<string>("model") { Description = "Id of a model" };
        var to = new Option<string>("--to") { Description = "Version of its pack, newer or older, e.g. 1.1.0", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would change, and change nothing" };
        Command migrate = new("migrate", "Move a model to another version of its pack, if its indicators and features keep their values") { model, to, dryRun };
        host.Run(migrate, async (parse, context, ct) =>
        {
            ModelStore models = new(await context.RowsAsync(ct), context.Data, context.Clock);
            string id = parse.GetRequiredValue(model);
            ModelRecord record = (await models.ListAsync(ct)).LastOrDefault(m => m.Id == id) ?? throw new ProblemException(
                "MDL-1009", $"There is no model '{id}'.", "model", "Use an id of `sigmatiq models list`.", ExitCode.BadUsage);
            ModelConfig before = await models.LoadAsync(record.UserId, record.Id, ct);
            Pack target = Library.Load($"{before.PackId}@{parse.GetRequiredValue(to)}");
            ModelMigration migration = ModelMigration.Of(before, Library.Load(before.PackReference), target).Value;
            if (!parse.GetValue(dryRun))
            {
                await models.ReplaceAsync(before, migration.Config, target, ct);
            }

            context.Output.List(
                migration.Changes, migration.Changes.Select(c => new { Id = c.Path, c.Before, c.After }).ToArray(),
                new("key", c => c.Path), new("before", c => c.Before), new("after", c => c.After));
            context.Output.Note(parse.GetValue(dryRun) ? "Nothing was changed." : $"Go back with: packs migrate {id} --to {before.PackVersion}");
            return ExitCode.Ok;
        });
        return migrate;
    }

    private static IReadOnlyList<LintFinding> Findings(string target)
    {
        if (Directory.Exists(target))
        {
            return PackLinter.LintFolder(target);
        }

        PackLibrary library = Library;
        var (id, version) = library.Resolve(target);
        return PackLinter.LintFolder(library.FolderOf(id, version));
    }

    private static Argument<string> Reference() => new("pack") { Description = "swingsigma (the newest) or swingsigma@1.1.0" };

    private static string EnumOf(Market.Bars.Interval interval) => Market.Bars.Intervals.Text(interval);

    private static JsonObject Summary(Pack pack) => new()
    {
        ["id"] = pack.Reference,
        ["pack_id"] = pack.Id,
        ["version"] = pack.Version.ToString(),
        ["name"] = pack.Name,
        ["description"] = pack.Description,
        ["author"] = pack.Author,
        ["hash"] = pack.Hash.Hex,
        ["strategies"] = new JsonArray([.. pack.Strategies.Select(s => (JsonNode?)s.Id)]),
    };
}
