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
}
