using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.App.Commands;
using Sigmatiq.Tests.Backtest.Sweeps;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

public sealed class TrainStepTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trainings_with_a_hold_out_of_their_own_are_numbered_looks_at_the_part_of_the_sweeps_that_they_see()
    {
        string sweep = await SweepAsync(holdout: "0.2");
        await InStoreAsync(async platform =>
        {
            string holdout = (await platform.Combos.LoadAsync(sweep, 1, Ct)).HoldoutId;
            (await TrainAsync(platform, sweep, 0.2, run: "run_1"))!.Value.Should().Be(1);
            (await TrainAsync(platform, sweep, 0.1, run: "run_2"))!.Value.Should().Be(2, "its rows are half of the sweep's hold-out");
            (await TrainAsync(platform, sweep, 0.3, run: "run_3"))!.Value.Should().Be(3, "the sweep's hold-out lies in its rows");
            (await TrainAsync(platform, sweep, 0.3, run: "run_3"))!.Value.Should().Be(3, "what is repeated is the same look");
            (await platform.HoldoutLooks.ListAsync(holdout, Ct)).Select(l => l.Number).Should().Equal(1, 2, 3);
            (await platform.Rows.FirstAsync<int>("select count(*) from holdout_looks", null, Ct)).Should().Be(3);
        });
    }

    [Fact]
    public async Task A_training_whose_sweep_held_nothing_out_takes_no_look_at_a_hold_out_of_the_sweep()
    {
        string sweep = await SweepAsync(holdout: "0");
        await InStoreAsync(async platform =>
        {
            string holdout = (await platform.Combos.LoadAsync(sweep, 1, Ct)).HoldoutId;
            await TrainAsync(platform, sweep, 0.2, run: "run_1");
            await TrainAsync(platform, sweep, 0.3, run: "run_2");
            (await platform.HoldoutLooks.ListAsync(holdout, Ct)).Should().BeEmpty();
            (await platform.Rows.FirstAsync<int>("select count(distinct holdout_id) from holdout_looks", null, Ct)).Should().Be(2, "each saw rows of its own");
        });
    }

    [Fact]
    public async Task A_step_whose_training_nobody_foresaw_to_fail_ends_with_a_code_and_leaves_its_job_failed()
    {
        string sweep = await SweepAsync(holdout: "0.2");
        await InStoreAsync(async platform =>
        {
            TrainingJobs broken = new(platform.Rows, platform.Data, platform.Trained, () => throw new InvalidOperationException("no such card"), TimeProvider.System);
            Func<Task> step = () => new TrainStep(platform.Combos, broken, () => platform.Engine.Shards).RunAsync(Context("run_1"), new TrainInput(sweep, 1), Ct);
            (await step.Should().ThrowAsync<ProblemException>()).Which.Problem.Should().Match<Problem>(p => p.Code == "TRN-3012" && p.Message.Contains("no such card"));
            (await platform.Trainings.FindAsync("train_001", Ct)).Should().Match<TrainingJob>(j => j.Status == "failed" && j.Failure!.Message.Contains("no such card"));
        });
    }

    [Fact]
    public async Task A_command_whose_training_cannot_keep_its_steps_ends_with_a_code_and_shows_the_job_as_failed()
    {
        await SweepAsync(holdout: "0.2");
        string inTheWay = Directory.CreateDirectory(folder["data", "training", "train_001", "data_preparation.checkpoint"]).FullName;
        string[] train = ["training", "run", "--combo", "1", "--evidence-only", "--set", "n_estimators=5", "--data", folder["data"]];
        CommandLineRun run = await CommandLineRun.OfAsync(train, Ct);
        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("TRN-3012").And.Contain("data_preparation.checkpoint");
        JsonElement job = await RunAsync("training", "show", "train_001");
        (job.GetProperty("status").GetString(), job.GetProperty("problem").GetProperty("code").GetString()).Should().Be(("failed", "TRN-3012"));
        string log = string.Join('\n', Directory.GetFiles(folder["data", "logs"]).Select(File.ReadAllText));
        log.Should().Contain("TRN-3012").And.Contain("CheckpointFolder", "the trace is kept");

        Directory.Delete(inTheWay);
        (await CommandLineRun.OfAsync(train, Ct)).ExitCode.Should().Be(0);
    }

    public void Dispose() => folder.Dispose();

    private static StepContext Context(string run) => new()
    {
        Run = new(run), Step = "train", Index = 0, Attempt = 1, Seed = 7, RequestedBy = "operator", AsOfUtc = new(2022, 1, 3, 3, 4, 5, TimeSpan.Zero),
    };

    private static async Task<int?> TrainAsync(Platform platform, string sweep, double share, string run)
    {
        StepOutcome outcome = await new TrainStep(platform.Combos, platform.Trainings, () => platform.Engine.Shards).RunAsync(
            Context(run), new TrainInput(sweep, 1, Parameters: new JsonObject { ["n_estimators"] = 5, ["test_size"] = share }), Ct);
        return outcome.Should().BeOfType<StepOutcome.Succeeded>().Which.Output["holdout_look"]?.GetValue<int>();
    }

    private async Task InStoreAsync(Func<Platform, Task> work)
    {
        DataDirectory data = new(folder["data"]);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
        await work(Platform.Open(data, rows, IdSource.FromSeed(TimeProvider.System, 1), TimeProvider.System, NullLoggerFactory.Instance));
    }

    private async Task<string> SweepAsync(string holdout)
    {
        await RunAsync("models", "create", "--ticker", "MKT.SYN");
        await InStoreAsync(platform => platform.Bars.PutAsync([new(SomeSweep.Bars, new("simulator", "simulator-1"), null)], Ct));
        return (await RunAsync("sweeps", "run", "--threads", "1", "--confidence", "rule", "--holdout", holdout, "--vary", "thresholds=0.5")).GetProperty("sweep_id").GetString()!;
    }

    private async Task<JsonElement> RunAsync(params string[] args)
    {
        CommandLineRun run = await CommandLineRun.OfAsync([.. args, "--data", folder["data"], "--output", "json"], Ct);
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Out);
        return document.RootElement.Clone();
    }
}
