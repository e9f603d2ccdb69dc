using System.Security.Claims;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.App.Api;

/// <summary><c>/trained-models</c>: what trainings gave, and whether a person vouches for it, as <c>sigmatiq trained-models</c> does.</summary>
internal sealed class TrainedModelsApi(TrainedModels trained, IRowStore rows)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/trained-models", ListAsync)
            .Operation("listTrainedModels", "training", "Trained models with their reviews, newest first").Takes("model", "Only trained models of this model.").Needs(Right.Read);
        routes.MapGet("/trained-models/{id}", async (string id, CancellationToken ct) => await ShownAsync(await trained.FindAsync(id, ct), withMeta: true, ct))
            .Operation("getTrainedModel", "training", "A trained model with its metrics, reliability and importance").Needs(Right.Read);
        routes.MapGet("/trained-models/{id}/report", ReportAsync)
            .Operation("getTrainedModelReport", "training", "What a trained model says of itself in the order of its page: retention with its interval, scores, reliability, inputs, lineage").Needs(Right.Read);
        routes.MapPost("/trained-models/{id}/publish", (HttpContext context, string id, CancellationToken ct) => DecideAsync(context, id, trained.PublishAsync, ct))
            .Operation("publishTrainedModel", "training", "Vouches for a trained model; what does not pass its review needs a reason").Body<TrainedModelDecision>().Needs(Right.Operate);
        routes.MapPost("/trained-models/{id}/discard", (HttpContext context, string id, CancellationToken ct) => DecideAsync(context, id, trained.DiscardAsync, ct))
            .Operation("discardTrainedModel", "training", "Deletes a trained model's files; record and history stay").Body<TrainedModelDecision>().Needs(Right.Operate);
    }

    private async Task<Answer<IReadOnlyList<TrainedModelShown>>> ListAsync(string? model, CancellationToken ct)
    {
        IReadOnlyDictionary<string, ArtifactUse> uses = await ArtifactUse.ReadAsync(rows, ct);
        return new((await trained.ListAsync(model, ct)).Select(r => TrainedModelWords.Json(r, TrainedModelReview.Of(r), uses.GetValueOrDefault(r.ArtifactHash))).ToArray());
    }

    private async Task<Answer<TrainedModelReport>> ReportAsync(string id, CancellationToken ct)
    {
        TrainedModelRecord record = await trained.FindAsync(id, ct);
        Origin? origin = await rows.FirstOrDefaultAsync<Origin>(
            "select j.sweep_id, s.synthetic from training_jobs j left join sweeps s on s.sweep_id = j.sweep_id where j.job_id = @JobId", new { record.JobId }, ct);
        return new(TrainedReportReader.Read(record, origin?.SweepId ?? "", origin?.Synthetic is { } synthetic ? synthetic != 0 : null, trained.FilesOf(record),
            (await ArtifactUse.ReadAsync(rows, ct)).GetValueOrDefault(record.ArtifactHash)));
    }

    private async Task<Answer<TrainedModelShown>> DecideAsync(
        HttpContext context, string id, Func<string, string, string?, CancellationToken, Task<TrainedModelRecord>> decide, CancellationToken ct)
    {
        JsonObject body = await Bodies.ObjectAsync(context.Request, ["reason"], ct);
        return await ShownAsync(await decide(id, context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, body.Text("reason"), ct), withMeta: false, ct);
    }

    private async Task<Answer<TrainedModelShown>> ShownAsync(TrainedModelRecord record, bool withMeta, CancellationToken ct) =>
        new(TrainedModelWords.Json(record, TrainedModelReview.Of(record), (await ArtifactUse.ReadAsync(rows, ct)).GetValueOrDefault(record.ArtifactHash), withMeta ? record.MetaJson : null));

    private sealed record Origin(string SweepId, long? Synthetic);
}
