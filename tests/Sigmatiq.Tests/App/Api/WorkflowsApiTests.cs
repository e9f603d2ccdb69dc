using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Tests.App.Commands;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Workflows over HTTP: the same answers and the same decisions as by command.</summary>
public sealed class WorkflowsApiTests
{
    private const string Weekly = "forecast_h5_l6_weekly_monitor";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fire_times_are_those_of_the_command()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode http = (await browser.GetFromJsonAsync<JsonNode>($"/workflows/{Weekly}/next?from=2026-01-01&to=2026-12-31", Ct))!;
        CommandLineRun command = await CommandLineRun.OfAsync(["workflows", "next", Weekly, "--from", "2026-01-01", "--to", "2026-12-31", "-o", "json", "--data", room.Running.Data.Root], Ct);
        http.ToJsonString().Should().Be(JsonNode.Parse(command.Out)!.ToJsonString());
        http.AsArray().Should().HaveCountGreaterThan(50);
        (await browser.GetFromJsonAsync<JsonNode>("/workflows/lifecycle/next", Ct))!.AsArray().Should().BeEmpty("it is started by hand");
        (await browser.GetFromJsonAsync<JsonNode>("/workflows", Ct))!.AsArray().Should().Contain(w => w!["id"]!.GetValue<string>() == Weekly && w["paused"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("GET", "/workflows/none/next", null, "WFL-1012", HttpStatusCode.NotFound)]
    [InlineData("GET", "/workflows/lifecycle/next?limit=abc", null, "APP-2022", HttpStatusCode.UnprocessableEntity)]
    [InlineData("GET", "/runs?limit=0", null, "APP-2022", HttpStatusCode.UnprocessableEntity)]
    [InlineData("GET", "/audit?order=sideways", null, "APP-2022", HttpStatusCode.UnprocessableEntity)]
    [InlineData("GET", "/runs/run_1/logs?after=abc", null, "APP-2022", HttpStatusCode.UnprocessableEntity)]
    [InlineData("GET", "/workflows/lifecycle/next?from=soon", null, "WFL-1023", HttpStatusCode.UnprocessableEntity)]
    [InlineData("POST", "/workflows/lifecycle/pause", """{"reason":"why"}""", "WFL-1025", HttpStatusCode.UnprocessableEntity)]
    [InlineData("POST", "/workflows/forecast_h5_l6_weekly_monitor/pause", "{}", "WFL-2205", HttpStatusCode.UnprocessableEntity)]
    [InlineData("POST", "/workflows/forecast_h5_l6_weekly_monitor/backfill", """{"from":"2026-01-01","to":"2026-01-31","reason":"why"}""", "APP-2020", HttpStatusCode.UnprocessableEntity)]
    [InlineData("POST", "/workflows/forecast_h5_l6_weekly_monitor/backfill/preview", """{"from":"2026-01-01"}""", "APP-2020", HttpStatusCode.UnprocessableEntity)]
    [InlineData("POST", "/workflows/lifecycle/trigger", """{"params":{"ticker":"SPY"}}""", "APP-2021", HttpStatusCode.UnprocessableEntity)]
    [InlineData("POST", "/workflows/lifecycle/trigger", "[]", "APP-2021", HttpStatusCode.UnprocessableEntity)]
    [InlineData("POST", "/workflows/lifecycle/pause", """{"reason":"x","untill":"y"}""", "APP-2021", HttpStatusCode.UnprocessableEntity)]
    [InlineData("POST", "/workflows/forecast_h5_l6_weekly_monitor/trigger", "{}", "WFL-1024", HttpStatusCode.UnprocessableEntity)]
    [InlineData("POST", "/workflows/lifecycle/trigger", """{"parameters":[]}""", "WFL-1013", HttpStatusCode.UnprocessableEntity)]
    public async Task What_cannot_be_done_is_refused_with_the_code_of_the_command(string method, string path, string? body, string code, HttpStatusCode status)
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        using HttpRequestMessage request = new(new(method), path) { Content = body is null ? null : new StringContent(body, null, "application/json") };
        using HttpResponseMessage answer = await browser.SendAsync(request, Ct);
        string text = await answer.Content.ReadAsStringAsync(Ct);
        (answer.StatusCode, JsonNode.Parse(text)!["code"]!.GetValue<string>()).Should().Be((status, code), text);
    }

    [Fact]
    public async Task A_run_is_started_once_under_a_key_and_its_events_are_streamed_and_taken_up_where_they_were_left()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode first = await TriggerAsync(browser, "k1"), second = await TriggerAsync(browser, "k1");
        string run = first["id"]!.GetValue<string>();
        second["id"]!.GetValue<string>().Should().Be(run);
        Task<string> following = browser.GetStringAsync($"/runs/{run}/events", Ct);
        (await room.DriveAsync(new(run), Ct)).Should().Be(Sigmatiq.Workflows.Engine.RunStatus.Failed, "there is no such sweep");
        string[] events = (await following).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events.Should().Contain(e => e.Contains("event: status", StringComparison.Ordinal)).And.HaveCountGreaterThan(1);
        events[^1].Should().Contain("event: end").And.Contain("\"failed\"");

        string last = events[^2].Split('\n').First(l => l.StartsWith("id: ", StringComparison.Ordinal))["id: ".Length..];
        using HttpRequestMessage resume = new(HttpMethod.Get, $"/runs/{run}/events");
        resume.Headers.Add("Last-Event-ID", last);
        using HttpResponseMessage again = await browser.SendAsync(resume, Ct);
        string rest = await again.Content.ReadAsStringAsync(Ct);
        again.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        rest.Should().NotContain("event: status").And.NotContain("event: log").And.Contain("event: end");
        (await browser.GetAsync("/runs/run_none/events", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_schedule_is_paused_and_its_past_fires_are_run_after_all_by_the_token_of_a_preview()
    {
        using TemporaryFolder files = new();
        await File.WriteAllTextAsync(files["daily.1.0.0.yaml"], """
            workflow: daily
            version: 1.0.0
            summary: Each day
            schedule: { zone: UTC, cron: 0 9 * * * }
            steps: { before: { uses: workflows.upstream, with: { workflow: other, since: today } } }
            """, Ct);
        Sigmatiq.App.Platform? platform = null;
        await using RunningServer running = await RunningServer.StartAsync(Ct, running =>
        {
            platform = Sigmatiq.App.Platform.Open(running.Data, running.Rows, Sigmatiq.Store.Seeds.IdSource.FromSeed(TimeProvider.System, 5), TimeProvider.System,
                Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
            return new Sigmatiq.App.Api.WorkflowsApi(platform, new(files.Path, platform.Engine.Kinds)).Map;
        });
        using HttpClient browser = await running.SignedInAsync(Ct);
        async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(string verb, object body)
        {
            using HttpResponseMessage answer = await browser.PostAsJsonAsync($"/workflows/daily/{verb}", body, Ct);
            return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!);
        }

        (await SendAsync("pause", new { reason = "the feed moves house" })).Body["paused"]!.GetValue<bool>().Should().BeTrue();
        (await browser.GetFromJsonAsync<JsonNode>("/workflows", Ct))![0]!["paused_reason"]!.GetValue<string>().Should().Be("the feed moves house");
        (await SendAsync("pause", new { reason = "twice" })).Body["code"]!.GetValue<string>().Should().Be("WFL-1025");

        (_, JsonNode preview) = await SendAsync("backfill/preview", new { from = "2026-01-01", to = "2026-01-05" });
        (preview["count"]!.GetValue<int>(), preview["fires"]![0]!.GetValue<string>()).Should().Be((5, "2026-01-01T09:00:00Z"));
        string token = preview["token"]!.GetValue<string>();
        (await SendAsync("backfill", new { from = "2026-01-01", to = "2026-01-05", token = "bf_other", reason = "why" })).Status.Should().NotBe(HttpStatusCode.Accepted, "another preview is no permission");
        (await SendAsync("backfill", new { from = "2026-01-01", to = "2026-01-05", token })).Body["code"]!.GetValue<string>().Should().Be("WFL-2205");
        (HttpStatusCode status, JsonNode made) = await SendAsync("backfill", new { from = "2026-01-01", to = "2026-01-05", token, reason = "the feed was away" });
        (status, made["fires"]!.GetValue<int>()).Should().Be((HttpStatusCode.Accepted, 5), made.ToJsonString());
        (await browser.GetFromJsonAsync<JsonNode>("/workflows/daily/backfills", Ct))!.AsArray().Should().ContainSingle();
        (await browser.GetFromJsonAsync<JsonNode>("/workflows/daily/fires", Ct))!.AsArray().Should().NotBeNull();
        (await SendAsync("unpause", new { reason = "it is back" })).Body["paused"]!.GetValue<bool>().Should().BeFalse();
    }

    private static async Task<JsonNode> TriggerAsync(HttpClient browser, string key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/workflows/reapproval/trigger") { Content = JsonContent.Create(new { parameters = new { sweep = "sweep_none", model = "tm_none" } }) };
        request.Headers.Add("Idempotency-Key", key);
        using HttpResponseMessage answer = await browser.SendAsync(request, Ct);
        string text = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted, text);
        return JsonNode.Parse(text)!;
    }
}
