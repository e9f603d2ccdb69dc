using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Four worker processes on one PostgreSQL, killed and frozen while they work on the shards of one step.</summary>
public sealed class ShardClusterTests(ITestOutputHelper output) : IDisposable
{
    private const string Spread = """
        workflow: spread
        version: 1.0.0
        summary: Add many numbers up on many nodes
        parameters: { pause: { type: int, default: 60, min: 0, max: 1000 } }
        steps:
          sums:
            uses: shard.for_each
            with: { kind: test.sum, as: number, items: [ITEMS], input: { pause_ms: "{params.pause}" } }
        """;

    private static readonly TimeSpan TakeOverMax = TimeSpan.FromSeconds(15), StandingStill = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-shards-");
    private readonly List<ClusterWorker> workers = [];
    private string store = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static int Shards => int.TryParse(Environment.GetEnvironmentVariable("SIGMATIQ_TEST_SHARDS"), CultureInfo.InvariantCulture, out int asked) ? asked : 2_000;

    public void Dispose()
    {
        workers.ForEach(w => w.Dispose());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Four_workers_that_are_killed_and_frozen_count_each_of_two_thousand_shards_once()
    {
        await using PrivateDatabase database = await (await PrivatePostgres.RunningAsync()).NewDatabaseAsync();
        using PostgresRowStore rows = await PostgresRowStore.OpenAsync(database.Address, TimeProvider.System, Ct);
        store = database.Url;
        RunId run = await StartAsync(EngineOn(new(Path.Combine(folder.FullName, "data")), rows, out _));
        foreach (int n in Enumerable.Range(1, 4))
        {
            Work(database, $"w{n}");
        }

        List<TimeSpan> takeOvers = [];
        await DoneAsync(rows, Shards / 20);
        // Round by round one worker is frozen past its lease and one killed, the one that drives the run among them.
        foreach (int round in Enumerable.Range(1, 2))
        {
            string driver = await rows.FirstAsync<string>("select owner from leases where name = @Name", new { Name = $"run/{run}" }, Ct);
            ClusterWorker drives = workers.Single(w => driver.StartsWith(w.Id + "#", StringComparison.Ordinal));
            ClusterWorker[] others = [.. workers.Where(w => w != drives)];
            (ClusterWorker frozen, ClusterWorker killed) = round == 1 ? (others[0], drives) : (drives, others[0]);
            string frozenOwner = await OwnerAsync(rows, frozen), killedOwner = await OwnerAsync(rows, killed);
            frozen.Freeze();
            killed.Kill();
            long at = TimeProvider.System.GetTimestamp();
            workers.Remove(killed);
            Work(database, $"{killed.Id}-again{round}");
            takeOvers.Add(await TakenOverAsync(rows, [frozenOwner, killedOwner], at));
            frozen.Thaw();
            await DoneAsync(rows, Math.Min(Shards, await DoneNowAsync(rows) + (Shards / 20)));
        }

        await EndAsync(rows, run);
        (long count, long distinct, long claims) = await rows.FirstAsync<Counted>(
            "select count(*) as count, count(distinct shard) as different, sum(fence) as claims from shards where state = 'done'", null, Ct) is var c ? (c.Count, c.Different, c.Claims) : default;
        (count, distinct).Should().Be((Shards, Shards));
        // Ends of shards, and the word with which the one that drove the run wanted to leave it.
        int refused = workers.Sum(w => w.Lines.Count(l => l.Contains(Lease.LostCode, StringComparison.Ordinal)));
        IReadOnlyList<long> fences = await rows.QueryAsync<long>("select fence from run_events where run_id = @Run order by seq", new { Run = run.Value }, Ct);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Shards} shards, {claims} claims; 2 workers killed, 2 frozen; take-over {string.Join(" s, ", takeOvers.Select(t => $"{t.TotalSeconds:0.0}"))} s; {refused} late writes refused by the fence"));
        takeOvers.Should().OnlyContain(t => t <= TakeOverMax);
        refused.Should().BePositive("a worker that slept past its lease must be refused, or this test has shown nothing");
        fences.Should().BeInAscendingOrder();

        JsonObject result = await OutputAsync(rows, run), alone = await AloneAsync();
        result["hash"]!.GetValue<string>().Should().Be(alone["hash"]!.GetValue<string>());
        result["count"]!.GetValue<int>().Should().Be(Shards);
        double[] sums = SumsOf("data", result);
        sums.Should().Equal(SumsOf("alone", alone));
        BitConverter.DoubleToInt64Bits(sums.Sum()).Should().Be(BitConverter.DoubleToInt64Bits(SumsOf("alone", alone).Sum()));
    }

    private void Work(PrivateDatabase database, string id) => workers.Add(ClusterWorker.Start(id, database.Url, Path.Combine(folder.FullName, "data")));

    private static WorkflowEngine EngineOn(DataDirectory data, IRowStore rows, out Func<WorkflowEngine> made)
    {
        WorkflowEngine? engine = null;
        Func<WorkflowEngine> get = () => engine!;
        made = get;
        return engine = new(data, rows, ClusterWorker.KindsOn(data, get), IdSource.FromSystem(TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance);
    }

    private static async Task<RunId> StartAsync(WorkflowEngine engine, int pause = 60)
    {
        string yaml = Spread.Replace("ITEMS", string.Join(", ", Enumerable.Range(1, Shards)), StringComparison.Ordinal);
        WorkflowDefinition workflow = WorkflowYaml.Parse(yaml, "spread.yaml", engine.Kinds).Value;
        return await engine.Requests.StartAsync(new(workflow, new JsonObject { ["pause"] = pause }, "operator"), Ct);
    }

    // The same in one process on SQLite.
    private async Task<JsonObject> AloneAsync()
    {
        var data = new DataDirectory(Path.Combine(folder.FullName, "alone"));
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
        WorkflowEngine engine = EngineOn(data, rows, out _);
        RunId run = await StartAsync(engine, pause: 0);
        await using EngineLease lease = (await EngineLease.TryTakeAsync(data, rows, TimeProvider.System, "alone/1", Ct)).Lease!;
        (await engine.DriveAloneAsync(lease, run, Ct)).Status.Should().Be(RunStatus.Completed);
        return await OutputAsync(rows, run);
    }

    private async Task<JsonObject> OutputAsync(IRowStore rows, RunId run)
    {
        RunState state = (await EngineOn(new(Path.Combine(folder.FullName, "data")), rows, out _).Journal.LoadAsync(run, Ct)).State;
        state.Status.Should().Be(RunStatus.Completed, "{0}", state.Reason);
        return state.Step("sums").Instances[0].Output!;
    }

    private double[] SumsOf(string data, JsonObject output) =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, data, output["file"]!.GetValue<string>())))!.AsArray().Select(o => o!["sum"]!.GetValue<double>())];

    private static async Task<string> OwnerAsync(IRowStore rows, ClusterWorker worker) =>
        await rows.FirstAsync<string>("select incarnation from nodes where node_id = @Id", new { worker.Id }, Ct);

    private static Task<long> DoneNowAsync(IRowStore rows) => rows.FirstAsync<long>("select count(*) from shards where state = 'done'", null, Ct);

    private Task DoneAsync(IRowStore rows, long number) => UntilAsync(async () => await DoneNowAsync(rows) >= number, $"{number} shards done");

    private Task EndAsync(IRowStore rows, RunId run) => UntilAsync(
        async () => await rows.FirstAsync<string>("select status from runs where run_id = @Run", new { Run = run.Value }, Ct) is "completed" or "failed" or "set_aside", "the end of the run");

    // From the last sign of the one that signed last to the claim on the last of what they held; without the time in which this machine stood still,
    // as pauses of a twentieth of a second between two looks tell. A look itself that takes long is part of it.
    private async Task<TimeSpan> TakenOverAsync(IRowStore rows, string[] owners, long begun)
    {
        TimeSpan stood = TimeSpan.Zero;
        long looked = begun;
        await UntilAsync(
            async () =>
            {
                TimeSpan pause = TimeProvider.System.GetElapsedTime(looked);
                stood += pause > StandingStill ? pause : TimeSpan.Zero;
                bool isFree = await rows.FirstAsync<long>(
                    "select (select count(*) from shards where owner in @owners and state = 'claimed') + (select count(*) from leases where owner in @owners)", new { owners }, Ct) == 0;
                looked = TimeProvider.System.GetTimestamp();
                return isFree;
            },
            "a take-over of what they held");
        return TimeProvider.System.GetElapsedTime(begun) - stood;
    }

    private async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new Xunit.Sdk.XunitException($"Waited in vain for {what}.\n{await StandingAsync()}\n{string.Join("\n", workers.SelectMany(w => w.Lines.Select(l => $"{w.Id}: {l}")))}");
            }

            await Task.Delay(50, Ct);
        }
    }

    private async Task<string> StandingAsync()
    {
        using PostgresRowStore rows = await PostgresRowStore.OpenAsync(PostgresAddress.Parse(store), TimeProvider.System, Ct);
        List<string> found = [];
        foreach (string sql in new[]
        {
            "select state || ' ' || owner || ' ' || count(*) || ' until ' || max(expires_at_utc) from shards group by state, owner",
            "select run_id || ' ' || status || ' ' || coalesce(reason, '') from runs", "select name || ' ' || owner || ' ' || expires_at_utc from leases",
            "select kind || ' ' || at_utc || ' ' || body from run_events where kind <> 'run_requested' order by seq",
            "select pid || ' ' || state || ' ' || coalesce(wait_event, '') || ' ' || query from pg_stat_activity where datname = current_database()",
        })
        {
            found.AddRange(await rows.QueryAsync<string>(sql, null, Ct));
        }

        return string.Join("\n", found.Select(f => f[..Math.Min(f.Length, 300)]));
    }

    private sealed record Counted(long Count, long Different, long Claims);
}
