using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq packs migrate MODEL --to VERSION</c>: a model on another version of its pack, and back (01 §1.12).</summary>
internal static class PackMigrateCommand
{
    public static Command Create(CommandHost host)
    {
        var model = new Argument<string>("model") { Description = "Id of a model" };
        var to = new Option<string?>("--to") { Description = "Version of its pack, newer or older, e.g. 1.1.0" };
        var rollback = new Option<bool>("--rollback") { Description = "Go back to the config before the last change" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would change, and change nothing" };
        Command migrate = new("migrate", "Move a model to another version of its pack, if its indicators and features keep their values bit for bit") { model, to, rollback, dryRun };
        host.Run(migrate, async (parse, context, ct) =>
        {
            bool isBack = parse.GetValue(rollback), isDry = parse.GetValue(dryRun);
            if (isBack == (parse.GetValue(to) is not null))
            {
                throw new ProblemException(
                    "MDL-1008", isBack ? "--to and --rollback are both given." : "Neither --to nor --rollback is given.", "--to",
                    "Name a version, e.g. --to 1.1.0, or go back with --rollback.", ExitCode.BadUsage);
            }

            PackLibrary library = PacksCommands.Library;
            ModelStore models = new(await context.RowsAsync(ct), context.Data, context.Clock);
            string id = parse.GetRequiredValue(model);
            ModelRecord record = (await models.ListAsync(ct)).LastOrDefault(m => m.Id == id) ?? throw new ProblemException(
                "MDL-1009", $"There is no model '{id}'.", "model", "Use an id of `sigmatiq models list`.", ExitCode.BadUsage);
            ModelConfig before = await models.LoadAsync(record.UserId, record.Id, ct);
            Pack from = PackLibrary.Pinned(library.Load(before.PackReference), record.PackHash);
            Move move = isBack ? await BackAsync(models, library, before, ct) : Forward(library, before, from, parse.GetValue(to)!);
            if (move.Config is null)
            {
                throw new ProblemException(move.Problems);
            }

            if (move.Config == before)
            {
                await models.SettleFilesAsync(before, ct);
                Show(context, before, before, from, [], "", isDry, isNew: false);
                context.Output.Note($"{id} is on {before.PackReference} already; nothing was changed.");
                return ExitCode.Ok;
            }

            BarColumns bars = await BarsAsync(context, before, from, ct);
            IReadOnlyList<InputCheck> checks = MigrationCheck.Of(before, from, move.Config, move.Pack, bars, Instrument.Of(bars.Symbol).Calendar);

            // What an earlier config computed was its own affair; going back to it is no new claim about the present one.
            IReadOnlyList<Problem> problems = isBack ? [] : [.. move.Problems, .. MigrationCheck.Problems(checks, move.Pack)];
            string on = $"{bars.Symbol} {bars.Interval.Text()}, {bars.Count.ToString(CultureInfo.InvariantCulture)} bars";
            if (problems.Count > 0)
            {
                if (!context.Output.AsJson)
                {
                    context.Output.Note(ConfigDiff.Unified(before, move.Config).TrimEnd());
                }

                throw new ProblemException(problems);
            }

            if (!isDry)
            {
                await models.ReplaceAsync(before, move.Config, move.Pack, ct, move.Restores);
            }

            Show(context, before, move.Config, move.Pack, checks, on, isDry, isNew: true);
            context.Output.Note(isDry ? "Nothing was changed." : isBack ? $"{id} is as it was in config version {move.Restores}." : $"Go back with: packs migrate {id} --rollback");
            return ExitCode.Ok;
        });
        return migrate;
    }

    private sealed record Move(ModelConfig? Config, Pack Pack, IReadOnlyList<Problem> Problems, int? Restores = null);

    private static Move Forward(PackLibrary library, ModelConfig before, Pack from, string version)
    {
        string[] named = version.Split('@');
        if (named.Length > 1 && named[0] != before.PackId)
        {
            throw new ProblemException("MDL-1008", $"'{version}' is of another pack: {before.Id} is a model of {before.PackId} and stays one.", "--to",
                $"Name a version of {before.PackId}, e.g. --to {from.Version}, or make a model of the other pack with 'sigmatiq models create'.", ExitCode.BadUsage);
        }

        Pack to = library.LoadUsable($"{before.PackId}@{named[^1]}");
        if (to.Reference == before.PackReference)
        {
            return new(before, from, []);
        }

        var (config, problems) = ModelMigration.Propose(before, from, to);
        return new(config, to, problems);
    }

    private static async Task<Move> BackAsync(ModelStore models, PackLibrary library, ModelConfig before, CancellationToken ct)
    {
        var (config, restores) = await models.PreviousAsync(before, ct);
        string hash = (await models.HistoryAsync(before.UserId, before.Id, ct)).First(h => h.ConfigVersion == restores).PackHash;
        return new(config, PackLibrary.Pinned(library.LoadUsable(config.PackReference), hash), [], restores);
    }

    private static async Task<BarColumns> BarsAsync(CommandContext context, ModelConfig model, Pack pack, CancellationToken ct)
    {
        BarStore store = new(context.Data, await context.RowsAsync(ct), context.Clock, context.Ids);
        return await store.LatestAsync(Market.Symbols.Symbol.Parse(model.Instrument.Ticker), pack.Policies.Engine.Interval, ct) is { } stored
            ? store.Read(stored.Id, ct)
            : SanityBacktest.SampleBars(pack);
    }

    private static void Show(
        CommandContext context, ModelConfig before, ModelConfig after, Pack pack, IReadOnlyList<InputCheck> checks, string on, bool isDry, bool isNew)
    {
        IReadOnlyList<ConfigChange> changes = ConfigDiff.Of(before, after);
        if (context.Output.AsJson)
        {
            context.Output.Value(new JsonObject
            {
                ["id"] = before.Id,
                ["from"] = before.PackReference,
                ["to"] = after.PackReference,
                ["pack_hash"] = pack.Hash.Hex,
                ["config_version"] = after.ConfigVersion,
                ["written"] = isNew && !isDry,
                ["changes"] = new JsonArray([.. changes.Select(c => (JsonNode?)new JsonObject { ["id"] = c.Path, ["before"] = Json(c.Before), ["after"] = Json(c.After) })]),
                ["checked_on"] = on,
                ["checks"] = new JsonArray([.. checks.Select(c => (JsonNode?)new JsonObject
                {
                    ["id"] = c.Name, ["kind"] = c.Kind, ["bars"] = c.Bars, ["defined"] = c.Defined, ["differing"] = c.Differing, ["first_difference"] = c.FirstDifference,
                })]),
            });
            return;
        }

        if (changes.Count > 0)
        {
            context.Output.Line(ConfigDiff.Unified(before, after).TrimEnd());
            context.Output.Line();
        }

        if (checks.Count > 0)
        {
            context.Output.List(
                checks, new("input", c => c.Name), new("kind", c => c.Kind, Tone: _ => Tone.Quiet), new("bars", c => c.Bars.ToString(CultureInfo.InvariantCulture), Right: true),
                new("defined", c => c.Defined.ToString(CultureInfo.InvariantCulture), Right: true), new("differing", c => c.Differing.ToString(CultureInfo.InvariantCulture), Right: true),
                new("result", c => c.Differing == 0 ? "equal bit for bit" : $"differs, first {c.FirstDifference}", Tone: c => c.Differing == 0 ? Tone.Ok : Tone.Bad));
            context.Output.Note($"Compared on {on}.");
        }
    }

    private static JsonNode? Json(string? value) => value is null ? null : JsonNode.Parse(value);
}
