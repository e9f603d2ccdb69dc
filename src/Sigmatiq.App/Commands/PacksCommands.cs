using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq packs list / show / lint / publish / migrate</c>: packs and their versions (spec 01).</summary>
internal static class PacksCommands
{
    public static Command Create(CommandHost host) => new("packs", "Packs: indicators, rules, gates and policies under a version")
    {
        List(host), Show(host), PackLintCommands.Lint(host), PackLintCommands.Publish(host), PackMigrateCommand.Create(host), Schema(host),
    };

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
                new("parameters", i => string.Join(" ", i.Params.Select(p => $"{p.Name}={(p.IsFlag ? p.Value != 0 ? "true" : "false" : Shown(p.Value))}"))),
                new("names in rules", i => string.Join(" ", new IndicatorInstance(i.Id, i.Params).Catalog?.RuleNames().Keys ?? []), Tone: _ => Tone.Quiet));
            context.Output.Line();
            context.Output.List(pack.Features, new("feature", f => f.Id), new("calculation", f => f.Calculation), new("name", f => f.Name, Tone: _ => Tone.Quiet));
            foreach (PackStrategy strategy in pack.Strategies)
            {
                context.Output.Line();
                context.Output.Line($"strategy {strategy.Id}{(strategy == pack.Strategies[0] ? " (default)" : "")}: {strategy.Description}{(strategy.Side == StrategySide.Long ? "" : $" ({EnumWords<StrategySide>.Text(strategy.Side)})")}");
                List<(string When, string Rule)> lines =
                    [.. strategy.EntryLogic.Select((r, i) => (i == 0 ? "enter when" : "and", r)), .. strategy.ExitLogic.Select((r, i) => (i == 0 ? "leave when" : "or", r))];
                context.Output.List(lines, new(" ", l => l.When), new("rule", l => l.Rule));
            }

            context.Output.Line();
            context.Output.List(Values(pack, "gates.yaml"), new("gate", v => v.Path), new("limit", v => v.Value, Right: true));
            context.Output.Line();
            context.Output.List(Values(pack, "policies.yaml"), new("policy", v => v.Path), new("value", v => v.Value, Right: true));
            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Schema(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = string.Join(", ", PackFolder.FileNames) };
        file.AcceptOnlyFromAmong([.. PackFolder.FileNames]);
        Command schema = new("schema", "Print the JSON Schema of a file of a pack, for editors that complete keys") { file };
        host.Run(schema, (parse, context) =>
        {
            context.Output.Value(PackSchema.Of(parse.GetRequiredValue(file)));
            return ExitCode.Ok;
        });
        return schema;
    }

    // The values of a file by path, as written; the one map that all stands below is left out.
    private static List<(string Path, string Value)> Values(Pack pack, string file)
    {
        List<(string, string)> values = [];
        Walk(pack.Content[file]!.AsObject().First().Value, "");
        return values;

        void Walk(JsonNode? node, string path)
        {
            foreach (var (key, value) in node as JsonObject ?? [])
            {
                string below = path.Length == 0 ? key : $"{path}.{key}";
                if (value is JsonObject)
                {
                    Walk(value, below);
                }
                else
                {
                    values.Add((below, value?.ToString() ?? ""));
                }
            }
        }
    }

    private static string Shown(double value) => value.ToString(CultureInfo.InvariantCulture);

    internal static Argument<string> Reference() => new("pack") { Description = "swingsigma (the newest) or swingsigma@1.1.0" };

    private static string EnumOf(Market.Bars.Interval interval) => Market.Bars.Intervals.Text(interval);

    internal static JsonObject Summary(Pack pack) => new()
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
