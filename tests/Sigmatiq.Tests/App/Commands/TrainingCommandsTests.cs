using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Api;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Backtest.Sweeps;

namespace Sigmatiq.Tests.App.Commands;

public sealed class TrainingCommandsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "S1-48")]
    [Trait("Row", "S1-50")]
    public async Task Ticked_combos_are_trained_and_the_same_command_shows_what_is_there()
    {
        JsonElement board = await SweepAsync();
        string sweep = board.GetProperty("sweep_id").GetString()!;
        JsonElement[] rows = [.. board.GetProperty("leaderboard").EnumerateArray()];
        bool nonePasses = rows.All(r => r.GetProperty("gate").GetString() == "FAIL");
        int[] combos = [.. rows.Where(r => nonePasses || r.GetProperty("gate").GetString() != "FAIL").TakeLast(2).Select(r => r.GetProperty("combo_id").GetInt32())];
        foreach (int combo in combos)
        {
            Json(await RunAsync("sweeps", "select", sweep, Text(combo)));
        }

        string[] train = ["training", "run", "--set", "n_estimators=5", "learning_rate=0.1", .. nonePasses ? new[] { "--evidence-only" } : []];
        JsonElement trained = Json(await RunAsync(train));
        trained.EnumerateArray().Select(j => j.GetProperty("id").GetString()).Should().Equal("train_001", "train_002");
        trained.EnumerateArray().Select(j => j.GetProperty("combo_id").GetInt32()).Should().BeEquivalentTo(combos);
        trained.EnumerateArray().Should().OnlyContain(j => j.GetProperty("status").GetString() == "completed");
        trained[0].GetProperty("hyperparameters").GetProperty("n_estimators").GetInt32().Should().Be(5);

        JsonElement again = Json(await RunAsync(train));
        again.EnumerateArray().Select(j => j.GetProperty("id").GetString()).Should().Equal("train_001", "train_002");
        JsonElement models = Json(await RunAsync("trained-models", "list"));
        models.GetArrayLength().Should().Be(2);
        models.EnumerateArray().Select(m => m.GetProperty("review").GetProperty("holdout_look").GetInt32()).Should().BeEquivalentTo([1, 2]);

        // As a kill leaves it: the row says 'training', and nobody holds the lock.
        using (SqliteRowStore store = await SqliteRowStore.OpenAsync(new DataDirectory(folder["data"]), TimeProvider.System, Token))
        {
            await store.ExecuteAsync("update training_jobs set status = 'training', finished_at_utc = null where job_id = 'train_001'", null, Token);
        }

        using (Sigmatiq.Store.Leases.WorkLock.TryTake(new DataDirectory(folder["data"]), "training", "train_001"))
        {
            Json(await RunAsync("training", "show", "train_001")).GetProperty("status").GetString().Should().Be("training", "somebody living works on it");
        }

        CommandLineRun list = await RunAsync("training", "list");
        Json(list).EnumerateArray().Single(j => j.GetProperty("id").GetString() == "train_001").GetProperty("status").GetString().Should().Be("stopped");
        list.Error.Should().Contain($"train_001 is stopped").And.Contain($"sigmatiq training run --sweep {sweep} --combo ");
        Json(await RunAsync("training", "show", "train_001")).GetProperty("status").GetString().Should().Be("stopped");
        Json(await RunAsync(train))[0].GetProperty("status").GetString().Should().Be("completed");
    }

    [Fact]
    [Trait("Row", "S0-18")]
    [Trait("Row", "S1-51")]
    public async Task A_failed_combo_and_a_wrong_parameter_are_refused_before_anything_is_written()
    {
        JsonElement last = (await SweepAsync()).GetProperty("leaderboard").EnumerateArray().Last();
        last.GetProperty("gate").GetString().Should().Be("FAIL", "of 45 combos the worst has too few trades");
        CommandLineRun failed = await RunAsync("training", "run", "--combo", last.GetProperty("combo_id").GetRawText());
        failed.ExitCode.Should().Be(1);
        failed.Error.Should().Contain("GATE_FAILED").And.Contain("--evidence-only");
        CommandLineRun unknown = await RunAsync("training", "run", "--set", "algorithm=lightgbm");
        unknown.ExitCode.Should().Be(2);
        unknown.Error.Should().Contain("TRN-1001");
        (await RunAsync("training", "run", "--set", "fast")).Error.Should().Contain("TRN-1003");
        Json(await RunAsync("training", "list")).GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task A_training_that_a_command_has_run_is_the_one_that_http_asks_for_and_the_other_way_round()
    {
        JsonElement board = await SweepAsync("""{ "min_trades": 1, "min_sharpe": -9, "max_drawdown_pct": 100 }""");
        string sweep = board.GetProperty("sweep_id").GetString()!;
        int[] combos = [.. board.GetProperty("leaderboard").EnumerateArray().Where(r => r.GetProperty("gate").GetString() != "FAIL").Select(r => r.GetProperty("combo_id").GetInt32()).Take(2)];
        Json(await RunAsync("training", "run", "--combo", Text(combos[0]), "--set", "n_estimators=5"));

        DataDirectory data = new(folder["data"]);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Token);
        Platform platform = Platform.Open(data, rows, IdSource.FromSeed(TimeProvider.System, 1), TimeProvider.System, NullLoggerFactory.Instance);
        List<string> started = [];
        TrainingApi api = new(platform.Sweeps.Store, platform.Combos, platform.Trainings, platform.Trained, (job, _, _, _) =>
        {
            started.Add(job.JobId);
            return Task.CompletedTask;
        }, (_, _, _, _, _) => Task.CompletedTask);
        await using RunningServer server = await RunningServer.StartAsync(Token, _ => api.Map);
        using HttpClient browser = await server.SignedInAsync(Token);
        using StringContent asked = new(new JsonObject
        {
            ["model_id"] = (await platform.Sweeps.Store.FindAsync(sweep, Token)).ModelId, ["sweep_id"] = sweep,
            ["selected_configs"] = new JsonArray([.. combos.Select(c => (JsonNode?)new JsonObject { ["combo_id"] = c })]),
            ["training_params"] = new JsonObject { ["n_estimators"] = 5, ["test_size"] = 0.2 },
        }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await browser.PostAsync("/training", asked, Token);
        JsonArray jobs = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!["jobs"]!.AsArray();
        jobs.Select(j => (j!["id"]!.GetValue<string>(), j["status"]!.GetValue<string>())).Should().Equal(("train_001", "completed"), ("train_002", "queued"));
        started.Should().Equal(["train_002"], "what is completed is not trained again");

        JsonElement trained = Json(await RunAsync("training", "run", "--combo", Text(combos[1]), "--set", "n_estimators=5"));
        trained.EnumerateArray().Select(j => j.GetProperty("id").GetString()).Should().Equal(["train_002"], "the command goes on with what HTTP asked for");
        Json(await RunAsync("training", "list")).GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task Without_a_sweep_there_is_nothing_to_train()
    {
        CommandLineRun run = await RunAsync("training", "run");
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("SWS-3003");
    }

    public void Dispose() => folder.Dispose();

    private static string Text(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static JsonElement Json(CommandLineRun run)
    {
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Out);
        return document.RootElement.Clone();
    }

    private async Task<JsonElement> SweepAsync(string? gates = null)
    {
        string model = Json(await RunAsync("models", "create", "--ticker", "MKT.SYN")).GetProperty("id").GetString()!;
        DataDirectory data = new(folder["data"]);
        using (SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Token))
        {
            BarStore bars = new(data, rows, TimeProvider.System, IdSource.FromSeed(TimeProvider.System, 1));
            await bars.PutAsync([new(SomeSweep.Bars, new("simulator", "simulator-1"), null)], Token);
        }

        string[] request = [];
        if (gates is not null)
        {
            File.WriteAllText(folder["request.json"], $$"""{ "model_id": "{{model}}", "sweep_type": "simple", "parameters": { "thresholds": [0.5, 0.55] }, "quality_gates": {{gates}} }""");
            request = ["--request", folder["request.json"]];
        }

        return Json(await RunAsync(["sweeps", "run", "--threads", "1", .. request]));
    }

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.OfAsync([.. args, "--data", folder["data"], "--output", "json"], Token);
}
