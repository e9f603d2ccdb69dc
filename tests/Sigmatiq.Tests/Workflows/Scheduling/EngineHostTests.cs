using Sigmatiq.Store.Leases;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Scheduling;

public abstract class EngineHostTests
{
    private protected const string Wait = """
        workflow: wait
        version: 1.0.0
        summary: Make, wait, use
        parameters: { ticker: { type: symbol, default: SPY } }
        concurrency: { group: "wait/{params.ticker}", limit: 1, when_full: queue }
        steps:
          make: { uses: test.make, with: { name: x } }
          vote: { uses: test.use, needs: [make] }
          last: { uses: test.use, needs: [vote] }
        """;

    private protected readonly TestSteps steps = new();
    private volatile bool voted;

    public EngineHostTests() => steps.On("vote", _ => voted ? null : new StepOutcome.Waiting("a vote", "approval:1", null));

    [Fact]
    public async Task The_engine_picks_up_requests_and_a_waiting_run_holds_no_job()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        await using EngineLease lease = await room.TakeLeaseAsync();
        await using (EngineHost host = await room.Engine.StartAsync(lease, RunRoom.Ct))
        {
            RunId run = await room.StartAsync(Wait);
            await RestAsync(room, run, RunStatus.Waiting);
            await EventuallyAsync(async () => await JobsAsync(room) == 0);
            voted = true;
            await room.Engine.Requests.WakeAsync("approval:1", "operator", RunRoom.Ct);
            await RestAsync(room, run, RunStatus.Completed);
        }
    }

    [Fact]
    public async Task A_stopped_engine_goes_on_where_it_stood_also_without_the_schedulers_file()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        steps.On("make", async (context, ct) =>
        {
            if (context.Attempt == 1)
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, ct);
            }

            return null;
        });
        RunId run = await room.StartAsync(Wait);
        await using EngineLease lease = await room.TakeLeaseAsync();
        await using (EngineHost host = await room.Engine.StartAsync(lease, RunRoom.Ct))
        {
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(60), RunRoom.Ct);
        }

        (await room.StateAsync(run)).Step("make").Status.Should().Be(StepStatus.Ready, "a stop in good order gives the attempt up");
        foreach (string file in Directory.GetFiles(room.Data.Root, "quartz.db*"))
        {
            File.Delete(file);
        }

        await using (EngineHost host = await room.Engine.StartAsync(lease, RunRoom.Ct))
        {
            await RestAsync(room, run, RunStatus.Waiting);
        }

        steps.Begun.Should().Contain("make[0]#2");
    }

    [Fact]
    public async Task A_broken_file_of_the_scheduler_is_made_anew()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        await File.WriteAllTextAsync(room.Data.QuartzFile, string.Concat(Enumerable.Repeat("no database at all ", 500)), RunRoom.Ct);
        RunId run = await room.StartAsync(Wait);
        await using EngineLease lease = await room.TakeLeaseAsync();
        await using EngineHost host = await room.Engine.StartAsync(lease, RunRoom.Ct);
        await RestAsync(room, run, RunStatus.Waiting);
    }

    [Fact]
    public async Task Two_stores_in_one_process_have_an_engine_each()
    {
        await using RunRoom one = await RunRoom.OpenAsync(steps, TimeProvider.System), two = await RunRoom.OpenAsync(steps, TimeProvider.System);
        await using EngineLease oneLease = await one.TakeLeaseAsync(), twoLease = await two.TakeLeaseAsync();
        await using EngineHost oneHost = await one.Engine.StartAsync(oneLease, RunRoom.Ct), twoHost = await two.Engine.StartAsync(twoLease, RunRoom.Ct);
        RunId first = await one.StartAsync(Wait), second = await two.StartAsync(Wait);
        await RestAsync(one, first, RunStatus.Waiting);
        await RestAsync(two, second, RunStatus.Waiting);
    }

    [Fact]
    public async Task Runs_of_one_group_work_one_after_the_other_and_a_waiting_one_holds_no_slot()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        using var gate = new SemaphoreSlim(0);
        int atWork = 0, most = 0;
        steps.On("make", async (_, ct) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atWork));
            await gate.WaitAsync(ct);
            Interlocked.Decrement(ref atWork);
            return null;
        });
        RunId first = await room.StartAsync(Wait), second = await room.StartAsync(Wait), other = await room.StartAsync(Wait, """{ "ticker": "QQQ" }""");
        await using EngineLease lease = await room.TakeLeaseAsync();
        await using EngineHost host = await room.Engine.StartAsync(lease, RunRoom.Ct);
        await EventuallyAsync(() => Task.FromResult(Volatile.Read(ref atWork) == 2));
        (await room.StateAsync(second)).Status.Should().Be(RunStatus.Queued);
        gate.Release(3);
        foreach (RunId run in new[] { first, second, other })
        {
            await RestAsync(room, run, RunStatus.Waiting);
        }

        most.Should().Be(2);
    }

    [Fact]
    public async Task A_command_drives_its_run_itself_where_no_engine_is()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        RunId run = await room.StartAsync(Wait);
        List<long> seen = [];
        RunView view = await room.Engine.BringToRestAsync(run, "test/9", 0, v => seen.Add(v.Seq), RunRoom.Ct);
        view.State.Status.Should().Be(RunStatus.Waiting);
        seen.Should().BeInAscendingOrder();
        (await EngineLease.HolderAsync(room.Data, room.Rows, room.Clock, RunRoom.Ct)).Should().BeNull("the lease is given back");
        voted = true;
        await room.Engine.Requests.WakeAsync("approval:1", "operator", RunRoom.Ct);
        (await room.Engine.BringToRestAsync(run, "test/9", view.Seq, _ => { }, RunRoom.Ct)).State.Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_command_stays_for_a_wait_that_ends_by_itself_within_a_minute()
    {
        TestSteps briefly = new();
        briefly.On("wait", context => context.Attempt > 1 ? null : new StepOutcome.Waiting("waits a moment", "until:a moment", TimeProvider.System.GetUtcNow().AddSeconds(1)));
        await using RunRoom room = await RunRoom.OpenAsync(briefly, TimeProvider.System);
        RunId run = await room.StartAsync("""
            workflow: moment
            version: 1.0.0
            summary: Waits a moment
            steps: { wait: { uses: test.use } }
            """);
        (await room.Engine.BringToRestAsync(run, "test/9", 0, _ => { }, RunRoom.Ct)).State.Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_run_that_queues_behind_another_can_be_paused_resumed_and_cancelled_and_never_begins_beside_it()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        steps.On("make", async (_, _) =>
        {
            begun.TrySetResult();
            await end.Task;
            return null;
        });
        await using EngineLease lease = await room.TakeLeaseAsync();
        await using (EngineHost host = await room.Engine.StartAsync(lease, RunRoom.Ct))
        {
            RunId first = await room.StartAsync(Wait);
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(60), RunRoom.Ct);
            RunId second = await room.StartAsync(Wait), third = await room.StartAsync(Wait);
            await room.Engine.Requests.PauseAsync(second, "operator", "not yet", null, RunRoom.Ct);
            await room.Engine.Requests.CancelAsync(third, "operator", "never", RunRoom.Ct);
            await RestAsync(room, second, RunStatus.Paused);
            await RestAsync(room, third, RunStatus.Cancelled);
            await room.Engine.Requests.ResumeAsync(second, "operator", "now", null, RunRoom.Ct);
            await RestAsync(room, second, RunStatus.Queued);
            (await room.StateAsync(first)).Status.Should().Be(RunStatus.Running, "it has the only slot");
            steps.Begun.Should().Equal("make[0]#1");
            end.SetResult();
            await RestAsync(room, first, RunStatus.Waiting);
            await RestAsync(room, second, RunStatus.Waiting);
        }
    }

    private static async Task RestAsync(RunRoom room, RunId run, RunStatus status) =>
        await EventuallyAsync(async () => (await room.StateAsync(run)).Status == status);

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (int i = 0; i < 400; i++)
        {
            if (await holds())
            {
                return;
            }

            await Task.Delay(50, RunRoom.Ct);
        }

        Assert.Fail("It did not come to pass within 20 seconds.");
    }

    private static async Task<long> JobsAsync(RunRoom room)
    {
        using var connection = Sigmatiq.Store.Rows.SqliteDriver.Factory.CreateConnection()!;
        connection.ConnectionString = Sigmatiq.Store.Rows.SqliteDriver.ConnectionString(room.Data.QuartzFile);
        await connection.OpenAsync(RunRoom.Ct);
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from qrtz_job_details";
        return Convert.ToInt64(await command.ExecuteScalarAsync(RunRoom.Ct), System.Globalization.CultureInfo.InvariantCulture);
    }
}

public sealed class EngineHostOnSqliteTests : EngineHostTests
{
    // On PostgreSQL what is there is a node: ClusterHostTests.
    [Fact]
    public async Task A_command_follows_the_engine_that_is_there()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        await using EngineLease lease = await room.TakeLeaseAsync();
        await using EngineHost host = await room.Engine.StartAsync(lease, RunRoom.Ct);
        RunId run = await room.StartAsync(Wait);
        RunView view = await room.Engine.BringToRestAsync(run, "test/9", 0, _ => { }, RunRoom.Ct);
        view.State.Status.Should().Be(RunStatus.Waiting);
        (await room.Rows.QueryAsync<long>("select distinct fence from run_events where fence > 0", null, RunRoom.Ct)).Should().Equal(lease.Fence);
    }
}

[OnStore(StoreEngine.Postgres)]
public sealed class EngineHostOnPostgresTests : EngineHostTests;
