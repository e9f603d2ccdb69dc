using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Studio;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Benchmarks;

/// <summary><c>api [--store sqlite|postgres|both] [--seconds 5] [--history 10000] [--votes 200]</c>: requests a second and p50/p99 over HTTP at 1, 16 and 64
/// connections: a page of 100 runs out of so many, the newest 25 of them with each of their steps, the leaderboard of a sweep of 1,000 combos by eight columns (another cut each time, the same again, and for whoever
/// has it), and votes, each on a request of its own. Before that, every run with its steps once, 100 at a time, none of which the server has read yet.
/// Callers and server share this process and its cores; the limits of callers are lifted, everything else is as it is served.</summary>
internal static class ApiBenchmark
{
    private static readonly int[] Connections = [1, 16, 64];
    private static readonly RequestLimits Unlimited = new() { Caller = new(1_000_000, 1_000_000, TimeSpan.FromSeconds(1)) };
    private static readonly CancellationToken Ct = CancellationToken.None;

    public static int Run(string[] args)
    {
        string Text(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
        int Given(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        Plan plan = new(Given("--seconds", 5), Given("--history", 10_000), Given("--votes", 200));
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

    private static async Task OnAsync(Plan plan, BenchmarkPostgres? postgres)
    {
        DataDirectory data = new(Directory.CreateTempSubdirectory("sigmatiq-api-").FullName);
        IRowStore rows = postgres is null
            ? await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct)
            : await PostgresRowStore.OpenAsync(PostgresAddress.Parse(postgres.Url), TimeProvider.System, Ct);
        using (rows as IDisposable)
        {
            Platform platform = Platform.Open(data, rows, IdSource.FromSystem(TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance);
            await HistoryAsync(platform, plan.History);
            string key = (await platform.Keys.MakeAsync(People.LocalOperator.Id, "bench", KeyScopes.All, 1, People.LocalOperator.Id, "a benchmark", Ct)).Secret;
            await using WebServer server = await WebServer.StartAsync("http://127.0.0.1:0", platform.People, new StatusReader(platform).ReadAsync,
                (_, _, _, _, _, _) => Task.CompletedTask, ServedStore.Routes(platform), rows, TimeProvider.System, NullLoggerFactory.Instance, Ct, StudioFiles.OfProgram, Unlimited);
            using HttpClient http = Caller(server.Address, key);
            string sweep = await SweepAsync(platform, http);
            string list = "api/runs?limit=100", grid = "api/runs/grid?workflow=lifecycle";
            string[] last = ["total_trades", "exposure", "turnover", "t_statistic", "p_value", "skewness", "profit_factor"];
            string Board(string eighth) => $"api/sweeps/{sweep}/leaderboard?columns=rank,combo_id,gate,sharpe_ratio,total_return,max_drawdown,win_rate,{eighth}";
            string board = Board(last[0]);
            int cuts = 0;
            // Another number of rows, and when these are used up another column: none was formed before.
            string Cut()
            {
                int cut = Interlocked.Increment(ref cuts);
                return $"{Board(last[cut / 999 % last.Length])}&limit={1_000 - (cut % 999)}";
            }

            // The compiler's tiers first.
            await ReadAsync(http, list, 4, TimeSpan.FromSeconds(1));
            await ReadAsync(http, grid, 4, TimeSpan.FromSeconds(1));
            Print("run grid, 100 unread", rows, 1, await WalkAsync(http, $"{grid}&limit=100"));
            await ReadAsync(http, board, 4, TimeSpan.FromSeconds(1));
            foreach (int connections in Connections)
            {
                Print("run list", rows, connections, await ReadAsync(http, list, connections, plan.Time));
                Print("run grid", rows, connections, await ReadAsync(http, grid, connections, plan.Time));
                Print("leaderboard formed anew", rows, connections, await ReadAsync(http, Cut, null, connections, plan.Time));
                Print("leaderboard", rows, connections, await ReadAsync(http, board, connections, plan.Time));
                Print("leaderboard unchanged", rows, connections, await ReadAsync(http, () => board, await TagAsync(http, board), connections, plan.Time));
                Print("vote", rows, connections, await VoteAsync(platform, http, connections, plan.Votes));
            }

            platform.Notifier.Dispose();
        }

        Directory.Delete(data.Root, recursive: true);
    }

    private static HttpClient Caller(Uri address, string key)
    {
        HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = Connections.Max(), PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) }) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static Task<Figures> ReadAsync(HttpClient http, string address, int connections, TimeSpan time) => ReadAsync(http, () => address, null, connections, time);

    private static async Task<string> TagAsync(HttpClient http, string address)
    {
        using HttpResponseMessage answer = await http.GetAsync(address, Ct);
        return answer.Headers.ETag!.ToString();
    }

    // Whoever names a tag has the answer and is told so.
    private static async Task<Figures> ReadAsync(HttpClient http, Func<string> address, string? tag, int connections, TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        List<double>[] each = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            List<double> milliseconds = [];
            while (watch.Elapsed < time)
            {
                long from = Stopwatch.GetTimestamp();
                using HttpRequestMessage request = new(HttpMethod.Get, address());
                if (tag is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-None-Match", tag);
                }

                using HttpResponseMessage answer = await http.SendAsync(request, Ct);
                byte[] body = await answer.Content.ReadAsByteArrayAsync(Ct);
                if (tag is null || answer.StatusCode != System.Net.HttpStatusCode.NotModified)
                {
                    Expect(answer, body);
                }

                milliseconds.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            }

            return milliseconds;
        })));
        return new([.. each.SelectMany(e => e)], watch.Elapsed);
    }

    // From the newest to the oldest, a page at a time.
    private static async Task<Figures> WalkAsync(HttpClient http, string address)
    {
        var watch = Stopwatch.StartNew();
        List<double> milliseconds = [];
        for (string? before = ""; before is not null;)
        {
            long from = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await http.GetAsync($"{address}{(before.Length == 0 ? "" : $"&before={before}")}", Ct);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(Ct);
            milliseconds.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            Expect(answer, body);
            before = JsonNode.Parse(body)!["older"]?.GetValue<string>();
        }

        return new(milliseconds, watch.Elapsed);
    }

    // Each vote ends a request: the requests are written down before the time is taken.
    private static async Task<Figures> VoteAsync(Platform platform, HttpClient http, int connections, int votes)
    {
        Queue<Approval> asked = new();
        for (int i = 0; i < votes; i++)
        {
            asked.Enqueue(await platform.Approvals.AskAsync(Request($"apr_{platform.Ids.NextUuid():n}", $"run_{platform.Ids.NextUuid():n}"), Ct));
        }

        var watch = Stopwatch.StartNew();
        List<double>[] each = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            List<double> milliseconds = [];
            while (true)
            {
                Approval? next;
                lock (asked)
                {
                    asked.TryDequeue(out next);
                }

                if (next is null)
                {
                    return milliseconds;
                }

                long from = Stopwatch.GetTimestamp();
                using HttpResponseMessage answer = await http.PostAsJsonAsync("api/production/approve",
                    new { action = "approve", approval = next.Id, bundle_hash = next.Subject.BundleHash, digest = next.Digest, notes = "measured, not meant" }, Ct);
                Expect(answer, await answer.Content.ReadAsByteArrayAsync(Ct));
                milliseconds.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            }
        })));
        return new([.. each.SelectMany(e => e)], watch.Elapsed);
    }

    private static Approval Request(string id, string run)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        ApprovalSubject subject = new(
            $"strategy-{id}", "Measured", "swingsigma@1.1.0", new string('a', 64), new string('b', 64), new JsonObject { ["threshold"] = 0.5 }, new string('c', 64), "2018-01-02 to 2025-02-28",
            [new string('d', 64)], new string('e', 64), [], new JsonObject { ["trials"] = 45 }, new JsonObject { ["max_position_pct"] = 5 }, "paper", GateFailed: false, now.AddDays(7))
        {
            Manifest = DeployManifest.ForPack,
        };
        return new(id, run, subject, subject.Digest().Hex, Recommendation.Promote, [], [], "engine", FourEyes.Relaxed, now);
    }

    private static async Task<string> SweepAsync(Platform platform, HttpClient http)
    {
        await platform.Align.AlignAsync(Symbol.Parse("MKT.SYN"), Interval.Hour1, new(2022, 1, 4, 0, 0, 0, TimeSpan.Zero), Ct);
        using HttpResponseMessage made = await http.PostAsJsonAsync("api/models", new
        {
            model_id = "syn", pack_id = "swingsigma", user_id = People.LocalOperator.Id, name = "Measured", instrument = "stocks", ticker = "MKT.SYN", strategy_id = "momentum_swing",
            selected_indicators = new[] { "rsi", "macd", "adx", "ema_20", "ema_50", "bollinger_bands", "volume_ma" },
            selected_features = new[] { "rsi_divergence", "macd_cross", "trend_strength", "volume_surge", "momentum_composite" },
        }, Ct);
        Expect(made, await made.Content.ReadAsByteArrayAsync(Ct));
        SweepRequest request = SweepRequest.Parse(JsonNode.Parse("""
            { "model_id": "syn", "sweep_type": "custom", "date_range": {"start": "2019-01-02", "end": "2021-12-31"}, "confidence": "rule", "holdout": 0.2,
              "parameters": { "thresholds": [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75], "position_size_pct": [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5],
                              "stop_loss_pct": [2, 3, 4, 5, 6, 7, 8, 9, 10, 11] } }
            """)).Value;
        SweepWork work = await platform.SweepWorks.PrepareAsync(request, People.LocalOperator.Id, Packs.Grid.Plan.Unlimited, snapshot: null, lastSession: null, Ct);
        return (await platform.Sweeps.RunAsync(work, People.LocalOperator.Id, force: false, threads: 2, progress: null, Ct)).SweepId;
    }

    // Runs as the engine leaves them, as far as lists and grids read them: one is written event by event, the others have its journal.
    private static async Task HistoryAsync(Platform platform, int runs)
    {
        WorkflowDefinition workflow = platform.Workflows.Load("lifecycle");
        await platform.Engine.Versions.PublishAsync(workflow, Ct);
        RunId first = new($"run_{new string('0', 32)}");
        DateTimeOffset at = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
        JsonObject parameters = RunParameters.Complete(workflow, new JsonObject { ["ticker"] = "MKT.SYN" });
        RunBatch batch = new((await platform.Engine.Journal.CreateAsync(
            first, new(at, new(workflow.Id, workflow.Version, workflow.Hash, parameters, at, 1, null, [], People.LocalOperator.Id, "measured")), claim: null, Ct))!);
        batch.TryAdd(new RunAdmitted(at));
        while (batch.State.Steps.SelectMany(s => s.Instances.Select(i => (s.Spec.Name, Instance: i))).FirstOrDefault(x => x.Instance.Status == StepStatus.Ready) is { Name: { } step, Instance: { } next })
        {
            batch.TryAdd(new AttemptStarted(at, step, next.Index, 1));
            batch.TryAdd(new AttemptSucceeded(at = at.AddSeconds(3), step, next.Index, 1, OutputOf(step), Store.Content.ContentHash.OfJson(OutputOf(step))));
        }

        if (batch.State.Status != RunStatus.Completed)
        {
            throw new InvalidOperationException($"The run is {batch.State.Status}.");
        }

        long seq;
        EngineClaim claim = await EngineLease.TryTakeAsync(platform.Data, platform.Rows, TimeProvider.System, "benchmark", Ct);
        await using (EngineLease lease = claim.Lease!)
        {
            seq = (await platform.Engine.Journal.AppendAsync(batch, lease, Ct)).Seq;
        }

        await platform.Rows.InTransactionAsync(tx => AddAsync(tx, workflow.Hash.Hex, first.Value, seq, runs), Ct);
    }

    private static JsonObject OutputOf(string step) => JsonNode.Parse(step switch
    {
        "align" => """{ "snapshot": "c3f1", "last_session": "2026-01-02", "synthetic": true }""",
        "sweep" => """{ "sweep": "swp_1", "best": [{ "combo_id": 23 }, { "combo_id": 7 }] }""",
        "train" => """{ "trained_model": "tm_1" }""",
        "evidence" => """{ "request": {}, "trained_model": "tm_1" }""",
        "approve" => """{ "decision": "approved", "approval": "apr_1" }""",
        "deploy" => """{ "deployment": "dep_1" }""",
        _ => "{}",
    })!.AsObject();

    private static async Task AddAsync(IRowTransaction tx, string hash, string written, long seq, int runs)
    {
        DateTimeOffset first = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
        for (int i = 1; i < runs; i++)
        {
            await tx.ExecuteAsync(
                """
                insert into runs (run_id, workflow_id, version, workflow_hash, status, concurrency_group, concurrency_limit, parameters, requested_by, requested_at_utc, as_of_utc, changed_at_utc, ended_at_utc, seq)
                values (@Id, 'lifecycle', '1.0.0', @Hash, 'completed', 'measured', 1, '{"ticker":"MKT.SYN","last_session":"2026-01-02"}', 'operator', @At, @At, @At, @At, @Seq)
                """,
                new { Id = string.Create(CultureInfo.InvariantCulture, $"run_0{i:x31}"), Hash = hash, At = first.AddMinutes(i), Seq = seq }, Ct);
        }

        await tx.ExecuteAsync(
            """
            insert into run_events (run_id, seq, schema_version, kind, at_utc, fence, body)
            select r.run_id, e.seq, e.schema_version, e.kind, e.at_utc, e.fence, e.body from runs r join run_events e on e.run_id = @written where r.run_id <> @written
            """,
            new { written }, Ct);
    }

    private static void Expect(HttpResponseMessage answer, byte[] body)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri!.PathAndQuery} answered {(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
        }
    }

    private static void Print(string what, IRowStore rows, int connections, Figures figures) => Console.WriteLine(JsonSerializer.Serialize(new
    {
        benchmark = "api", what, store = rows.Dialect.Name, connections, requests = figures.Milliseconds.Count, per_s = Math.Round(figures.Milliseconds.Count / figures.Time.TotalSeconds),
        p50_ms = At(figures.Milliseconds, 0.5), p99_ms = At(figures.Milliseconds, 0.99),
    }));

    private static double At(List<double> values, double share) => Math.Round(values.Order().ElementAt((int)Math.Min(values.Count - 1, share * values.Count)), 1);

    private sealed record Plan(int Seconds, int History, int Votes)
    {
        public TimeSpan Time => TimeSpan.FromSeconds(Seconds);
    }

    private sealed record Figures(List<double> Milliseconds, TimeSpan Time);
}
