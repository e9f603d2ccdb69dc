using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App.Api;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Workflows;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Runs over HTTP: the same decisions as the commands, with the same checks.</summary>
public sealed class RunsApiTests
{
    private const string Two = """
        workflow: two
        version: 1.0.0
        summary: One after another
        steps:
          make: { uses: test.make, with: { name: x } }
          use: { uses: test.use, with: { snapshot: "{steps.make.outputs.snapshot}" } }
        """;

    private readonly TestSteps steps = new();
    private WorkflowEngine engine = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_paused_resumed_and_tried_again_over_http()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        bool mended = false;
        steps.On("use", _ => mended ? null : throw new InvalidTimeZoneException("clock melted"));
        RunId run = await engine.Requests.StartAsync(new(steps.Workflow(Two), [], "operator"), Ct);

        (await SendAsync(browser, run, "pause", "not yet", HttpStatusCode.Accepted))["id"]!.GetValue<string>().Should().Be(run.Value);
        (await DriveAsync(running, run)).Should().Be(RunStatus.Paused);
        (await browser.GetFromJsonAsync<JsonNode>($"/runs/{run}", Ct))!["reason"]!.GetValue<string>().Should().Be("paused by operator: not yet");
        (await SendAsync(browser, run, "pause", "twice", HttpStatusCode.Conflict))["code"]!.GetValue<string>().Should().Be("WFL-2201");
        await SendAsync(browser, run, "resume", "now", HttpStatusCode.Accepted);
        (await DriveAsync(running, run)).Should().Be(RunStatus.Failed);
        DateTimeOffset anHourAgo = DateTimeOffset.UtcNow.AddHours(-1);
        (await engine.Views.TallyAsync(anHourAgo, Ct)).Should().Be(new RunTally(0, 0, 1, 0));
        (await engine.Views.FailedSinceAsync(anHourAgo, 5, Ct)).Should().ContainSingle().Which.Id.Should().Be(run.Value);
        (await engine.Views.FailedSinceAsync(DateTimeOffset.UtcNow.AddHours(1), 5, Ct)).Should().BeEmpty();
        (await engine.Views.OpenAsync(5, Ct)).Should().BeEmpty("it has ended, until it is tried again");
        mended = true;
        await SendAsync(browser, run, "retry", "mended", HttpStatusCode.Accepted, key: "k1");
        await SendAsync(browser, run, "retry", "mended", HttpStatusCode.Accepted, key: "k1");
        (await SendAsync(browser, run, "retry", "mended", HttpStatusCode.Conflict))["code"]!.GetValue<string>().Should().Be("WFL-2203");
        (await DriveAsync(running, run)).Should().Be(RunStatus.Completed);
        steps.Begun.Should().Equal("make[0]#1", "use[0]#1", "use[0]#2");
        JsonNode rerun = await SendAsync(browser, run, "rerun", "once more", HttpStatusCode.Accepted, key: "k2");
        (await SendAsync(browser, run, "rerun", "once more", HttpStatusCode.Accepted, key: "k2"))["id"]!.GetValue<string>().Should().Be(rerun["id"]!.GetValue<string>());
        (await DriveAsync(running, new(rerun["id"]!.GetValue<string>()))).Should().Be(RunStatus.Completed);
        steps.Begun.Should().HaveCount(3, "both steps were taken over");
        JsonNode diff = (await browser.GetFromJsonAsync<JsonNode>($"/runs/{run}/diff/{rerun["id"]}", Ct))!;
        diff["same"]!.GetValue<bool>().Should().BeTrue(diff.ToJsonString());
        diff["apart"]!.AsArray().Should().Contain(d => d!["area"]!.GetValue<string>() == "timing");
        JsonNode line = (await browser.GetFromJsonAsync<JsonNode>("/runs?limit=5", Ct))!.AsArray().Should().HaveCount(2).And.Subject.Last()!;
        (line["id"]!.GetValue<string>(), line["status"]!.GetValue<string>()).Should().Be((run.Value, "completed"));
    }

    [Theory]
    [InlineData("pause", "", null, "WFL-2205", HttpStatusCode.UnprocessableEntity)]
    [InlineData("resume", "why", null, "WFL-2202", HttpStatusCode.Conflict)]
    [InlineData("retry", "why", null, "WFL-2203", HttpStatusCode.Conflict)]
    [InlineData("rerun", "why", null, "WFL-2208", HttpStatusCode.Conflict)]
    [InlineData("pause", "why", "run_none", "WFL-2006", HttpStatusCode.NotFound)]
    public async Task A_decision_that_cannot_be_followed_is_refused_with_its_code(string action, string reason, string? id, string code, HttpStatusCode status)
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        RunId run = await engine.Requests.StartAsync(new(steps.Workflow(Two), [], "operator"), Ct);
        JsonNode answer = await SendAsync(browser, id is null ? run : new(id), action, reason, status);
        answer["code"]!.GetValue<string>().Should().Be(code);
        (await engine.Views.IsAskedAsync(run, Ct)).Should().BeFalse();
    }

    [Fact]
    public async Task Log_lines_come_a_page_at_a_time_after_the_last_one_read()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        steps.On("make", context =>
        {
            for (int i = 0; i < 1_500; i++)
            {
                context.Log($"line {i}");
            }

            return null;
        });
        RunId run = await engine.Requests.StartAsync(new(steps.Workflow(Two), [], "operator"), Ct);
        await DriveAsync(running, run);
        JsonNode page = (await browser.GetFromJsonAsync<JsonNode>($"/runs/{run}/logs?step=make", Ct))!;
        (page["lines"]!.AsArray().Count, page["is_complete"]!.GetValue<bool>()).Should().Be((1_000, false));
        JsonNode rest = (await browser.GetFromJsonAsync<JsonNode>($"/runs/{run}/logs?step=make&after={page["last"]}", Ct))!;
        (rest["lines"]!.AsArray().Count, rest["is_complete"]!.GetValue<bool>(), rest["lines"]![0]!["line"]!.GetValue<string>()).Should().Be((500, true, "line 1000"));
    }

    [Fact]
    public async Task A_key_longer_than_any_is_refused()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        RunId run = await engine.Requests.StartAsync(new(steps.Workflow(Two), [], "operator"), Ct);
        (await SendAsync(browser, run, "pause", "why", HttpStatusCode.UnprocessableEntity, new string('k', 201)))["code"]!.GetValue<string>().Should().Be("APP-2018");
    }

    private static async Task<JsonNode> SendAsync(HttpClient browser, RunId run, string action, string reason, HttpStatusCode status, string? key = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/runs/{run}/{action}") { Content = JsonContent.Create(new { reason }) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using HttpResponseMessage answer = await browser.SendAsync(request, Ct);
        string text = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.Should().Be(status, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<RunStatus> DriveAsync(RunningServer running, RunId run)
    {
        await using EngineLease lease = (await EngineLease.TryTakeAsync(running.Data, running.Rows, TimeProvider.System, "test/1", Ct)).Lease!;
        return (await engine.DriveAloneAsync(lease, run, Ct)).Status;
    }

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(Ct, running =>
    {
        engine = new(running.Data, running.Rows, steps.Kinds, IdSource.FromSeed(TimeProvider.System, 1), TimeProvider.System, NullLoggerFactory.Instance);
        return new RunsApi(engine, new(running.Data.Root, steps.Kinds), running.Data).Map;
    });
}
