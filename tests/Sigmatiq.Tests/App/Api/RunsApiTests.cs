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
    public async Task Runs_over_time_are_columns_under_the_steps_of_all_their_versions_a_page_at_a_time()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        (await GetAsync(browser, "/runs/grid"))["workflow"].Should().BeNull("nothing ever ran");
        steps.On("use", c => c.Attempt == 1 ? throw new InvalidTimeZoneException("clock melted") : null);
        List<string> runs = [];
        for (int i = 0; i < 3; i++)
        {
            RunId run = await engine.Requests.StartAsync(new(steps.Workflow(i == 0 ? Two : Two.Replace("1.0.0", "1.1.0", StringComparison.Ordinal) + "\n  tell: { uses: test.use, needs: [make] }"), [], "operator"), Ct);
            await DriveAsync(running, run);
            runs.Insert(0, run.Value);
        }

        await engine.Requests.StartAsync(new(steps.Workflow(Two.Replace("workflow: two", "workflow: other", StringComparison.Ordinal)), [], "ana"), Ct);
        (await GetAsync(browser, "/runs/workflows")).AsArray().Select(w => $"{w!["workflow"]} {w["runs"]}").Should().Equal("other 1", "two 3");
        (await GetAsync(browser, "/runs/grid"))["workflow"]!.GetValue<string>().Should().Be("other", "the one that ran last");
        JsonNode grid = await GetAsync(browser, "/runs/grid?workflow=two");
        grid["runs"]!.AsArray().Select(r => r!["id"]!.GetValue<string>()).Should().Equal(runs, "newest first");
        grid["older"].Should().BeNull();
        JsonNode column = grid["runs"]![0]!;
        (column["version"]!.GetValue<string>(), column["status"]!.GetValue<string>(), column["cause"]!.GetValue<string>(), column["requested_by"]!.GetValue<string>()).Should().Be(("1.1.0", "failed", "person", "operator"));
        column["took_seconds"]!.GetValue<double>().Should().BeGreaterThanOrEqualTo(column["worked_seconds"]!.GetValue<double>()).And.BeLessThan(60);
        JsonNode Row(string name) => grid["rows"]!.AsArray().Single(r => r!["name"]!.GetValue<string>() == name)!;
        grid["rows"]!.AsArray().Select(r => r!["name"]!.GetValue<string>()).Should().Equal("make", "use", "tell");
        Row("use")["state"]!.AsArray().Select(s => s!.GetValue<string>()).Should().Equal("failed", "failed", "failed");
        Row("use")["notes"]![runs[0]]!.GetValue<string>().Should().Contain("clock melted");
        Row("tell")["state"]!.AsArray().Select(s => s!.GetValue<string>()).Should().Equal("succeeded", "succeeded", "absent");
        (Row("tell")["attempts"]![2]!.GetValue<int>(), Row("tell")["took_seconds"]![2], Row("make")["items"]![0]!.GetValue<int>()).Should().Be((0, null, 1));

        JsonNode page = await GetAsync(browser, "/runs/grid?workflow=two&limit=2");
        page["runs"]!.AsArray().Should().HaveCount(2);
        JsonNode older = await GetAsync(browser, $"/runs/grid?workflow=two&limit=2&before={page["older"]}");
        older["runs"]!.AsArray().Single()!["id"]!.GetValue<string>().Should().Be(runs[2]);
        older["older"].Should().BeNull();
        older["rows"]!.AsArray().Should().HaveCount(2, "that version has two steps");
        (await GetAsync(browser, "/runs/grid?workflow=two&status=completed"))["runs"]!.AsArray().Should().BeEmpty();
        (await GetAsync(browser, "/runs?by=ana&status=queued,running")).AsArray().Should().ContainSingle();
        (await GetAsync(browser, $"/runs?before={runs[1]}")).AsArray().Single()!["id"]!.GetValue<string>().Should().Be(runs[2]);
        (await GetAsync(browser, "/runs?from=2020-01-01&to=2020-12-31")).AsArray().Should().BeEmpty();
    }

    [Theory]
    [InlineData("status=done", "APP-2022")]
    [InlineData("limit=101", "APP-2022")]
    [InlineData("from=yesterday", "WFL-1023")]
    [InlineData("from=2026-02-01&to=2026-01-01", "WFL-1023")]
    public async Task A_filter_that_means_nothing_is_refused(string query, string code)
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        using HttpResponseMessage answer = await browser.GetAsync($"/runs/grid?{query}", Ct);
        (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["code"]!.GetValue<string>()).Should().Be((HttpStatusCode.UnprocessableEntity, code));
    }

    [Fact]
    public async Task A_key_longer_than_any_is_refused()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Ct);
        RunId run = await engine.Requests.StartAsync(new(steps.Workflow(Two), [], "operator"), Ct);
        (await SendAsync(browser, run, "pause", "why", HttpStatusCode.UnprocessableEntity, new string('k', 201)))["code"]!.GetValue<string>().Should().Be("APP-2018");
    }

    private static async Task<JsonNode> GetAsync(HttpClient browser, string path) => (await browser.GetFromJsonAsync<JsonNode>(path, Ct))!;

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
        return new RunsApi(engine, new(running.Data.Root, steps.Kinds), running.Data, TimeProvider.System).Map;
    });
}
