using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Engine;

/// <summary>Paused, set aside, resumed, tried again.</summary>
public abstract class RunHoldTests
{
    private const string Three = """
        workflow: three
        version: 1.0.0
        summary: One after another
        steps:
          make: { uses: test.make, with: { name: x } }
          use: { uses: test.use, with: { snapshot: "{steps.make.outputs.snapshot}" } }
          last: { uses: test.use, needs: [use] }
        """;

    private readonly TestSteps steps = new();

    private static CancellationToken Ct => RunRoom.Ct;

    [Fact]
    public void The_third_crash_in_a_row_sets_a_run_aside_with_its_reason()
    {
        RunState state = Begun(steps.Workflow(Three));
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            state.Status.Should().Be(RunStatus.Running, $"crash {attempt} has not come");
            state = Send(state, new AttemptStarted(Now, "make", 0, attempt));
            state = Send(state, new AttemptCrashed(Now, "make", 0, attempt, Done: 0));
        }

        state.Status.Should().Be(RunStatus.SetAside);
        state.Reason.Should().Be("set aside: make crashed its worker 3 times in a row, last in attempt 3");
        RunMachine.Outstanding(state).Should().BeEmpty();
        RunMachine.Refusal(state, new AttemptStarted(Now, "make", 0, 4)).Should().Contain("set aside");

        state = Send(state, new ResumeRequested(Now, "operator", "memory was doubled"));
        RunMachine.Outstanding(state).Should().ContainSingle().Which.Should().BeOfType<RunCommand.StartAttempt>().Which.Attempt.Should().Be(4);
        state = Send(Send(state, new AttemptStarted(Now, "make", 0, 4)), new AttemptCrashed(Now, "make", 0, 4, 0));
        state.Status.Should().Be(RunStatus.Running, "a resumed run has three crashes again");
    }

    [Theory]
    [InlineData("0 0 0", true)]
    [InlineData("5 5 5", true)]
    [InlineData("9 4 4", true)]
    [InlineData("1 2 3 4 5 6", false)]
    [InlineData("7 7 8 8", false)]
    [InlineData("7 7 8 8 8", true)]
    public void Crashes_count_while_the_work_comes_no_further(string done, bool isSetAside)
    {
        RunState state = Begun(steps.Workflow(Three));
        foreach (string units in done.Split(' '))
        {
            int attempt = state.Step("make").Instances[0].Attempts + 1;
            state = Send(Send(state, new AttemptStarted(Now, "make", 0, attempt)), new AttemptCrashed(Now, "make", 0, attempt, long.Parse(units)));
        }

        (state.Status == RunStatus.SetAside).Should().Be(isSetAside);
    }

    [Fact]
    public void A_failure_between_two_crashes_begins_the_count_anew()
    {
        RunState state = Begun(steps.Workflow(Three.Replace("with: { name: x }", "with: { name: x }, retry: { attempts: 9, first: 1s }")));
        for (int attempt = 1; attempt <= 7; attempt++)
        {
            state = Send(state, new AttemptStarted(Now, "make", 0, attempt));
            state = attempt % 3 != 0
                ? Send(state, new AttemptCrashed(Now, "make", 0, attempt, 0))
                : Send(Send(state, new AttemptFailed(Now, "make", 0, attempt, new("T", "t"), FailureCategories.Timeout)), new RetryDue(Now, "make", 0));
        }

        state.Status.Should().Be(RunStatus.Running);
    }

    [Fact]
    public async Task A_run_whose_process_dies_three_times_in_a_step_is_set_aside_and_goes_on_when_it_is_resumed()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId run = await room.StartAsync(Three);
        // Admitted and begun, then twice crashed and begun: each time the process dies with the attempt under way.
        foreach (int _ in Enumerable.Range(0, 3))
        {
            (await room.DriveUntilDeathAsync(run, 2)).Should().BeTrue();
        }

        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.SetAside);
        RunSummary line = (await room.Engine.Views.ListAsync(null, 1, Ct))[0];
        (line.Status, line.EndedAtUtc).Should().Be(("set_aside", null));
        line.Reason.Should().Contain("make crashed its worker 3 times");
        (await room.Engine.Views.AttemptsAsync(run, Ct)).Select(a => a.Status).Should().Equal("crashed", "crashed", "crashed");
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.SetAside, "driving it again changes nothing");

        await room.Engine.Requests.ResumeAsync(run, "operator", "memory was doubled", null, Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
        (await AuditChain.OfSubjectAsync(room.Rows, $"run:{run}", Ct)).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Action = "run.resume", Actor = "operator", Reason = "memory was doubled" });
    }

    [Fact]
    public async Task A_program_that_is_stopped_in_good_order_is_no_crash()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        CancellationTokenSource stop = new();
        steps.On("make", async (_, ct) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        });
        RunId run = await room.StartAsync(Three);
        for (int i = 0; i < 5; i++)
        {
            stop = new();
            await FluentActions.Awaiting(() => room.DriveAsync(run, stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        }

        (await room.Engine.Views.AttemptsAsync(run, Ct)).Should().HaveCount(5).And.OnlyContain(a => a.Status == "lost");
        steps.On("make", _ => null);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_paused_run_ends_what_is_under_way_and_starts_nothing_also_after_a_restart()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId run = await room.StartAsync(Three);
        TaskCompletionSource begun = new(), pausing = new();
        steps.On("make", async (_, _) =>
        {
            begun.SetResult();
            await pausing.Task;
            return null;
        });
        Task<RunState> drive = room.DriveAsync(run);
        await begun.Task;
        await room.Engine.Requests.PauseAsync(run, "operator", "the data room is warm", null, Ct);
        await room.WhileTimePassesAsync(UntilAsync(async () => (await room.StateAsync(run)).Hold is not null), TimeSpan.FromMilliseconds(250));
        (await room.StateAsync(run)).Status.Should().Be(RunStatus.Running, "make is under way");
        pausing.SetResult();
        RunState paused = await room.WhileTimePassesAsync(drive, TimeSpan.FromMilliseconds(250));
        (paused.Status, paused.Step("make").Status, paused.Step("use").Status).Should().Be((RunStatus.Paused, StepStatus.Succeeded, StepStatus.Ready));
        paused.Reason.Should().Be("paused by operator: the data room is warm");

        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Paused, "another process finds it paused");
        (await new OpenRequests(room.Rows).RunsAsync(room.Clock.GetUtcNow(), Ct)).Should().BeEmpty("a paused run wants no job");
        await Refused(() => room.Engine.Requests.PauseAsync(run, "operator", "again", null, Ct), WorkflowCodes.CannotPause);
        await room.Engine.Requests.ResumeAsync(run, "operator", "cooled down", null, Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
        steps.Begun.Should().Equal("make[0]#1", "use[0]#1", "last[0]#1");
    }

    [Fact]
    public async Task A_queued_run_can_be_paused_and_queues_again_when_resumed()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId run = await room.StartAsync(Three);
        await room.Engine.Requests.PauseAsync(run, "operator", "not yet", null, Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Paused);
        steps.Begun.Should().BeEmpty();
        await room.Engine.Requests.ResumeAsync(run, "operator", "now", null, Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_vote_that_comes_while_a_run_is_paused_is_kept_and_starts_nothing()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        bool voted = false;
        steps.On("make", _ => voted ? null : new StepOutcome.Waiting("a vote", "approval:1", null));
        RunId run = await room.StartAsync(Three);
        await room.DriveAsync(run);
        await room.Engine.Requests.PauseAsync(run, "operator", "holiday", null, Ct);
        await room.DriveAsync(run);
        voted = true;
        await room.Engine.Requests.WakeAsync("approval:1", "operator", Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Paused);
        steps.Begun.Should().HaveCount(1);
        await room.Engine.Requests.ResumeAsync(run, "operator", "back", null, Ct);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_paused_run_can_be_cancelled()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId run = await room.StartAsync(Three);
        await room.Engine.Requests.PauseAsync(run, "operator", "not yet", null, Ct);
        await room.DriveAsync(run);
        await room.Engine.Requests.CancelAsync(run, "operator", "never", null, Ct);
        RunState state = await room.DriveAsync(run);
        (state.Status, state.Reason).Should().Be((RunStatus.Cancelled, "cancelled by operator: never"));
    }

    [Fact]
    public async Task A_retry_runs_what_failed_and_what_was_skipped_for_it_and_nothing_else()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        bool mended = false;
        steps.On("use", _ => mended ? null : throw new ProblemException("TST-0007", "The disk is full."));
        RunId run = await room.StartAsync(Three);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Failed);
        mended = true;
        await room.Engine.Requests.RetryAsync(run, "use", "operator", "disk emptied", "key-1", Ct);
        await room.Engine.Requests.RetryAsync(run, "use", "operator", "disk emptied", "key-1", Ct);
        RunState state = await room.DriveAsync(run);
        (state.Status, state.Reason).Should().Be((RunStatus.Completed, null));
        steps.Begun.Should().Equal("make[0]#1", "use[0]#1", "use[0]#2", "last[0]#1");
        RunSummary line = await room.Engine.Views.SummaryAsync(run, Ct);
        (line.Status, line.Reason, line.EndedAtUtc is null).Should().Be(("completed", null, false));
        AuditRecord record = (await AuditChain.OfSubjectAsync(room.Rows, $"run:{run}", Ct)).Should().ContainSingle("one key, one retry").Subject;
        (record.Action, JsonNode.Parse(record.Payload)!["step"]!.GetValue<string>()).Should().Be(("run.retry", "use"));

        // The same key for something else, and for the same once more: refused, and answered as before.
        await Refused(() => room.Engine.Requests.RetryAsync(run, null, "operator", "again", "key-1", Ct), WorkflowCodes.KeyTaken);
        await room.Engine.Requests.RetryAsync(run, "use", "operator", "disk emptied", "key-1", Ct);
        await Refused(() => room.Engine.Requests.RetryAsync(run, "use", "operator", "again", "key-2", Ct), WorkflowCodes.NothingToRetry);
    }

    [Fact]
    public void A_retry_of_one_of_two_failed_steps_leaves_the_other_failed_and_the_run_with_it()
    {
        RunState state = Begun(steps.Workflow("""
            workflow: two
            version: 1.0.0
            summary: Two that fail
            steps:
              a: { uses: test.use }
              b: { uses: test.use }
              after_a: { uses: test.use, needs: [a] }
              after_b: { uses: test.use, needs: [b] }
            """));
        foreach (string step in (string[])["a", "b"])
        {
            state = Send(state, new AttemptStarted(Now, step, 0, 1));
        }

        foreach (string step in (string[])["a", "b"])
        {
            state = Send(state, new AttemptFailed(Now, step, 0, 1, new("TST-1", "no"), FailureCategories.Refused));
        }

        state = Send(state, new RetryRequested(Now, "operator", "mended", "a"));
        (state.Status, state.EndedUtc).Should().Be((RunStatus.Running, null));
        state.Steps.Select(s => s.Status).Should().Equal(StepStatus.Ready, StepStatus.Failed, StepStatus.Pending, StepStatus.Skipped);
        state = Succeed(Succeed(state, "a", 2), "after_a", 1);
        (state.Status, state.Reason).Should().Be((RunStatus.Failed, "b failed: TST-1: no"));
    }

    [Fact]
    public void A_retry_of_a_fan_out_runs_the_failed_item_and_those_that_never_had_their_turn()
    {
        RunState state = Begun(steps.Workflow("""
            workflow: fan
            version: 1.0.0
            summary: Items
            steps:
              make: { uses: test.make, with: { name: x } }
              each: { uses: test.use, for_each: { in: "{steps.make.outputs.best}", as: part }, with: { part: "{part}" } }
            """));
        state = Send(state, new AttemptStarted(Now, "make", 0, 1));
        state = Send(state, new AttemptSucceeded(Now, "make", 0, 1, JsonNode.Parse("""
            { "snapshot": "s", "best": [{ "combo_id": 1, "label": "a" }, { "combo_id": 2, "label": "b" }, { "combo_id": 3, "label": "c" }], "passed": true, "score": 1 }
            """)!.AsObject(), Sigmatiq.Store.Content.ContentHash.Of("x")));
        state = Succeed(state, "each", 1);
        state = Send(Send(state, new AttemptStarted(Now, "each", 1, 1)), new AttemptFailed(Now, "each", 1, 1, new("TST-1", "no"), FailureCategories.Refused));
        state.Status.Should().Be(RunStatus.Failed);
        state = Send(state, new RetryRequested(Now, "operator", "mended", null));
        state.Step("each").Instances.Select(i => i.Status).Should().Equal(StepStatus.Succeeded, StepStatus.Ready, StepStatus.Pending);
        state.Step("each").Instances[1].Should().BeEquivalentTo(new { Attempts = 1, Failures = 0 });
        state = Succeed(Succeed(state, "each", 2, 1), "each", 1, 2);
        state.Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_step_that_says_nothing_for_half_a_minute_is_called_silent_until_it_speaks()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        var clock = (ManualClock)room.Clock;
        TaskCompletionSource begun = new(), speak = new(), end = new();
        steps.On("make", async (context, _) =>
        {
            begun.SetResult();
            await speak.Task;
            context.Report(1, 2, "half");
            await end.Task;
            return null;
        });
        RunId run = await room.StartAsync(Three);
        Task<RunState> drive = room.DriveAsync(run);
        await begun.Task;
        clock.Advance(TimeSpan.FromSeconds(29));
        (await SilenceAsync()).Should().BeNull();
        clock.Advance(TimeSpan.FromSeconds(16));
        (await SilenceAsync()).Should().Be(TimeSpan.FromSeconds(45));
        speak.SetResult();
        await room.WhileTimePassesAsync(UntilAsync(async () => await SilenceAsync() is null), TimeSpan.FromMilliseconds(100));
        end.SetResult();
        await room.WhileTimePassesAsync(drive, TimeSpan.FromMilliseconds(250));
        clock.Advance(TimeSpan.FromHours(1));
        (await SilenceAsync()).Should().BeNull("what has ended is not silent");

        async Task<TimeSpan?> SilenceAsync() => (await room.Engine.Views.ShowAsync(run, Ct)).Silence("make", clock.GetUtcNow());
    }

    [Fact]
    public async Task A_followed_log_gives_every_line_once_and_ends_when_the_run_rests()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        TaskCompletionSource seen = new();
        steps.On("make", async (context, _) =>
        {
            context.Log("before");
            await seen.Task;
            context.Log("after");
            return null;
        });
        steps.On("use", context =>
        {
            context.Log("used");
            return null;
        });
        RunId run = await room.StartAsync(Three);
        Task<RunState> drive = room.DriveAsync(run);
        List<string> lines = [];
        await foreach (LogLine line in room.Engine.Follower.LogAsync(run, null, Ct))
        {
            lines.Add(line.Line);
            seen.TrySetResult();
        }

        lines.Should().Equal("before", "after", "used");
        (await drive).Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task Every_misuse_is_refused_with_a_code_and_a_remedy()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunRequests requests = room.Engine.Requests;
        RunId run = await room.StartAsync(Three);
        await Refused(() => requests.ResumeAsync(run, "operator", "why", null, Ct), WorkflowCodes.NotPaused);
        await Refused(() => requests.RetryAsync(run, null, "operator", "why", null, Ct), WorkflowCodes.NothingToRetry);
        await Refused(() => requests.PauseAsync(run, "operator", "  ", null, Ct), WorkflowCodes.ReasonMissing);
        await Refused(() => requests.PauseAsync(new("run_no"), "operator", "why", null, Ct), WorkflowCodes.UnknownRun);
        await requests.PauseAsync(run, "operator", "why", null, Ct);
        await Refused(() => requests.PauseAsync(run, "operator", "twice", null, Ct), WorkflowCodes.CannotPause);
        await requests.CancelAsync(run, "operator", "done with it", null, Ct);
        await room.DriveAsync(run);
        await Refused(() => requests.PauseAsync(run, "operator", "why", null, Ct), WorkflowCodes.CannotPause);
        await Refused(() => requests.RetryAsync(run, null, "operator", "why", null, Ct), WorkflowCodes.NothingToRetry);
        await Refused(() => requests.RetryAsync(run, "nostep", "operator", "why", null, Ct), WorkflowCodes.NothingToRetry);
        await Refused(() => requests.CancelAsync(run, "operator", "twice", null, Ct), WorkflowCodes.RunEnded);
    }

    private static DateTimeOffset Now => new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static RunState Begun(WorkflowDefinition workflow) => Send(
        RunMachine.Begin(new("run_1"), workflow, new(Now, new(workflow.Id, workflow.Version, workflow.Hash, [], Now, 42, null, [], "operator", "test"))), new RunAdmitted(Now));

    private static RunState Send(RunState state, RunEvent happened) => RunMachine.Apply(state, happened).State;

    private static RunState Succeed(RunState state, string step, int attempt, int index = 0) => Send(
        Send(state, new AttemptStarted(Now, step, index, attempt)),
        new AttemptSucceeded(Now, step, index, attempt, new() { ["model"] = "m", ["decision"] = "approved" }, Sigmatiq.Store.Content.ContentHash.Of("x")));

    private static async Task<bool> UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(5, Ct);
        }

        return true;
    }

    private static async Task Refused(Func<Task> act, string code)
    {
        Problem problem = (await act.Should().ThrowAsync<ProblemException>()).Which.Problem;
        problem.Code.Should().Be(code);
        problem.Remedy.Should().NotBeNullOrEmpty();
    }
}

public sealed class RunHoldOnSqliteTests : RunHoldTests;

[OnStore(StoreEngine.Postgres)]
public sealed class RunHoldOnPostgresTests : RunHoldTests;
