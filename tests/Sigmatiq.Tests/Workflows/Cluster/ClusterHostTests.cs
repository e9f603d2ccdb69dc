using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Cluster;

public sealed class ClusterHostTests
{
    private const string Chain = """
        workflow: chain
        version: 1.0.0
        summary: Make, use
        parameters: { ticker: { type: symbol, default: SPY } }
        concurrency: { group: "chain/{params.ticker}", limit: 2, when_full: queue }
        steps:
          make: { uses: test.make, with: { name: x } }
          last: { uses: test.use, needs: [make] }
        """;

    // A tick takes some five milliseconds: quicker, and a busy machine would seem to sleep past its claims.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly TestSteps steps = new();

    [Theory]
    [InlineData(StoreEngine.Sqlite, 2)]
    [InlineData(StoreEngine.Postgres, 2)]
    [InlineData(StoreEngine.Postgres, 8)]
    public async Task Nodes_drive_each_run_once_and_never_more_of_a_group_than_its_limit(StoreEngine engine, int nodes)
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps, TimeProvider.System, engine: engine));
        ConcurrentDictionary<string, int> busy = new();
        ConcurrentBag<int> seen = [];
        async Task<StepOutcome?> CountAsync(StepContext context, CancellationToken ct)
        {
            string group = (await cluster.Room.StateAsync(context.Run)).Request.Parameters["ticker"]!.GetValue<string>();
            seen.Add(busy.AddOrUpdate(group, 1, (_, n) => n + 1));
            await Task.Delay(15, ct);
            busy.AddOrUpdate(group, 0, (_, n) => n - 1);
            return null;
        }

        steps.On("make", CountAsync);
        List<RunId> runs = [];
        for (int i = 0; i < 24; i++)
        {
            runs.Add(await cluster.Room.StartAsync(Chain, $$"""{"ticker":"{{(i % 2 == 0 ? "SPY" : "QQQ")}}"}"""));
        }

        foreach (int n in Enumerable.Range(1, nodes))
        {
            await cluster.WorkAsync($"n{n}", steps);
        }

        foreach (RunId run in runs)
        {
            await cluster.RestAsync(run);
        }

        (await Task.WhenAll(runs.Select(cluster.Room.StateAsync))).Should().OnlyContain(s => s.Status == RunStatus.Completed && s.Steps.All(p => p.Instances[0].Attempts == 1));
        seen.Should().HaveCount(24);
        seen.Max().Should().Be(2, "two of a group may work at once, and with so many waiting two do");
    }

    [Fact]
    public async Task What_a_node_that_fell_silent_drove_is_taken_over_and_its_late_write_is_refused()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps));
        TestSteps frozen = new(), quick = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), thaw = new(TaskCreationOptions.RunContinuationsAsynchronously);
        frozen.On("make", async (_, _) =>
        {
            begun.TrySetResult();
            await thaw.Task;
            return null;
        });
        RunId run = await cluster.Room.StartAsync(Chain);
        WorkingNode silent = await cluster.WorkAsync("silent", frozen);
        await cluster.Room.WhileTimePassesAsync(DoneAsync(begun.Task), Tick);
        // Neither renews nor watches: as a process that is stopped.
        await silent.Node.Keeper.DisposeAsync();
        DateTimeOffset last = await LastSignAsync(cluster, "silent");

        await cluster.WorkAsync("quick", quick);
        await cluster.Room.WhileTimePassesAsync(DoneAsync(cluster.RestAsync(run)), Tick);
        RunState state = await cluster.Room.StateAsync(run);
        state.Status.Should().Be(RunStatus.Completed);
        state.Step("make").Instances[0].Attempts.Should().Be(2);
        IReadOnlyList<(string Kind, long Fence, DateTimeOffset AtUtc, string Body)> events = await EventsAsync(cluster, run);
        var crashed = events.Single(e => e.Kind == "attempt_crashed");
        crashed.Body.Should().Contain("\"node\":\"silent#");
        // Four seconds of this clock pass in one: a store that is slow once costs as much. ShardClusterTests measures real take-overs.
        (crashed.AtUtc - last).Should().BeGreaterThan(cluster.Terms.Term).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(30));
        events.Select(e => e.Fence).Should().BeInAscendingOrder("claims grow").And.Contain([0L, 1L, 2L]);

        // It wakes up, finishes its step and tries to write.
        thaw.SetResult();
        await cluster.Room.WhileTimePassesAsync(DoneAsync(IdleAsync(silent.Host)), Tick);
        (await EventsAsync(cluster, run)).Should().Equal(events, "the store refused what it wrote");
    }

    [Fact]
    public async Task A_node_that_cannot_renew_in_time_stops_its_work_before_another_could_begin_it()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps));
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        steps.On("make", async (context, ct) =>
        {
            if (context.Attempt > 1)
            {
                return null;
            }

            begun.TrySetResult();
            await using CancellationTokenRegistration seen = ct.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        });
        RunId run = await cluster.Room.StartAsync(Chain);
        SilentRows rows = new(cluster.Room.Rows);
        await cluster.WorkAsync("n1", steps, rows);
        await cluster.Room.WhileTimePassesAsync(DoneAsync(begun.Task), Tick);
        rows.IsSilent = true;
        await cluster.Room.WhileTimePassesAsync(DoneAsync(stopped.Task), Tick);
        DateTimeOffset expires = await cluster.Room.Rows.FirstAsync<DateTimeOffset>("select expires_at_utc from leases where name = @Name", new { Name = $"run/{run}" }, RunRoom.Ct);
        cluster.Room.Clock.GetUtcNow().Should().BeBefore(expires);
        // The store is back, and the run is free once the claim has run out: any node goes on with it.
        rows.IsSilent = false;
        await cluster.Room.WhileTimePassesAsync(DoneAsync(cluster.RestAsync(run)), Tick);
        (await cluster.Room.StateAsync(run)).Status.Should().Be(RunStatus.Completed);
    }

    [Theory]
    [InlineData(StoreEngine.Sqlite)]
    [InlineData(StoreEngine.Postgres)]
    public async Task A_node_that_stops_in_order_gives_its_runs_back_at_once_and_nobodys_failure_is_counted(StoreEngine engine)
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps, TimeProvider.System, engine: engine));
        TestSteps slow = Endless(out TaskCompletionSource begun);
        RunId run = await cluster.Room.StartAsync(Chain);
        WorkingNode first = await cluster.WorkAsync("first", slow);
        await begun.Task;
        await first.DisposeAsync();
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Single().Should().Match<NodeRow>(n => n.State == "left" && n.Claims == 0);

        long at = TimeProvider.System.GetTimestamp();
        await cluster.WorkAsync("second", steps);
        await cluster.RestAsync(run);
        TimeProvider.System.GetElapsedTime(at).Should().BeLessThan(cluster.Terms.Term, "nothing has to run out");
        (await EventsAsync(cluster, run)).Select(e => e.Kind).Should().Contain("attempt_lost").And.NotContain("attempt_crashed");
        (await cluster.Room.StateAsync(run)).Status.Should().Be(RunStatus.Completed);
    }

    [Theory]
    [InlineData(StoreEngine.Sqlite)]
    [InlineData(StoreEngine.Postgres)]
    public async Task A_drained_node_leaves_its_work_to_the_others_and_takes_no_more(StoreEngine engine)
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps, TimeProvider.System, engine: engine)) { Terms = new() { RenewEvery = TimeSpan.FromMilliseconds(100) } };
        TestSteps slow = Endless(out TaskCompletionSource begun);
        RunId run = await cluster.Room.StartAsync(Chain);
        WorkingNode first = await cluster.WorkAsync("first", slow);
        await begun.Task;
        await cluster.WorkAsync("second", steps);
        (await cluster.Nodes.DrainAsync("first", RunRoom.Ct)).Should().Equal("first");
        await cluster.RestAsync(run);
        RunId next = await cluster.Room.StartAsync(Chain);
        await cluster.RestAsync(next);
        first.Host.Driven.Should().Be(0);
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Select(n => (n.NodeId, n.State)).Should().Equal(("first", "draining"), ("second", "working"));
        (await cluster.Nodes.ListAsync(RunRoom.Ct))[0].Claims.Should().Be(0);
        (await EventsAsync(cluster, run)).Select(e => e.Kind).Should().NotContain("attempt_crashed");
    }

    [Fact]
    public async Task A_node_leaves_the_others_their_share()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps));
        for (int i = 0; i < 8; i++)
        {
            await cluster.Room.StartAsync(Chain, $$"""{"ticker":"{{(char)('A' + i)}}.SYN"}""");
        }

        await using ClusterNode one = await cluster.JoinAsync("one"), two = await cluster.JoinAsync("two");
        await using ClusterNode page = await cluster.JoinAsync("page", roles: NodeRole.Api);
        var wanted = await new Sigmatiq.Workflows.Journal.OpenRequests(cluster.Room.Rows).RunsAsync(cluster.Room.Clock.GetUtcNow(), RunRoom.Ct);
        IReadOnlyList<RunClaim> first = await new ClusterRunClaims(one).TakeAsync(wanted, RunRoom.Ct);
        first.Select(c => c.Run).Should().Equal(wanted.Take(4).Select(w => w.Run), "two workers share eight runs; a node that only answers takes none");
        (await new ClusterRunClaims(two).TakeAsync(wanted, RunRoom.Ct)).Select(c => c.Run).Should().Equal(wanted.Skip(4).Take(2).Select(w => w.Run), "the rest is shared in turn");
    }

    [Fact]
    public async Task A_command_drives_its_run_where_no_worker_lives_and_follows_it_where_one_does()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps, TimeProvider.System, engine: StoreEngine.Postgres));
        RunId alone = await cluster.Room.StartAsync(Chain), other = await cluster.Room.StartAsync(Chain);
        (await cluster.Room.Engine.BringToRestAsync(alone, "machine/1", 0, _ => { }, RunRoom.Ct)).State.Status.Should().Be(RunStatus.Completed);
        (await cluster.Room.StateAsync(other)).Status.Should().Be(RunStatus.Queued, "a command drives its own run alone");
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Should().OnlyContain(n => n.NodeId == "machine/1" && n.State == "left");

        await cluster.WorkAsync("worker", steps);
        RunId run = await cluster.Room.StartAsync(Chain);
        (await cluster.Room.Engine.BringToRestAsync(run, "machine/2", 0, _ => { }, RunRoom.Ct)).State.Status.Should().Be(RunStatus.Completed);
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Select(n => n.NodeId).Should().Equal("machine/1", "worker");
    }

    [Fact]
    public async Task Commands_drive_their_own_runs_side_by_side_and_leave_them_when_they_are_drained()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps, TimeProvider.System, engine: StoreEngine.Postgres));
        TestSteps slow = Endless(out TaskCompletionSource begun);
        var held = new WorkflowEngine(cluster.Room.Data, await cluster.Room.OpenAgainAsync(), slow.Kinds, IdSource.FromSeed(cluster.Room.Clock, 8), cluster.Room.Clock, NullLoggerFactory.Instance);
        RunId run = await cluster.Room.StartAsync(Chain), other = await cluster.Room.StartAsync(Chain);
        Task<RunView> first = held.BringToRestAsync(run, "machine/1", 0, _ => { }, RunRoom.Ct);
        await begun.Task;
        (await cluster.Room.Engine.BringToRestAsync(other, "machine/2", 0, _ => { }, RunRoom.Ct)).State.Status.Should().Be(RunStatus.Completed, "the first drives only its own");
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Select(n => (n.NodeId, n.Roles, n.State)).Should().Equal(("machine/1", "command", "working"), ("machine/2", "command", "left"));

        (await cluster.Nodes.DrainAsync(null, RunRoom.Ct)).Should().Equal("machine/1");
        (await FluentActions.Awaiting(() => first).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("CLU-1008");
        (await cluster.Room.StateAsync(run)).Status.Should().Be(RunStatus.Running, "it waits for whoever goes on with it");
        (await cluster.Nodes.ListAsync(RunRoom.Ct))[0].Should().Match<NodeRow>(n => n.State == "left" && n.Claims == 0);
        (await cluster.Room.Engine.BringToRestAsync(run, "machine/3", 0, _ => { }, RunRoom.Ct)).State.Status.Should().Be(RunStatus.Completed);
        (await EventsAsync(cluster, run)).Select(e => e.Kind).Should().NotContain("attempt_crashed");
    }

    [Fact]
    public async Task A_command_of_another_build_than_the_living_nodes_works_on_nothing()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps, TimeProvider.System, engine: StoreEngine.Postgres));
        await using ClusterNode page = await cluster.JoinAsync("page", build: "another", roles: NodeRole.Api);
        RunId run = await cluster.Room.StartAsync(Chain);
        WorkflowEngine engine = cluster.Room.Engine;
        foreach (Func<Task> command in new Func<Task>[]
        {
            () => engine.BringToRestAsync(run, "machine/1", 0, _ => { }, RunRoom.Ct),
            () => engine.AsCommandAsync("machine/1", _ => { }, _ => Task.FromResult(true), RunRoom.Ct),
        })
        {
            (await command.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("CLU-1001");
        }

        (await cluster.Room.StateAsync(run)).Status.Should().Be(RunStatus.Queued);
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Select(n => n.NodeId).Should().Equal("page");
    }

    [Fact]
    public async Task What_a_command_does_itself_it_does_as_a_node_whose_claims_are_waited_for()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps, TimeProvider.System, engine: StoreEngine.Postgres));
        WorkflowEngine engine = cluster.Room.Engine;
        StoreClaims claims = new(cluster.Room.Rows, () => engine.Node, "machine/1", IdSource.FromSeed(cluster.Room.Clock, 9), cluster.Room.Clock, NullLogger.Instance);
        string state = await engine.AsCommandAsync("machine/1", _ => { }, async ct =>
        {
            await using IWorkClaim? held = await claims.TryTakeAsync(["sweeps", "s1", "work"], ct);
            held.Should().NotBeNull();
            (await claims.TryTakeAsync(["sweeps", "s1", "work"], ct)).Should().BeNull();
            NodeRow node = (await cluster.Nodes.ListAsync(ct)).Single();
            return $"{node.NodeId} {node.Roles} {node.Claims}";
        }, RunRoom.Ct);
        state.Should().Be("machine/1 command 1");
        engine.Node.Should().BeNull();
        (await claims.IsHeldAsync(["sweeps", "s1", "work"], RunRoom.Ct)).Should().BeFalse();
    }

    [Theory]
    [InlineData(StoreEngine.Sqlite)]
    [InlineData(StoreEngine.Postgres)]
    public async Task A_node_that_was_drained_takes_nothing_even_before_it_has_heard_of_it(StoreEngine engine)
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps, TimeProvider.System, engine: engine));
        await cluster.Room.StartAsync(Chain);
        await using ClusterNode old = await cluster.JoinAsync("old", build: "aaa");
        await old.Keeper.DisposeAsync();
        await cluster.Nodes.DrainAsync(null, RunRoom.Ct);
        await using ClusterNode next = await cluster.JoinAsync("next", build: "bbb");
        old.IsDraining.Should().BeFalse("it has not signed since");
        var wanted = await new Sigmatiq.Workflows.Journal.OpenRequests(cluster.Room.Rows).RunsAsync(cluster.Room.Clock.GetUtcNow(), RunRoom.Ct);
        (await new ClusterRunClaims(old).TakeAsync(wanted, RunRoom.Ct)).Should().BeEmpty();
        (await new ClusterRunClaims(next).TakeAsync(wanted, RunRoom.Ct)).Should().ContainSingle();
    }

    [Fact]
    public async Task Expiry_is_judged_by_the_stores_clock_whatever_the_machines_clocks_say()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(steps, new ManualClock(new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)), engine: StoreEngine.Postgres));
        await using ClusterNode fast = await cluster.JoinAsync("fast");
        await using ClusterNode slow = await ClusterNode.JoinAsync(
            new("slow", NodeRoles.All) { Build = "one" }, cluster.Room.Rows, IdSource.FromSeed(new ManualClock(new(1999, 1, 1, 0, 0, 0, TimeSpan.Zero)), 3),
            new ManualClock(new(1999, 1, 1, 0, 0, 0, TimeSpan.Zero)), cluster.Terms, NullLogger.Instance, _ => { }, RunRoom.Ct);
        await using HeldClaim? held = await slow.TryClaimAsync("sweep/1", RunRoom.Ct);
        held.Should().NotBeNull();
        (await fast.TryClaimAsync("sweep/1", RunRoom.Ct)).Should().BeNull("a machine whose clock is a century ahead sees no expiry either");
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Should().OnlyContain(n => n.SignAtUtc > DateTimeOffset.UtcNow.AddMinutes(-5) && n.SignAtUtc < DateTimeOffset.UtcNow.AddMinutes(5));
    }

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }

    private static async Task IdleAsync(ClusterHost host)
    {
        while (host.Driven > 0)
        {
            await Task.Delay(5, RunRoom.Ct);
        }
    }

    private static async Task<DateTimeOffset> LastSignAsync(ClusterRoom cluster, string id) =>
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Single(n => n.NodeId == id).SignAtUtc;

    // Steps of which 'make' begins and comes to no end of its own.
    private static TestSteps Endless(out TaskCompletionSource begun)
    {
        TestSteps slow = new();
        TaskCompletionSource first = begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.On("make", async (_, ct) =>
        {
            first.TrySetResult();
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        });
        return slow;
    }

    private static async Task<IReadOnlyList<(string Kind, long Fence, DateTimeOffset AtUtc, string Body)>> EventsAsync(ClusterRoom cluster, RunId run) =>
        [.. (await cluster.Room.Rows.QueryAsync<EventRow>("select kind, fence, at_utc, body from run_events where run_id = @Run order by seq", new { Run = run.Value }, RunRoom.Ct))
            .Select(r => (r.Kind, r.Fence, r.AtUtc, r.Body))];

    private sealed record EventRow(string Kind, long Fence, DateTimeOffset AtUtc, string Body);
}
