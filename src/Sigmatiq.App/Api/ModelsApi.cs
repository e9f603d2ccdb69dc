using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App.Api;

/// <summary><c>/models</c> (spec 01 §1.13).</summary>
internal sealed class ModelsApi(PackLibrary packs, ModelStore models, IRowStore rows)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/models", CreateAsync).Operation("createModel", "models", "Makes a model of a pack").Body<ModelAsked>().Needs(Right.Plan);
        routes.MapGet("/models", ListAsync).Operation("listModels", "models", "Lists models with how far each has come").Needs(Right.Read);
        routes.MapGet("/models/{id}", ShowAsync).Operation("getModel", "models", "A model with its config").Needs(Right.Read);
    }

    // 201 for a new model, 200 where exactly this one was made before; another one under its id is 409.
    private async Task<Made<ModelMade>> CreateAsync(HttpContext context, CancellationToken ct)
    {
        ModelRequest asked = ModelRequest.Parse(await Bodies.JsonAsync(context.Request, ct)).Value;
        Caller caller = context.Caller();
        if (asked.UserId != caller.Person.Id)
        {
            // A model counts against its owner's plan and bears their name in the evidence.
            caller.Demand(Right.Operate, "user_id");
        }

        ModelCreated created = await models.CreateAsync(asked, packs.LoadUsable(asked.Pack), ct);
        return new(created.Model.ToResponse(), created.IsNew);
    }

    private async Task<Answer<IReadOnlyList<ModelRecord>>> ListAsync(CancellationToken ct) => new(await ModelStandings.OfAsync(rows, await models.ListAsync(ct), ct));

    private async Task<Answer<ModelShown>> ShowAsync(string id, CancellationToken ct)
    {
        ModelRecord model = await ModelStandings.OfAsync(rows, await FindAsync(models, id, ct), ct);
        ModelConfig config = await models.LoadAsync(model.UserId, model.Id, ct);
        JsonObject answer = model.ToResponse();
        answer["config"] = config.ToJson();
        return new(answer);
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
}
