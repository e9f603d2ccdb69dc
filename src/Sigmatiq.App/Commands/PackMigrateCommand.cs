using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Market.Bars;
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

            ModelStore models = new(await context.RowsAsync(ct), context.Data, context.Clock);
            string id = parse.GetRequiredValue(model);
            ModelRecord record = (await models.ListAsync(ct)).LastOrDefault(m => m.Id == id) ?? throw new ProblemException(
                "MDL-1009", $"There is no model '{id}'.", "model", "Use an id of `sigmatiq models list`.", ExitCode.BadUsage);
            ModelMoves moves = new(PacksCommands.Library, models, new BarStore(context.Data, await context.RowsAsync(ct), context.Clock, context.Ids), "--to");
            ModelMove move = await moves.PlanAsync(record, isBack ? null : parse.GetValue(to), ct);
            if (move.IsNothing)
            {
                await moves.ApplyAsync(move, ct);
                Show(context, move, isDry);
                context.Output.Note($"{id} is on {move.Before.PackReference} already; nothing was changed.");
                return ExitCode.Ok;
            }

            if (move.Problems.Count > 0)
            {
                if (!context.Output.AsJson)
                {
                    context.Output.Note(ConfigDiff.Unified(move.Before, move.After).TrimEnd());
                }

                throw new ProblemException(move.Problems);
            }

            if (!isDry)
            {
                await moves.ApplyAsync(move, ct);
            }

            Show(context, move, isDry);
            context.Output.Note(isDry ? "Nothing was changed." : isBack ? $"{id} is as it was in config version {move.Restores}." : $"Go back with: packs migrate {id} --rollback");
            return ExitCode.Ok;
        });
        return migrate;
    }

    private static void Show(CommandContext context, ModelMove move, bool isDry)
    {
        var (before, after, pack, checks, on, _, _) = move;
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
                ["written"] = !move.IsNothing && !isDry,
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
