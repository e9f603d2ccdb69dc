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
    public async Task An_unknown_run_is_bad_usage()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        CommandLineRun shown = await RunAsync(room, "runs", "show", "run_none");
        (shown.ExitCode, shown.Error.Contains("WFL-2006", StringComparison.Ordinal)).Should().Be((2, true));
    }

    private static Task<CommandLineRun> RunAsync(RunRoom room, params string[] args) => CommandLineRun.OfAsync([.. args, "--data", room.Data.Root], Ct);
}
