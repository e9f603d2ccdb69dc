using System.Text.Json;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.Learning;

namespace Sigmatiq.Tests.App.Commands;

public sealed class TrainedModelsCommandsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private string id = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        DataDirectory data = new(folder["data"]);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Token);
        TrainedModels models = new(rows, data, new AuditChain(TimeProvider.System), () => new XgBoost(), TimeProvider.System);
        TrainingJobs jobs = new(rows, data, models, () => new XgBoost(), TimeProvider.System);
        TrainingData bars = PlantedTraining.Data();
        TrainingPlan plan = PlantedTraining.Plan(bars) with { SharpeBacktest = -1 };
        var (queued, _) = await jobs.QueueAsync([("k", plan)], "operator", Token);
        id = (await jobs.RunAsync(queued[0].JobId, plan, bars, _ => { }, Token)).TrainedModelId;
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Row", "S1-57")]
    public async Task The_list_shows_both_sharpe_ratios_and_a_decision_needs_its_reason()
    {
        JsonElement listed = (await Json("trained-models", "list"))[0];
        listed.GetProperty("id").GetString().Should().Be(id);
        JsonElement review = listed.GetProperty("review");
        review.GetProperty("sharpe_backtest").GetDouble().Should().Be(-1);
        review.GetProperty("sharpe_validation").ValueKind.Should().Be(JsonValueKind.Number);
        review.GetProperty("retention").ValueKind.Should().Be(JsonValueKind.Null);
        review.GetProperty("suggestion").GetString().Should().Be("discard");
        CommandLineRun table = await Run("trained-models", "list");
        table.Out.Should().Contain(id).And.Contain("cannot be told apart");

        CommandLineRun refused = await Run("trained-models", "publish", id);
        refused.ExitCode.Should().Be(2);
        refused.Error.Should().Contain("TRN-3006");
        JsonElement published = await Json("trained-models", "publish", id, "--reason", "a test of the words");
        published.GetProperty("user_decision").GetString().Should().Be("publish");
        (await Run("trained-models", "discard", id)).Error.Should().Contain("TRN-3007");
    }

    [Fact]
    public async Task Training_and_trained_model_show_reliability_and_both_importances_and_draw_the_picture()
    {
        string svg = folder["reliability.svg"];
        CommandLineRun shown = await Run("trained-models", "show", id, "--picture", svg);
        shown.Out.Should().Contain("brier score").And.Contain("before calibration").And.Contain("gain importance").And.Contain("rise of log loss").And.Contain("publish gate");
        (await File.ReadAllTextAsync(svg, Token)).Should().StartWith("<svg").And.Contain("Brier score");
        CommandLineRun nowhere = await Run("trained-models", "show", id, "--picture", folder.Path);
        nowhere.ExitCode.Should().Be(2);
        nowhere.Error.Should().StartWith($"APP-1006 at {folder.Path}: ");
        (await Run("training", "show")).Out.Should().Contain("brier score").And.Contain("permutation");
        JsonElement results = (await Json("training", "show")).GetProperty("results");
        results.GetProperty("calibration_report").GetProperty("reliability_after").GetArrayLength().Should().Be(10);
        results.GetProperty("permutation_importance").GetProperty("features").GetArrayLength().Should().Be(3);
    }

    [Fact]
    [Trait("Row", "S1-58")]
    public async Task Discard_deletes_the_files_and_show_still_tells_the_story()
    {
        (await Run("trained-models", "discard", id, "--reason", "no edge")).ExitCode.Should().Be(0);
        Directory.GetFiles(folder["data", "models"]).Should().BeEmpty();
        JsonElement shown = await Json("trained-models", "show");
        shown.GetProperty("state").GetString().Should().Be("discarded");
        shown.GetProperty("decision_reason").GetString().Should().Be("no edge");
        shown.GetProperty("meta").GetProperty("metrics").GetProperty("validation").GetProperty("auc_roc").ValueKind.Should().Be(JsonValueKind.Number);
        (await Run("trained-models", "show", "nobody_trained_001")).Error.Should().Contain("TRN-3001");
    }

    [Fact]
    [Trait("Row", "S1-52")]
    public async Task A_training_is_shown_with_its_five_steps_and_what_it_was_fitted_with()
    {
        JsonElement shown = await Json("training", "show");
        shown.GetProperty("id").GetString().Should().Be("train_001");
        shown.GetProperty("status").GetString().Should().Be("completed");
        shown.GetProperty("progress").EnumerateArray().Select(p => p.GetProperty("step").GetString()).Should().Equal(TrainingSteps.All);
        shown.GetProperty("progress").EnumerateArray().Should().OnlyContain(p => p.GetProperty("duration").GetDouble() >= 0);
        shown.GetProperty("hyperparameters").GetProperty("n_estimators").GetInt32().Should().Be(20);
        shown.GetProperty("trained_model_id").GetString().Should().Be(id);
        (await Run("training", "show")).Out.Should().Contain("data_preparation").And.Contain("complete");
        (await Json("training", "list")).GetArrayLength().Should().Be(1);
        (await Json("training", "cancel")).GetProperty("status").GetString().Should().Be("completed", "what has ended stays as it ended");
        (await Run("training", "show", "train_999")).Error.Should().Contain("TRN-3008");
    }

    private Task<CommandLineRun> Run(params string[] args) => CommandLineRun.OfAsync([.. args, "--data", folder["data"]], Token);

    private async Task<JsonElement> Json(params string[] args)
    {
        CommandLineRun run = await Run([.. args, "--output", "json"]);
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Out);
        return document.RootElement.Clone();
    }
}
