using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Tests.App.Api;

/// <summary>The graph of a workflow and of a run, for whoever draws it.</summary>
public sealed class WorkflowGraphApiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_workflow_is_told_as_steps_with_what_they_need_and_parameters_with_their_bounds()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode graph = (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/lifecycle/graph", Ct))!;
        JsonArray steps = graph["steps"]!.AsArray();
        steps.Select(s => s!["name"]!.GetValue<string>()).Should().Equal("bootstrap", "align", "sweep", "train", "forecast", "evidence", "approve", "deploy", "monitor");
        JsonNode Step(string name) => steps.First(s => s!["name"]!.GetValue<string>() == name)!;
        Step("sweep")["needs"]!.AsArray().Select(n => n!.GetValue<string>()).Should().Contain("align", "its values name it");
        Step("train")["for_each"]!.GetValue<string>().Should().Be("combo");
        Step("align")["attempts"]!.GetValue<int>().Should().Be(3);
        Step("align")["timeout_seconds"]!.GetValue<double>().Should().Be(600);
        Step("deploy")["when"]!.GetValue<string>().Should().Contain("approved");
        JsonNode select = graph["parameters"]!.AsArray().First(p => p!["name"]!.GetValue<string>() == "select")!;
        (select["type"]!.GetValue<string>(), select["default"]!.GetValue<int>(), select["min"]!.GetValue<double>(), select["max"]!.GetValue<double>()).Should().Be(("int", 2, 1, 5));
        graph["text"]!.GetValue<string>().Should().Contain("workflow: lifecycle").And.Contain("# The lane", "comments are part of the file");
        (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/lifecycle@1.0.0/graph", Ct))!.ToJsonString().Should().Be(graph.ToJsonString());
        (await browser.GetAsync("/api/workflows/nothing/graph", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_run_is_told_as_the_workflow_that_it_is_pinned_to()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        RunId run = await room.Platform.Engine.Requests.StartAsync(new(room.Platform.Workflows.Load("lifecycle"), [], "operator"), Ct);
        JsonNode graph = (await browser.GetFromJsonAsync<JsonNode>($"/api/runs/{run}/graph", Ct))!;
        graph["workflow_hash"]!.GetValue<string>().Should().Be(room.Platform.Workflows.Load("lifecycle").Hash.Hex);
        graph["steps"]!.AsArray().Should().HaveCount(9);
        (await browser.GetAsync("/api/runs/run_none/graph", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }
}
