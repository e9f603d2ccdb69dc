using System.Text.Json;
using Sigmatiq.Store;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.App.Commands;

public sealed class SweepsCommandsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "S1-47")]
    public async Task A_sweep_is_planned_run_shown_ticked_and_exported()
    {
        await MakeAsync();
        JsonElement plan = Json(await RunAsync("plan"));
        (plan.GetProperty("total_combinations").GetInt32(), plan.GetProperty("grid_size").GetInt32()).Should().Be((45, 45));

        CommandLineRun run = await RunAsync("run", "--tag", "first", "--threads", "1");
        JsonElement board = Json(run);
        string id = board.GetProperty("sweep_id").GetString()!;
        id.Should().MatchRegex(@"^sweep_\d{8}_\d{6}$");
        board.GetProperty("evaluated").GetInt32().Should().Be(45);
        board.GetProperty("leaderboard").GetArrayLength().Should().Be(45);
        run.Error.Should().Contain("sweep of 45 combos");

        JsonElement again = Json(await RunAsync("run", "--tag", "first"));
        again.GetProperty("sweep_id").GetString().Should().Be(id, "the same sweep is there");
        JsonElement forced = Json(await RunAsync("run", "--tag", "first", "--force"));
        forced.GetProperty("sweep_id").GetString().Should().NotBe(id);
        forced.GetProperty("leaderboard_hash").GetString().Should().Be(board.GetProperty("leaderboard_hash").GetString());

        JsonElement list = Json(await RunAsync("list", "--tag", "first"));
        list.EnumerateArray().Select(s => s.GetProperty("status").GetString()).Should().Equal("completed", "completed");
        list[1].GetProperty("id").GetString().Should().Be(id);
        Json(await RunAsync("list", "--tag", "other")).GetArrayLength().Should().Be(0);
        Json(await RunAsync("show", id)).GetProperty("execution_log").GetArrayLength().Should().Be(4);
        Json(await RunAsync("show", id, "--combo", "12")).GetProperty("config").GetProperty("threshold").GetDouble().Should().Be(0.55);
        Json(await RunAsync("select", id, "12")).GetProperty("selected")[0].GetInt32().Should().Be(12);
        JsonElement shown = Json(await RunAsync("leaderboard", id, "--min-trades", "1"));
        shown.GetProperty("leaderboard").EnumerateArray().Should().OnlyContain(r => r.GetProperty("trades").GetInt32() >= 1);
        Json(await RunAsync("leaderboard", id)).GetProperty("leaderboard").EnumerateArray()
            .Single(r => r.GetProperty("selection_checkbox").GetBoolean()).GetProperty("combo_id").GetInt32().Should().Be(12);
        Json(await RunAsync("select", id, "12", "--off")).GetProperty("selected").GetArrayLength().Should().Be(0);

        CommandLineRun export = await CommandLineRun.OfAsync(["sweeps", "export", id, "--to", folder["out.csv"], "--data", folder["data"]], Token);
        export.ExitCode.Should().Be(0, export.Error);
        File.ReadAllLines(folder["out.csv"]).Should().HaveCount(46);
        Json(await RunAsync("cancel", id)).GetProperty("status").GetString().Should().Be("completed", "what has ended stays as it is");

        CommandLineRun table = await CommandLineRun.OfAsync(["sweeps", "leaderboard", id, "--data", folder["data"]], Token);
        table.Out.Should().Contain("(synthetic)").And.Contain("an out-of-fold probability").And.Contain("Out-of-fold AUC").And.Contain("hold-out");
    }

    [Fact]
    [Trait("Row", "S1-41")]
    public async Task Sweeps_and_leaderboards_are_found_by_tag()
    {
        await MakeAsync();
        string[] small = ["run", "--confidence", "rule", "--vary", "rsi_period=14,21", "--tag"];
        string january = Json(await RunAsync([.. small, "january"])).GetProperty("sweep_id").GetString()!;
        string february = Json(await RunAsync([.. small, "february", "--seed", "7"])).GetProperty("sweep_id").GetString()!;
        february.Should().NotBe(january);
        async Task<string?[]> ListAsync(params string[] args) => [.. Json(await RunAsync(["list", .. args])).EnumerateArray().Select(s => s.GetProperty("id").GetString())];
        (await ListAsync()).Should().Equal(february, january);
        (await ListAsync("--tag", "january")).Should().Equal(january);
        (await ListAsync("--tag", "march")).Should().BeEmpty();
        Json(await RunAsync("leaderboard", "--tag", "january")).GetProperty("sweep_id").GetString().Should().Be(january);
        Json(await RunAsync("leaderboard")).GetProperty("sweep_id").GetString().Should().Be(february, "the latest without a tag");
        CommandLineRun none = await RunAsync("leaderboard", "--tag", "march");
        none.ExitCode.Should().Be(2);
        none.Error.Should().Contain("SWS-3003").And.Contain("march");
    }

    [Fact]
    public async Task Values_of_a_custom_sweep_are_given_on_the_line()
    {
        await MakeAsync();
        JsonElement plan = Json(await RunAsync("plan", "--vary", "rsi_period=14,21", "stop_loss_pct=none,6", "allowed_hours=all_day,9+10", "--from", "2019-01-02", "--to", "2020-12-31", "--holdout", "after"));
        plan.GetProperty("total_combinations").GetInt32().Should().Be(8);
        JsonElement request = plan.GetProperty("request");
        request.GetProperty("holdout").GetString().Should().Be("after");
        request.GetProperty("parameters").GetProperty("allowed_hours")[1].GetArrayLength().Should().Be(2);
    }

    [Theory]
    [InlineData("SWS-1001", "plan", "--vary", "rsi_period")]
    [InlineData("SWS-1001", "plan", "--from", "yesterday")]
    [InlineData("SWS-1001", "plan", "--holdout", "1.5")]
    [InlineData("SWS-1001", "plan", "--request", "nowhere.json")]
    [InlineData("SWS-1002", "plan", "--vary", "nonsense=1")]
    [InlineData("MDL-1009", "plan", "--model", "none")]
    [InlineData("APP-1007", "run", "--threads", "0")]
    [InlineData("APP-1007", "run", "--threads", "-4")]
    [InlineData("APP-1007", "leaderboard", "--min-trades", "-3")]
    [InlineData("APP-1007", "leaderboard", "--limit", "-1")]
    [InlineData("SWS-3003", "leaderboard")]
    [InlineData("SWS-3003", "show", "sweep_none")]
    [InlineData("SWS-3003", "cancel", "sweep_none")]
    public async Task What_cannot_be_is_refused_with_its_code(string code, params string[] args)
    {
        await MakeAsync(withBars: false);
        CommandLineRun run = await RunAsync(args);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain(code);
    }

    [Fact]
    public async Task The_leaderboard_says_what_its_rows_are_worth_sorts_by_any_figure_and_sets_combos_side_by_side()
    {
        await MakeAsync();
        JsonElement run = Json(await RunAsync("run", "--confidence", "rule"));
        run.GetProperty("trials").GetProperty("raw").GetInt32().Should().Be(45);
        run.GetProperty("overfit").GetProperty("combos").GetInt32().Should().Be(run.GetProperty("leaderboard").EnumerateArray().Count(r => r.GetProperty("duplicate_of").ValueKind == JsonValueKind.Null));
        JsonElement[] Rows(JsonElement board) => [.. board.GetProperty("leaderboard").EnumerateArray()];
        Rows(run).Take(10).Should().OnlyContain(r => r.GetProperty("deflated_sharpe").ValueKind == JsonValueKind.Number || r.GetProperty("deflated_sharpe_reason").ValueKind == JsonValueKind.String);
        double[] returns = [.. Rows(Json(await RunAsync("leaderboard", "--sort", "return"))).Select(r => r.GetProperty("return").GetDouble())];
        returns.Should().BeInDescendingOrder().And.HaveCount(45);
        int[] trades = [.. Rows(Json(await RunAsync("leaderboard", "--sort", "trades", "--ascending"))).Select(r => r.GetProperty("trades").GetInt32())];
        trades.Should().BeInAscendingOrder();
        string gate = Rows(run)[0].GetProperty("gate").GetString()!;
        Rows(Json(await RunAsync("leaderboard", "--gate", gate.ToLowerInvariant()))).Should().OnlyContain(r => r.GetProperty("gate").GetString() == gate).And.NotBeEmpty();

        JsonElement compared = Json(await RunAsync("leaderboard", "--compare", "1,5,9")).GetProperty("compare");
        compared.GetProperty("threshold").EnumerateArray().Select(t => t.GetDouble()).Should().Equal(0.5, 0.5, 0.5);
        compared.GetProperty("deflated_sharpe").GetArrayLength().Should().Be(3);
        compared.GetProperty("trades_shared_with_1")[0].GetDouble().Should().Be(1);
        CommandLineRun table = await CommandLineRun.OfAsync(["sweeps", "leaderboard", "--data", folder["data"]], Token);
        table.Out.Should().Contain("deflated").And.Contain("break-even bps").And.Contain("different trials on this idea").And.Contain("noise alone stays under 0.5 in about half of all sweeps");
        CommandLineRun side = await CommandLineRun.OfAsync(["sweeps", "leaderboard", "--compare", "2,30", "--data", folder["data"]], Token);
        side.Out.Should().Contain("combo 2").And.Contain("combo 30").And.Contain("break_even_bps");

        foreach (string[] wrong in (string[][])[["--compare", "1"], ["--compare", "1,2,3,4,5"], ["--compare", "1,x"], ["--compare", "2,2"], ["--sort", "nonsense"], ["--gate", "MAYBE"]])
        {
            CommandLineRun refused = await RunAsync(["leaderboard", .. wrong]);
            refused.ExitCode.Should().Be(2);
            refused.Error.Should().Contain("SWS-1001").And.Contain(wrong[0]);
        }

        (await RunAsync("leaderboard", "--compare", "1,99")).Error.Should().Contain("SWS-3003");
        CommandLineRun export = await CommandLineRun.OfAsync(["sweeps", "export", "--to", folder["out.csv"], "--data", folder["data"]], Token);
        export.ExitCode.Should().Be(0, export.Error);
        string[] lines = File.ReadAllLines(folder["out.csv"]);
        lines[0].Should().Contain(",deflated_sharpe,break_even_bps,ambiguous_bars,optimistic_return,optimistic_sharpe,");
        lines.Should().OnlyContain(l => l.Count(c => c == ',') == lines[0].Count(c => c == ','));
        CommandLineRun nowhere = await CommandLineRun.OfAsync(["sweeps", "export", "--to", folder.Path, "--data", folder["data"]], Token);
        nowhere.ExitCode.Should().Be(2);
        nowhere.Error.Should().StartWith($"APP-1006 at {folder.Path}: ");
    }

    [Theory]
    [InlineData("--vary", "--resume", "sweep_1", "--vary", "rsi_period=14")]
    [InlineData("--from", "--resume", "sweep_1", "--from", "2020-01-02")]
    [InlineData("--seed", "--resume", "sweep_1", "--seed", "7")]
    [InlineData("--force", "--resume", "sweep_1", "--force")]
    public async Task Options_that_would_be_ignored_beside_the_sweep_that_goes_on_are_refused(string idle, params string[] args)
    {
        await MakeAsync(withBars: false);
        CommandLineRun run = await RunAsync(["run", .. args]);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("SWS-1001").And.Contain($"--resume and {idle} make no sense together");
        (await RunAsync("run", "--resume", "sweep_1")).Error.Should().Contain("SWS-3003");
    }

    [Fact]
    public async Task Options_beside_a_request_file_are_refused()
    {
        await MakeAsync(withBars: false);
        File.WriteAllText(folder["request.json"], """{"model_id":"mkt","sweep_type":"simple"}""");
        (await RunAsync("plan", "--request", folder["request.json"], "--vary", "rsi_period=14", "--tag", "mine")).Error
            .Should().Contain("SWS-1001").And.Contain("--request and --vary, --tag make no sense together");
    }

    [Theory]
    [InlineData("--from", "2030-01-01")]
    [InlineData("--from", "2019-06-03", "--to", "2019-02-01")]
    [InlineData("--holdout", "after", "--to", "2100-01-01")]
    public async Task A_plan_refuses_what_a_run_refuses_and_a_refused_run_leaves_no_sweep(params string[] args)
    {
        await MakeAsync();
        CommandLineRun plan = await RunAsync(["plan", .. args]), run = await RunAsync(["run", .. args]);
        (plan.ExitCode, run.ExitCode).Should().Be((4, 4));
        plan.Error.Should().Contain("SWS-2001").And.Be(run.Error);
        Json(await RunAsync("list")).GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Whoever_stops_following_a_sweep_of_another_process_is_told_that_it_goes_on_there()
    {
        string id = await UnfinishedAsync();
        using (WorkLock.TryTake(new DataDirectory(folder["data"]), "sweeps", id, "work"))
        {
            // A busy machine may need longer before it follows anything that could be stopped.
            CommandLineRun run = new(0, "", "");
            foreach (int seconds in new[] { 1, 5, 30 })
            {
                using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
                run = await CommandLineRun.OfAsync(["sweeps", "run", "--resume", id, "--data", folder["data"]], stop.Token);
                if (run.Error.Contains("another process", StringComparison.Ordinal))
                {
                    break;
                }
            }

            run.ExitCode.Should().Be(130);
            run.Error.Should().Contain($"{id} goes on in another process, which is at 1 of 2 combos").And.NotContain("is stopped");
        }
    }

    [Fact]
    public async Task A_sweep_whose_process_was_killed_is_listed_as_stopped_with_the_command_that_goes_on()
    {
        string id = await UnfinishedAsync();
        using (WorkLock.TryTake(new DataDirectory(folder["data"]), "sweeps", id, "work"))
        {
            Json(await RunAsync("list"))[0].GetProperty("status").GetString().Should().Be("running", "somebody living works on it");
        }

        CommandLineRun list = await RunAsync("list");
        Json(list)[0].GetProperty("status").GetString().Should().Be("stopped");
        list.Error.Should().Contain($"'sigmatiq sweeps run --resume {id}'");
        Json(await RunAsync("show", id)).GetProperty("status").GetString().Should().Be("stopped");
        Json(await RunAsync("run", "--resume", id)).GetProperty("evaluated").GetInt32().Should().Be(2);
        Json(await RunAsync("list"))[0].GetProperty("status").GetString().Should().Be("completed");
    }

    // As a kill leaves it, without a process.
    private async Task<string> UnfinishedAsync()
    {
        await MakeAsync();
        string id = Json(await RunAsync("run", "--confidence", "rule", "--vary", "rsi_period=14,21")).GetProperty("sweep_id").GetString()!;
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder["data"]), TimeProvider.System, Token);
        await rows.ExecuteAsync("update sweeps set status = 'running', result = null, evaluated = 1, progress = 0.5, finished_at_utc = null where sweep_id = @id", new { id }, Token);
        return id;
    }

    [Fact]
    public async Task A_parameter_is_planned_under_the_name_that_the_line_takes_and_help_lists_what_can_be_said()
    {
        await MakeAsync();
        CommandLineRun plan = await CommandLineRun.OfAsync(["sweeps", "plan", "--vary", "thresholds=0.5,0.6", "--data", folder["data"]], Token);
        plan.Out.Should().Contain("thresholds (2)");
        Json(await RunAsync("plan", "--vary", "threshold=0.5,0.6")).GetProperty("total_combinations").GetInt32().Should().Be(2, "as leaderboards call it");
        CommandLineRun large = await RunAsync("plan", "--caps", "premium", "--vary", "rsi_period=" + string.Join(',', Enumerable.Range(2, 60)), "stop_loss_pct=" + string.Join(',', Enumerable.Range(1, 20)));
        large.Error.Should().Contain("SWS-1003").And.Contain("--on-cap-exceeded sample").And.NotContain("pro plan");
        Json(await RunAsync("plan", "--caps", "premium", "--on-cap-exceeded", "sample", "--vary", "rsi_period=" + string.Join(',', Enumerable.Range(2, 60)), "stop_loss_pct=" + string.Join(',', Enumerable.Range(1, 20))))
            .GetProperty("sample").GetInt32().Should().Be(1000, "as the message says");
        string help = (await RunAsync("run", "--help")).Out;
        help.Should().Contain("unlimited").And.NotMatchRegex(@"--threads[^\n]*\[default");
        (await CommandLineRun.OfAsync(["data", "import", "--help"], Token)).Out.Should().Contain("synthetic");
    }

    [Fact]
    public async Task A_sweep_without_bars_ends_with_4()
    {
        await MakeAsync(withBars: false);
        CommandLineRun run = await RunAsync("run");
        run.ExitCode.Should().Be(4);
        run.Error.Should().Contain("MKT-4001");
    }

    public void Dispose() => folder.Dispose();

    private static JsonElement Json(CommandLineRun run)
    {
        run.ExitCode.Should().Be(0, run.Error);
        return JsonDocument.Parse(run.Out).RootElement;
    }

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.OfAsync(["sweeps", .. args, "--data", folder["data"], "-o", "json"], Token);

    private async Task MakeAsync(bool withBars = true)
    {
        (await CommandLineRun.OfAsync(["models", "create", "--ticker", "MKT.SYN", "--data", folder["data"]], Token)).ExitCode.Should().Be(0);
        if (withBars)
        {
            using Sigmatiq.Store.Rows.SqliteRowStore rows = await Sigmatiq.Store.Rows.SqliteRowStore.OpenAsync(new Sigmatiq.Store.DataDirectory(folder["data"]), TimeProvider.System, Token);
            Sigmatiq.Market.Bars.BarStore bars = new(new(folder["data"]), rows, TimeProvider.System, Sigmatiq.Store.Seeds.IdSource.FromSeed(TimeProvider.System, 1));
            await bars.PutAsync([new(Backtest.Sweeps.SomeSweep.Bars, new("simulator", "simulator-1"), null)], Token);
        }
    }
}
