using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Shards;

namespace Sigmatiq.Tests.Workflows.Cluster;

public sealed class ClusterNodeTests
{
    [Fact]
    public async Task Nodes_of_another_build_are_refused_while_one_works()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync());
        await using ClusterNode old = await cluster.JoinAsync("old", build: "aaa");
        Problem refusal = (await FluentActions.Awaiting(() => cluster.JoinAsync("new", build: "bbb")).Should().ThrowAsync<ProblemException>()).Which.Problem;
        refusal.Code.Should().Be("CLU-1001");
        refusal.Message.Should().Contain("old (").And.Contain("build aaa").And.Contain("build bbb");
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Select(n => n.NodeId).Should().Equal("old");
    }

    [Fact]
    public async Task A_new_build_begins_once_the_drained_nodes_of_the_old_one_hold_nothing()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync());
        await using ClusterNode old = await cluster.JoinAsync("old", build: "aaa");
        HeldClaim work = (await old.TryClaimAsync("sweep/1", RunRoom.Ct))!;
        await cluster.Nodes.DrainAsync(null, RunRoom.Ct);
        List<string> waits = [];
        Task<ClusterNode> joining = cluster.JoinAsync("new", build: "bbb", onWait: waits.Add);
        await Task.Delay(50, RunRoom.Ct);
        joining.IsCompleted.Should().BeFalse();
        waits.Should().Equal("old to give back its work");
        await work.DisposeAsync();
        await using ClusterNode next = await cluster.Room.WhileTimePassesAsync(joining, TimeSpan.FromMilliseconds(100));
        (await cluster.Nodes.ListAsync(RunRoom.Ct)).Select(n => (n.NodeId, n.Build, n.State)).Should().Equal(("new", "bbb", "working"), ("old", "aaa", "draining"));
    }

    [Fact]
    public async Task A_new_build_waits_for_the_shards_of_drained_nodes()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync());
        await using ClusterNode old = await cluster.JoinAsync("old", build: "aaa");
        ShardTable table = new(cluster.Room.Rows, new(cluster.Room.Clock), "aaa");
        await table.MakeAsync(new("w", "test.sum", new(new("run_1"), "sums", 0, 1, DateTimeOffset.UnixEpoch, 42, "operator", IsWhole: false), [new() { ["number"] = 1 }]), RunRoom.Ct);
        ShardClaim shard = (await table.EndAndClaimAsync(old.Incarnation, null, null, null, TimeSpan.FromSeconds(10), null, RunRoom.Ct)).Next!;
        await cluster.Nodes.DrainAsync(null, RunRoom.Ct);
        List<string> waits = [];
        Task<ClusterNode> joining = cluster.JoinAsync("new", build: "bbb", onWait: waits.Add);
        await Task.Delay(50, RunRoom.Ct);
        joining.IsCompleted.Should().BeFalse();
        waits.Should().Equal("old to give back its work");
        await table.EndAndClaimAsync(old.Incarnation, shard, new() { ["n"] = 1 }, null, null, null, RunRoom.Ct);
        await using ClusterNode next = await cluster.Room.WhileTimePassesAsync(joining, TimeSpan.FromMilliseconds(100));
        next.Name.Build.Should().Be("bbb");
    }

    [Fact]
    public async Task A_node_that_was_killed_comes_back_under_its_name_once_its_former_self_has_run_out()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync());
        ClusterNode killed = await cluster.JoinAsync("n1");
        await killed.Keeper.DisposeAsync();
        List<string> waits = [];
        await using ClusterNode again = await cluster.Room.WhileTimePassesAsync(cluster.JoinAsync("n1", onWait: waits.Add), TimeSpan.FromSeconds(1));
        waits.Should().Equal("n1, whose last process was killed, to run out");
        again.Incarnation.Should().NotBe(killed.Incarnation);
    }

    [Fact]
    public async Task A_node_whose_session_the_server_has_ended_comes_back_at_once_and_its_work_is_free()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(clock: TimeProvider.System, engine: StoreEngine.Postgres));
        ClusterNode killed = await cluster.JoinAsync("n1");
        HeldClaim work = (await killed.TryClaimAsync("sweep/1", RunRoom.Ct))!;
        await killed.Keeper.DisposeAsync();
        await killed.Presence!.DisposeAsync();
        List<string> waits = [];
        await using ClusterNode again = await cluster.JoinAsync("n1", onWait: waits.Add), other = await cluster.JoinAsync("n2");
        waits.Should().BeEmpty();
        await using HeldClaim? taken = await other.TryClaimAsync("sweep/1", RunRoom.Ct);
        taken!.Fence.Should().BeGreaterThan(work.Fence, "what the dead might still write is refused");
    }

    [Fact]
    public async Task A_node_that_froze_keeps_its_name_until_it_has_run_out()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(clock: TimeProvider.System, engine: StoreEngine.Postgres)) { Terms = new() { Term = TimeSpan.FromSeconds(2) } };
        ClusterNode frozen = await cluster.JoinAsync("n1");
        // Neither signs nor ends its session.
        await frozen.Keeper.DisposeAsync();
        List<string> waits = [];
        await using ClusterNode again = await cluster.JoinAsync("n1", onWait: waits.Add);
        waits.Should().Equal("n1, whose last process was killed, to run out");
        await frozen.Presence!.DisposeAsync();
    }

    [Fact]
    public async Task A_presence_whose_session_was_ended_is_kept_anew()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync(clock: TimeProvider.System, engine: StoreEngine.Postgres));
        await using IPresence stays = (await cluster.Room.Rows.StayAsync("somebody", RunRoom.Ct))!;
        Task<bool> isGoneAsync() => cluster.Room.Rows.InTransactionAsync(tx => Presences.IsGoneAsync(tx, "somebody", RunRoom.Ct), RunRoom.Ct);
        (await isGoneAsync()).Should().BeFalse();
        await cluster.Room.Rows.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and objsubid = 2 and granted", null, RunRoom.Ct);
        (await isGoneAsync()).Should().BeTrue();
        await stays.RenewAsync(RunRoom.Ct);
        (await isGoneAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task Two_living_processes_cannot_have_one_name()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync());
        await using ClusterNode first = await cluster.JoinAsync("n1");
        (await FluentActions.Awaiting(() => cluster.Room.WhileTimePassesAsync(cluster.JoinAsync("n1"), TimeSpan.FromSeconds(1))).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Code.Should().Be("CLU-1002");
    }

    [Fact]
    public async Task A_node_that_is_not_there_cannot_be_drained()
    {
        await using ClusterRoom cluster = new(await RunRoom.OpenAsync());
        (await FluentActions.Awaiting(() => cluster.Nodes.DrainAsync("nobody", RunRoom.Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("CLU-1003");
        (await cluster.Nodes.DrainAsync(null, RunRoom.Ct)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("api,scheduler,worker", NodeRoles.All)]
    [InlineData(" worker ", NodeRole.Worker)]
    [InlineData("worker,api", NodeRole.Api | NodeRole.Worker)]
    public void Roles_are_read_as_people_write_them(string text, NodeRole roles)
    {
        NodeRoles.Parse(text).Should().Be(roles);
        NodeRoles.Parse(NodeRoles.Text(roles)).Should().Be(roles);
    }

    [Theory]
    [InlineData("")]
    [InlineData("worker,boss")]
    public void A_role_that_does_not_exist_is_refused(string text) =>
        FluentActions.Invoking(() => NodeRoles.Parse(text)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("CLU-1004");
}
