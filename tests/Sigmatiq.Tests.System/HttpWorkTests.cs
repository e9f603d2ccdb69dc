using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Tests.App.Api;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>Model, sweep and training over HTTP, done by the engine of the process that serves.</summary>
public sealed class HttpWorkTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("sigmatiq-http-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => data.Delete(recursive: true);

    [Fact]
    [Trait("Row", "S0-10")]
    [Trait("Row", "S0-18")]
    [Trait("Row", "S1-48")]
    [Trait("Row", "S1-50")]
    [Trait("Row", "S1-51")]
    [Trait("Row", "S1-52")]
    public async Task A_model_is_swept_two_of_its_combos_are_trained_and_a_failed_one_is_refused()
    {
        using (ProgramProcess sample = ProgramProcess.Start("data", "sample", "--data", data.FullName))
        {
            (await sample.EndAsync(Soon, Token)).Should().Be(0, sample.Error);
        }

        using ProgramProcess program = ProgramProcess.Start("serve", "--data", data.FullName);
        string link = (await program.SaysAsync(@"http\S+/sign-in\?token=[0-9a-f]{64}", Soon, Token)).Value;
        using var browser = new HttpClient(new DocumentedAnswers(new HttpClientHandler { CookieContainer = new CookieContainer() })) { BaseAddress = new Uri(new Uri(link).GetLeftPart(UriPartial.Authority)) };
        (await browser.GetAsync(link, Token)).EnsureSuccessStatusCode();

        (await PostAsync(browser, "/models", """
            { "model_id":"syn","pack_id":"swingsigma","user_id":"operator","name":"Synthetic swing","instrument":"stocks","ticker":"MKT.SYN","strategy_id":"momentum_swing",
              "selected_indicators":["rsi","macd","adx","ema_20","ema_50","bollinger_bands","volume_ma"],
              "selected_features":["rsi_divergence","macd_cross","trend_strength","volume_surge","momentum_composite"] }
            """)).Status.Should().Be(HttpStatusCode.Created);
        const string sweepRequest = """
            { "model_id":"syn","sweep_type":"simple","parameters":{"thresholds":[0.50,0.55,0.60,0.65,0.70],
              "allowed_hours":["all_day","morning_only","afternoon_only"],"position_size_pct":[1,2,3]},"tag":"first" }
            """;
        var (accepted, begun) = await PostAsync(browser, "/sweeps", sweepRequest);
        accepted.Should().Be(HttpStatusCode.Accepted);
        begun["total_combinations"]!.GetValue<int>().Should().Be(45);
        string sweep = begun["sweep_id"]!.GetValue<string>();
        sweep.Should().MatchRegex(@"^sweep_\d{8}_\d{6}$");
        await UntilAsync(async () => (await GetAsync(browser, $"/sweeps/{sweep}"))["status"]!.GetValue<string>() == "completed");

        var (_, again) = await PostAsync(browser, "/sweeps", sweepRequest);
        again["sweep_id"]!.GetValue<string>().Should().Be(sweep, "the same request finds the earlier sweep");
        JsonNode board = await GetAsync(browser, $"/sweeps/{sweep}/results");
        JsonArray rows = board["leaderboard"]!.AsArray();
        rows.Select(r => r!["rank"]!.GetValue<int>()).Should().Equal(Enumerable.Range(1, 45));
        int[] passing = [.. rows.Where(r => r!["gate"]!.GetValue<string>() == "PASS").Select(r => r!["combo_id"]!.GetValue<int>()).Take(2)];
        int failing = rows.First(r => r!["gate"]!.GetValue<string>() == "FAIL")!["combo_id"]!.GetValue<int>();
        passing.Should().HaveCount(2, "the sample market has combos of both kinds");

        using HttpResponseMessage ticked = await browser.PatchAsJsonAsync($"/sweeps/{sweep}/results/{passing[0]}", new { selection_checkbox = true }, Token);
        ticked.StatusCode.Should().Be(HttpStatusCode.OK);
        (await GetAsync(browser, $"/sweeps/{sweep}/combos/{passing[0]}"))["selection_checkbox"]!.GetValue<bool>().Should().BeTrue();

        string Selection(int[] combos, string algorithm) => new JsonObject
        {
            ["model_id"] = "syn",
            ["selected_configs"] = new JsonArray([.. combos.Select(c => (JsonNode?)new JsonObject { ["combo_id"] = c, ["rank"] = 1 })]),
            ["training_params"] = new JsonObject { ["algorithm"] = algorithm, ["validation"] = "time_series_split", ["test_size"] = 0.2, ["calibration"] = "sigmoid" },
        }.ToJsonString();
        var (gate, refusal) = await PostAsync(browser, "/training", Selection([passing[0], failing], "xgboost"));
        gate.Should().Be(HttpStatusCode.UnprocessableEntity);
        refusal["code"]!.GetValue<string>().Should().Be("GATE_FAILED");
        var (unknown, algorithm) = await PostAsync(browser, "/training", Selection(passing, "magic"));
        unknown.Should().Be(HttpStatusCode.UnprocessableEntity);
        algorithm["code"]!.GetValue<string>().Should().Be("TRN-1001");
        var (empty, malformed) = await PostAsync(browser, "/training", Selection([], "xgboost"));
        empty.Should().Be(HttpStatusCode.UnprocessableEntity);
        malformed["code"]!.GetValue<string>().Should().Be("APP-2014");
        JsonNode othersBody = JsonNode.Parse(Selection(passing, "xgboost"))!;
        (othersBody["model_id"], othersBody["sweep_id"]) = ("other", sweep);
        var (mixed, others) = await PostAsync(browser, "/training", othersBody.ToJsonString());
        mixed.Should().Be(HttpStatusCode.UnprocessableEntity);
        others["code"]!.GetValue<string>().Should().Be("APP-2014", "a sweep of one model says nothing of another");

        var (queued, answer) = await PostAsync(browser, "/training", Selection(passing, "xgboost"));
        queued.Should().Be(HttpStatusCode.Accepted);
        string[] jobs = [.. answer["jobs"]!.AsArray().Select(j => j!["job_id"]!.GetValue<string>())];
        jobs.Should().HaveCount(2).And.OnlyContain(j => Regex.IsMatch(j, @"^train_\d{3}$"));
        foreach (string job in jobs)
        {
            await UntilAsync(async () => (await GetAsync(browser, $"/training/{job}"))["status"]!.GetValue<string>() == "completed");
            JsonNode results = await GetAsync(browser, $"/training/{job}/results");
            results["progress"]!.AsArray().Select(p => p!["step"]!.GetValue<string>()).Should()
                .Equal("data_preparation", "feature_engineering", "model_training", "validation", "calibration");
            results["progress"]!.AsArray().Should().OnlyContain(p => p!["status"]!.GetValue<string>() == "complete");
            results["results"]!["metrics"]!["validation"]!["auc_roc"]!.GetValue<double>().Should().BeInRange(0, 1);
        }

        using (ProgramProcess command = ProgramProcess.Start(
            ["training", "run", "--sweep", sweep, "--combo", .. passing.Select(c => c.ToString(System.Globalization.CultureInfo.InvariantCulture)), "--data", data.FullName, "--output", "json"]))
        {
            (await command.EndAsync(TimeSpan.FromMinutes(2), Token)).Should().Be(0, command.Error);
            JsonNode.Parse(command.Out)!.AsArray().Select(j => j!["id"]!.GetValue<string>()).Should().Equal(jobs, "the same training asked for by command is the same training");
        }

        JsonArray models = (await browser.GetFromJsonAsync<JsonArray>("/trained-models?model=syn", Token))!;
        models.Select(m => m!["job_id"]!.GetValue<string>()).Should().BeEquivalentTo(jobs);
        string vouched = models[0]!["id"]!.GetValue<string>();
        (await GetAsync(browser, $"/trained-models/{vouched}"))["meta"]!["metrics"].Should().NotBeNull();
        var (published, decided) = await PostAsync(browser, $"/trained-models/{vouched}/publish", """{ "reason": "looked at its reliability" }""");
        (published, decided["state"]!.GetValue<string>(), decided["decided_by"]!.GetValue<string>()).Should().Be((HttpStatusCode.OK, "published", "operator"));
        var (gone, discarded) = await PostAsync(browser, $"/trained-models/{models[1]!["id"]}/discard", """{ "reason": "one is enough" }""");
        (gone, discarded["state"]!.GetValue<string>()).Should().Be((HttpStatusCode.OK, "discarded"));

        var (_, third) = await PostAsync(browser, "/training", Selection(passing[..1], "xgboost").Replace("0.2", "0.3"));
        string unwanted = third["jobs"]![0]!["job_id"]!.GetValue<string>();
        (await browser.DeleteAsync($"/training/{unwanted}", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await GetAsync(browser, $"/training/{unwanted}"))["status"]!.GetValue<string>().Should().Be("cancelled");
        using HttpResponseMessage none = await browser.GetAsync($"/training/{unwanted}/results", Token);
        none.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await none.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2015");

        await CancelASweepAsync(browser, data.FullName);
        using HttpResponseMessage missing = await browser.GetAsync("/training/train_999", Token);
        missing.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    // 36 classifiers: long enough to be running when it is cancelled.
    private static async Task CancelASweepAsync(HttpClient browser, string data)
    {
        var (_, begun) = await PostAsync(browser, "/sweeps", """
            { "model_id":"syn","sweep_type":"custom","parameters":{"thresholds":[0.50,0.55,0.60],"rsi_period":[14,21,28],"stop_loss_pct":[2,3,4],"take_profit_pct":[8,10,12,14]},
              "tag":"unwanted" }
            """);
        string sweep = begun["sweep_id"]!.GetValue<string>();
        await UntilAsync(async () => (await GetAsync(browser, $"/sweeps/{sweep}"))["status"]!.GetValue<string>() == "running");
        (await browser.DeleteAsync($"/sweeps/{sweep}", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await GetAsync(browser, $"/sweeps/{sweep}"))["status"]!.GetValue<string>().Should().Be("cancelled");
        JsonNode? run = null;
        await UntilAsync(async () =>
        {
            using ProgramProcess list = ProgramProcess.Start("runs", "list", "--data", data, "--output", "json");
            (await list.EndAsync(Soon, Token)).Should().Be(0, list.Error);
            run = JsonNode.Parse(list.Out)!.AsArray().Single(r => r!["workflow"]!.GetValue<string>() == "sweep" && r["parameters"]!.ToJsonString().Contains(sweep, StringComparison.Ordinal));
            return run!["ended_at_utc"] is not null;
        });
        run!["status"]!.GetValue<string>().Should().Be("cancelled", "a run whose work was cancelled has not failed");
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(HttpClient browser, string path, string json)
    {
        using HttpResponseMessage answer = await browser.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Token);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!);
    }

    private static async Task<JsonNode> GetAsync(HttpClient browser, string path) => (await browser.GetFromJsonAsync<JsonNode>(path, Token))!;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Stopwatch.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromMinutes(5));
            await Task.Delay(250, Token);
        }
    }
}
