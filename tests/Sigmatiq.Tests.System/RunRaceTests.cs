using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Competitors with a store connection each that decide the same due fires and drive the runs that come of them, at once. On PostgreSQL each is a
/// node; on SQLite each is a scheduler, and one of them gets the engine. <c>SIGMATIQ_RACE_RUNS</c> sets how many runs each
/// race is for.</summary>
public sealed class RunRaceTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int[] Limits = [1, 2, 3, 5];
    private static readonly DateTimeOffset Before = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-runrace-");
    private readonly Watched watched = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(StoreEngine.Sqlite, 2, 200)]
    [InlineData(StoreEngine.Sqlite, 4, 1_000)]
    [InlineData(StoreEngine.Sqlite, 8, 200)]
    [InlineData(StoreEngine.Postgres, 2, 200)]
    [InlineData(StoreEngine.Postgres, 4, 1_000)]
    [InlineData(StoreEngine.Postgres, 8, 200)]
    public async Task Due_runs_that_are_raced_for_start_once_each_and_no_group_exceeds_its_limit(StoreEngine engine, int competitors, int number)
    {
        int each = Given("SIGMATIQ_RACE_RUNS", number) / Limits.Length, all = each * Limits.Length;
        DirectoryInfo files = folder.CreateSubdirectory("workflows");
        foreach (int limit in Limits)
        {
            await File.WriteAllTextAsync(Path.Combine(files.FullName, $"race_{limit}.1.0.0.yaml"), YamlOf(limit), Ct);
        }

        var data = new DataDirectory(Path.Combine(folder.FullName, "data"));
        await using TestRows store = await TestRows.CreateAsync(engine, data);
        await DeskOn(data, store.Rows, files, 0, Before).DecideAllAsync(Ct);
        List<IRowStore> own = [];
        for (int i = 0; i < competitors; i++)
        {
            own.Add(await store.OpenAsync());
        }

        long begun = TimeProvider.System.GetTimestamp();
        using var start = new Barrier(competitors);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        done.CancelAfter(Patience);
        Task<bool>[] racing = [.. own.Select((rows, i) => Task.Run(async () =>
        {
            ScheduleDesk desk = DeskOn(data, rows, files, i + 1, Before.AddMinutes(each));
            start.SignalAndWait(Ct);
            await using Competitor? working = await Competitor.BeginAsync(data, rows, watched, i + 1, Ct);
            await desk.DecideAllAsync(Ct);
            await Task.Delay(Timeout.Infinite, done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return working is not null;
        }, Ct))];
        while (!done.IsCancellationRequested && !racing.Any(r => r.IsCompleted)
            && await store.Rows.FirstAsync<int>("select count(*) from runs where ended_at_utc is not null", null, Ct) < all)
        {
            await Task.Delay(100, Ct);
        }

        await done.CancelAsync();
        bool[] worked = await Task.WhenAll(racing);
        TimeSpan took = TimeProvider.System.GetElapsedTime(begun);

        IReadOnlyList<Ran> runs = await store.Rows.QueryAsync<Ran>(
            """
            select r.run_id, r.workflow_id as workflow, r.status, r.as_of_utc,
                   (select count(*) from run_events e where e.run_id = r.run_id and e.kind = 'run_admitted') as admitted,
                   (select count(*) from run_events e where e.run_id = r.run_id and e.kind = 'attempt_started') as attempts,
                   (select min(at_utc) from run_events e where e.run_id = r.run_id and e.kind = 'run_admitted') as from_utc,
                   r.ended_at_utc as to_utc
              from runs r order by r.run_id
            """, null, Ct);
        runs.Should().HaveCount(all).And.OnlyContain(r => r.Status == "completed" && r.Admitted == 1 && r.Attempts == 1);
        runs.Select(r => (r.Workflow, r.AsOfUtc)).Should().OnlyHaveUniqueItems();
        watched.Times.Should().HaveCount(all).And.OnlyContain(run => run.Value == 1, "each run's step was done once");
        worked.Count(w => w).Should().Be(engine == StoreEngine.Sqlite ? 1 : competitors);

        foreach (int limit in Limits)
        {
            watched.Most[limit].Should().BeInRange(1, limit);
            Overlap(runs.Where(r => r.Workflow == $"race_{limit}")).Should().BeInRange(Math.Min(2, limit), limit, "with so many waiting, rooms are filled and none is added");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{competitors} on {engine}: {all} runs in {took.TotalSeconds:0.0} s, at once in their steps {string.Join(", ", Limits.Select(l => $"{watched.Most[l]} of {l}"))}"));
    }

    private static string YamlOf(int limit) => $$"""
        workflow: race_{{limit}}
        version: 1.0.0
        summary: Due every minute
        schedule: { zone: UTC, cron: "* * * * *", catch_up: all }
        concurrency: { group: "race {{limit}}", limit: {{limit}}, when_full: queue }
        steps: { one: { uses: test.watched, with: { group: {{limit}} } } }
        """;

    private static int Given(string variable, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(variable) ?? $"{otherwise}", CultureInfo.InvariantCulture);

    // How many ran at one instant by the journal; at the same microsecond an end comes first.
    private static int Overlap(IEnumerable<Ran> runs)
    {
        int now = 0, most = 0;
        foreach (var (_, step) in runs.SelectMany(r => new[] { (At: r.FromUtc, Step: 1), (At: r.ToUtc, Step: -1) }).OrderBy(e => e.At).ThenBy(e => e.Step))
        {
            most = Math.Max(most, now += step);
        }

        return most;
    }

    private ScheduleDesk DeskOn(DataDirectory data, IRowStore rows, DirectoryInfo files, int number, DateTimeOffset now)
    {
        var clock = new Standing(now);
        WorkflowEngine engine = EngineOn(data, rows, watched, number, clock);
        return new(new WorkflowFolder(files.FullName, engine.Kinds), engine.Versions, new(rows, new(clock), clock), engine.Requests, clock, NullLogger.Instance);
    }

    private static WorkflowEngine EngineOn(DataDirectory data, IRowStore rows, Watched watched, int number, TimeProvider clock) =>
        new(data, rows, new StepKinds([new WatchedStep(watched)]), IdSource.FromSeed(clock, number), clock, NullLoggerFactory.Instance) { AttemptsMax = 4 };

    /// <summary>Drives runs: a node of its own, or the engine for whoever gets it.</summary>
    private sealed class Competitor(params IAsyncDisposable[] parts) : IAsyncDisposable
    {
        public static async Task<Competitor?> BeginAsync(DataDirectory data, IRowStore rows, Watched watched, int number, CancellationToken ct)
        {
            TimeProvider clock = TimeProvider.System;
            WorkflowEngine engine = EngineOn(data, rows, watched, number, clock);
            if (engine.IsShared)
            {
                ClusterNode node = await ClusterNode.JoinAsync(new($"n{number}", NodeRoles.All), rows, IdSource.FromSystem(clock), clock, new(), NullLogger.Instance, _ => { }, ct);
                return new(engine.Start(node), node);
            }

            return (await EngineLease.TryTakeAsync(data, rows, clock, $"engine/{number}", ct)).Lease is { } lease
                ? new(await engine.StartAsync(lease, ct), lease) : null;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (IAsyncDisposable part in parts)
            {
                await part.DisposeAsync();
            }
        }
    }

    /// <summary>What the steps themselves saw, over all competitors.</summary>
    private sealed class Watched
    {
        private readonly Lock counting = new();
        private readonly Dictionary<int, int> busy = [];

        public ConcurrentDictionary<string, int> Times { get; } = new();

        public Dictionary<int, int> Most { get; } = [];

        public void Enter(string run, int group)
        {
            Times.AddOrUpdate(run, 1, (_, n) => n + 1);
            lock (counting)
            {
                busy[group] = busy.GetValueOrDefault(group) + 1;
                Most[group] = Math.Max(Most.GetValueOrDefault(group), busy[group]);
            }
        }

        public void Leave(int group)
        {
            lock (counting)
            {
                busy[group]--;
            }
        }
    }

    private sealed class Standing(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed record Ran(string RunId, string Workflow, string Status, DateTimeOffset AsOfUtc, long Admitted, long Attempts, DateTimeOffset FromUtc, DateTimeOffset ToUtc);

    private sealed record WatchedInput(int Group);

    private sealed record WatchedOutput(bool Done);

    private sealed class WatchedStep(Watched watched) : StepKind<WatchedInput, WatchedOutput>
    {
        public override string Name => "test.watched";

        public override string Summary => "Counts itself and its like.";

        public override async Task<StepOutcome> RunAsync(StepContext context, WatchedInput input, CancellationToken ct)
        {
            watched.Enter(context.Run.Value, input.Group);
            await Task.Delay(3, ct);
            watched.Leave(input.Group);
            return Done(new(true));
        }
    }
}
