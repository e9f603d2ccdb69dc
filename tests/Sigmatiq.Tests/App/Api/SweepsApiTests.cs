using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Audit;

namespace Sigmatiq.Tests.App.Api;

public sealed class SweepsApiTests
{
    // 02 §2.1, example simple.
    private const string Simple = """
        { "model_id":"spy_swing_momentum_v1","sweep_type":"simple","date_range":{"start":"2022-01-01","end":"2023-12-31"},
          "parameters":{"thresholds":[0.50,0.55,0.60,0.65,0.70],"allowed_hours":["all_day","morning_only","afternoon_only"],"position_size_pct":[1,2,3]},
          "tag":"initial_sweep_jan2024" }
        """;

    // 02 §2.1, example custom: 7 · 5 · 5 · 3 · 4 · 3 · 3 = 18,900.
    private const string Custom = """
        { "model_id":"spy_swing_momentum_v1","sweep_type":"custom","date_range":{"start":"2022-01-01","end":"2023-12-31"},
          "parameters":{"thresholds":[0.45,0.50,0.55,0.60,0.65,0.70,0.75],"allowed_hours":[[9,10],[9,10,11],[13,14,15],[14,15,16],"all_day"],
            "position_size_pct":[1,2,3,4,5],"rsi_period":[14,21,28],"stop_loss_pct":[4,6,8,10],"take_profit_pct":[12,16,20],"trailing_stop_pct":[3,5,7]},
          "quality_gates":{"min_trades":30,"min_sharpe":0.7,"max_drawdown_pct":25},"tag":"advanced_optimization_jan2024" }
        """;

    private readonly List<(string Model, SweepPlan Plan, string By)> started = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "S0-10")]
    [Trait("Row", "S1-37")]
    public async Task The_simple_sweep_is_accepted_with_45_combos()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await SignedInAsync(running, People.LocalOperator);
        using HttpResponseMessage answer = await browser.PostAsync("/sweeps", ModelsApiTests.Json(Simple), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        JsonNode body = (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!;
        body["sweep_id"]!.GetValue<string>().Should().Be("sweep_20260116_144300");
        body["status"]!.GetValue<string>().Should().Be("queued");
        body["total_combinations"]!.GetValue<int>().Should().Be(45);
        body["grid_size"]!.GetValue<int>().Should().Be(45);
        body["warnings"]!.AsArray().Should().BeEmpty();
        started.Should().ContainSingle().Which.By.Should().Be("operator");
    }

    [Fact]
    [Trait("Row", "S0-11")]
    [Trait("Row", "S1-39")]
    public async Task The_custom_sweep_of_18900_is_refused_on_a_standard_plan()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await SignedInAsync(running, new("ada", "Ada", "researcher", "premium"));
        using HttpResponseMessage answer = await browser.PostAsync("/sweeps", ModelsApiTests.Json(Custom), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        JsonNode body = (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!;
        body["code"]!.GetValue<string>().Should().Be("SWS-1003");
        body["grid_size"]!.GetValue<int>().Should().Be(18_900);
        body["cap"]!.GetValue<int>().Should().Be(1_000);
        started.Should().BeEmpty();
    }

    [Fact]
    [Trait("Row", "S0-11")]
    public async Task A_pro_user_gets_a_sample_of_3000_in_which_every_value_appears()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await SignedInAsync(running, new("bob", "Bob", "researcher", "pro"));
        using HttpResponseMessage answer = await browser.PostAsync("/sweeps", ModelsApiTests.Json(Custom), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        JsonNode body = (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!;
        body["total_combinations"]!.GetValue<int>().Should().Be(3_000);
        body["grid_size"]!.GetValue<int>().Should().Be(18_900);
        body["cap"]!.GetValue<int>().Should().Be(3_000);
        body["warnings"]!.AsArray().Select(w => w!["code"]!.GetValue<string>()).Should().Contain("SWS-1007", "no session bar starts in hour 16");
        SweepPlan plan = started.Single().Plan;
        plan.ComboIds.Should().OnlyHaveUniqueItems().And.HaveCount(3_000);
        for (int axis = 0; axis < plan.Grid.Axes.Count; axis++)
        {
            plan.ComboIds.Select(id => plan.Grid.Indices(id)[axis]).Distinct().Should().HaveCount(plan.Grid.Axes[axis].Values.Count);
        }
    }

    [Fact]
    public async Task A_free_user_may_not_run_a_custom_sweep_and_the_local_operator_may_run_all_of_it()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient free = await SignedInAsync(running, new("eve", "Eve", "researcher", "free")), local = await SignedInAsync(running, People.LocalOperator);
        using HttpResponseMessage refused = await free.PostAsync("/sweeps", ModelsApiTests.Json(Custom), Token);
        (await refused.Content.ReadAsStringAsync(Token)).Should().Contain("SWS-1004");
        using HttpResponseMessage whole = await local.PostAsync("/sweeps", ModelsApiTests.Json(Custom), Token);
        (await whole.Content.ReadFromJsonAsync<JsonNode>(Token))!["total_combinations"]!.GetValue<int>().Should().Be(18_900);
    }

    [Theory]
    [InlineData("\"simple\"", "\"other\"", "SWS-1001", HttpStatusCode.UnprocessableEntity)]
    [InlineData("\"thresholds\"", "\"thresholdz\"", "SWS-1002", HttpStatusCode.UnprocessableEntity)]
    [InlineData("spy_swing_momentum_v1", "no_such_model", "MDL-1009", HttpStatusCode.NotFound)]
    public async Task A_wrong_request_is_refused_with_its_code(string part, string broken, string code, HttpStatusCode status)
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await SignedInAsync(running, People.LocalOperator);
        using HttpResponseMessage answer = await browser.PostAsync("/sweeps", ModelsApiTests.Json(Simple.Replace(part, broken)), Token);
        answer.StatusCode.Should().Be(status);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain(code);
        started.Should().BeEmpty();
    }

    private static async Task<HttpClient> SignedInAsync(RunningServer running, Person user)
    {
        // The model of the example is of a user of its own, whom only an operator may name.
        using HttpClient maker = await running.SignedInAsync(Token);
        HttpClient browser = await running.SignedInAsync(user, Token);
        using HttpResponseMessage created = await maker.PostAsync("/models", ModelsApiTests.Json(ModelsApiTests.Example), Token);
        created.IsSuccessStatusCode.Should().BeTrue();
        return browser;
    }

    private Task<RunningServer> StartAsync()
    {
        PackLibrary packs = new(Path.Combine(Checkout.Root, "packs"));
        return RunningServer.StartAsync(Token,
            running => ModelsApiTests.Api(running).Map,
            running => new SweepsApi(packs, new ModelStore(running.Rows, running.Data, running.Clock),
                new SweepStore(running.Rows, running.Data, new AuditChain(running.Clock), running.Clock), (model, _, plan, _, by, _) =>
            {
                started.Add((model.Id, plan, by));
                return Task.FromResult(new SweepBegun($"sweep_{running.Clock.Now:yyyyMMdd_HHmmss}", "queued", true));
            }, (_, _, _, _, _) => Task.CompletedTask, (_, _) => Task.CompletedTask,
                async (sweep, ct) => JudgedLeaderboard.Of(
                    sweep, await new TrialLedger(running.Rows).DeflationAsync(sweep, ct), new Dictionary<int, int>()), (record, _) => Task.FromResult(record),
                new LeaderboardColumns(running.Data, new SweepStore(running.Rows, running.Data, new AuditChain(running.Clock), running.Clock))).Map);
    }
}
