using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Api;
using Sigmatiq.App.Commands;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>A sweep and a training by nodes that are killed, frozen and replaced by another build: what one process gives, and no run lost.</summary>
public sealed class ClusterLaneTests(ITestOutputHelper output) : IAsyncLifetime
{
    // 2 stops x 4 targets = 8 classifiers; x 10 thresholds x 5 sizes = 400 combos in 2 chunks. Every combo passes, so that one can be trained.
    private const string Request = """
        { "model_id": "syn", "sweep_type": "custom", "confidence": "classifier", "date_range": { "start": "2019-01-02", "end": "2021-12-31" },
          "quality_gates": { "min_trades": 1, "min_sharpe": -99, "max_drawdown_pct": 100, "min_win_rate": 0 }, "parameters": {
            "thresholds": [0.30, 0.34, 0.38, 0.42, 0.46, 0.50, 0.54, 0.58, 0.62, 0.66],
            "position_size_pct": [1, 2, 3, 4, 5], "stop_loss_pct": [3, 4], "take_profit_pct": [8, 10, 12, 16] } }
        """;

    private static readonly JsonObject Small = new() { ["n_estimators"] = 20 };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // Once for both tests, by one process on SQLite.
    private static readonly Lazy<Task<string>> Alone = new(() => Task.Run(AloneAsync));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-cluster-lane-");
    private readonly List<ProgramProcess> nodes = [];
    private PrivateDatabase database = null!;
    private IRowStore rows = null!;
    private Platform platform = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await (await PrivatePostgres.RunningAsync()).NewDatabaseAsync();
        rows = await PostgresRowStore.OpenAsync(database.Address, TimeProvider.System, Ct);
        platform = Open(new(Path.Combine(folder.FullName, "data")), rows);
    }

    public async ValueTask DisposeAsync()
    {
        nodes.ForEach(n => n.Dispose());
        (rows as IDisposable)?.Dispose();
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_sweep_and_a_training_whose_nodes_are_killed_and_frozen_end_as_those_of_one_process()
    {
        foreach (string id in new[] { "a", "b", "c" })
        {
            await ServeAsync(id);
        }

        ProgramProcess? frozen = null;
        string result = await ResultAsync(
            platform,
            async sweep =>
            {
                string owner = await WorkingAsync(SweepPiece.Part);
                (frozen = Node(owner)).Freeze();
                Node(await WorkingAsync(SweepPiece.Part, except: owner)).Kill();
                await CompletedAsync("sweeps", "sweep_id", sweep);
            },
            async job =>
            {
                // Late for the sweep, in time for the training.
                frozen!.Thaw();
                await CompletedAsync("training_jobs", "job_id", job);
            });
        result.Should().Be(await Alone.Value);
        long again = await rows.FirstAsync<long>("select count(*) from shards where state = 'done' and fence > 1", null, Ct);
        again.Should().BePositive("pieces of the frozen and of the killed node were taken over");
        (await rows.FirstAsync<long>("select count(*) from shards where state <> 'done'", null, Ct)).Should().Be(0);
        output.WriteLine($"{again} pieces taken over");
    }

    [Fact]
    public async Task Nodes_are_replaced_by_those_of_another_build_without_losing_a_run()
    {
        string other = OtherBuild();
        string[] old = ["a", "b"];
        foreach (string id in old)
        {
            await ServeAsync(id);
        }

        using (ProgramProcess early = ProgramProcess.StartAt(other, Serving("early")))
        {
            (await early.EndAsync(Patience, Ct)).Should().Be(1);
            early.Error.Should().Contain("CLU-1001");
        }

        string result = await ResultAsync(
            platform,
            async sweep =>
            {
                // One stands still until both have heard of it, so that the sweep cannot end before: each signs every three seconds.
                ProgramProcess held = Node(await WorkingAsync(SweepPiece.Part));
                held.Freeze();
                (await platform.Engine.Nodes.DrainAsync(null, Ct)).Should().BeEquivalentTo(old);
                await Task.Delay(TimeSpan.FromSeconds(4), Ct);
                held.Thaw();
                await ServeAsync("c", other);
                await ServeAsync("d", other);
                foreach (ProgramProcess node in nodes[..2])
                {
                    node.Terminate();
                    (await node.EndAsync(Patience, Ct)).Should().Be(0, node.Error);
                }

                await CompletedAsync("sweeps", "sweep_id", sweep);
            },
            job => CompletedAsync("training_jobs", "job_id", job));
        result.Should().Be(await Alone.Value);
        var builds = (await platform.Engine.Nodes.ListAsync(Ct)).ToDictionary(n => n.NodeId, n => (n.Build, n.State));
        builds.Keys.Should().BeEquivalentTo("a", "b", "c", "d");
        builds["a"].Should().Be((builds["b"].Build, "left"));
        builds["c"].Should().Be((builds["d"].Build, "working")).And.NotBe((builds["a"].Build, "working"));
        (await rows.QueryAsync<string>("select distinct build from shard_works", null, Ct)).Should().Contain(builds["c"].Build);
        (await rows.QueryAsync<string>("select distinct s.state from shards s join shard_works w on w.work_id = s.work_id where w.build = @Build", new { builds["a"].Build }, Ct))
            .Should().BeSubsetOf(["done"], "what the old build had begun and not brought to its end was begun anew");
        (await rows.QueryAsync<string>("select distinct status from runs", null, Ct)).Should().Equal("completed");
        (await rows.QueryAsync<string>("select distinct kind from run_events", null, Ct)).Should().Contain("attempt_lost").And.NotContain("attempt_crashed", "a drained node is nobody's failure");
    }

    private string[] Serving(string id) =>
        ["serve", "--roles", "worker", "--node", id, "--store", database.Url, "--data", Path.Combine(folder.FullName, "data")];

    private async Task ServeAsync(string id, string? program = null)
    {
        nodes.Add(program is null ? ProgramProcess.Start(Serving(id)) : ProgramProcess.StartAt(program, Serving(id)));
        await nodes[^1].SaysAsync($@"node {id} \(worker\) serves", Patience, Ct);
    }

    private ProgramProcess Node(string owner) => nodes[owner[0] - 'a'];

    // A node that works on a piece of a kind now.
    private async Task<string> WorkingAsync(string kind, string except = "")
    {
        string? owner = null;
        await UntilAsync(
            async () => (owner = await rows.FirstOrDefaultAsync<string>(
                "select s.owner from shards s join shard_works w on w.work_id = s.work_id where s.state = 'claimed' and w.kind = @kind and s.owner <> @except limit 1", new { kind, except }, Ct)) is not null,
            $"a node that does a {kind}");
        return owner!;
    }

    private async Task CompletedAsync(string table, string key, string id)
    {
        string status = "";
        await UntilAsync(async () => (status = await rows.FirstAsync<string>($"select status from {table} where {key} = @id", new { id }, Ct)) is "completed" or "failed", $"the end of {id}");
        status.Should().Be("completed", await rows.FirstOrDefaultAsync<string>($"select problem from {table} where {key} = @id", new { id }, Ct));
        // The run behind it ends a moment later.
        await UntilAsync(async () => await rows.FirstAsync<long>("select count(*) from runs where status not in ('completed', 'failed', 'cancelled')", null, Ct) == 0, "the end of its run");
    }

    private async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            TimeProvider.System.GetElapsedTime(begun).Should().BeLessThan(Patience, "it waits for {0}; {1}", what, string.Join("\n", nodes.Select(n => n.Error)));
            await Task.Delay(5, Ct);
        }
    }

    private static Platform Open(DataDirectory data, IRowStore rows) =>
        Platform.Open(data, rows, IdSource.FromSystem(TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<string> AloneAsync()
    {
        DirectoryInfo here = Directory.CreateTempSubdirectory("sigmatiq-alone-");
        try
        {
            DataDirectory data = new(here.FullName);
            using SqliteRowStore sqlite = await SqliteRowStore.OpenAsync(data, TimeProvider.System, CancellationToken.None);
            Platform alone = Open(data, sqlite);
            return await ResultAsync(
                alone,
                async id => await alone.Sweeps.RunAsync(id, await alone.SweepWorks.OfAsync(id, alone.Sweeps.Store, CancellationToken.None), 2, null, CancellationToken.None),
                async id =>
                {
                    TrainingJob job = await alone.Trainings.FindAsync(id, CancellationToken.None);
                    SweptCombo combo = await alone.Combos.LoadAsync(job.SweepId, job.ComboId, CancellationToken.None);
                    await alone.Trainings.RunAsync(id, combo.Plan(TrainingParameters.Parse(Small), isEvidenceOnly: false), combo.Training.Data, _ => { }, CancellationToken.None);
                });
        }
        finally
        {
            here.Delete(recursive: true);
        }
    }

    // Asks for a sweep and a training, as over HTTP; hashes and figures, without ids that say when.
    private static async Task<string> ResultAsync(Platform on, Func<string, Task> sweepAsync, Func<string, Task> trainAsync)
    {
        CancellationToken ct = CancellationToken.None;
        await on.Bars.PutAsync([new(MarketSimulator.Default.Bars(Symbol.Parse("MKT.SYN"), Interval.Hour1, null, new(2021, 12, 31)), new("simulator", "simulator-1"), null)], ct);
        Pack pack = on.Packs.LoadUsable("swingsigma");
        await on.Models.CreateAsync(ModelBuilder.Default(pack, "MKT.SYN", "operator", []) with { ModelId = "syn" }, pack, ct);
        JsonObject json = JsonNode.Parse(Request)!.AsObject();
        WorkRequests ask = new(on);
        SweepWork work = await on.SweepWorks.PrepareAsync(SweepRequest.Parse(json).Value, "operator", Plan.Unlimited, null, null, ct);
        string id = (await ask.SweepAsync((await on.Models.FindAsync("operator", "syn", ct))!, json, work.Plan, Plan.Unlimited, "operator", ct)).SweepId;
        await sweepAsync(id);
        StoredSweep sweep = await on.Sweeps.Store.LoadAsync(id, ct);
        on.Sweeps.Store.VerifyFiles(sweep);

        SweptCombo combo = await on.Combos.LoadAsync(id, sweep.Leaderboard.Rows[0].ComboId, ct);
        TrainingPlan plan = combo.Plan(TrainingParameters.Parse(Small), isEvidenceOnly: false);
        TrainingJob job = (await on.Trainings.QueueAsync([(plan.Key, plan)], "operator", ct)).Jobs[0];
        await ask.TrainAsync(job, Small, "operator", ct);
        await trainAsync(job.JobId);
        TrainedModelRecord trained = await on.Trained.FindAsync(job.TrainedModelId, ct);
        on.Trained.VerifyFiles(trained);
        return string.Join('\n', [
            sweep.LeaderboardHash, .. sweep.Files.Where(f => f.Key.EndsWith(".parquet", StringComparison.Ordinal)).Select(f => $"{f.Key} {f.Value}"), trained.ArtifactHash,
            (await on.Trials.CountAsync(work.Hypothesis, ct)).ToString()]);
    }

    // The same program but for the identity of one assembly, as of one that was compiled anew.
    private string OtherBuild()
    {
        string from = AppContext.BaseDirectory, to = Path.Combine(folder.FullName, "other");
        Directory.CreateDirectory(to);
        foreach (FileSystemInfo entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            string there = Path.Combine(to, entry.Name);
            bool isOurs = entry.Name.StartsWith("sigmatiq", StringComparison.OrdinalIgnoreCase);
            if (isOurs && entry is FileInfo file)
            {
                file.CopyTo(there);
            }
            else
            {
                File.CreateSymbolicLink(there, entry.FullName);
            }
        }

        string changed = Path.Combine(to, "Sigmatiq.Market.dll");
        byte[] bytes = File.ReadAllBytes(changed);
        Guid mvid;
        using (PEReader reader = new(new MemoryStream(bytes)))
        {
            MetadataReader metadata = reader.GetMetadataReader();
            mvid = metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        }

        int at = bytes.AsSpan().IndexOf(mvid.ToByteArray());
        at.Should().BePositive();
        bytes[at] ^= 1;
        File.WriteAllBytes(changed, bytes);
        foreach (string read in new[] { "packs", "workflows" })
        {
            Directory.CreateSymbolicLink(Path.Combine(to, read), Path.Combine(CommandContext.HomeFolder, read));
        }

        return to;
    }
}
