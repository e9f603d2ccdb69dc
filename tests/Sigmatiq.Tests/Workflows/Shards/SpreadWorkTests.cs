using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Api;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Backtest.Sweeps;
using Sigmatiq.Tests.Workflows.Cluster;
using Sigmatiq.Workflows.Cluster;

namespace Sigmatiq.Tests.Workflows.Shards;

/// <summary>A sweep and a training, asked for as over HTTP, of one process and of several nodes.</summary>
public sealed class SpreadWorkTests : IDisposable
{
    // 2 stops x 4 targets = 8 classifiers; x 10 thresholds x 5 sizes = 400 combos in 2 chunks. Every combo passes, so that one can be trained.
    private const string Request = """
        { "model_id": "syn", "sweep_type": "custom", "confidence": "classifier", "date_range": { "start": "2020-07-01", "end": "2021-12-31" },
          "quality_gates": { "min_trades": 1, "min_sharpe": -99, "max_drawdown_pct": 100, "min_win_rate": 0 }, "parameters": {
            "thresholds": [0.30, 0.34, 0.38, 0.42, 0.46, 0.50, 0.54, 0.58, 0.62, 0.66],
            "position_size_pct": [1, 2, 3, 4, 5], "stop_loss_pct": [3, 4], "take_profit_pct": [8, 10, 12, 16] } }
        """;

    private static readonly JsonObject Small = new() { ["n_estimators"] = 5 };

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => RunRoom.Ct;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_sweep_and_a_training_spread_over_nodes_give_what_one_process_gives_bit_for_bit_and_count_each_trial_once()
    {
        Result alone, spread;
        ConcurrentDictionary<string, HashSet<string>> owners = new();
        DataDirectory data = new(folder["alone"]);
        using (SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct))
        {
            Platform platform = Open(data, rows, 1);
            alone = await ResultAsync(platform, async (sweep, work) => await platform.Sweeps.RunAsync(sweep, work, 2, null, Ct), async (job, plan, bars) => await platform.Trainings.RunAsync(job.JobId, plan, bars, _ => { }, Ct));
        }

        await using (ClusterRoom cluster = new(await RunRoom.OpenAsync(clock: TimeProvider.System, engine: StoreEngine.Postgres)))
        {
            List<WorkingNode> nodes = [];
            foreach (string id in new[] { "a", "b", "c" })
            {
                ClusterNode node = await cluster.JoinAsync(id, rows: await cluster.Room.OpenAgainAsync());
                nodes.Add(new(node, Open(cluster.Room.Data, await cluster.Room.OpenAgainAsync(), 10 + nodes.Count).Engine.Start(node)));
            }

            Platform asking = Open(cluster.Room.Data, await cluster.Room.OpenAgainAsync(), 20);
            using var stop = new CancellationTokenSource();
            Task watching = WatchAsync(asking.Rows, owners, stop.Token);
            spread = await ResultAsync(asking, (sweep, _) => EndAsync(asking, "sweeps", "sweep_id", sweep), (job, _, _) => EndAsync(asking, "training_jobs", "job_id", job.JobId));
            await stop.CancelAsync();
            await watching;
            (await asking.Rows.QueryAsync<string>("select kind || ' ' || total from shard_works order by made_at_utc", null, Ct))
                .Should().Equal("backtest.sweep_piece 8", "backtest.sweep_piece 2", "learning.training_piece 5");
            (await asking.Rows.FirstAsync<int>("select count(*) from shards where state <> 'done' or fence <> 1", null, Ct)).Should().Be(0);
            foreach (WorkingNode node in nodes)
            {
                await node.DisposeAsync();
            }
        }

        spread.Should().BeEquivalentTo(alone);
        owners["backtest.sweep_piece"].Should().HaveCountGreaterThan(1, "more than one node did pieces");
    }

    private static Platform Open(DataDirectory data, IRowStore rows, long seed) =>
        Platform.Open(data, rows, IdSource.FromSeed(TimeProvider.System, seed), TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<Result> ResultAsync(
        Platform platform, Func<string, SweepWork, Task> sweepAsync, Func<TrainingJob, TrainingPlan, TrainingData, Task> trainAsync)
    {
        await platform.Bars.PutAsync([new(SomeSweep.Bars, new("simulator", "simulator-1"), null)], Ct);
        Pack pack = platform.Packs.LoadUsable("swingsigma");
        await platform.Models.CreateAsync(ModelBuilder.Default(pack, "MKT.SYN", "operator", []) with { ModelId = "syn" }, pack, Ct);
        ModelRecord model = (await platform.Models.FindAsync("operator", "syn", Ct))!;
        JsonObject json = JsonNode.Parse(Request)!.AsObject();
        SweepRequest request = SweepRequest.Parse(json).Value;
        WorkRequests ask = new(platform);
        SweepWork work = await platform.SweepWorks.PrepareAsync(request, "operator", Plan.Unlimited, null, null, Ct);
        string id = (await ask.SweepAsync(model, json, work.Plan, Plan.Unlimited, "operator", Ct)).SweepId;
        await sweepAsync(id, work);
        StoredSweep sweep = await platform.Sweeps.Store.LoadAsync(id, Ct);
        platform.Sweeps.Store.VerifyFiles(sweep);

        SweptCombo combo = await platform.Combos.LoadAsync(id, sweep.Leaderboard.Rows[0].ComboId, Ct);
        TrainingPlan plan = combo.Plan(TrainingParameters.Parse(Small), isEvidenceOnly: false);
        TrainingJob job = (await platform.Trainings.QueueAsync([(plan.Key, plan)], "operator", Ct)).Jobs[0];
        await ask.TrainAsync(job, Small, "operator", Ct);
        await trainAsync(job, plan, combo.Training.Data);
        TrainedModelRecord trained = await platform.Trained.FindAsync(job.TrainedModelId, Ct);
        platform.Trained.VerifyFiles(trained);
        TrialCount trials = await platform.Trials.CountAsync(work.Hypothesis, Ct);
        Directory.Exists(Path.Combine(platform.Data.Sweeps, id, "work")).Should().BeFalse();
        return new(
            sweep.LeaderboardHash, sweep.Files.Where(f => f.Key.EndsWith(".parquet", StringComparison.Ordinal)).ToDictionary(), trained.ArtifactHash,
            [.. platform.Trained.FilesOf(trained).Where(f => !f.Name.Contains("meta", StringComparison.Ordinal)).Select(f => f.Sha256)], trials);
    }

    private static async Task EndAsync(Platform platform, string table, string key, string id)
    {
        while (true)
        {
            string status = await platform.Rows.FirstAsync<string>($"select status from {table} where {key} = @id", new { id }, Ct);
            if (status is "completed" or "failed")
            {
                status.Should().Be("completed", await platform.Rows.FirstOrDefaultAsync<string>($"select problem from {table} where {key} = @id", new { id }, Ct));
                return;
            }

            await Task.Delay(20, Ct);
        }
    }

    private static async Task WatchAsync(IRowStore rows, ConcurrentDictionary<string, HashSet<string>> owners, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            foreach (Owned owned in await rows.QueryAsync<Owned>(
                "select distinct w.kind, s.owner from shards s join shard_works w on w.work_id = s.work_id where s.state = 'claimed'", null, Ct))
            {
                owners.GetOrAdd(owned.Kind, _ => []).Add(owned.Owner);
            }

            await Task.Delay(5, Ct);
        }
    }

    private sealed record Owned(string Kind, string Owner);

    private sealed record Result(string Leaderboard, Dictionary<string, string> Files, string Artifact, string[] Model, TrialCount Trials);
}
