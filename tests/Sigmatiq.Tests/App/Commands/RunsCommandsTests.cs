using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Workflows;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.App.Commands;

public sealed class RunsCommandsTests
{
    private const string Yaml = """
        workflow: sample
        version: 1.0.0
        summary: Make, then vote
        parameters: { ticker: { type: symbol, default: SPY } }
        steps:
          make: { uses: test.make, with: { name: "{params.ticker}" } }
          vote: { uses: test.use, needs: [make] }
        """;

    private readonly TestSteps steps = new();
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    public RunsCommandsTests() => steps.On("vote", _ => new StepOutcome.Waiting("waits for a vote", "approval:1", null));

    [Fact]
    public async Task Runs_are_listed_newest_first_and_shown_with_their_steps()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        RunId first = await room.StartAsync(Yaml), second = await room.StartAsync(Yaml, """{ "ticker": "QQQ" }""");
        await room.DriveAsync(second);
        JsonArray list = JsonNode.Parse((await RunAsync(room, "runs", "list", "--output", "json")).Out)!.AsArray();
        list.Select(r => (r!["id"]!.GetValue<string>(), r["status"]!.GetValue<string>(), r["parameters"]!["ticker"]!.GetValue<string>()))
            .Should().Equal((second.Value, "waiting", "QQQ"), (first.Value, "queued", "SPY"));
        (await RunAsync(room, "runs", "list")).Out.Should().Contain("ticker=QQQ").And.NotContain("{");
        async Task<IEnumerable<string>> FindAsync(params string[] by) =>
            JsonNode.Parse((await RunAsync(room, ["runs", "list", "--output", "json", .. by])).Out)!.AsArray().Select(r => r!["id"]!.GetValue<string>());
        (await FindAsync("--status", "queued,running")).Should().Equal(first.Value);
        (await FindAsync("--ticker", "QQQ", "--by", "operator")).Should().Equal(second.Value);
        (await FindAsync("--before", second.Value)).Should().Equal(first.Value);
        (await FindAsync("--to", "2020-01-01")).Should().BeEmpty();
        CommandLineRun refused = await RunAsync(room, "runs", "list", "--status", "done");
        (refused.ExitCode, refused.Error.Contains("APP-2022", StringComparison.Ordinal)).Should().Be((2, true), refused.Error);
        CommandLineRun shown = await RunAsync(room, "runs", "show");
        shown.ExitCode.Should().Be(0);
        shown.Out.Should().Contain(second.Value).And.Contain("waits for a vote").And.Contain("succeeded");
        JsonNode.Parse((await RunAsync(room, "runs", "show", first.Value, "-o", "json")).Out)!["status"]!.GetValue<string>().Should().Be("queued");
    }

    [Theory]
    [InlineData("-3", "runs", "list")]
    [InlineData("0", "runs", "list")]
    [InlineData("-1", "sweeps", "leaderboard")]
    public async Task A_list_of_no_rows_is_refused(string limit, params string[] command)
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        CommandLineRun run = await RunAsync(room, [.. command, "--limit", limit]);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("APP-1007").And.Contain("--limit").And.Contain(limit);
    }

    [Fact]
    public async Task A_watched_run_that_waits_for_a_vote_ends_with_exit_3()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        await room.DriveAsync(await room.StartAsync(Yaml));
        CommandLineRun watched = await RunAsync(room, "runs", "watch");
        watched.ExitCode.Should().Be(3);
        watched.Error.Should().Contain("waits for a vote");
    }

    [Fact]
    public async Task A_failed_run_ends_with_the_code_and_exit_of_its_step()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        steps.On("make", _ => throw new ProblemException("DAT-1234", "A crossed price.", exit: ExitCode.DataRefused));
        await room.DriveAsync(await room.StartAsync(Yaml));
        CommandLineRun watched = await RunAsync(room, "runs", "watch");
        watched.ExitCode.Should().Be(4);
        watched.Error.Should().Contain("DAT-1234");
        watched.Out.Should().Contain("make failed");
        // Once as the run's reason and once at the step: the step that it kept from running does not say it all again.
        watched.Out.Split("A crossed price.").Should().HaveCount(3);
    }

    [Fact]
    public async Task A_run_is_cancelled_by_command_also_where_no_engine_runs()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        RunId run = await room.StartAsync(Yaml);
        (await RunAsync(room, "runs", "cancel", run.Value, "--reason", "a mistake")).ExitCode.Should().Be(0);
        RunState state = await room.StateAsync(run);
        (state.Status, state.Stop!.Reason).Should().Be((RunStatus.Cancelled, $"cancelled by {People.LocalOperator.Id}: a mistake"));
        steps.Begun.Should().BeEmpty();
        CommandLineRun again = await RunAsync(room, "runs", "cancel", run.Value);
        (again.ExitCode, again.Error.Contains("WFL-2007", StringComparison.Ordinal)).Should().Be((2, true));
    }

    [Fact]
    public async Task What_steps_wrote_is_printed()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        steps.On("make", context =>
        {
            context.Log("45 combos planned");
            return null;
        });
        await room.DriveAsync(await room.StartAsync(Yaml));
        (await RunAsync(room, "runs", "logs", "--step", "make")).Out.Should().Contain("45 combos planned");
        JsonNode.Parse((await RunAsync(room, "runs", "logs", "--step", "vote", "-o", "json")).Out)!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_log_can_be_followed_to_the_end_of_its_run_and_names_no_step_that_is_not_there()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        steps.On("make", context =>
        {
            context.Log("45 combos planned");
            return null;
        });
        await room.DriveAsync(await room.StartAsync(Yaml));
        (await RunAsync(room, "runs", "logs", "--follow")).Out.Should().Contain("make #1  45 combos planned");
        JsonNode.Parse((await RunAsync(room, "runs", "logs", "-f", "-o", "json")).Out)!["line"]!.GetValue<string>().Should().Be("45 combos planned");
        CommandLineRun slip = await RunAsync(room, "runs", "logs", "--step", "mkae");
        (slip.ExitCode, slip.Error.Contains("WFL-1008", StringComparison.Ordinal)).Should().Be((2, true));
    }

    [Fact]
    public async Task A_run_is_paused_by_command_and_stays_so()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        RunId run = await room.StartAsync(Yaml);
        (await RunAsync(room, "runs", "pause")).ExitCode.Should().Be(2, "a reason is needed");
        (await RunAsync(room, "runs", "pause", "--reason", "not yet", "--key", "k")).ExitCode.Should().Be(0);
        (await RunAsync(room, "runs", "pause", "--reason", "not yet", "--key", "k")).ExitCode.Should().Be(0, "the same key is the same decision");
        CommandLineRun twice = await RunAsync(room, "runs", "pause", "--reason", "again");
        (twice.ExitCode, twice.Error.Contains("WFL-2201", StringComparison.Ordinal)).Should().Be((2, true));
        (await RunAsync(room, "runs", "show")).Out.Should().Contain("paused by operator: not yet");
        CommandLineRun watched = await RunAsync(room, "runs", "watch");
        (watched.ExitCode, watched.Error.Contains("WFL-2207", StringComparison.Ordinal)).Should().Be((1, true));
        CommandLineRun rerun = await RunAsync(room, "runs", "rerun");
        (rerun.ExitCode, rerun.Error.Contains("WFL-2208", StringComparison.Ordinal)).Should().Be((2, true));
        (await RunAsync(room, "runs", "cancel", "--reason", "never")).ExitCode.Should().Be(0);
        CommandLineRun retry = await RunAsync(room, "runs", "retry");
        (retry.ExitCode, retry.Error.Contains("WFL-2203", StringComparison.Ordinal)).Should().Be((2, true));
        (await RunAsync(room, "runs", "rerun", run.Value, "--detach", "--set", "ticker=QQQ")).Out.Should().Contain(run.Value).And.Contain("queued");
    }

    [Fact]
    public async Task Two_runs_are_compared_by_command()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        RunId first = await room.StartAsync(Yaml), second = await room.StartAsync(Yaml, """{ "ticker": "QQQ" }""");
        await room.DriveAsync(first);
        await room.DriveAsync(second);
        JsonNode diff = JsonNode.Parse((await RunAsync(room, "runs", "diff", first.Value, second.Value, "-o", "json")).Out)!;
        diff["same"]!.GetValue<bool>().Should().BeFalse();
        diff["differences"]!.AsArray().Select(d => $"{d!["area"]} {d["path"]} {d["a"]} {d["b"]}").Should().Contain("parameters ticker SPY QQQ");
        (await RunAsync(room, "runs", "diff", first.Value, second.Value)).Out.Should().Contain("QQQ");
        CommandLineRun unknown = await RunAsync(room, "runs", "diff", first.Value, "run_none");
        (unknown.ExitCode, unknown.Error.Contains("WFL-2006", StringComparison.Ordinal)).Should().Be((2, true));
    }

    [Fact]
    public async Task A_run_whose_process_is_gone_is_shown_as_stopped_and_goes_on_by_resume_without_a_reason()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        RunId run = await room.StartAsync(Yaml);
        (await room.DriveUntilDeathAsync(run, 2)).Should().BeTrue();
        CommandLineRun list = await RunAsync(room, "runs", "list");
        list.Out.Should().Contain("stopped").And.NotContain("running");
        list.Error.Should().Contain($"sigmatiq runs resume {run}").And.Contain("sigmatiq serve");
        JsonNode listed = JsonNode.Parse((await RunAsync(room, "runs", "list", "-o", "json")).Out)![0]!;
        (listed["status"]!.GetValue<string>(), listed["driven"]!.GetValue<bool>()).Should().Be(("running", false), "what is stored stays as it is");
        CommandLineRun shown = await RunAsync(room, "runs", "show");
        (shown.Out.Contains("stopped", StringComparison.Ordinal), shown.Error.Contains("runs resume", StringComparison.Ordinal)).Should().Be((true, true), shown.Out + shown.Error);
        foreach (string[] follow in (string[][])[["watch"], ["logs", "--follow"]])
        {
            CommandLineRun watched = await RunAsync(room, ["runs", .. follow]);
            (watched.ExitCode, watched.Error.Contains("WFL-2212", StringComparison.Ordinal), watched.Error.Contains("sigmatiq serve", StringComparison.Ordinal)).Should().Be((1, true, true), watched.Error);
        }

        (await RunAsync(room, "runs", "rerun")).Error.Should().Contain("WFL-2208").And.Contain("runs resume");

        // The kinds of this test are none of the program's: the run goes on to the step that it cannot do.
        CommandLineRun resumed = await RunAsync(room, "runs", "resume", run.Value);
        resumed.ExitCode.Should().Be(1, resumed.Error);
        (await room.StateAsync(run)).Status.Should().Be(RunStatus.Failed);
        (await RunAsync(room, "runs", "resume", run.Value, "--reason", "x")).Error.Should().Contain("WFL-2202");
    }

    [Fact]
    public async Task A_command_that_is_stopped_says_that_its_run_is_not_cancelled_and_how_it_goes_on()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        Sigmatiq.App.Platform platform = Sigmatiq.App.Platform.Open(room.Data, room.Rows, Sigmatiq.Store.Seeds.IdSource.FromSeed(TimeProvider.System, 5), TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        RunId run = await room.StartAsync(Sigmatiq.Workflows.Definitions.WorkflowYaml.Parse("""
            workflow: later
            version: 1.0.0
            summary: Waits a moment
            steps: { wait: { uses: wait.until, with: { after: 40s } } }
            """, "test.yaml", platform.Engine.Kinds).Value);
        platform.Notifier.Dispose();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        Task<CommandLineRun> resume = CommandLineRun.OfAsync(["runs", "resume", run.Value, "--data", room.Data.Root], stop.Token);
        while ((await room.Engine.Views.SummaryAsync(run, Ct)).Status != "waiting" && !resume.IsCompleted)
        {
            await Task.Delay(20, Ct);
        }

        await stop.CancelAsync();
        CommandLineRun stopped = await resume;
        (stopped.ExitCode, stopped.Error.Contains("APP-1130", StringComparison.Ordinal)).Should().Be((130, true), stopped.Error);
        stopped.Error.Should().Contain("is not cancelled").And.Contain($"sigmatiq runs resume {run}").And.Contain("sigmatiq serve");
        (await room.StateAsync(run)).Status.Should().Be(RunStatus.Waiting);
    }

    [Fact]
    public async Task A_log_that_is_followed_says_why_nothing_more_comes_from_a_paused_run()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        await room.StartAsync(Yaml);
        await RunAsync(room, "runs", "pause", "--reason", "not yet");
        CommandLineRun followed = await RunAsync(room, "runs", "logs", "--follow");
        followed.ExitCode.Should().Be(0);
        followed.Error.Should().Contain("paused by operator: not yet").And.Contain("runs resume");
    }

    [Fact]
    public async Task A_list_of_the_runs_of_a_workflow_that_is_not_there_is_refused()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        CommandLineRun none = await RunAsync(room, "runs", "list", "--workflow", "nosuch");
        (none.ExitCode, none.Error.Contains("WFL-1012", StringComparison.Ordinal)).Should().Be((2, true), none.Error);
        (await RunAsync(room, "runs", "list", "--workflow", "lifecycle")).ExitCode.Should().Be(0, "it has had no run yet");
    }

    [Theory]
    [InlineData("runs", "list")]
    [InlineData("runs", "show")]
    [InlineData("approvals", "list")]
    [InlineData("workflows", "list")]
    [InlineData("audit", "verify")]
    [InlineData("sweeps", "list")]
    [InlineData("models", "list")]
    [InlineData("data", "list")]
    [InlineData("training", "list")]
    [InlineData("outbox", "list")]
    public async Task A_store_that_is_not_there_is_not_made_by_a_look_at_it(params string[] look)
    {
        using TemporaryFolder folder = new();
        foreach (string[] named in (string[][])[["--data", folder["slip"]], ["--data", folder["slip"], "--store", "sqlite:" + folder["slip.db"]]])
        {
            CommandLineRun run = await CommandLineRun.OfAsync([.. look, .. named], Ct);
            (run.ExitCode, run.Error.Contains("APP-1150", StringComparison.Ordinal), run.Error.Contains("There is no store here", StringComparison.Ordinal)).Should().Be((2, true, true), run.Error);
        }

        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task An_option_that_is_none_is_not_taken_for_a_run()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        CommandLineRun slip = await RunAsync(room, "runs", "show", "--bogus");
        (slip.ExitCode, slip.Error.Contains("APP-1001", StringComparison.Ordinal), slip.Error.Contains("'--bogus'", StringComparison.Ordinal)).Should().Be((2, true, true), slip.Error);
        slip.Error.Should().Contain("sigmatiq runs show --help").And.NotContain("There is no run");
    }

    [Fact]
    public async Task An_unknown_run_is_bad_usage()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        CommandLineRun shown = await RunAsync(room, "runs", "show", "run_none");
        (shown.ExitCode, shown.Error.Contains("WFL-2006", StringComparison.Ordinal)).Should().Be((2, true));
    }

    private static Task<CommandLineRun> RunAsync(RunRoom room, params string[] args) => CommandLineRun.OfAsync([.. args, "--data", room.Data.Root], Ct);
}
