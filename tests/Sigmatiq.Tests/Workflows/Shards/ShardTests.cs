using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Workflows.Cluster;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Shards;
using Sigmatiq.Workflows.Steps;
using Sigmatiq.Workflows.Steps.Plugins;

namespace Sigmatiq.Tests.Workflows.Shards;

public sealed class ShardTests
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(10);

    public static TheoryData<StoreEngine> Engines => [StoreEngine.Sqlite, StoreEngine.Postgres];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_shard_counts_once_and_a_late_result_is_refused(StoreEngine engine)
    {
        ManualClock clock = new();
        await using RunRoom room = await RunRoom.OpenAsync(clock: clock, engine: engine);
        var table = new ShardTable(room.Rows, new(clock));
        await table.MakeAsync(Work("w", 2), RunRoom.Ct);
        ShardClaim frozen = (await ClaimAsync(table, "frozen"))!, other = (await ClaimAsync(table, "other"))!;
        (frozen.Shard, other.Shard, frozen.Fence).Should().Be((0, 1, 1));
        (await ClaimAsync(table, "third")).Should().BeNull("both are claimed");
        if (engine == StoreEngine.Sqlite)
        {
            clock.Advance(Term);
        }
        else
        {
            // The server's clock cannot be moved.
            await room.Rows.ExecuteAsync("update shards set expires_at_utc = '2000-01-01T00:00:00.000000Z'", null, RunRoom.Ct);
        }

        ShardClaim taken = (await ClaimAsync(table, "third"))!;
        (taken.Shard, taken.Fence, taken.Lost).Should().Be((0, 2, 1));
        (await EndAsync(table, "frozen", frozen, 7)).Should().BeFalse("another has claimed it since");
        (await EndAsync(table, "third", taken, 7)).Should().BeTrue();
        (await EndAsync(table, "third", taken, 8)).Should().BeFalse("it is counted");
        (await EndAsync(table, "other", other, 9)).Should().BeTrue("its claim ran out, but nobody has claimed since");
        (await table.ResultsAsync("w", RunRoom.Ct)).Select(r => r["n"]!.GetValue<int>()).Should().Equal(7, 9);
        (await table.CountAsync("w", RunRoom.Ct)).Should().Be(new ShardCount(0, 0, 2, 0, 0));
        await FluentActions.Awaiting(() => room.Rows.ExecuteAsync("update shards set result = '{}'", null, RunRoom.Ct)).Should().ThrowAsync<ProblemException>("even for SQL a result stands");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Work_is_entered_once_and_other_work_under_its_id_is_refused(StoreEngine engine)
    {
        await using RunRoom room = await RunRoom.OpenAsync(engine: engine);
        var table = new ShardTable(room.Rows, new(room.Clock));
        await table.MakeAsync(Work("w", 3), RunRoom.Ct);
        await table.MakeAsync(Work("w", 3), RunRoom.Ct);
        (await table.CountAsync("w", RunRoom.Ct)).Total.Should().Be(3);
        (await FluentActions.Awaiting(() => table.MakeAsync(Work("w", 4), RunRoom.Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("CLU-2001");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Shards_of_one_work_are_of_one_build_and_another_begins_it_anew(StoreEngine engine)
    {
        await using RunRoom room = await RunRoom.OpenAsync(engine: engine);
        ShardTable one = new(room.Rows, new(room.Clock), "one"), other = new(room.Rows, new(room.Clock), "other");
        await one.MakeAsync(Work("w", 3), RunRoom.Ct);
        ShardClaim first = (await ClaimAsync(one, "a"))!, second = (await ClaimAsync(one, "a"))!;
        (await EndAsync(one, "a", first, 7)).Should().BeTrue();
        (await other.HasWorkAsync(null, RunRoom.Ct)).Should().BeFalse("what is left is of another build");
        (await ClaimAsync(other, "b")).Should().BeNull();

        await other.MakeAsync(Work("w", 3), RunRoom.Ct);
        (await other.CountAsync("w", RunRoom.Ct)).Should().Be(new ShardCount(3, 0, 0, 0, 0));
        (await ClaimAsync(one, "a")).Should().BeNull();
        ShardClaim[] anew = [(await ClaimAsync(other, "b"))!, (await ClaimAsync(other, "b"))!, (await ClaimAsync(other, "b"))!];
        (await EndAsync(one, "a", second, 8)).Should().BeFalse("it is the other build's now");
        foreach (ShardClaim claim in anew)
        {
            (await EndAsync(other, "b", claim, claim.Shard)).Should().BeTrue();
        }

        (await other.ResultsAsync("w", RunRoom.Ct)).Select(r => r["n"]!.GetValue<int>()).Should().Equal(0, 1, 2);
        await other.MakeAsync(Work("w", 3), RunRoom.Ct);
        (await other.CountAsync("w", RunRoom.Ct)).Done.Should().Be(3);
        (await FluentActions.Awaiting(() => one.MakeAsync(Work("w", 4), RunRoom.Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("CLU-2001");
    }

    [Fact]
    public async Task A_step_over_shards_gives_the_same_alone_and_on_several_nodes()
    {
        JsonObject alone, spread;
        await using (RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System))
        {
            WorkflowEngine engine = EngineOf(room, new());
            RunId run = await StartAsync(engine, 40);
            await using var lease = await room.TakeLeaseAsync();
            alone = Output(await engine.DriveAloneAsync(lease, run, RunRoom.Ct));
        }

        await using (ClusterRoom cluster = new(await RunRoom.OpenAsync(clock: TimeProvider.System, engine: StoreEngine.Postgres)))
        {
            List<WorkingNode> nodes = [];
            foreach (string id in new[] { "a", "b", "c" })
            {
                var node = await cluster.JoinAsync(id, rows: await cluster.Room.OpenAgainAsync());
                nodes.Add(new(node, EngineOf(cluster.Room, new()).Start(node)));
            }

            RunId run = await StartAsync(EngineOf(cluster.Room, new()), 40);
            await cluster.RestAsync(run);
            spread = Output(await cluster.Room.StateAsync(run));
            foreach (WorkingNode node in nodes)
            {
                await node.DisposeAsync();
            }
        }

        spread.ToJsonString().Should().Be(alone.ToJsonString());
        spread["count"]!.GetValue<int>().Should().Be(40);
    }

    [Fact]
    public async Task A_shard_that_fails_fails_its_step_and_a_retry_does_only_what_is_left()
    {
        await using RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System);
        Script script = new() { Fails = 3 };
        WorkflowEngine engine = EngineOf(room, script);
        RunId run = await StartAsync(engine, 8);
        await using var lease = await room.TakeLeaseAsync();
        RunState state = await engine.DriveAloneAsync(lease, run, RunRoom.Ct);
        state.Status.Should().Be(RunStatus.Failed);
        state.Step("sums").Instances[0].Problem!.Code.Should().Be("TST-0007");
        script.Fails = null;
        int[] before = [.. script.Done];
        int[] counted = [.. (await room.Rows.QueryAsync<long>("select shard from shards where state = 'done'", null, RunRoom.Ct)).Select(shard => (int)shard + 1)];
        await engine.Requests.RetryAsync(run, null, "operator", "mended", null, RunRoom.Ct);
        (await engine.DriveAloneAsync(lease, run, RunRoom.Ct)).Status.Should().Be(RunStatus.Completed);
        int[] after = [.. script.Done.Skip(before.Length)];
        after.Should().NotIntersectWith(counted, "what counted before the failure is not done again").And.OnlyHaveUniqueItems();
        counted.Concat(after).Should().BeEquivalentTo(Enumerable.Range(1, 8), "what was under way when the failure came counted nowhere");
    }

    [Theory]
    [InlineData("test.wait", "CLU-2003")]
    [InlineData("test.nobody", WorkflowCodes.UnknownKind)]
    [InlineData("shard.for_each", WorkflowCodes.UnknownKind)]
    public async Task Only_a_kind_that_computes_can_be_spread(string kind, string code)
    {
        await using RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System);
        WorkflowEngine engine = EngineOf(room, new());
        RunId run = await StartAsync(engine, 2, kind);
        await using var lease = await room.TakeLeaseAsync();
        (await engine.DriveAloneAsync(lease, run, RunRoom.Ct)).Step("sums").Instances[0].Problem!.Code.Should().Be(code);
    }

    [Theory]
    [InlineData("kind: test.late, as: number", "CLU-2003", 5, 47)]
    [InlineData("kind: test.nobody, as: number", WorkflowCodes.UnknownKind, 5, 47)]
    [InlineData("kind: shard.for_each, as: number", WorkflowCodes.UnknownKind, 5, 47)]
    [InlineData("kind: test.sum, as: nmber", WorkflowCodes.UnknownField, 5, 61)]
    [InlineData("kind: test.sum, as: number, input: { pace: 1 }", WorkflowCodes.UnknownField, 5, 76)]
    [InlineData("kind: test.pair, as: left", WorkflowCodes.MissingInput, 5, 47)]
    [InlineData("kind: test.pair, as: left, input: { right: 1 }", null, 0, 0)]
    [InlineData("kind: test.pair", null, 0, 0)]
    [InlineData("kind: test.sum, as: number", null, 0, 0)]
    public void What_runs_for_each_item_is_checked_when_the_file_is_loaded(string with, string? code, int line, int column)
    {
        StepKinds kinds = new([new SumStep(new()), new PairStep(), new LateStep(), new ShardForEachStep(() => null!, () => null!, null!)]);
        var parsed = WorkflowYaml.Parse($$"""
            workflow: spread
            version: 1.0.0
            summary: Add up
            steps:
              sums: { uses: shard.for_each, with: { {{with}}, items: [] } }
            """, "spread.yaml", kinds);
        if (code is null)
        {
            parsed.Problems.Should().BeEmpty();
            return;
        }

        parsed.Problems.Where(e => e.Code == code).Should().ContainSingle().Which.Should().Match<Problem>(e => e.Where!.Contains($":{line}:{column}") && e.Remedy != null);
    }

    [Fact]
    public async Task A_shard_knows_what_its_run_is_pinned_to()
    {
        await using RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System);
        ConcurrentBag<string?> pinned = [];
        WorkflowEngine engine = EngineOf(room, new Script
        {
            On = (context, _) =>
            {
                pinned.Add(context.Pins["scheduled_for"]?.GetValue<string>());
                context.IsShard.Should().BeTrue();
                return Task.CompletedTask;
            },
        });
        var workflow = WorkflowYaml.Parse("""
            workflow: spread
            version: 1.0.0
            summary: Add up
            steps:
              sums: { uses: shard.for_each, with: { kind: test.sum, as: number, items: [1, 2, 3] } }
            """, "spread.yaml", engine.Kinds).Value;
        RunId run = await engine.Requests.StartAsync(new(workflow, [], "operator") { Pins = new JsonObject { ["scheduled_for"] = "2026-01-05T14:30:00Z" } }, RunRoom.Ct);
        await using var lease = await room.TakeLeaseAsync();
        (await engine.DriveAloneAsync(lease, run, RunRoom.Ct)).Status.Should().Be(RunStatus.Completed);
        pinned.Should().Equal("2026-01-05T14:30:00Z", "2026-01-05T14:30:00Z", "2026-01-05T14:30:00Z");
    }

    [Fact]
    public void A_run_is_pinned_to_the_code_of_a_plug_in_that_its_items_use()
    {
        PluginKind plugin = new(new PairStep(), new("Some.Plugin", "1.0", "plugins/some.dll", Sigmatiq.Store.Content.ContentHash.Of("code")));
        StepKinds kinds = new([plugin, new SumStep(new()), new ShardForEachStep(() => null!, () => null!, null!)]);
        JsonObject? PinsOf(string kind) => PluginKind.PinsOf(WorkflowYaml.Parse($$"""
            workflow: spread
            version: 1.0.0
            summary: Add up
            parameters: { kind: { type: text, default: test.pair } }
            steps:
              sums: { uses: shard.for_each, with: { kind: {{kind}}, items: [] } }
            """, "spread.yaml", kinds).Value, kinds);
        PinsOf("test.pair")!["test.pair"]!.GetValue<string>().Should().Be(plugin.Source.Hash.Hex);
        PinsOf("\"{params.kind}\"")!["test.pair"]!.GetValue<string>().Should().Be(plugin.Source.Hash.Hex, "which it will be is known only when it runs");
        PinsOf("test.sum").Should().BeNull();
    }

    [Fact]
    public async Task A_shard_that_lost_its_worker_three_times_in_a_row_fails_instead_of_taking_down_another()
    {
        await using RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System);
        Script script = new();
        WorkflowEngine engine = EngineOf(room, script);
        RunId run = await StartAsync(engine, 3);
        await engine.Shards.Table.MakeAsync(new($"{run}/sums/0", "test.sum", Origin(run), Inputs(3)), RunRoom.Ct);
        await room.Rows.ExecuteAsync("update shards set lost = 2, state = 'claimed', owner = 'dead', expires_at_utc = '2000-01-01T00:00:00.000000Z' where shard = 1", null, RunRoom.Ct);
        await using var lease = await room.TakeLeaseAsync();
        (await engine.DriveAloneAsync(lease, run, RunRoom.Ct)).Step("sums").Instances[0].Problem!.Code.Should().Be("CLU-2002");
        script.Done.Should().NotContain(2);
    }

    [Fact]
    public async Task What_was_dropped_is_no_result()
    {
        await using RunRoom room = await RunRoom.OpenAsync(clock: TimeProvider.System);
        WorkflowEngine? engine = null;
        Script script = new() { On = async (context, n) => await engine!.Shards.Table.DropAsync($"{context.Run}/sums/0", RunRoom.Ct) };
        engine = EngineOf(room, script);
        RunId run = await StartAsync(engine, 50);
        await using var lease = await room.TakeLeaseAsync();
        (await engine.DriveAloneAsync(lease, run, RunRoom.Ct)).Step("sums").Instances[0].Problem!.Code.Should().Be("CLU-2004");
    }

    private static Task<ShardClaim?> ClaimAsync(ShardTable table, string owner) => NextAsync(table.EndAndClaimAsync(owner, null, null, null, Term, null, RunRoom.Ct));

    private static async Task<ShardClaim?> NextAsync(Task<(bool, ShardClaim? Next)> claim) => (await claim).Next;

    private static async Task<bool> EndAsync(ShardTable table, string owner, ShardClaim claim, int n) =>
        (await table.EndAndClaimAsync(owner, claim, new JsonObject { ["n"] = n }, null, null, null, RunRoom.Ct)).IsCounted;

    private static ShardOrigin Origin(RunId run) => new(run, "sums", 0, 1, DateTimeOffset.UnixEpoch, 42, "operator", IsWhole: false);

    private static ShardWork Work(string id, int shards) => new(id, "test.sum", Origin(new("run_1")), Inputs(shards));

    private static IReadOnlyList<JsonObject> Inputs(int shards) => [.. Enumerable.Range(1, shards).Select(n => new JsonObject { ["number"] = n })];

    private static JsonObject Output(RunState state)
    {
        state.Status.Should().Be(RunStatus.Completed, "{0}", state.Reason);
        return state.Step("sums").Instances[0].Output!;
    }

    private static WorkflowEngine EngineOf(RunRoom room, Script script)
    {
        WorkflowEngine? engine = null;
        return engine = new(room.Data, room.Rows, new StepKinds([new SumStep(script), new WaitStep(), new ShardForEachStep(() => engine!.Shards, () => engine!.Kinds, room.Data)]),
            IdSource.FromSystem(TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance) { AttemptsMax = 2 };
    }

    // The kind is named only when the run is asked for: then nothing but the step can refuse it.
    private static Task<RunId> StartAsync(WorkflowEngine engine, int items, string kind = "test.sum") => engine.Requests.StartAsync(new(WorkflowYaml.Parse($$"""
        workflow: spread
        version: 1.0.0
        summary: Add up
        parameters: { kind: { type: text } }
        steps:
          sums: { uses: shard.for_each, with: { kind: "{params.kind}", as: number, items: [{{string.Join(", ", Enumerable.Range(1, items))}}] } }
        """, "spread.yaml", engine.Kinds).Value, new JsonObject { ["kind"] = kind }, "operator"), RunRoom.Ct);

    private sealed class Script
    {
        public int? Fails { get; set; }

        public Func<StepContext, int, Task>? On { get; init; }

        public ConcurrentQueue<int> Done { get; } = new();
    }

    private sealed record PairInput(int Left, int Right);

    private sealed class PairStep : StepKind<PairInput, SumOutput>
    {
        public override string Name => "test.pair";

        public override string Summary => "Adds two.";

        public override Task<StepOutcome> RunAsync(StepContext context, PairInput input, CancellationToken ct) => Task.FromResult(Done(new(input.Left + input.Right)));
    }

    private sealed class LateStep : StepKind<SumInput, SumOutput>
    {
        public override string Name => "test.late";

        public override string Summary => "Waits.";

        public override bool Waits => true;

        public override Task<StepOutcome> RunAsync(StepContext context, SumInput input, CancellationToken ct) => throw new InvalidOperationException("It is refused before.");
    }

    private sealed record SumInput(int Number);

    private sealed record SumOutput(double Sum);

    private sealed class SumStep(Script script) : StepKind<SumInput, SumOutput>
    {
        public override string Name => "test.sum";

        public override string Summary => "Adds up.";

        public override async Task<StepOutcome> RunAsync(StepContext context, SumInput input, CancellationToken ct)
        {
            if (script.On is { } on)
            {
                await on(context, input.Number);
            }

            if (script.Fails == input.Number)
            {
                throw new ProblemException("TST-0007", "It fails.");
            }

            script.Done.Enqueue(input.Number);
            return Done(new(context.Rng.NextDouble() / input.Number));
        }
    }

    private sealed class WaitStep : StepKind<SumInput, SumOutput>
    {
        public override string Name => "test.wait";

        public override string Summary => "Waits.";

        public override Task<StepOutcome> RunAsync(StepContext context, SumInput input, CancellationToken ct) => Task.FromResult<StepOutcome>(new StepOutcome.Waiting("a vote", "vote:1", null));
    }
}
