using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Engine;

public abstract class RunExecutorTests
{
    private const string Chain = """
        workflow: chain
        version: 1.0.0
        summary: Make, use each, use all
        parameters: { count: { type: int, default: 3 } }
        steps:
          make: { uses: test.make, with: { name: x, count: "{params.count}" }, retry: { attempts: 3, backoff: exponential, first: 5s }, timeout: 10m }
          each:
            uses: test.use
            for_each: { in: "{steps.make.outputs.best}", as: part, max_parallel: 2 }
            with: { part: "{part}", snapshot: "{steps.make.outputs.snapshot}" }
          last: { uses: test.use, with: { labels: "{steps.each.outputs.model}" } }
        """;

    private readonly TestSteps steps = new();
    private bool died;

    [Fact]
    public async Task A_run_goes_through_and_its_journal_gives_its_state()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId run = await room.StartAsync(Chain);
        RunState state = await room.DriveAsync(run);
        state.Status.Should().Be(RunStatus.Completed);
        steps.Begun.Should().BeEquivalentTo("make[0]#1", "each[0]#1", "each[1]#1", "each[2]#1", "last[0]#1");
        (await room.StateAsync(run)).ToJson().ToJsonString().Should().Be(state.ToJson().ToJsonString());
        RunView view = await room.Engine.Views.ShowAsync(run, RunRoom.Ct);
        view.Summary.Should().BeEquivalentTo(new { Status = "completed", Workflow = "chain", RequestedBy = "operator" });
        view.Attempts.Should().HaveCount(5).And.OnlyContain(a => a.Status == "succeeded" && a.EndedAtUtc != null);
    }

    [Fact]
    public async Task Killed_after_any_event_a_run_ends_with_the_same_outputs()
    {
        string undisturbed = await OutputsAsync([]);
        int events = 0;
        while (await OutputsAsync([events + 1]) is var outputs && died)
        {
            outputs.Should().Be(undisturbed, $"killed after event {++events}");
        }

        // Admitted, then begun and succeeded for each of the five attempts, two of which may go together; at the last event the run has ended.
        events.Should().BeGreaterThanOrEqualTo(9);
    }

    [Fact]
    public async Task Killed_after_every_few_events_a_run_ends_with_the_same_outputs()
    {
        string undisturbed = await OutputsAsync([]);
        for (int seed = 0; seed < 15; seed++)
        {
            Rng rng = Rng.From(seed);
            (await OutputsAsync([.. Enumerable.Range(0, 6).Select(_ => 1 + rng.NextInt(4))])).Should().Be(undisturbed, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Killed_again_and_again_inside_a_step_a_run_still_ends_with_the_same_outputs()
    {
        string undisturbed = await OutputsAsync([]);
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        int kills = 0;
        using var each = new SemaphoreSlim(0);
        CancellationTokenSource kill = new();
        steps.On("each", async (_, ct) =>
        {
            if (Interlocked.Increment(ref kills) <= 8)
            {
                await kill.CancelAsync();
                await Task.Delay(Timeout.Infinite, ct);
            }

            return null;
        });
        RunId run = await room.StartAsync(Chain);
        RunState? state = null;
        for (int starts = 0; state is null; starts++)
        {
            starts.Should().BeLessThan(20);
            kill = new();
            try
            {
                state = await room.DriveAsync(run, kill.Token);
            }
            catch (OperationCanceledException) when (kill.IsCancellationRequested)
            {
            }
        }

        Outputs(state).Should().Be(undisturbed);
        state.Step("each").Instances.Sum(i => i.Attempts).Should().BeGreaterThan(8);
        state.Step("each").Instances.Sum(i => i.Failures).Should().Be(0);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_asked_again_after_growing_pauses()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        List<DateTimeOffset> asked = [];
        steps.On("make", _ =>
        {
            asked.Add(room.Clock.GetUtcNow());
            return asked.Count < 3 ? TestSteps.Unavailable() : null;
        });
        RunId run = await room.StartAsync(Chain);
        RunState state = await room.WhileTimePassesAsync(room.DriveAsync(run), TimeSpan.FromMilliseconds(500));
        state.Status.Should().Be(RunStatus.Completed);
        asked.Should().HaveCount(3);
        (asked[1] - asked[0]).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5));
        (asked[2] - asked[1]).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_fails_with_its_code()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.On("make", async (_, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        });
        RunId run = await room.StartAsync(Chain.Replace("attempts: 3", "attempts: 1"));
        RunState state = await room.WhileTimePassesAsync(room.DriveAsync(run), TimeSpan.FromMinutes(1));
        state.Status.Should().Be(RunStatus.Failed);
        state.Step("make").Instances[0].Problem!.Code.Should().Be(WorkflowCodes.TimedOut);
    }

    [Fact]
    public async Task What_nobody_foresaw_fails_the_step_with_a_code_and_leaves_its_trace_in_the_log()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.On("make", _ => throw new InvalidTimeZoneException("clock melted"));
        RunId run = await room.StartAsync(Chain);
        RunState state = await room.DriveAsync(run);
        state.Step("make").Instances[0].Problem!.Code.Should().Be(WorkflowCodes.Unforeseen);
        (await room.Engine.Views.LogAsync(run, "make", 0, RunRoom.Ct)).Should().Contain(l => l.Line.Contains("clock melted"));
        (await room.Engine.Views.SummaryAsync(run, RunRoom.Ct)).Reason.Should().Contain(WorkflowCodes.Unforeseen);
    }

    [Fact]
    public async Task A_step_that_computes_takes_no_thread_from_the_pool()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        bool? onPool = null;
        steps.On("make", _ =>
        {
            onPool = Thread.CurrentThread.IsThreadPoolThread;
            return null;
        });
        await room.DriveAsync(await room.StartAsync(Chain));
        onPool.Should().BeFalse();
    }

    [Fact]
    public async Task A_refusal_keeps_the_code_it_came_with()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.On("make", _ => throw new ProblemException("DAT-1234", "A crossed price."));
        RunState state = await room.DriveAsync(await room.StartAsync(Chain));
        state.Step("make").Instances[0].Problem!.Code.Should().Be("DAT-1234");
    }

    [Fact]
    public async Task An_output_too_large_for_the_journal_is_refused()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.On("make", _ => new StepOutcome.Succeeded(new() { ["snapshot"] = new string('x', 300_000) }));
        RunState state = await room.DriveAsync(await room.StartAsync(Chain));
        state.Step("make").Instances[0].Problem!.Code.Should().Be(WorkflowCodes.OutputTooLarge);
    }

    [Fact]
    public async Task A_waiting_run_leaves_the_executor_and_goes_on_when_its_key_is_called()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        bool voted = false;
        steps.On("last", _ => voted ? null : new StepOutcome.Waiting("a vote", "approval:1", null));
        RunId run = await room.StartAsync(Chain);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Waiting);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Waiting, "nothing happened in between");
        steps.Begun.Count(b => b.StartsWith("last", StringComparison.Ordinal)).Should().Be(1);
        voted = true;
        await room.Engine.Requests.WakeAsync("approval:1", "operator", RunRoom.Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_wake_that_comes_before_the_wait_is_written_is_not_lost()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        int tries = 0;
        steps.On("last", async (_, ct) =>
        {
            if (++tries > 1)
            {
                return null;
            }

            await room.Engine.Requests.WakeAsync("approval:1", "operator", ct);
            return new StepOutcome.Waiting("a vote", "approval:1", null);
        });
        RunId run = await room.StartAsync(Chain);
        await room.DriveAsync(run);
        (await new OpenRequests(room.Rows).RunsAsync(room.Clock.GetUtcNow(), RunRoom.Ct)).Should().ContainSingle().Which.Run.Should().Be(run);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_wait_that_expires_wakes_the_step()
    {
        var clock = new ManualClock();
        await using RunRoom room = await RunRoom.OpenAsync(steps, clock);
        DateTimeOffset due = clock.GetUtcNow().AddDays(7);
        steps.On("last", context => room.Clock.GetUtcNow() < due ? new StepOutcome.Waiting("a vote", "approval:1", due) : null);
        RunId run = await room.StartAsync(Chain);
        await room.DriveAsync(run);
        var open = new OpenRequests(room.Rows);
        (await open.RunsAsync(clock.GetUtcNow(), RunRoom.Ct)).Should().BeEmpty();
        clock.Advance(TimeSpan.FromDays(8));
        (await open.RunsAsync(clock.GetUtcNow(), RunRoom.Ct)).Should().ContainSingle();
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_cancelled_run_stops_the_step_under_way()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        var begun = new TaskCompletionSource();
        steps.On("make", async (_, ct) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        });
        RunId run = await room.StartAsync(Chain);
        Task<RunState> driving = room.DriveAsync(run);
        await begun.Task;
        await room.Engine.Requests.CancelAsync(run, "operator", "enough", RunRoom.Ct);
        RunState state = await room.WhileTimePassesAsync(driving, TimeSpan.FromMilliseconds(100));
        state.Status.Should().Be(RunStatus.Cancelled);
        state.Step("make").Status.Should().Be(StepStatus.Cancelled);
        (await FluentActions.Awaiting(() => room.Engine.Requests.CancelAsync(run, "operator", "again", RunRoom.Ct)).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Code.Should().Be(WorkflowCodes.RunEnded);
    }

    [Fact]
    public async Task Progress_and_log_lines_are_stored_and_offered_live()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.On("make", context =>
        {
            for (int i = 1; i <= 45; i++)
            {
                context.Report(i, 45, $"combo {i} of 45");
            }

            context.Log("first line");
            context.Log("second\0line");
            return null;
        });
        using var enough = new CancellationTokenSource();
        List<RunNews> news = [];
        async Task ReadAsync()
        {
            await foreach (RunNews one in room.Engine.Feed.ReadAsync(enough.Token))
            {
                news.Add(one);
                if (one.Status.IsFinal())
                {
                    break;
                }
            }
        }

        // It listens once it has been called: what is said from then on is heard.
        Task reading = ReadAsync();
        RunId run = await room.StartAsync(Chain);
        await room.DriveAsync(run);
        await reading.WaitAsync(TimeSpan.FromSeconds(60), RunRoom.Ct);
        news.OfType<RunProgress>().Should().Contain(p => p.Text == "combo 45 of 45");
        news.OfType<RunMoved>().Select(m => m.Seq).Should().BeInAscendingOrder();
        AttemptView make = (await room.Engine.Views.AttemptsAsync(run, RunRoom.Ct)).Single(a => a.Step == "make");
        (make.ProgressDone, make.ProgressTotal, make.ProgressText).Should().Be((45, 45, "combo 45 of 45"));
        (await room.Engine.Views.LogAsync(run, null, 0, RunRoom.Ct)).Select(l => l.Line).Should().Equal(["first line", "second\uFFFDline"], "no store needs to take a NUL");
    }

    [Fact]
    public async Task An_engine_that_lost_its_lease_cannot_write()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId run = await room.StartAsync(Chain);
        await using EngineLease lease = await room.TakeLeaseAsync();
        await room.Rows.ExecuteAsync("update leases set fence = fence + 1, owner = 'test/2' where name = 'engine'", null, RunRoom.Ct);
        (await FluentActions.Awaiting(() => room.Engine.DriveAloneAsync(lease, run, RunRoom.Ct)).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Code.Should().Be("STO-5001");
        (await room.StateAsync(run)).Status.Should().Be(RunStatus.Queued);
    }

    [Fact]
    public async Task A_store_that_is_locked_for_a_while_costs_no_attempt()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.On("make", context =>
        {
            context.Log("kept");
            return null;
        });
        RunId run = await room.StartAsync(Chain);
        RunState state = await room.WhileTimePassesAsync(room.DriveOnLockedRowsAsync(run, everyNth: 3), TimeSpan.FromMilliseconds(500));
        state.Status.Should().Be(RunStatus.Completed);
        state.Steps.SelectMany(s => s.Instances).Should().OnlyContain(i => i.Attempts == 1);
        (await room.Engine.Views.LogAsync(run, null, 0, RunRoom.Ct)).Select(l => l.Line).Should().Equal("kept");
    }

    [Fact]
    public async Task Two_writers_cannot_append_after_the_same_event()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId run = await room.StartAsync(Chain);
        await using EngineLease lease = await room.TakeLeaseAsync();
        JournalledRun read = await room.Engine.Journal.LoadAsync(run, RunRoom.Ct);
        RunBatch admitted = new(read);
        admitted.TryAdd(new RunAdmitted(room.Clock.GetUtcNow())).Should().BeTrue();
        await room.Engine.Journal.AppendAsync(admitted, lease, RunRoom.Ct);
        (await FluentActions.Awaiting(() => room.Engine.Journal.AppendAsync(admitted, lease, RunRoom.Ct)).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Code.Should().Be(WorkflowCodes.JournalMoved);
    }

    [Fact]
    public async Task The_journal_is_append_only_even_for_sql()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        await room.StartAsync(Chain);
        foreach (string sql in new[] { "update run_events set body = '{}'", "delete from run_events" })
        {
            await FluentActions.Awaiting(() => room.Rows.ExecuteAsync(sql, null, RunRoom.Ct)).Should().ThrowAsync<ProblemException>();
        }
    }

    private async Task<string> OutputsAsync(int[] deaths)
    {
        await using RunRoom room = await RunRoom.OpenAsync(new());
        RunId run = await room.StartAsync(Chain);
        died = false;
        foreach (int events in deaths)
        {
            died |= await room.DriveUntilDeathAsync(run, events);
        }

        RunState state = await room.DriveAsync(run);
        if (state.Status == RunStatus.SetAside)
        {
            // Three of the deaths hit the same step: a person looks at it and lets it go on.
            await room.Engine.Requests.ResumeAsync(run, "operator", "killed on purpose", null, RunRoom.Ct);
            state = await room.DriveAsync(run);
        }

        state.Status.Should().Be(RunStatus.Completed);
        return Outputs(state);
    }

    private static string Outputs(RunState state) =>
        new JsonArray([.. state.Steps.Select(s => s.Outputs)]).ToJsonString();
}

public sealed class RunExecutorOnSqliteTests : RunExecutorTests;

[OnStore(StoreEngine.Postgres)]
public sealed class RunExecutorOnPostgresTests : RunExecutorTests;
