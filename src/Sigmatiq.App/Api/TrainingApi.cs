using System.Security.Claims;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>Asks the engine to run a job, unless it does already.</summary>
/// <param name="job">The job.</param>
/// <param name="parameters">The <c>training_params</c> it was asked for with.</param>
/// <param name="requestedBy">Who asks.</param>
/// <param name="ct">Cancels before the request is written.</param>
public delegate Task TrainingStarting(TrainingJob job, JsonObject parameters, string requestedBy, CancellationToken ct);

/// <summary><c>/training</c> (spec 03 §3.1, §3.8).</summary>
internal sealed class TrainingApi(SweepStore sweeps, SweptCombos combos, TrainingJobs jobs, TrainedModels trained, TrainingStarting start, WorkCancelling cancel)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/training", CreateAsync).Operation("createTrainings", "training", "Asks for trainings, one per combo, all or none").Body<TrainingAsked>().Needs(Right.Run);
        routes.MapGet("/training", ListAsync).Operation("listTrainings", "training", "Training jobs, newest first, without their steps").Takes("model", "Only jobs of this model.").TakesLimit(ListLimit.Most).TakesCursor().Needs(Right.Read);
        routes.MapGet("/training/{job}", async (string job, CancellationToken ct) => new Answer<TrainingShown>((await jobs.SeenAsync(await jobs.FindAsync(job, ct), ct)).ToJson()))
            .Operation("getTraining", "training", "A training job with its steps").Needs(Right.Read);
        routes.MapGet("/training/{job}/results", ResultsAsync).Operation("getTrainingResults", "training", "A completed training job with what its trained model says of itself").Needs(Right.Read);
        routes.MapDelete("/training/{job}", CancelAsync).Operation("cancelTraining", "training", "Gives a training up").Needs(Right.Run);
    }

    private async Task<Answer<IReadOnlyList<TrainingShown>>> ListAsync(HttpContext context, string? model, ListLimit limit, PageCursor cursor, CancellationToken ct)
    {
        int most = limit.Or(ListLimit.Most);
        List<JsonObject> all = [];
        foreach (TrainingJob job in PageCursor.Tell(context, await jobs.ListAsync(model, cursor.After, most, ct), most, j => j.JobId))
        {
            all.Add((await jobs.SeenAsync(job, ct)).ToJson());
        }

        return new(all);
    }

    // One job per selected combo, all or none.
    private async Task<Accepted<TrainingQueued>> CreateAsync(HttpContext context, CancellationToken ct)
    {
        JsonNode? body = await Bodies.JsonAsync(context.Request, ct);
        string model = body.Text("model_id") ?? throw Malformed("model_id", "'model_id' is missing.");
        JsonObject parameters = JsonReading.Field(body, "training_params") switch
        {
            null => [],
            JsonObject given => given,
            _ => throw Malformed("training_params", "'training_params' must be an object."),
        };
        TrainingParameters read = TrainingParameters.Parse(parameters);
        int[] selected = [.. body.List("selected_configs").Select((c, i) => Whole(c, "combo_id") ?? throw Malformed($"selected_configs[{i}].combo_id", "A whole number is missing."))];
        if (selected.Length == 0 || selected.Distinct().Count() != selected.Length)
        {
            throw Malformed("selected_configs", "Select at least one combo, and each once.");
        }

        bool isEvidenceOnly = body.Truth("evidence_only") ?? false;
        string sweep = body.Text("sweep_id") ?? (await sweeps.ListAsync(null, model, ct)).FirstOrDefault(s => s.IsCompleted)?.SweepId
            ?? throw new ProblemException("SWS-3003", $"Model '{model}' has no completed sweep.", "model_id", "Run a sweep first: POST /sweeps.", ExitCode.BadUsage);
        if ((await sweeps.FindAsync(sweep, ct)).ModelId is { } swept && swept != model)
        {
            throw Malformed("model_id", $"{sweep} is a sweep of '{swept}', not of '{model}'.");
        }

        List<(string Key, TrainingPlan Plan)> requests = [];
        foreach (int combo in selected)
        {
            TrainingPlan plan = (await combos.LoadAsync(sweep, combo, ct)).Plan(read, isEvidenceOnly);
            requests.Add((plan.Key, plan));
        }

        string user = context.User.FindFirstValue(ClaimTypes.NameIdentifier)!;
        var (queued, warnings) = await jobs.QueueAsync(requests, user, ct);
        foreach (TrainingJob job in queued.Where(j => j.Status != "completed"))
        {
            await start(job, parameters, user, ct);
        }

        return new(new JsonObject
        {
            ["jobs"] = new JsonArray([.. queued.Select(j => (JsonNode?)j.ToJson())]),
            ["warnings"] = new JsonArray([.. warnings.Select(w => (JsonNode?)w)]),
        });
    }

    private async Task<Answer<TrainingShown>> ResultsAsync(string job, CancellationToken ct)
    {
        TrainingJob found = await jobs.FindAsync(job, ct);
        if (found.Status != "completed")
        {
            throw new ProblemException("APP-2015", $"{job} is {found.Status}; it has no results.", "job", "Wait for it.");
        }

        JsonObject answer = found.ToJson();
        answer["results"] = (await trained.FindAsync(found.TrainedModelId, ct)).MetaJson;
        return new(answer);
    }

    private async Task<Answer<TrainingShown>> CancelAsync(HttpContext context, string job, CancellationToken ct)
    {
        TrainingJob meant = await jobs.FindAsync(job, ct);
        context.Caller().DemandOwn(meant.CreatedBy, job);
        await jobs.CancelAsync(meant.JobId, ct);
        await cancel("training", "job", job, context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, ct);
        return new((await jobs.SeenAsync(await jobs.FindAsync(job, ct), ct)).ToJson());
    }

    private static int? Whole(JsonNode? map, string key) => map.Number(key) is { } number && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue ? (int)number : null;

    private static ProblemException Malformed(string where, string message) => new("APP-2014", message, where, "Correct the request, e.g. {\"model_id\": \"mine\", \"selected_configs\": [{\"combo_id\": 3}]}.", ExitCode.BadUsage);
}
