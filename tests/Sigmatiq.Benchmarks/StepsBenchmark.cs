using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Benchmarks;

/// <summary><c>steps [--store sqlite|postgres|both] [--runs 30] [--steps 100] [--parallel 16] [--starts 100] [--history 10000]</c>: durable light steps a second (a step counts
/// once its effect, a row in the outbox, and its end in the journal are on the disk), beside what the store does at the least for one insert and one
/// update; how long a triggered run waits for its first step; and how long list and detail take with so many runs in the history.</summary>
internal static class StepsBenchmark
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    public static int Run(string[] args)
    {
        string Text(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
        int Given(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        Plan plan = new(Given("--runs", 30), Given("--steps", 100), Given("--parallel", 16), Given("--starts", 100), Given("--history", 10_000));
        string store = Text("--store", "both");
        if (store is "sqlite" or "both")
        {
            OnAsync(plan, null).GetAwaiter().GetResult();
        }

        if (store is "postgres" or "both")
        {
            if (BenchmarkPostgres.Programs is null)
            {
                Console.Error.WriteLine("PostgreSQL is not installed.");
                return store == "both" ? 0 : 1;
            }

            using BenchmarkPostgres server = BenchmarkPostgres.Start();
            OnAsync(plan, server).GetAwaiter().GetResult();
        }

        return 0;
    }

    private static async Task OnAsync(Plan plan, BenchmarkPostgres? server)
    {
        DataDirectory data = new(Directory.CreateTempSubdirectory("sigmatiq-steps-").FullName);
        IRowStore rows = server is null
            ? await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct)
            : await PostgresRowStore.OpenAsync(PostgresAddress.Parse(server.Url), TimeProvider.System, Ct);
        using (rows as IDisposable)
        {
            WorkflowEngine engine = new(data, rows, new StepKinds([new Light(rows)]), IdSource.FromSystem(TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance)
            {
                AttemptsMax = plan.Parallel,
            };
            // As each of them is served: one engine on SQLite, a node of a cluster on PostgreSQL.
            await using (IAsyncDisposable right = server is null
                ? (await EngineLease.TryTakeAsync(data, rows, TimeProvider.System, "bench", Ct)).Lease!
                : await ClusterNode.JoinAsync(new("bench", NodeRoles.All), rows, IdSource.FromSystem(TimeProvider.System), TimeProvider.System, new(), NullLogger.Instance, _ => { }, Ct))
            await using (right is EngineLease lease ? await engine.StartAsync(lease, Ct) : (IAsyncDisposable)engine.Start((ClusterNode)right))
            {
                // The compiler's tiers first.
                await RunAllAsync(engine, rows, plan with { Runs = Math.Max(4, plan.Runs / 3) });
                await StepsAsync(engine, rows, plan, server);
                await StartsAsync(engine, rows, plan, server);
            }

            await HistoryAsync(engine, rows, plan, server);
        }

        Directory.Delete(data.Root, recursive: true);
    }

    private static async Task StepsAsync(WorkflowEngine engine, IRowStore rows, Plan plan, BenchmarkPostgres? server)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan cpu = process.TotalProcessorTime;
        double seconds = await RunAllAsync(engine, rows, plan);
        process.Refresh();
        int done = plan.Runs * plan.Steps;
        double least = server is null ? await SqliteRateAsync(rows) : server.PgbenchRate(plan.Parallel, seconds: 5);
        Print(new
        {
            benchmark = "steps", store = rows.Dialect.Name, runs = plan.Runs, steps = plan.Steps, parallel = plan.Parallel, seconds = Math.Round(seconds, 2), steps_per_s = Math.Round(done / seconds),
            cpu_ms_per_step = Math.Round((process.TotalProcessorTime - cpu).TotalMilliseconds / done, 3), insert_update_per_s = Math.Round(least), measured_by = server is null ? "one writer" : "pgbench",
        });
    }

    private static async Task<double> RunAllAsync(WorkflowEngine engine, IRowStore rows, Plan plan)
    {
        WorkflowDefinition workflow = Read(engine, plan.Steps, plan.Parallel);
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < plan.Runs; i++)
        {
            await engine.Requests.StartAsync(new(workflow, [], "bench"), Ct);
        }

        while (await rows.FirstAsync<int>("select count(*) from runs where ended_at_utc is null", null, Ct) > 0)
        {
            await Task.Delay(20, Ct);
        }

        return watch.Elapsed.TotalSeconds;
    }

    private static async Task StartsAsync(WorkflowEngine engine, IRowStore rows, Plan plan, BenchmarkPostgres? server)
    {
        WorkflowDefinition workflow = Read(engine, 1, 1);
        List<double> milliseconds = [];
        for (int i = 0; i < plan.Starts; i++)
        {
            DateTimeOffset asked = TimeProvider.System.GetUtcNow();
            RunId run = await engine.Requests.StartAsync(new(workflow, [], "bench"), Ct);
            while (!(await engine.Views.SummaryAsync(run, Ct)).Status.Equals("completed", StringComparison.Ordinal))
            {
                await Task.Delay(5, Ct);
            }

            milliseconds.Add(((await engine.Views.AttemptsAsync(run, Ct))[0].StartedAtUtc - asked).TotalMilliseconds);
        }

        Print(new { benchmark = "start", store = server is null ? "sqlite" : "postgres", starts = plan.Starts, p50_ms = At(milliseconds, 0.5), p99_ms = At(milliseconds, 0.99) });
    }

    private static async Task HistoryAsync(WorkflowEngine engine, IRowStore rows, Plan plan, BenchmarkPostgres? server)
    {
        // Ended runs as the engine leaves them, written again under other names: the journal grows by copies of a real one.
        string real = await rows.FirstAsync<string>("select run_id from runs where status = 'completed' order by run_id desc limit 1", null, Ct);
        int there = await rows.FirstAsync<int>("select count(*) from runs", null, Ct);
        await rows.InTransactionAsync(async tx =>
        {
            for (int i = there; i < plan.History; i++)
            {
                var names = new { real, copy = string.Create(CultureInfo.InvariantCulture, $"run_0{i:x31}") };
                await tx.ExecuteAsync(
                    """
                    insert into runs (run_id, workflow_id, version, workflow_hash, status, concurrency_group, concurrency_limit, parameters, requested_by, requested_at_utc, as_of_utc, changed_at_utc, ended_at_utc, seq)
                    select @copy, workflow_id, version, workflow_hash, status, concurrency_group, concurrency_limit, parameters, requested_by, requested_at_utc, as_of_utc, changed_at_utc, ended_at_utc, seq
                      from runs where run_id = @real
                    """, names, Ct);
                await tx.ExecuteAsync("insert into run_events (run_id, seq, schema_version, kind, at_utc, fence, body) select @copy, seq, schema_version, kind, at_utc, fence, body from run_events where run_id = @real", names, Ct);
                await tx.ExecuteAsync("insert into step_attempts (run_id, step, item, attempt, status, started_at_utc, ended_at_utc) select @copy, step, item, attempt, status, started_at_utc, ended_at_utc from step_attempts where run_id = @real", names, Ct);
            }
        }, Ct);
        List<double> list = [], detail = [];
        Rng rng = Rng.From(1);
        IReadOnlyList<string> ids = await rows.QueryAsync<string>("select run_id from runs", null, Ct);
        for (int i = 0; i < 300; i++)
        {
            var watch = Stopwatch.StartNew();
            await engine.Views.ListAsync(null, 100, Ct);
            list.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            await engine.Views.ShowAsync(new(ids[rng.NextInt(ids.Count)]), Ct);
            detail.Add(watch.Elapsed.TotalMilliseconds);
        }

        Print(new
        {
            benchmark = "history", store = server is null ? "sqlite" : "postgres", runs = ids.Count, list_p50_ms = At(list, 0.5), list_p99_ms = At(list, 0.99), detail_p50_ms = At(detail, 0.5),
            detail_p99_ms = At(detail, 0.99),
        });
    }

    private static async Task<double> SqliteRateAsync(IRowStore rows)
    {
        await rows.ExecuteAsync("create table bench_added (id integer primary key, name text, note text)", null, Ct);
        await rows.ExecuteAsync("create table bench_changed (id integer primary key, note text)", null, Ct);
        await rows.ExecuteAsync("insert into bench_changed values (1, '')", null, Ct);
        var watch = Stopwatch.StartNew();
        int done = 0;
        for (; watch.Elapsed.TotalSeconds < 3; done++)
        {
            await rows.InTransactionAsync(async tx =>
            {
                await tx.ExecuteAsync("insert into bench_added (name, note) values ('effect', 'one row')", null, Ct);
                await tx.ExecuteAsync("update bench_changed set note = @done where id = 1", new { done }, Ct);
            }, Ct);
        }

        return done / watch.Elapsed.TotalSeconds;
    }

    private static WorkflowDefinition Read(WorkflowEngine engine, int steps, int parallel) => WorkflowYaml.Parse(
        $$"""
        workflow: light_{{steps}}_{{parallel}}
        version: 1.0.0
        summary: Light steps
        steps:
          each:
            uses: bench.light
            for_each: { in: [{{string.Join(", ", Enumerable.Range(0, steps))}}], as: item, max_parallel: {{parallel}} }
            with: { number: "{item}" }
        """, "light.yaml", engine.Kinds).Value;

    private static double At(List<double> values, double share) => Math.Round(values.Order().ElementAt((int)Math.Min(values.Count - 1, share * values.Count)), 1);

    private static void Print(object line) => Console.WriteLine(JsonSerializer.Serialize(line));

    private sealed record Plan(int Runs, int Steps, int Parallel, int Starts, int History);

    internal sealed record LightInput(int Number);

    internal sealed record LightOutput(int Number);

    private sealed class Light(IRowStore rows) : StepKind<LightInput, LightOutput>
    {
        private readonly OutboxQueue outbox = new(rows, TimeProvider.System);

        public override string Name => "bench.light";

        public override string Summary => "Leaves one row.";

        public override async Task<StepOutcome> RunAsync(StepContext context, LightInput input, CancellationToken ct)
        {
            await rows.BesideOthersAsync(tx => outbox.EnqueueAsync(tx, context.EffectKey, "bench", null, ct), ct);
            return Done(new(input.Number));
        }
    }
}
