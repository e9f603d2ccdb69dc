using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.App;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Commands;

public sealed class LifecycleCommandsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("APP-1011", 2, "--as-of", "yesterday")]
    [InlineData("MDL-1001", 2, "--pack", "nosuchpack")]
    [InlineData("MDL-1005", 2, "--set", "rsi_period")]
    [InlineData("MDL-1005", 2, "--set", "rsi_perod=12")]
    [InlineData("MDL-1005", 2, "--set", "rsi_period=1e300")]
    [InlineData("WFL-1013", 2, "--ticker", "../../etc")]
    [InlineData("WFL-1013", 2, "--ticker", "")]
    [InlineData("WFL-1013", 2, "--select", "9")]
    [InlineData("WFL-1013", 2, "--from", "2024-13-01")]
    [InlineData("SWS-1001", 2, "--confidence", "oracle")]
    [InlineData("WFL-1008", 2, "--until", "nosuchstage")]
    [InlineData("APP-1015", 2, "--from", "2024-06-03", "--to", "2024-06-02")]
    [InlineData("APP-1016", 2, "--from", "2124-06-03")]
    [InlineData("APP-1016", 2, "--from", "2024-06-03", "--as-of", "2024-06-03T12:00:00Z")]
    [InlineData("MKT-4001", 4, "--ticker", "NOPE")]
    [InlineData("MKT-3001", 2, "--ticker", "NOPE.SYN")]
    public async Task A_wrong_option_is_refused_before_a_run_is_made(string code, int exit, params string[] args)
    {
        CommandLineRun run = await RunAsync(["lifecycle", "run", .. args]);
        run.ExitCode.Should().Be(exit, run.Error);
        run.Error.Should().Contain(code);
        (await RunAsync("runs", "list", "-o", "json")).Out.Trim().Should().Be("[]");
        (await RunAsync("data", "list", "-o", "json")).Out.Trim().Should().Be("[]", "no market is made for a run that cannot be");
    }

    [Fact]
    public async Task The_short_commands_are_short_for_what_they_say()
    {
        CommandLineRun unknown = await RunAsync("run", "no_such_script");
        (unknown.ExitCode, unknown.Error.Contains("WFL-1012", StringComparison.Ordinal)).Should().Be((2, true));
        CommandLineRun first = await RunAsync("run", "reapproval", "--param", "sweep=sweep_none", "model=tm_none", "--detach", "--key", "k1", "-o", "json");
        CommandLineRun again = await RunAsync("run", "reapproval", "--param", "sweep=sweep_none", "model=tm_none", "--detach", "--key", "k1", "-o", "json");
        JsonNode.Parse(again.Out)!["id"]!.GetValue<string>().Should().Be(JsonNode.Parse(first.Out)!["id"]!.GetValue<string>(), "under one key it is one run");
        (await RunAsync("run", "reapproval", "--param", "sweep=other", "model=tm_none", "--detach", "--key", "k1")).Error.Should().Contain("WFL-2204");
        JsonNode.Parse((await RunAsync("runs", "list", "-o", "json")).Out)!.AsArray().Should().ContainSingle();
        (await RunAsync("bootstrap", "--help")).Out.Should().Contain("Stage 0 alone");
    }

    [Fact]
    [Trait("Row", "S2-30")]
    public async Task A_checklist_of_an_empty_store_says_what_is_missing_line_by_line()
    {
        CommandLineRun check = await RunAsync("lifecycle", "check", "-o", "json");
        check.ExitCode.Should().Be(1);
        JsonArray lines = JsonNode.Parse(check.Out)!.AsArray();
        lines.Select(l => l!["stage"]!.GetValue<int>()).Distinct().Should().Equal(0, 1, 2, 3, 4, 5, 6, 7);
        string Result(string line) => lines.Single(l => l!["line"]!.GetValue<string>() == line)!["result"]!.GetValue<string>();
        (Result("the store answers"), Result("bars are stored"), Result("gates are listed"), Result("the decision has an actor and a time")).Should().Be(("holds", "fails", "fails", "fails"));
        (Result("macro series are current"), Result("no alert was given up")).Should().Be(("does not apply", "holds"));
        lines.Should().OnlyContain(l => l!["evidence"]!.GetValue<string>().Length > 0);
        CommandLineRun one = await RunAsync("lifecycle", "check", "--stage", "5", "-o", "json");
        JsonNode.Parse(one.Out)!.AsArray().Should().ContainSingle();
        (await RunAsync("lifecycle", "check", "--stage", "8")).Error.Should().Contain("APP-1147");
    }

    [Theory]
    [InlineData("MKT-4001", 4, "ticker=NOPE")]
    [InlineData("MKT-3001", 2, "ticker=NOPE.SYN")]
    [InlineData("WFL-1013", 2, "ticker=../../etc")]
    [InlineData("MDL-1001", 2, "pack=nosuchpack")]
    [InlineData("MDL-1005", 2, "set={\"rsi_perod\":12}")]
    [InlineData("MDL-1005", 2, "set={\"rsi_period\":\"x\"}")]
    [InlineData("SWS-1001", 2, "confidence=oracle")]
    [InlineData("APP-1016", 2, "from=2124-06-03")]
    public async Task Triggering_the_workflow_by_hand_refuses_what_the_command_does_and_makes_no_run(string code, int exit, string parameter)
    {
        CommandLineRun run = await RunAsync("workflows", "trigger", "lifecycle", "--param", parameter);
        run.ExitCode.Should().Be(exit, run.Error);
        run.Error.Should().Contain(code);
        (await RunAsync("runs", "list", "-o", "json")).Out.Trim().Should().Be("[]");
    }

    [Fact]
    public async Task Whoever_asks_the_engine_for_a_run_is_refused_what_the_command_is()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder.Path), TimeProvider.System, Ct);
        Platform platform = Platform.Open(
            new(folder.Path), rows, IdSource.FromSystem(TimeProvider.System), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        Func<Task> asked = () => platform.Engine.Requests.StartAsync(
            new(platform.Workflows.Load("lifecycle"), new() { ["ticker"] = "NOPE" }, "operator"), Ct);
        (await asked.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MKT-4001");
        (await platform.Engine.Views.ListAsync(null, 10, Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task Up_takes_the_options_of_a_lifecycle_run_and_refuses_what_it_refuses()
    {
        string run = (await RunAsync("lifecycle", "run", "--help")).Out, up = (await RunAsync("up", "--help")).Out;
        string[] options = [.. Regex.Matches(run, "--[a-z-]+").Select(m => m.Value).Distinct()];
        options.Should().Contain("--confidence").And.HaveCountGreaterThan(10);
        up.Should().ContainAll(options);
        CommandLineRun refused = await RunAsync("up", "--urls", "http://127.0.0.1:0", "--ticker", "NOPE");
        refused.ExitCode.Should().Be(4, refused.Error);
        refused.Error.Should().Contain("MKT-4001");
        refused.Out.Should().Contain("Sign in to watch the run (works once");
        (await RunAsync("up", "--confidence", "oracle")).Error.Should().Contain("SWS-1001");
    }

    [Fact]
    public async Task A_ticker_without_bars_ends_with_exit_4_and_the_way_to_get_some()
    {
        CommandLineRun run = await RunAsync("lifecycle", "run", "--ticker", "SPY", "--until", "align");
        run.ExitCode.Should().Be(4, run.Error);
        run.Error.Should().Contain("MKT-4001").And.Contain("data import");
    }

    [Fact]
    public async Task The_same_key_is_the_same_run_and_a_second_bootstrap_changes_nothing()
    {
        string[] bootstrap = ["lifecycle", "run", "--until", "bootstrap", "--key", "mine", "--as-of", "2019-03-01T12:00:00Z", "-o", "json"];
        JsonNode first = JsonNode.Parse((await RunAsync(bootstrap)).Out)!, again = JsonNode.Parse((await RunAsync(bootstrap)).Out)!;
        again["id"]!.GetValue<string>().Should().Be(first["id"]!.GetValue<string>());
        Output(first)["seeded"]!.GetValue<bool>().Should().BeTrue();

        bootstrap[5] = "another";
        JsonNode second = JsonNode.Parse((await RunAsync(bootstrap)).Out)!;
        Output(second)["seeded"]!.GetValue<bool>().Should().BeFalse("the store had its market");
        Output(second)["synthetic_symbols"]!.GetValue<int>().Should().Be(8);
    }

    [Fact]
    public async Task The_same_words_after_a_kill_go_on_with_the_run_that_is_under_way_and_after_its_end_make_a_new_one()
    {
        string[] words = ["lifecycle", "run", "--until", "bootstrap", "-o", "json"];
        string killed;
        using (SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder.Path), TimeProvider.System, Ct))
        {
            // Asked for, and nobody lived to drive it.
            Platform platform = Platform.Open(
                new(folder.Path), rows, IdSource.FromSystem(TimeProvider.System), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
            killed = (await Sigmatiq.App.Commands.LifecycleCommands.AskAsync(platform, new([], null, null, "bootstrap"), "operator", Ct)).Value;
        }

        CommandLineRun other = await RunAsync("lifecycle", "run", "--until", "bootstrap", "--ticker", "TECH.SYN", "-o", "json");
        Id(other).Should().NotBe(killed, "other words are another run");
        CommandLineRun again = await RunAsync(words);
        Id(again).Should().Be(killed);
        again.Error.Should().Contain($"{killed} was asked for with the same words");
        Id(await RunAsync(words)).Should().NotBe(killed, "it has ended");

        static string Id(CommandLineRun run) => JsonNode.Parse(run.Out)!["id"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_lifecycle_by_rule_score_sweeps_by_rule_score_and_comes_out_again()
    {
        string[] sweep = ["lifecycle", "run", "--ticker", "MKT.SYN", "--until", "sweep", "--as-of", "2020-01-06T12:00:00Z", "--confidence", "rule", "-o", "json"];
        (await RunAsync(sweep)).ExitCode.Should().Be(0);
        JsonNode board = JsonNode.Parse((await RunAsync("sweeps", "leaderboard", "-o", "json")).Out)!;
        board["leaderboard"]![0]!["score_source"]!.GetValue<string>().Should().Be("rule");
        (await RunAsync("reproduce")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Nothing_to_reproduce_and_nothing_to_vote_on_are_said_so()
    {
        (await RunAsync("reproduce")).Error.Should().Contain("WFL-2006");
        await RunAsync("lifecycle", "run", "--until", "bootstrap", "--as-of", "2019-03-01T12:00:00Z");
        (await RunAsync("reproduce")).Error.Should().Contain("APP-1012");
        (await RunAsync("approvals", "approve", "--reason", "sound")).Error.Should().Contain("APR-1001");
        CommandLineRun verified = await RunAsync("audit", "verify", "-o", "json");
        verified.ExitCode.Should().Be(0, verified.Error);
    }

    [Fact]
    public async Task A_result_that_does_not_come_out_again_is_named()
    {
        string[] sweep = ["lifecycle", "run", "--ticker", "MKT.SYN", "--until", "sweep", "--as-of", "2020-01-06T12:00:00Z", "-o", "json"];
        JsonNode run = JsonNode.Parse((await RunAsync(sweep)).Out)!;
        (await RunAsync("reproduce")).ExitCode.Should().Be(0);

        string hash = run["hashes"]!["sweep.leaderboard_hash"]!.GetValue<string>();
        using (SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder.Path), TimeProvider.System, Ct))
        {
            await rows.ExecuteAsync("drop trigger run_events_are_never_changed", null, Ct);
            (await rows.ExecuteAsync("update run_events set body = replace(body, @hash, @other) where body like '%' || @hash || '%'", new { hash, other = new string('0', 64) }, Ct))
                .Should().BeGreaterThan(0);
        }

        CommandLineRun again = await RunAsync("reproduce");
        again.ExitCode.Should().Be(1);
        again.Error.Should().Contain("APP-1013").And.Contain("sweep.leaderboard_hash");
    }

    private static JsonNode Output(JsonNode run) => run["steps"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == "bootstrap")!["instances"]![0]!["output"]!;

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.OfAsync([.. args, "--data", folder.Path], Ct);
}
