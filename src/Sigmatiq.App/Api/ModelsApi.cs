using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App.Api;

/// <summary><c>/models</c> (spec 01 §1.13).</summary>
internal sealed class ModelsApi(PackLibrary packs, ModelStore models, IRowStore rows, AuditChain audit, BarStore bars, TimeProvider clock)
{
    private readonly ModelChanges changes = new(rows, audit, models, packs);
    private readonly ModelMoves moves = new(packs, models, bars, "to");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/models", CreateAsync).Operation("createModel", "models", "Makes a model of a pack").Body<ModelAsked>().Needs(Right.Plan);
        routes.MapGet("/models", ListAsync)
            .Operation("listModels", "models", "Lists models with how far each has come, newest last").Takes("retired", "with: retired models too. Without it those in use alone.", "with", "without")
            .TakesLimit(ListLimit.Most).TakesCursor().Needs(Right.Read);
        routes.MapPost("/models/preview", PreviewAsync)
            .Operation("previewModel", "models", "Says what a request for a model would give; makes nothing", "A request that is not valid is an answer, not a refusal.").Body<ModelAsked>().Needs(Right.Plan);
        routes.MapGet("/models/{id}", ShowAsync).Operation("getModel", "models", "A model with its config").Needs(Right.Read);
        routes.MapGet("/models/{id}/document", DocumentAsync)
            .Operation("getModelDocument", "models", "A model as its page shows it: settings with their source, what differs from the pack, configs").Needs(Right.Read);
        routes.MapPut("/models/{id}", ChangeAsync)
            .Operation("changeModel", "models", "Changes a model as a further version of its config; where sweeps rest on it only name and description").Body<ModelAsked>().Needs(Right.Plan);
        routes.MapDelete("/models/{id}", (HttpContext context, string id, CancellationToken ct) => SetRetiredAsync(context, id, true, ct))
            .Operation("retireModel", "models", "Retires a model: what was made of it stays, and nothing new is made of it").Body<ModelRetiring>(required: false).Needs(Right.Plan);
        routes.MapPost("/models/{id}/restore", (HttpContext context, string id, CancellationToken ct) => SetRetiredAsync(context, id, false, ct))
            .Operation("restoreModel", "models", "Brings a retired model back").Body<ModelRetiring>(required: false).Needs(Right.Plan);
        routes.MapPost("/models/{id}/migrate", MoveAsync)
            .Operation("migrateModel", "models", "Moves a model to another version of its pack, or back, if its inputs keep their values bit for bit").Body<ModelMoveAsked>().Needs(Right.Plan);
    }

    // 201 for a new model, 200 where exactly this one was made before; another one under its id is 409.
    private async Task<Made<ModelMade>> CreateAsync(HttpContext context, CancellationToken ct)
    {
        ModelRequest asked = await AskedAsync(context, ct);
        ModelCreated created = await models.CreateAsync(asked, packs.LoadUsable(asked.Pack), ct);
        return new(created.Model.ToResponse(), created.IsNew);
    }

    private async Task<Answer<ModelDrafted>> PreviewAsync(HttpContext context, CancellationToken ct)
    {
        ParseResult<ModelRequest> asked = ModelRequest.Parse(await Bodies.JsonAsync(context.Request, ct));
        return new(ModelReader.Draft(asked.Value, packs.LoadUsable(asked.Value.Pack), clock.GetUtcNow()));
    }

    private async Task<Answer<IReadOnlyList<ModelListed>>> ListAsync(HttpContext context, string? retired, ListLimit limit, PageCursor cursor, CancellationToken ct)
    {
        int most = limit.Or(ListLimit.Most);
        (string, string)? after = cursor.After?.Split('\n', 2) is [var user, var id] ? (user, id) : cursor.After is null ? null : ("", "");
        IReadOnlyList<ModelRecord> page = PageCursor.Tell(context, await models.ListAsync(retired == "with", after, most, ct), most, m => $"{m.UserId}\n{m.Id}");
        Func<ModelRecord, ModelConfig, ModelListed> listed = await ListingAsync(ct);
        List<ModelListed> all = [];
        foreach (ModelRecord model in await ModelStandings.OfAsync(rows, page, ct))
        {
            all.Add(listed(model, await models.LoadAsync(model.UserId, model.Id, ct)));
        }

        return new(all);
    }

    // Lists a model with how many sweeps and trained models it has, counted once for all of them.
    private async Task<Func<ModelRecord, ModelConfig, ModelListed>> ListingAsync(CancellationToken ct)
    {
        IReadOnlyList<Counted> sweeps = await rows.QueryAsync<Counted>("select user_id, model_id, count(*) as number from sweeps group by user_id, model_id", null, ct);
        IReadOnlyList<Counted> trained = await rows.QueryAsync<Counted>(
            """
            select s.user_id, t.model_id, count(*) as number from trained_models t join training_jobs j on j.job_id = t.job_id join sweeps s on s.sweep_id = j.sweep_id
            where t.state <> 'discarded' group by s.user_id, t.model_id
            """, null, ct);
        int Of(IReadOnlyList<Counted> counts, ModelRecord m) => (int)(counts.FirstOrDefault(c => c.UserId == m.UserId && c.ModelId == m.Id)?.Number ?? 0);
        return (model, config) => ModelReader.Listed(model, config, Of(sweeps, model), Of(trained, model));
    }

    private async Task<Answer<ModelShown>> ShowAsync(string id, CancellationToken ct)
    {
        ModelRecord model = await ModelStandings.OfAsync(rows, await FindAsync(models, id, ct), ct);
        ModelConfig config = await models.LoadAsync(model.UserId, model.Id, ct);
        JsonObject answer = model.ToResponse();
        answer["config"] = config.ToJson();
        return new(answer);
    }

    private async Task<Answer<ModelDocument>> DocumentAsync(string id, CancellationToken ct)
    {
        ModelRecord record = await FindAsync(models, id, ct), model = await ModelStandings.OfAsync(rows, record, ct);
        ModelConfig config = await models.LoadAsync(model.UserId, model.Id, ct);
        Pack pack = packs.Load(config.PackReference);
        ModelListed listed = (await ListingAsync(ct))(model, config);
        string? locked = model.IsRetired ? "It is retired."
            : listed.Sweeps == 0 ? null
            : $"{listed.Sweeps} {(listed.Sweeps == 1 ? "sweep rests" : "sweeps rest")} on these settings: other settings are another model.";
        return new(ModelReader.Document(
            listed, config, pack, await models.HistoryAsync(model.UserId, model.Id, ct),
            [.. packs.Versions(pack.Id).Where(v => v != pack.Version && packs.IsUsable(pack.Id, v)).Select(v => v.ToString())], locked));
    }

    private async Task<Answer<ModelChanged>> ChangeAsync(HttpContext context, string id, CancellationToken ct)
    {
        ModelRecord model = await MineAsync(context, id, ct);
        ModelCreated changed = await changes.ChangeAsync(model, await AskedAsync(context, ct), ct);
        return new(new ModelChanged(model.Id, changed.Config.ConfigVersion, changed.IsNew, [.. changed.Warnings.Select(Answers.LineOf)]));
    }

    private async Task<Answer<ModelMade>> SetRetiredAsync(HttpContext context, string id, bool isRetired, CancellationToken ct)
    {
        string? reason = context.Request.HasJsonContentType() ? (await Bodies.ObjectAsync(context.Request, ["reason"], ct)).Text("reason") : null;
        ModelRecord model = await MineAsync(context, id, ct);
        ModelRecord now = await changes.SetRetiredAsync(model, isRetired, context.Caller().Person.Id, reason, ct);
        return new((await ModelStandings.OfAsync(rows, now, ct)).ToResponse());
    }

    private async Task<Answer<ModelMoved>> MoveAsync(HttpContext context, string id, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["to", "rollback", "dry_run"], ct);
        string? to = body.Text("to");
        if ((body.Truth("rollback") == true) == (to is not null))
        {
            throw new ProblemException("MDL-1008", to is null ? "Neither 'to' nor 'rollback' is given." : "'to' and 'rollback' are both given.", "to", "Name a version, or go back with \"rollback\": true.", ExitCode.BadUsage);
        }

        ModelRecord model = (await MineAsync(context, id, ct)).RequireInUse();
        ModelMove move = await moves.PlanAsync(model, to, ct);
        bool isDry = body.Truth("dry_run") == true;
        if (move.Problems.Count > 0)
        {
            throw new ProblemException(move.Problems);
        }

        if (!isDry)
        {
            await moves.ApplyAsync(move, ct);
        }

        return new(new ModelMoved(
            model.Id, move.Before.PackReference, move.After.PackReference, move.Pack.Hash.Hex, move.After.ConfigVersion, !isDry && !move.IsNothing,
            [.. ConfigDiff.Of(move.Before, move.After).Select(c => new ModelValueChanged(c.Path, c.Before, c.After))], move.On,
            [.. move.Checks.Select(c => new ModelInputChecked(c.Name, c.Kind, c.Bars, c.Defined, c.Differing))]));
    }

    private static async Task<ModelRequest> AskedAsync(HttpContext context, CancellationToken ct)
    {
        ModelRequest asked = ModelRequest.Parse(await Bodies.JsonAsync(context.Request, ct)).Value;
        DemandOwner(context, asked.UserId);
        return asked;
    }

    private async Task<ModelRecord> MineAsync(HttpContext context, string id, CancellationToken ct)
    {
        ModelRecord model = await FindAsync(models, id, ct);
        DemandOwner(context, model.UserId);
        return model;
    }

    // A model counts against its owner's plan and bears their name in the evidence.
    private static void DemandOwner(HttpContext context, string owner)
    {
        Caller caller = context.Caller();
        if (owner != caller.Person.Id)
        {
            caller.Demand(Right.Operate, "user_id");
        }
    }

    /// <summary>The model of an id, whoever made it.</summary>
    /// <exception cref="ProblemException">MDL-1009: there is none. MDL-1002: several users have one.</exception>
    internal static async Task<ModelRecord> FindAsync(ModelStore models, string id, CancellationToken ct) =>
        (await models.ListAsync(ct)).Where(m => m.Id == id).ToArray() switch
        {
            [var only] => only,
            [] => throw new ProblemException("MDL-1009", $"There is no model '{id}'.", "model_id", "Use an id of GET /models.", ExitCode.BadUsage),
            _ => throw new ProblemException("MDL-1002", $"Several users have a model '{id}'.", "model_id", "Use an id that one user has.", ExitCode.BadUsage),
        };

    private sealed record Counted(string UserId, string ModelId, long Number);
}
