using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;

namespace Sigmatiq.Tests.App.Api;

/// <summary>What a sweep would be before there is one, the list page by page, rows page by page, and ticks of several combos at once.</summary>
public sealed class SweepPlansApiTests
{
    private const string Request = """
        { "model_id": "syn", "sweep_type": "custom", "date_range": {"start": "2019-01-02", "end": "2021-12-31"}, "confidence": "rule", "holdout": 0.2, "detail": "all",
          "parameters": { "thresholds": [0.4, 0.5, 0.6], "position_size_pct": [1, 2], "stop_loss_pct": [3, 4, 5, 6, 8] } }
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_says_the_exact_count_its_ends_and_the_sweep_that_is_there_and_changes_nothing()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        JsonNode planned = await PostAsync(swept.Browser, "/api/sweeps/plan", Request, HttpStatusCode.OK);
        (Whole(planned, "total_combinations"), Whole(planned, "grid_size"), planned["cap"], planned["sample"]).Should().Be((30, 30, null, null), "3 thresholds, 2 sizes, 5 stops, no cap for the operator");
        planned["parameters"]!.AsArray().Select(p => (p!["key"]!.GetValue<string>(), Whole(p, "values"))).Should().Equal(("thresholds", 3), ("position_size_pct", 2), ("stop_loss_pct", 5));
        planned["first"]!.AsArray().Select(c => c!["config"]!.ToJsonString()).Should().Equal(
            """{"threshold":0.4,"position_size_pct":1,"stop_loss_pct":3}""", """{"threshold":0.4,"position_size_pct":1,"stop_loss_pct":4}""", """{"threshold":0.4,"position_size_pct":1,"stop_loss_pct":5}""");
        planned["last"]!.AsArray().Select(c => Whole(c!, "combo_id")).Should().Equal(28, 29, 30);
        planned["cost"]!["seconds"]!.GetValue<double>().Should().BeGreaterThan(0);
        planned["cost"]!["basis"]!.GetValue<string>().Should().Contain("a combo");
        (planned["window"]!["selection"]!["start"]!.GetValue<string>(), planned["window"]!["holdout"] is not null).Should().Be(("2019-01-02", true));
        (planned["same"]!["sweep_id"]!.GetValue<string>(), planned["same"]!["status"]!.GetValue<string>()).Should().Be((swept.Sweep.SweepId, "completed"));
        (await PostAsync(swept.Browser, "/api/sweeps/plan", Request.Replace("[1, 2]", "[1, 2, 3]", StringComparison.Ordinal), HttpStatusCode.OK))["same"].Should().BeNull();
        (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/sweeps", Ct))!.Should().ContainSingle("a plan makes no sweep");
    }

    [Fact]
    public async Task A_plan_above_the_cap_is_refused_with_size_and_cap_as_numbers_and_a_wrong_one_with_its_place()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        string wide = Request.Replace("[0.4, 0.5, 0.6]", $"[{string.Join(", ", Enumerable.Range(1, 99).Select(i => $"0.{i:00}"))}]", StringComparison.Ordinal).Replace("[1, 2]", "[1, 2, 3]", StringComparison.Ordinal);
        using HttpClient premium = await swept.Room.Running.SignedInAsync(new Person("ada", "Ada", "researcher", "premium"), Ct);
        JsonNode refused = await PostAsync(premium, "/api/sweeps/plan", wide, HttpStatusCode.UnprocessableEntity);
        (refused["code"]!.GetValue<string>(), Whole(refused, "grid_size"), Whole(refused, "cap")).Should().Be(("SWS-1003", 1_485, 1_000));
        JsonNode wrong = await PostAsync(swept.Browser, "/api/sweeps/plan", Request.Replace("0.6]", "1.6]", StringComparison.Ordinal), HttpStatusCode.UnprocessableEntity);
        (wrong["code"]!.GetValue<string>(), wrong["where"]!.GetValue<string>()).Should().Be(("SWS-1001", "parameters.thresholds"));
        (await PostAsync(swept.Browser, "/api/sweeps/plan", Request.Replace("\"syn\"", "\"nope\"", StringComparison.Ordinal), HttpStatusCode.NotFound))["code"]!.GetValue<string>().Should().Be("MDL-1009");
        (await PostAsync(swept.Browser, "/api/sweeps/plan", "[]", HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().Should().Be("SWS-1001");
        using HttpClient viewer = await swept.Room.Running.SignedInAsync(new Person("vera", "Vera", "viewer", "pro"), Ct);
        await PostAsync(viewer, "/api/sweeps/plan", Request, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_model_says_what_may_vary_within_which_bounds()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        JsonNode form = (await swept.Browser.GetFromJsonAsync<JsonNode>("/api/models/syn/sweep-parameters", Ct))!;
        (form["ticker"]!.GetValue<string>(), form["interval"]!.GetValue<string>(), form["simple_cap"], form["custom_cap"]).Should().Be(("MKT.SYN", "1h", null, null));
        Dictionary<string, JsonNode> by = form["parameters"]!.AsArray().ToDictionary(p => p!["key"]!.GetValue<string>(), p => p!);
        (by["thresholds"]["max"]!.GetValue<double>(), by["thresholds"]["simple_values"]!.AsArray().Count).Should().Be((1, 5));
        (by["allowed_hours"]["kind"]!.GetValue<string>(), by["allowed_hours"]["max"]).Should().Be(("hours", null));
        (by["rsi_period"]["min"]!.GetValue<double>(), by["rsi_period"]["max"]!.GetValue<double>(), by["rsi_period"]["whole"]!.GetValue<bool>(), by["rsi_period"]["now"]!.GetValue<double>()).Should().Be((2, 500, true, 14));
        (by["stop_loss_pct"]["above_min"]!.GetValue<bool>(), by["stop_loss_pct"]["allows_none"]!.GetValue<bool>()).Should().Be((true, true));

        // Each bound is the one that a request is held to.
        foreach ((string key, JsonNode parameter) in by.Where(p => p.Value["max"] is not null))
        {
            double max = parameter["max"]!.GetValue<double>(), min = parameter["min"]!.GetValue<double>();
            foreach ((double value, HttpStatusCode wanted) in ((double, HttpStatusCode)[])[(max, HttpStatusCode.OK), (max + 1, HttpStatusCode.UnprocessableEntity), (min - 1, HttpStatusCode.UnprocessableEntity)])
            {
                string asked = FormattableString.Invariant($$"""{ "model_id": "syn", "sweep_type": "custom", "confidence": "rule", "parameters": { "{{key}}": [{{value}}] } }""");
                using HttpResponseMessage answer = await swept.Browser.PostAsync("/api/sweeps/plan", ModelsApiTests.Json(asked), Ct);
                (answer.StatusCode, key, value).Should().Be((wanted, key, value));
            }
        }
    }

    [Fact]
    public async Task Sweeps_and_rows_come_a_page_at_a_time_with_the_best_combo_and_counts_of_all()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        JsonNode listed = (await swept.Browser.GetFromJsonAsync<JsonArray>("/api/sweeps", Ct))!.Single()!;
        List<JsonNode> rows = [];
        string? cursor = null;
        int pages = 0;
        do
        {
            using HttpResponseMessage page = await swept.Browser.GetAsync($"/api/sweeps/{swept.Sweep.SweepId}/results?limit=12{(cursor is null ? "" : $"&cursor={cursor}")}", Ct);
            JsonNode body = (await page.Content.ReadFromJsonAsync<JsonNode>(Ct))!;
            (Whole(body, "evaluated"), Whole(body, "passed_gates") + Whole(body, "marginal_gates") + Whole(body, "failed_gates")).Should().Be((30, 30));
            rows.AddRange(body["leaderboard"]!.AsArray().Select(r => r!));
            cursor = page.Headers.TryGetValues("X-Next-Cursor", out IEnumerable<string>? next) ? next.Single() : null;
            pages++;
        }
        while (cursor is not null);
        pages.Should().Be(3);
        rows.Select(r => Whole(r, "rank")).Should().Equal(Enumerable.Range(1, 30));
        (Whole(listed["best"]!, "combo_id"), listed["best"]!["sharpe"]!.GetValue<double>()).Should().Be((Whole(rows[0], "combo_id"), rows[0]["sharpe"]!.GetValue<double>()));
        rows.Should().OnlyContain(r => r["deflated_sharpe"] != null || r["deflated_sharpe_reason"] != null, "every row has one, or says why not");

        await PostAsync(swept.Browser, "/api/sweeps", Request.Replace("[1, 2]", "[3]", StringComparison.Ordinal), HttpStatusCode.Accepted);
        using HttpResponseMessage first = await swept.Browser.GetAsync("/api/sweeps?limit=1", Ct);
        string newest = (await first.Content.ReadFromJsonAsync<JsonArray>(Ct))!.Single()!["id"]!.GetValue<string>();
        newest.Should().NotBe(swept.Sweep.SweepId);
        JsonArray rest = (await swept.Browser.GetFromJsonAsync<JsonArray>($"/api/sweeps?limit=1&cursor={first.Headers.GetValues("X-Next-Cursor").Single()}", Ct))!;
        rest.Select(s => s!["id"]!.GetValue<string>()).Should().Equal(swept.Sweep.SweepId);
    }

    [Fact]
    public async Task Several_combos_are_ticked_at_once_or_none_of_them()
    {
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct);
        string path = $"/api/sweeps/{swept.Sweep.SweepId}/results";
        async Task<(HttpStatusCode Status, JsonNode Body)> TickAsync(string body)
        {
            using HttpResponseMessage answer = await swept.Browser.PatchAsync(path, ModelsApiTests.Json(body), Ct);
            return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!);
        }

        (await TickAsync("""{"combos": [3, 17, 3], "selection_checkbox": true}""")).Body["selected"]!.AsArray().Select(c => c!.GetValue<int>()).Should().Equal(3, 17);
        (HttpStatusCode status, JsonNode refused) = await TickAsync("""{"combos": [5, 31], "selection_checkbox": true}""");
        (status, refused["code"]!.GetValue<string>()).Should().Be((HttpStatusCode.NotFound, "SWS-3003"));
        (await TickAsync("""{"combos": [17], "selection_checkbox": false}""")).Body["selected"]!.AsArray().Select(c => c!.GetValue<int>()).Should().Equal([3], "5 was not ticked beside one that is not there");
        foreach (string wrong in (string[])["""{"combos": [], "selection_checkbox": true}""", """{"combos": ["3"], "selection_checkbox": true}""", """{"combos": [3]}"""])
        {
            (await TickAsync(wrong)).Body["code"]!.GetValue<string>().Should().Be("APP-2014", wrong);
        }
    }

    private static async Task<JsonNode> PostAsync(HttpClient browser, string path, string body, HttpStatusCode wanted)
    {
        using HttpResponseMessage answer = await browser.PostAsync(path, ModelsApiTests.Json(body), Ct);
        string text = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.Should().Be(wanted, text);
        return JsonNode.Parse(text)!;
    }

    private static int Whole(JsonNode from, string key) => from[key]!.GetValue<int>();
}
