using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Texts and versions of workflows over HTTP: the same answers as the commands.</summary>
public sealed class WorkflowTextsApiTests
{
    private const string Mine = """
        # kept with its comments
        workflow: mine
        version: 1.0.0
        summary: Bars of one symbol
        parameters:
          ticker: { type: symbol, default: MKT.SYN }
        schedule: { zone: America/New_York, calendar: NYSE, cron: "30 17 * * 1-5" }
        steps:
          bootstrap: { uses: store.bootstrap }
          align:
            uses: market.align
            needs: [bootstrap]
            with: { pack: swingsigma, ticker: "{params.ticker}" }
            retry: { attempts: 3 }
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_is_checked_published_and_compared_with_its_next_version()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode valid = await PostAsync(browser, "validate", Mine, HttpStatusCode.OK);
        (valid["valid"]!.GetValue<bool>(), valid["id"]!.GetValue<string>()).Should().Be((true, "mine"), valid.ToJsonString());
        string hash = WorkflowYaml.Parse(Mine, "mine", room.Platform.Engine.Kinds).Value.Hash.Hex;
        valid["workflow_hash"]!.GetValue<string>().Should().Be(hash);
        (await browser.GetAsync("/api/workflows/mine", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound, "checking keeps nothing");

        (await PostAsync(browser, "publish", Mine, HttpStatusCode.Created))["published"]!.AsArray().Should().HaveCount(1);
        await PostAsync(browser, "publish", Mine.Replace("# kept", "# other words,"), HttpStatusCode.OK);
        JsonNode shown = (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine@1.0.0", Ct))!;
        shown["text"]!.GetValue<string>().Should().Be(Mine, "comments are kept");
        (shown["origin"]!.GetValue<string>(), shown["workflow_hash"]!.GetValue<string>()).Should().Be(("published", hash));
        shown["steps"]!.AsArray().Select(s => s!["id"]!.GetValue<string>()).Should().Equal("bootstrap", "align");
        shown["steps"]![1]!["attempts"]!.GetValue<int>().Should().Be(3);
        shown["schedule"]!["fires"]![0]!["cron"]!.GetValue<string>().Should().Be("30 17 * * 1-5");

        JsonNode refused = await PostAsync(browser, "publish", Mine.Replace("attempts: 3", "attempts: 4"), HttpStatusCode.UnprocessableEntity);
        refused["code"]!.GetValue<string>().Should().Be(WorkflowCodes.Immutable);
        await PostAsync(browser, "publish", Mine.Replace("attempts: 3", "attempts: 4").Replace("1.0.0", "1.1.0"), HttpStatusCode.Created);
        JsonNode diff = (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine@1.0.0/diff/mine@1.1.0", Ct))!;
        diff["same"]!.GetValue<bool>().Should().BeFalse();
        JsonNode attempts = diff["differences"]!.AsArray().Should().ContainSingle(d => d!["path"]!.GetValue<string>() == "steps.align.retry.attempts", diff.ToJsonString()).Subject!;
        (attempts["a"]!.GetValue<int>(), attempts["b"]!.GetValue<int>()).Should().Be((3, 4));
        JsonArray versions = (await browser.GetFromJsonAsync<JsonArray>("/api/workflows/mine/versions", Ct))!;
        versions.Select(v => v!["version"]!.GetValue<string>()).Should().Equal("1.1.0", "1.0.0");
        versions.Should().OnlyContain(v => v!["published"]!.GetValue<bool>() && !v["in_folder"]!.GetValue<bool>());
        using HttpResponseMessage started = await browser.PostAsJsonAsync("/api/workflows/mine@1.0.0/trigger", new { }, Ct);
        started.StatusCode.Should().Be(HttpStatusCode.Accepted, await started.Content.ReadAsStringAsync(Ct));
        (await browser.GetFromJsonAsync<JsonArray>("/api/runs?workflow=mine", Ct))!.Single()!["version"]!.GetValue<string>().Should().Be("1.0.0");
        using HttpResponseMessage none = await browser.GetAsync("/api/workflows/nothing/versions", Ct);
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_text_that_is_no_workflow_is_answered_with_every_problem_at_its_line()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode answer = await PostAsync(browser, "validate", Mine.Replace("market.align", "market.wibble").Replace("needs: [bootstrap]", "needs: [nobody]"), HttpStatusCode.OK);
        answer["valid"]!.GetValue<bool>().Should().BeFalse();
        string[] codes = [.. answer["problems"]!.AsArray().Select(p => p!["code"]!.GetValue<string>())];
        codes.Should().Contain(WorkflowCodes.UnknownKind);
        answer["problems"]!.AsArray().Should().Contain(p => p!["where"]!.GetValue<string>().Contains(":11", StringComparison.Ordinal), answer.ToJsonString());
        (await PostAsync(browser, "publish", "workflow: [", HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().Should().StartWith("WFL-1");
        using HttpResponseMessage empty = await browser.PostAsJsonAsync("/api/workflows/validate", new { text = 7 }, Ct);
        empty.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await empty.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-2025");
    }

    [Fact]
    public async Task A_file_of_the_folder_is_shown_as_it_lies_there()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        WorkflowFile file = room.Platform.Workflows.List().First(f => f.Id == "lifecycle");
        JsonNode shown = (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/lifecycle", Ct))!;
        shown["text"]!.GetValue<string>().Should().Be(await File.ReadAllTextAsync(file.Path, Ct));
        (shown["origin"]!.GetValue<string>(), shown["version"]!.GetValue<string>()).Should().Be(("file", file.Version));
        shown["content"]!["workflow"]!.GetValue<string>().Should().Be("lifecycle");
    }

    [Fact]
    public async Task Every_step_kind_says_what_it_takes_and_gives()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonArray kinds = (await browser.GetFromJsonAsync<JsonArray>("/api/step-kinds", Ct))!;
        kinds.Select(k => k!["id"]!.GetValue<string>()).Should().Equal(room.Platform.Engine.Kinds.Described.Select(k => k.Name));
        kinds.Where(k => k!["state"]!.GetValue<string>() == "built").Should().HaveCountGreaterThan(10).And
            .OnlyContain(k => k!["with"]!["properties"] is JsonObject && k["outputs"]!["properties"] is JsonObject);
        JsonNode align = kinds.First(k => k!["id"]!.GetValue<string>() == "market.align")!;
        align["with"]!["required"]!.AsArray().Select(r => r!.GetValue<string>()).Should().Contain("ticker");
        JsonNode schema = (await browser.GetFromJsonAsync<JsonNode>("/api/workflow-schema", Ct))!;
        schema["definitions"]!["with.market.align"]!.ToJsonString().Should().Be(align["with"]!.ToJsonString());
    }

    [Fact]
    public async Task The_fires_of_all_workflows_come_in_order_and_say_which_will_start_nothing()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonArray fires = (await browser.GetFromJsonAsync<JsonArray>("/api/schedules/fires?from=2026-03-02&to=2026-03-08&limit=1000", Ct))!;
        string[] scheduled = [.. room.Platform.Workflows.List().DistinctBy(f => f.Id).Select(f => room.Platform.Workflows.Read(f)).Where(w => w.IsOk && w.Value.Schedule is not null).Select(w => w.Value.Id)];
        fires.Should().NotBeEmpty();
        fires.Select(f => f!["workflow"]!.GetValue<string>()).Distinct().Should().BeSubsetOf(scheduled);
        fires.Select(f => f!["fire_utc"]!.GetValue<string>()).Should().BeInAscendingOrder(StringComparer.Ordinal);
        string one = fires[0]!["workflow"]!.GetValue<string>();
        JsonArray own = (await browser.GetFromJsonAsync<JsonArray>($"/api/workflows/{one}/next?from=2026-03-02T00:00:00Z&to=2026-03-09T00:00:00Z", Ct))!;
        fires.Where(f => f!["workflow"]!.GetValue<string>() == one).Select(f => f!["fire_utc"]!.GetValue<string>()).Should().Equal(own.Select(f => f!.GetValue<string>()));
        using HttpResponseMessage wrong = await browser.GetAsync("/api/schedules/fires?from=soon", Ct);
        (await wrong.Content.ReadAsStringAsync(Ct)).Should().Contain(WorkflowCodes.BadStretch);
    }

    private static async Task<JsonNode> PostAsync(HttpClient browser, string verb, string text, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await browser.PostAsJsonAsync($"/api/workflows/{verb}", new { text }, Ct);
        string body = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.Should().Be(status, body);
        return JsonNode.Parse(body)!;
    }
}
