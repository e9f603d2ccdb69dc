using System.Text.Json;
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

    private async Task<JsonElement> SweepAsync()
    {
        Json(await RunAsync("models", "create", "--ticker", "MKT.SYN"));
        DataDirectory data = new(folder["data"]);
        using (SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Token))
        {
            BarStore bars = new(data, rows, TimeProvider.System, IdSource.FromSeed(TimeProvider.System, 1));
            await bars.PutAsync([new(SomeSweep.Bars, new("simulator", "simulator-1"), null)], Token);
        }

        return Json(await RunAsync("sweeps", "run", "--threads", "1"));
    }

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.OfAsync([.. args, "--data", folder["data"], "--output", "json"], Token);
}
