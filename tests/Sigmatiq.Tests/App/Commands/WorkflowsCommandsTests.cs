using System.Text.Json.Nodes;
using Sigmatiq.App.Commands;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Workflows;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.App.Commands;

public sealed class WorkflowsCommandsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-workflows-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("workflow: a\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: no.such } }\n", "WFL-1002", ":4:23")]
    [InlineData("workflow: [", "WFL-1001", ":2:1")]
    public async Task A_broken_file_is_refused_with_code_place_and_remedy(string yaml, string code, string place)
    {
        string file = Path.Combine(folder.FullName, "broken.yaml");
        await File.WriteAllTextAsync(file, yaml, TestContext.Current.CancellationToken);
        CommandLineRun run = await RunAsync("workflows", "validate", file, "--output", "json");
        run.ExitCode.Should().Be(2);
        JsonNode error = JsonNode.Parse(run.Error)!;
        error["code"]!.GetValue<string>().Should().Be(code);
        error["where"]!.GetValue<string>().Should().Be(file + place);
        error["remedy"]!.GetValue<string>().Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_valid_file_that_names_an_unknown_workflow_is_valid_with_a_warning()
    {
        string file = Path.Combine(folder.FullName, "outer.yaml");
        await File.WriteAllTextAsync(file, "workflow: outer\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: workflow, with: { workflow: nonexist } } }\n", TestContext.Current.CancellationToken);
        CommandLineRun run = await RunAsync("workflows", "validate", file);
        run.ExitCode.Should().Be(0);
        (run.Out + run.Error).Should().Contain("valid, with warnings").And.Contain($"{file}:4:51: warning WFL-1012");
        JsonNode.Parse((await RunAsync("workflows", "validate", file, "-o", "json")).Out)!["warnings"]![0]!["code"]!.GetValue<string>().Should().Be("WFL-1012");
    }

    [Fact]
    public async Task The_lifecycle_is_listed_shown_valid_and_passes_its_own_tests()
    {
        await CommandLineRun.MakeStoreAsync(Path.Combine(folder.FullName, "data"), TestContext.Current.CancellationToken);
        JsonNode.Parse((await RunAsync("workflows", "list", "-o", "json")).Out)!.AsArray()
            .Single(w => w!["id"]!.GetValue<string>() == "lifecycle")!["problems"]!.AsArray().Should().BeEmpty();
        JsonNode.Parse((await RunAsync("workflows", "show", "lifecycle", "-o", "json")).Out)!["steps"]!.AsArray().Should().HaveCount(9);
        (await RunAsync("workflows", "validate", "lifecycle@1.0.0")).ExitCode.Should().Be(0);
        CommandLineRun tested = await RunAsync("dags", "test", "lifecycle");
        tested.ExitCode.Should().Be(0, tested.Error);
        tested.Out.Should().Contain("a rejection deploys nothing").And.Contain("fourteen days on paper").And.NotContain("expected");
    }

    [Fact]
    public async Task Cases_in_a_file_and_beside_it_are_played_and_a_wrong_one_is_named_with_its_line()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        string file = Path.Combine(folder.FullName, "mine.1.0.0.yaml");
        await File.WriteAllTextAsync(file, "workflow: mine\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: store.bootstrap } }\ntests: [ { name: inside, expect: { run: completed } } ]\n", ct);
        CommandLineRun inside = await RunAsync("workflows", "test", file, "-o", "json");
        (inside.ExitCode, JsonNode.Parse(inside.Out)!.AsArray().Count).Should().Be((0, 1), inside.Error);

        Directory.CreateDirectory(Path.Combine(folder.FullName, "tests"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "tests", "mine.1.0.0.yaml"),
            "tests:\n- name: beside\n  play: { one: { takes: 2d } }\n  expect: { run: completed }\n- name: wrong\n  expect: { run: failed }\n", ct);
        CommandLineRun both = await RunAsync("workflows", "test", file, "-o", "json");
        both.ExitCode.Should().Be(1);
        JsonArray cases = JsonNode.Parse(both.Out)!.AsArray();
        cases.Select(c => c!["id"]!.GetValue<string>()).Should().Equal("inside", "beside", "wrong");
        cases[1]!["took_seconds"]!.GetValue<double>().Should().Be(172_800);
        cases[2]!["differences"]![0]!.GetValue<string>().Should().EndWith("tests/mine.1.0.0.yaml:6:13: run is completed, expected failed");
        (await RunAsync("workflows", "test", file, "--case", "BESIDE")).ExitCode.Should().Be(0);
        CommandLineRun none = await RunAsync("workflows", "test", file, "--case", "nothing like it");
        (none.ExitCode, none.Error.Contains("WFL-1040", StringComparison.Ordinal)).Should().Be((2, true), none.Error);
    }

    [Fact]
    public async Task A_version_is_published_once_and_differences_are_named_by_their_place()
    {
        string one = Path.Combine(folder.FullName, "one.yaml"), two = Path.Combine(folder.FullName, "two.yaml");
        const string text = "workflow: told\nversion: 1.0.0\nsummary: s\nsteps:\n  tell: { uses: notify, with: { channel: ops, message: a } }\n";
        await File.WriteAllTextAsync(one, text, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(two, "# a comment says nothing\n" + text.Replace("message: a", "message: b").Replace("1.0.0", "1.1.0"), TestContext.Current.CancellationToken);
        CommandLineRun published = await RunAsync("workflows", "publish", one, "-o", "json");
        JsonNode.Parse(published.Out)!["published"]!.ToJsonString().Should().Be("""["1.0.0"]""");
        (await RunAsync("workflows", "publish", one)).ExitCode.Should().Be(0, "the same again changes nothing");
        await File.WriteAllTextAsync(one, text.Replace("message: a", "message: c"), TestContext.Current.CancellationToken);
        CommandLineRun refused = await RunAsync("workflows", "publish", one);
        (refused.ExitCode, refused.Error.Contains("WFL-1010", StringComparison.Ordinal)).Should().Be((2, true));

        refused.Error.Should().Contain("workflows diff told@1.0.0 FILE");
        JsonNode.Parse((await RunAsync("workflows", "diff", "told@1.0.0", one, "-o", "json")).Out)!.AsArray().Select(d => $"{d!["id"]}: {d["a"]} -> {d["b"]}")
            .Should().Equal("steps.tell.with.message: a -> c");
        CommandLineRun table = await RunAsync("workflows", "diff", "told@1.0.0", one);
        table.Out.Should().Contain("told 1.0.0 (published)").And.Contain("told 1.0.0 (file)");
        CommandLineRun diff = await RunAsync("workflows", "diff", "told@1.0.0", two, "-o", "json");
        JsonNode.Parse(diff.Out)!.AsArray().Select(d => $"{d!["id"]}: {d["a"]} -> {d["b"]}").Should().Equal("steps.tell.with.message: a -> b", "version: 1.0.0 -> 1.1.0");
        (await RunAsync("workflows", "diff", "lifecycle", "lifecycle@1.0.0", "-o", "json")).Out.Trim().Should().Be("[]");
        (await RunAsync("workflows", "diff", "lifecycle", "no_such")).Error.Should().Contain("WFL-1012");
    }

    [Theory]
    [InlineData("show")]
    [InlineData("trigger")]
    [InlineData("test")]
    [InlineData("validate")]
    public async Task A_workflow_that_is_not_there_is_refused(string verb)
    {
        CommandLineRun run = await RunAsync("dags", verb, "no_such_workflow");
        (run.ExitCode, run.Error.Contains("WFL-1012", StringComparison.Ordinal)).Should().Be((2, true));
    }

    [Fact]
    public async Task A_workflow_that_awaits_its_steps_is_listed_as_paused_with_the_reason_and_does_not_run()
    {
        await CommandLineRun.MakeStoreAsync(Path.Combine(folder.FullName, "data"), TestContext.Current.CancellationToken);
        JsonNode listed = JsonNode.Parse((await RunAsync("workflows", "list", "-o", "json")).Out)!.AsArray().Single(w => w!["id"]!.GetValue<string>() == "forecast_h5_l6_weekly_monitor")!;
        listed["problems"]!.AsArray().Should().BeEmpty();
        listed["paused"]!.GetValue<bool>().Should().BeTrue();
        listed["paused_reason"]!.GetValue<string>().Should().Contain("forecast.load_week").And.EndWith("arrive with a later release");
        listed["schedule"]!.GetValue<string>().Should().Be("30 14 * * 5 (unix, preceding)");
        DateTimeOffset.Parse(listed["next_fire_utc"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture).Should().BeAfter(DateTimeOffset.UtcNow);
        CommandLineRun triggered = await RunAsync("workflows", "trigger", "forecast_h5_l6_weekly_monitor", "-o", "json");
        (triggered.ExitCode, JsonNode.Parse(triggered.Error)!["code"]!.GetValue<string>()).Should().Be((2, WorkflowCodes.NotBuilt));
        JsonNode.Parse((await RunAsync("runs", "list", "-o", "json")).Out)!.AsArray().Should().BeEmpty();
    }

    [Theory]
    [InlineData("forecast_h5_l6_weekly_monitor", "2026-04-27", "2026-05-08", "2026-04-30T19:30:00Z 2026-05-08T19:30:00Z")]
    [InlineData("forecast_h5_l6_weekly_monitor", "2026-05-08T19:30:00Z", "2026-05-15T19:30:00Z", "2026-05-08T19:30:00Z")]
    [InlineData("forecast_h5_l6_weekly_monitor", "2026-05-08T14:30", "2026-05-15T14:31", "2026-05-08T19:30:00Z 2026-05-15T19:30:00Z")]
    [InlineData("forecast_h5_l4_backtest_promotion", "2026-01-01", "2026-12-31", "")]
    public async Task Fire_times_are_an_array_of_instants(string id, string from, string to, string expected)
    {
        CommandLineRun run = await RunAsync("workflows", "next", id, "--from", from, "--to", to, "--output", "json");
        run.ExitCode.Should().Be(0, run.Error);
        JsonNode.Parse(run.Out)!.AsArray().Select(i => i!.GetValue<string>()).Should().Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Without_an_end_the_next_fires_are_shown_with_what_moved()
    {
        CommandLineRun run = await RunAsync("dags", "next", "forecast_h5_l5_weekly_signal", "--from", "2026-01-12", "--limit", "2");
        run.Out.Should().Contain("2026-01-13T13:15:00Z").And.Contain("moved from Mon 2026-01-12").And.Contain("2026-01-19T13:15:00Z").And.NotContain("2026-01-26");
        run.Error.Should().Contain("is paused: ");
    }

    [Fact]
    public async Task A_schedule_is_paused_and_unpaused_with_a_reason_that_is_shown()
    {
        const string Id = "forecast_h5_l6_weekly_monitor";
        (await RunAsync("workflows", "pause", Id, "--reason", "month end")).ExitCode.Should().Be(0);
        JsonNode schedule = JsonNode.Parse((await RunAsync("workflows", "show", Id, "-o", "json")).Out)!["schedule"]!;
        (schedule["paused"]!.GetValue<string>(), schedule["paused_by"]!.GetValue<string>()).Should().Be(("month end", "operator"));
        (await RunAsync("workflows", "show", Id)).Out.Should().Contain("30 14 * * 5 (unix, preceding), America/Bogota, days of COLOMBIA");
        await RefusedAsync(WorkflowCodes.SchedulePause, "pause", Id, "--reason", "again");
        (await RunAsync("workflows", "unpause", Id, "--reason", "month over")).ExitCode.Should().Be(0);
        await RefusedAsync(WorkflowCodes.SchedulePause, "unpause", Id, "--reason", "again");
        await RefusedAsync(WorkflowCodes.SchedulePause, "pause", "lifecycle", "--reason", "it has no schedule");
        await RefusedAsync(WorkflowCodes.ReasonMissing, "pause", Id, "--reason", " ");
        (await RunAsync("workflows", "pause", Id)).ExitCode.Should().Be(2);

        async Task RefusedAsync(string code, params string[] args)
        {
            CommandLineRun run = await RunAsync(["workflows", .. args, "-o", "json"]);
            (run.ExitCode, JsonNode.Parse(run.Error)!["code"]!.GetValue<string>()).Should().Be((2, code));
        }
    }

    [Theory]
    [InlineData("lifecycle", WorkflowCodes.BadBackfill)]
    [InlineData("forecast_h5_l6_weekly_monitor", WorkflowCodes.NotBuilt)]
    public async Task A_backfill_of_what_has_no_fires_or_cannot_run_is_refused(string id, string code)
    {
        CommandLineRun run = await RunAsync("workflows", "backfill", id, "--from", "2026-01-05", "--to", "2026-01-30", "-o", "json");
        (run.ExitCode, JsonNode.Parse(run.Error)!["code"]!.GetValue<string>()).Should().Be((2, code));
    }

    [Theory]
    [InlineData("soon", "2026-01-01")]
    [InlineData("2026-02-30", "2026-12-31")]
    [InlineData("2026-02-01", "2026-01-01")]
    [InlineData("0001-01-01", "2026-01-01")]
    [InlineData("2026-01-01", "9999-12-31T23:59:59Z")]
    [InlineData("2000-01-01", "2100-01-01")]
    public async Task A_stretch_that_cannot_be_read_or_holds_too_much_is_refused(string from, string to)
    {
        CommandLineRun run = await RunAsync("workflows", "next", "core_l0_02_ohlcv_realtime", "--from", from, "--to", to, "-o", "json");
        (run.ExitCode, JsonNode.Parse(run.Error)!["code"]!.GetValue<string>()).Should().Be((2, WorkflowCodes.BadStretch));
    }

    [Fact]
    public void Parameters_are_read_by_the_types_of_the_workflow()
    {
        WorkflowDefinition workflow = new TestSteps().Workflow("""
            workflow: a
            version: 1.0.0
            summary: s
            parameters: { n: { type: int, default: 1 }, t: { type: text, default: x }, m: { type: map, default: {} }, b: { type: bool, default: true }, s: { type: symbol, default: SPY } }
            steps: { one: { uses: test.use } }
            """);
        WorkflowsCommands.Parameters(workflow, ["n=3", "t=3", "m={\"a\":1}", "b=false", "s=BRK.B"]).ToJsonString().Should().Be("""{"n":3,"t":"3","m":{"a":1},"b":false,"s":"BRK.B"}""");
        RunParameters.Complete(workflow, new() { ["s"] = "brk.b" })["s"]!.GetValue<string>().Should().Be("BRK.B", "a group by ticker has one name for it");
        Code(["n=three"]).Should().Be(WorkflowCodes.BadParameter);
        Code(["n"]).Should().Be(WorkflowCodes.BadParameter);
        Code(["z=1"]).Should().Be(WorkflowCodes.UnknownParameter);

        Problems(["n=three", "z=1", "b", "m=3", "t=fine", "s=bad ticker!"]).Select(p => $"{p.Code} {p.Where}").Should().BeEquivalentTo("WFL-1013 n", "WFL-1006 z", "WFL-1013 b", "WFL-1013 m", "WFL-1013 s");

        IReadOnlyList<Problem> Problems(string[] pairs) => FluentActions.Invoking(() => WorkflowsCommands.Parameters(workflow, pairs)).Should().Throw<ProblemException>().Which.All;

        string Code(string[] pairs) => FluentActions.Invoking(() => WorkflowsCommands.Parameters(workflow, pairs)).Should().Throw<ProblemException>().Which.Problem.Code;
    }

    private Task<CommandLineRun> RunAsync(params string[] args) =>
        CommandLineRun.OfAsync([.. args, "--data", Path.Combine(folder.FullName, "data")], TestContext.Current.CancellationToken);
}
