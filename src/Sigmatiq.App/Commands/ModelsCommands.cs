using Sigmatiq.Learning.Trained;
using Sigmatiq.Store.Rows;
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq models create / list / show / change / retire / restore</c>: a user's choice of one pack, one instrument and parameters (spec 01 §1.13).</summary>
internal static class ModelsCommands
{
    public static Command Create(CommandHost host) => new("models", "Models: one pack, one instrument, chosen parameters") 
    {
        Make(host), List(host), Show(host), Change(host), Retire(host, "retire", "Retire a model: what was made of it stays, and nothing new is made of it", true),
        Retire(host, "restore", "Bring a retired model back", false),
    };

    private static Command Make(CommandHost host)
    {
        var request = new Option<string?>("--request") { Description = "JSON file as POST /models takes it" };
        var ticker = new Option<string?>("--ticker") { Description = "Ticker, e.g. SPY; makes the pack's default model" };
        var pack = new Option<string>("--pack") { Description = "Pack, e.g. swingsigma@1.1.0", DefaultValueFactory = _ => "swingsigma" };
        var id = new Option<string?>("--id") { Description = "Id of the model (default: made of ticker, strategy and pack)" };
        var strategy = new Option<string?>("--strategy") { Description = "Strategy of the pack (default: its first)" };
        var profile = new Option<string?>("--risk-profile") { Description = "conservative, balanced or aggressive" };
        var set = new Option<string[]>("--set") { Description = "Overrides, e.g. rsi_period=21", AllowMultipleArgumentsPerToken = true };
        Command create = new("create", "Make a model; the same one again changes nothing") { request, ticker, pack, id, strategy, profile, set };
        host.Run(create, async (parse, context, ct) =>
        {
            string by = (await context.ActorAsync(Right.Plan, ct)).Id;
            ModelRequest asked;
            Pack chosen;
            if (parse.GetValue(request) is { } file)
            {
                asked = Read(file);
                chosen = PacksCommands.Library.LoadUsable(asked.Pack);
            }
            else
            {
                chosen = PacksCommands.Library.LoadUsable(parse.GetRequiredValue(pack));
                string symbol = parse.GetValue(ticker) ?? throw new ProblemException(
                    "MDL-1008", "Neither --ticker nor --request is given.", "--ticker", "Name a ticker, e.g. --ticker SPY.", ExitCode.BadUsage);
                KeyValuePair<string, double>[] overrides = [.. (parse.GetValue(set) ?? []).Select(ModelBuilder.ParseOverride)];
                asked = ModelBuilder.Default(chosen, symbol, by, overrides, parse.GetValue(strategy), parse.GetValue(profile));
                asked = parse.GetValue(id) is { } named ? asked with { ModelId = named, Name = $"{asked.Name} · {named}" } : asked;
            }

            ModelCreated created = await new ModelStore(await context.RowsAsync(ct), context.Data, context.Clock).CreateAsync(asked, chosen, ct);
            foreach (Problem warning in created.Warnings)
            {
                context.Output.Warning(warning.ToString());
            }

            JsonObject response = created.Model.ToResponse();
            response["id"] = created.Model.Id;
            response["is_new"] = created.IsNew;
            response["warnings"] = new JsonArray([.. created.Warnings.Select(w => (JsonNode?)new JsonObject { ["id"] = w.Code, ["message"] = w.Message, ["where"] = w.Where, ["remedy"] = w.Remedy })]);
            response["config"] = created.Config.ToJson();
            context.Output.Item(
                response, ("model", created.Model.Id), ("pack", created.Config.PackReference), ("ticker", created.Config.Instrument.Ticker),
                ("strategy", created.Config.Strategy.Id), ("status", created.IsNew ? created.Model.Status : $"{created.Model.Status} (was there before)"),
                ("next step", created.Model.NextStep), ("config", Path.Combine("models", created.Model.UserId, created.Model.Id, "config.yaml")));
            return ExitCode.Ok;
        });
        return create;
    }

    private static Command List(CommandHost host)
    {
        Command list = new("list", "List models");
        host.RunOnStore(list, async (_, context, ct) =>
        {
            IRowStore rows = await context.RowsAsync(ct);
            IReadOnlyList<ModelRecord> models = await ModelStandings.OfAsync(rows, await new ModelStore(rows, context.Data, context.Clock).ListAsync(ct), ct);
            context.Output.List(
                models, new("model", m => m.Id, Weight: Weight.Key), new("user", m => m.UserId, Tone: _ => Tone.Quiet, Weight: Weight.Detail), new("name", m => m.Name),
                new("pack", m => $"{m.PackId}@{m.PackVersion}"), new("status", m => m.Status, Weight: Weight.Key), new("next step", m => m.NextStep));
            return ExitCode.Ok;
        });
        return list;
    }

    private static Command Show(CommandHost host)
    {
        var id = new Argument<string?>("model") { Description = "Id of a model (default: the latest)", Arity = ArgumentArity.ZeroOrOne };
        Command show = new("show", "Show a model's config") { id };
        host.RunOnStore(show, async (parse, context, ct) =>
        {
            ModelStore models = new(await context.RowsAsync(ct), context.Data, context.Clock);
            IReadOnlyList<ModelRecord> all = await models.ListAsync(ct);
            ModelRecord model = (parse.GetValue(id) is { } wanted ? all.LastOrDefault(m => m.Id == wanted) : all.LastOrDefault()) ?? throw new ProblemException(
                "MDL-1009", $"There is no model '{parse.GetValue(id) ?? "(latest)"}'.", "model", "Use an id of `sigmatiq models list`.", ExitCode.BadUsage);
            ModelConfig config = await models.LoadAsync(model.UserId, model.Id, ct);
            IReadOnlyList<HiddenInput> hidden = PacksCommands.Library.Versions(config.PackId).Contains(config.PackVersion)
                ? HiddenInput.Of(PacksCommands.Library.Load(config.PackReference), config.Strategy.Id, [.. config.Indicators.Select(i => i.Id)], [.. config.Features])
                : [];
            JsonObject json = (await ModelStandings.OfAsync(await context.RowsAsync(ct), model, ct)).ToResponse();
            json["id"] = model.Id;
            json["hidden"] = new JsonArray([.. hidden.Select(h => (JsonNode?)new JsonObject { ["id"] = h.Id, ["kind"] = h.Kind, ["needed_by"] = h.NeededBy })]);
            json["config"] = config.ToJson();
            if (context.Output.AsJson)
            {
                context.Output.Value(json);
            }
            else
            {
                context.Output.Line(ModelConfigFile.Write(config).TrimEnd());
                foreach (HiddenInput input in hidden)
                {
                    context.Output.Note($"The {input.Kind} {input.Id} was not selected; the {input.NeededBy} needs it.");
                }
            }

            return ExitCode.Ok;
        });
        return show;
    }

    private static Command Change(CommandHost host)
    {
        var request = new Argument<string>("request") { Description = "JSON file as POST /models takes it: the model as it shall be" };
        Command change = new("change", "Change a model as a further version of its config; where sweeps rest on it only name and description") { request };
        host.Run(change, async (parse, context, ct) =>
        {
            await context.ActorAsync(Right.Plan, ct);
            ModelRequest asked = Read(parse.GetRequiredValue(request));
            Platform platform = await context.PlatformAsync(ct);
            ModelCreated changed = await Changes(platform).ChangeAsync(Of(await platform.Models.ListAsync(ct), asked.ModelId), asked, ct);
            foreach (Problem warning in changed.Warnings)
            {
                context.Output.Warning(warning.ToString());
            }

            JsonObject json = new() { ["id"] = changed.Model.Id, ["config_version"] = changed.Config.ConfigVersion, ["changed"] = changed.IsNew };
            context.Output.Item(json, ("model", changed.Model.Id), ("config version", $"{changed.Config.ConfigVersion}{(changed.IsNew ? "" : " (as before)")}"));
            return ExitCode.Ok;
        });
        return change;
    }

    private static Command Retire(CommandHost host, string verb, string help, bool isRetired)
    {
        var id = new Argument<string>("model") { Description = "Id of a model" };
        var reason = new Option<string?>("--reason") { Description = "Why; it is kept in the audit chain" };
        Command command = new(verb, help) { id, reason };
        host.RunOnStore(command, async (parse, context, ct) =>
        {
            string by = (await context.ActorAsync(Right.Plan, ct)).Id;
            Platform platform = await context.PlatformAsync(ct);
            ModelRecord model = await Changes(platform).SetRetiredAsync(Of(await platform.Models.ListAsync(ct), parse.GetRequiredValue(id)), isRetired, by, parse.GetValue(reason), ct);
            model = await ModelStandings.OfAsync(platform.Rows, model, ct);
            JsonObject json = model.ToResponse();
            json["id"] = model.Id;
            context.Output.Item(json, ("model", model.Id), ("status", model.Status));
            return ExitCode.Ok;
        });
        return command;
    }

    private static ModelChanges Changes(Platform platform) => new(platform.Rows, platform.Audit, platform.Models, platform.Packs);

    private static ModelRecord Of(IReadOnlyList<ModelRecord> all, string id) => all.LastOrDefault(m => m.Id == id)
        ?? throw new ProblemException("MDL-1009", $"There is no model '{id}'.", "model", "Use an id of `sigmatiq models list`.", ExitCode.BadUsage);

    private static ModelRequest Read(string file)
    {
        try
        {
            return ModelRequest.Parse(JsonText.Parse(File.ReadAllText(file))).Value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ProblemException(new Problem("MDL-1008", $"The request cannot be read: {e.Message.TrimEnd('.')}.", file, "Name a JSON file as POST /models takes it.", ExitCode.BadUsage), e);
        }
    }
}
