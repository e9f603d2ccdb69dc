using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Auth;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.SystemTests;

/// <summary><c>sigmatiq serve</c> itself, killed with -9 while it drives runs of twelve steps of its own kinds with two fan-outs, a retry, a vote and three effects at
/// a receiver outside: two calls and a webhook by the outbox. <c>SIGMATIQ_KILLS</c> sets how often, <c>SIGMATIQ_KILLS_SEED</c> the seed.</summary>
public abstract class ServedKillTests(ITestOutputHelper output) : IDisposable
{
    private const int OpenRuns = 2;
    private const string KeyOfCall = "Idempotency-Key", KeyOfMessage = "X-Sigmatiq-Key";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90), RestartMost = TimeSpan.FromSeconds(45);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-served-");
    private readonly ConcurrentDictionary<string, int> kept = new();
    private readonly ConcurrentDictionary<string, bool> refusedOnce = new();
    private readonly List<RunId> runs = [];
    private readonly List<TimeSpan> restarts = [];
    private Action? atNext;
    private bool isEnding;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract StoreEngine Engine { get; }

    protected abstract int KillsInCi { get; }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task No_kill_of_the_served_program_loses_a_run_or_an_effect_or_doubles_one()
    {
        int kills = Given("SIGMATIQ_KILLS", KillsInCi), seed = Given("SIGMATIQ_KILLS_SEED", 1);
        DataDirectory data = new(folder.FullName);
        await using TestRows rows = await TestRows.CreateAsync(Engine, data);
        await using RawServer outside = RawServer.Start(Answer);
        Prepare(data, outside.Port);
        Platform platform = Platform.Open(data, rows.Rows, IdSource.FromSystem(TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance,
            new AuditSeal(Environment.GetEnvironmentVariable(AuditSeal.KeyVariable)!, data.Root));
        WorkflowDefinition workflow = WorkflowYaml.Parse(Yaml(outside.Port), "served.yaml", platform.Engine.Kinds).Value;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        Task attending = AttendAsync(platform, workflow, stop.Token);
        try
        {
            Rng rng = Rng.From(seed);
            for (int kill = 0; kill < kills; kill++)
            {
                Task killing = KillOneAsync(rows, rng, isAtEffect: kill % 2 == 0);
                await (await Task.WhenAny(killing, attending));
                await killing;
            }

            isEnding = true;
            await EndAsync(rows);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAny(attending);
        }

        foreach (RunId run in runs)
        {
            RunState state = (await platform.Engine.Journal.LoadAsync(run, Ct)).State;
            state.Status.Should().Be(RunStatus.Completed, $"seed {seed}, {run}: {state.Reason}");
            string[] effects = [.. new[] { "announce", "order", "confirm" }.Select(step => $"{run}/{step}/0")];
            effects.Should().OnlyContain(key => kept.ContainsKey(key), "no effect is lost");
        }

        kept.Should().HaveCount(3 * runs.Count, "no effect has a second key");
        (await rows.Rows.FirstAsync<int>("select count(*) from runs", null, Ct)).Should().Be(runs.Count);
        (await AuditChain.VerifyAsync(rows.Rows, null, Ct)).FirstBreak.Should().BeNull();
        restarts.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Engine}, seed {seed}: {kills} kills of sigmatiq serve, {runs.Count} runs, all completed, {kept.Count} effects kept, {kept.Values.Sum(n => n - 1)} doubles dropped by key, start to first step median {restarts[restarts.Count / 2].TotalSeconds:f2} s, worst {restarts[^1].TotalSeconds:f2} s"));
        restarts[^1].Should().BeLessThan(RestartMost);
    }

    private static int Given(string variable, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(variable) ?? $"{otherwise}", CultureInfo.InvariantCulture);

    private static string Yaml(int port) => $$"""
        workflow: served
        version: 1.0.0
        summary: Twelve steps of the program's own kinds
        steps:
          prepare: { uses: report, with: { title: prepared } }
          each:
            uses: http.call
            needs: [prepare]
            for_each: { in: [1, 2, 3, 4], as: part, max_parallel: 3 }
            with: { url: "http://127.0.0.1:{{port}}/part/{part}" }
          gather: { uses: report, needs: [each], with: { title: gathered, text: "{steps.prepare.outputs.file}" } }
          flaky: { uses: http.call, needs: [gather], with: { url: "http://127.0.0.1:{{port}}/flaky/{run.id}" }, retry: { attempts: 3, backoff: fixed, first: 50ms } }
          announce: { uses: http.call, needs: [flaky], with: { url: "http://127.0.0.1:{{port}}/effect", method: POST, text: announced } }
          weigh: { uses: report, needs: [announce], with: { title: weighed } }
          approve: { uses: approval, needs: [weigh], with: { subject: subject.json, votes: [gates, person], four_eyes: relaxed } }
          order: { uses: notify, needs: [approve], with: { channel: sink, message: ordered } }
          split:
            uses: http.call
            needs: [order]
            for_each: { in: [5, 6, 7], as: part, max_parallel: 2 }
            with: { url: "http://127.0.0.1:{{port}}/part/{part}" }
          confirm: { uses: http.call, needs: [split], with: { url: "http://127.0.0.1:{{port}}/effect", method: POST, text: confirmed } }
          check: { uses: report, needs: [confirm], with: { title: checked } }
          close: { uses: report, needs: [check], with: { title: closed } }
        """;

    private static void Prepare(DataDirectory data, int port)
    {
        File.WriteAllText(data.File("hook"), "hunter2");
        File.WriteAllText(data.File("outside.yaml"), $$"""
            secrets: { hook: { file: hook } }
            channels: { sink: { type: webhook, url: "http://127.0.0.1:{{port}}/hook", secret: hook } }
            routes: []
            calls: [ { host: 127.0.0.1, schemes: [http], ports: [{{port}}], methods: [GET, POST], networks: [127.0.0.0/8] } ]
            """);
        VoteRequest request = new(Some.Subject(TimeProvider.System.GetUtcNow()), Sigmatiq.Backtest.Evidence.Recommendation.Review, [], []);
        AtomicFile.Write(data.File("subject.json"), JsonSerializer.SerializeToUtf8Bytes(request, ApprovalJson.Options));
    }

    private (int, string, string) Answer(RawRequest request)
    {
        if (request.Target.StartsWith("/flaky/", StringComparison.Ordinal))
        {
            return (refusedOnce.TryAdd(request.Target, true) ? 503 : 200, "", "");
        }

        if (request.Method == "POST")
        {
            kept.AddOrUpdate(Uri.UnescapeDataString(request.Headers[request.Target == "/hook" ? KeyOfMessage : KeyOfCall]), 1, (_, times) => times + 1);
            Interlocked.Exchange(ref atNext, null)?.Invoke();
        }

        return (200, "", "ok");
    }

    private ProgramProcess Serve(TestRows rows) => ProgramProcess.Start(["serve", "--urls", "http://127.0.0.1:0", "--data", folder.FullName, .. rows.Database is null ? [] : new[] { "--store", rows.Address }]);

    private async Task KillOneAsync(TestRows rows, Rng rng, bool isAtEffect)
    {
        DateTimeOffset begun = TimeProvider.System.GetUtcNow();
        using ProgramProcess victim = Serve(rows);
        if (isAtEffect)
        {
            TaskCompletionSource dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
            // The receiver has kept it and the sender never hears so.
            atNext = () =>
            {
                victim.Kill();
                dead.SetResult();
            };
            await Task.WhenAny(dead.Task, Task.Delay(Patience, Ct));
            dead.Task.IsCompleted.Should().BeTrue($"an effect comes within {Patience}: {victim.Error}");
        }
        else
        {
            await victim.SaysAsync("serves", Patience, Ct);
            await Task.Delay(rng.NextInt(1_500), Ct);
            victim.HasExited.Should().BeFalse(victim.Error);
            victim.Kill();
        }

        await MeasureAsync(rows, begun);
    }

    private async Task EndAsync(TestRows rows)
    {
        // What was claimed by a killed process is sent again once its claim has run out, in a minute.
        await rows.Rows.ExecuteAsync("update deliveries set next_attempt_at_utc = @past where delivered_at_utc is null", new { past = DateTimeOffset.UnixEpoch }, Ct);
        DateTimeOffset begun = TimeProvider.System.GetUtcNow();
        using ProgramProcess last = Serve(rows);
        while (await rows.Rows.FirstAsync<int>("select count(*) from runs where ended_at_utc is null", null, Ct) > 0 || kept.Count < 3 * runs.Count)
        {
            if (last.HasExited || TimeProvider.System.GetUtcNow() - begun > Patience)
            {
                IReadOnlyList<string> open = await rows.Rows.QueryAsync<string>("select run_id || ' ' || status || ' ' || coalesce(reason, '') from runs where ended_at_utc is null", null, Ct);
                throw new InvalidOperationException($"{kept.Count} effects of {runs.Count} runs; these never ended: {string.Join("; ", open)}. {last.Error}");
            }

            await Task.Delay(50, Ct);
        }

        // The runs may end while it still starts; stopped then, it says that it was cancelled.
        await last.SaysAsync("serves", Patience, Ct);
        last.Terminate();
        (await last.EndAsync(Patience, Ct)).Should().Be(0, last.Error);
        await MeasureAsync(rows, begun);
    }

    private async Task MeasureAsync(TestRows rows, DateTimeOffset begun)
    {
        if (await rows.Rows.FirstOrDefaultAsync<string>("select min(at_utc) from run_events where kind = 'attempt_started' and at_utc > @begun", new { begun }, Ct) is { } first)
        {
            restarts.Add(UtcText.Parse(first) - begun);
        }
    }

    private async Task AttendAsync(Platform platform, WorkflowDefinition workflow, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await AttendOnceAsync(platform, workflow, ct);
            }
            catch (ProblemException e) when (e.Problem.Code is "STO-1005" or "STO-1009" or WorkflowCodes.NotPaused)
            {
                // The server ended the session of a process that had no time, or what was asked before has been answered since: the next round finds out.
            }

            await Task.Delay(30, ct);
        }
    }

    private async Task AttendOnceAsync(Platform platform, WorkflowDefinition workflow, CancellationToken ct)
    {
        for (int open = await platform.Rows.FirstAsync<int>("select count(*) from runs where ended_at_utc is null", null, ct); open < OpenRuns && !isEnding; open++)
        {
            // By a key: where the answer was lost, asking again finds the run.
            runs.Add(await platform.Engine.Requests.StartAsync(new(workflow, [], "operator"), $"served {runs.Count}", ct));
        }

        foreach (string run in await platform.Rows.QueryAsync<string>("select run_id from run_waits order by run_id", null, ct))
        {
            if (await platform.Approvals.OfRunAsync(run, ct) is { Status: ApprovalStatus.PendingApproval } pending)
            {
                await platform.Approvals.CastAsync(pending.Id, VoteChoice.Approve, People.LocalOperator.Id, "looks sound", pending.Digest, ct);
            }
        }

        foreach (string run in await platform.Rows.QueryAsync<string>("select run_id from runs where status = 'set_aside' order by run_id", null, ct))
        {
            await platform.Engine.Requests.ResumeAsync(new(run), "operator", "killed on purpose", key: null, ct);
        }
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteServedKillTests(ITestOutputHelper output) : ServedKillTests(output)
{
    protected override StoreEngine Engine => StoreEngine.Sqlite;

    protected override int KillsInCi => 6;
}

/// <summary>On PostgreSQL, as a node.</summary>
public sealed class PostgresServedKillTests(ITestOutputHelper output) : ServedKillTests(output)
{
    protected override StoreEngine Engine => StoreEngine.Postgres;

    protected override int KillsInCi => 6;
}
