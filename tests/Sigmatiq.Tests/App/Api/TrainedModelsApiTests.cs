using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Trainings and trained models over HTTP.</summary>
public sealed class TrainedModelsApiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trainings_are_listed_and_a_trained_model_that_is_not_there_is_told()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        TrainingParameters parameters = TrainingParameters.Parse(JsonNode.Parse("""{ "hyperparameters": { "n_estimators": 5 } }""")!.AsObject());
        SweptCombo combo = await swept.Room.Platform.Combos.LoadAsync(swept.Sweep.SweepId, swept.Sweep.Leaderboard.Rows[0].ComboId, Ct);
        TrainingPlan plan = combo.Plan(parameters, isEvidenceOnly: true);
        (IReadOnlyList<TrainingJob> queued, _) = await swept.Room.Platform.Trainings.QueueAsync([(plan.Key, plan)], "operator", Ct);
        (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/training?model=syn", Ct))!.Single()!["status"]!.GetValue<string>().Should().Be("queued");
        (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/training?model=other", Ct)).Should().BeEmpty();
        (await swept.Browser.GetFromJsonAsync<JsonNode>($"/api/training/{queued[0].JobId}", Ct))!["progress"]!.AsArray().Should().HaveCount(5);
        (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/trained-models", Ct)).Should().BeEmpty();
        using HttpResponseMessage none = await swept.Browser.GetAsync("/api/trained-models/nothing", Ct);
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
        using HttpResponseMessage refused = await swept.Browser.PostAsJsonAsync("/api/trained-models/nothing/discard", new { reason = "no" }, Ct);
        refused.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_trained_model_reports_its_retention_with_its_interval_and_what_it_said_of_the_newest_bars()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        Sigmatiq.App.Platform platform = swept.Room.Platform;
        TrainingParameters parameters = TrainingParameters.Parse(JsonNode.Parse("""{ "hyperparameters": { "n_estimators": 5 } }""")!.AsObject());
        SweptCombo combo = await platform.Combos.LoadAsync(swept.Sweep.SweepId, swept.Sweep.Leaderboard.Rows[0].ComboId, Ct);
        TrainingPlan plan = combo.Plan(parameters, isEvidenceOnly: true);
        (IReadOnlyList<TrainingJob> queued, _) = await platform.Trainings.QueueAsync([(plan.Key, plan)], "operator", Ct);
        TrainedModelRecord record = await platform.Trainings.RunAsync(queued[0].JobId, plan, combo.Training.Data, _ => { }, Ct);

        JsonNode report = (await swept.Browser.GetFromJsonAsync<JsonNode>($"/api/trained-models/{record.TrainedModelId}/report", Ct))!;
        JsonObject meta = record.MetaJson;
        (report["lineage"]!["sweep_id"]!.GetValue<string>(), report["lineage"]!["synthetic"]!.GetValue<bool>(), report["lineage"]!["files"]!.AsArray().Count).Should().Be((swept.Sweep.SweepId, true, 3));
        report["evidence_only"]!.GetValue<bool>().Should().Be(record.Flags.Contains(TrainingFlags.GateFailed));
        JsonNode auc = report["scores"]!.AsArray().Single(x => x!["metric"]!.GetValue<string>() == "auc_roc")!;
        auc["holdout"]?.ToJsonString().Should().Be(meta["metrics"]!["validation"]!["auc_roc"]?.ToJsonString());
        auc["in_sample"]?.ToJsonString().Should().Be(meta["metrics"]!["training"]!["auc_roc"]?.ToJsonString());
        JsonNode verdict = report["verdict"]!;
        TrainedModelReview review = TrainedModelReview.Of(record);
        (verdict["suggestion"]!.GetValue<string>(), verdict["publishable"]!.GetValue<bool>()).Should().Be((review.Suggestion, review.Obstacles.Count == 0));
        if (review is { Retention: { } retention, Interval: { } ends, SharpeBacktest: { } before })
        {
            verdict["retention"]!.GetValue<double>().Should().Be(retention);
            verdict["low"]!.GetValue<double>().Should().BeApproximately(ends.Low / before, 1e-12);
            verdict["words"]!.GetValue<string>().Should().Contain("trades");
        }

        // A share of gains g, said to every row, has the Brier score g(1 − g).
        JsonNode[] bins = [.. report["calibration"]!["after"]!.AsArray().Select(b => b!)];
        double rows = bins.Sum(b => b["count"]!.GetValue<int>());
        double gains = bins.Where(b => b["count"]!.GetValue<int>() > 0).Sum(b => b["count"]!.GetValue<int>() * b["came"]!.GetValue<double>()) / rows;
        report["calibration"]!["brier_of_base_rate"]!.GetValue<double>().Should().BeApproximately(gains * (1 - gains), 1e-12);
        bins.Where(b => b["count"]!.GetValue<int>() > 0).Should().OnlyContain(b => b["low"]!.GetValue<double>() <= b["came"]!.GetValue<double>() && b["came"]!.GetValue<double>() <= b["high"]!.GetValue<double>());

        using HttpResponseMessage none = await swept.Browser.GetAsync($"/api/forecasts/{record.TrainedModelId}", Ct);
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await none.Content.ReadAsStringAsync(Ct)).Should().Contain("TRN-3013");
        (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/forecasts", Ct)).Should().BeEmpty();
        using (TrainedModel model = await platform.Trained.OpenAsync(record.TrainedModelId, Ct))
        {
            combo.Training.Forecast(model, record, 5).Write(platform.Data, record, Ct);
        }

        JsonNode said = (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/forecasts", Ct))!.Single()!;
        (said["trained_model_id"]!.GetValue<string>(), said["rows"]!.GetValue<int>(), said["synthetic"]!.GetValue<bool>()).Should().Be((record.TrainedModelId, 5, true));
        said["age"]!.GetValue<string>().Should().Be(said["age_days"]!.GetValue<double>() switch { > 14 => "stale", > 7 => "aging", _ => "fresh" });
        said["base_rate"]!.GetValue<double>().Should().BeApproximately(Math.Max(gains, 1 - gains), 1e-12);
        JsonNode columns = (await swept.Browser.GetFromJsonAsync<JsonNode>($"/api/forecasts/{record.TrainedModelId}?columns=ts,probability,threshold", Ct))!;
        (columns["rows"]!.GetValue<int>(), columns["columns"]!.AsObject().Count).Should().Be((5, 3));
        columns["columns"]!["probability"]![4]!.GetValue<double>().Should().Be(said["probability"]!.GetValue<double>());
    }
}
