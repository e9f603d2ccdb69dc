using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Calls;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

public sealed class HttpCallStepTests
{
    [Fact]
    public async Task A_call_runs_in_a_workflow_and_its_answer_is_an_output()
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        await using RawServer server = RawServer.Start(r => (200, "Content-Type: application/json\r\nETag: 7\r\nX-Other: 1\r\n", $"{{\"got\":{r.Body}}}"));
        Allow(room, server.Port);
        RunId run = await room.StartAsync(
            $"call: {{ uses: http.call, with: {{ url: 'http://api.test:{server.Port}/v1', method: POST, json: {{ b: 1, a: [2] }}, keep_headers: [ETag] }} }}");
        JsonObject output = (await room.DriveAsync(run)).Step("call").Instances[0].Output!;
        output["json"]!["got"]!.ToJsonString().Should().Be("{\"a\":[2],\"b\":1}");
        output["headers"]!.ToJsonString().Should().Be("{\"content-type\":\"application/json\",\"etag\":\"7\"}");
        Uri.UnescapeDataString(server.Requests.Single().Headers["Idempotency-Key"]).Should().Be($"{run}/call/0");
    }

    [Theory]
    [InlineData(500, FailureCategories.SourceUnavailable)]
    [InlineData(503, FailureCategories.SourceUnavailable)]
    [InlineData(429, FailureCategories.SourceUnavailable)]
    [InlineData(404, FailureCategories.Refused)]
    [InlineData(401, FailureCategories.Refused)]
    [InlineData(501, FailureCategories.Refused)]
    public async Task A_status_that_is_a_failure_says_whether_another_try_is_worth_it(int status, string category)
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        await using RawServer server = RawServer.Start(_ => (status, "Retry-After: 7\r\n", "no"));
        Allow(room, server.Port);
        var failed = (await StepAsync(room, new() { ["url"] = $"http://api.test:{server.Port}/" })).Should().BeOfType<StepOutcome.Failed>().Subject;
        (failed.Category, failed.Problem.Code).Should().Be((category, CallCodes.FailureStatus));
        failed.Problem.Message.Should().Contain("after 7");
        (await StepAsync(room, new() { ["url"] = $"http://api.test:{server.Port}/", ["accept"] = new JsonArray(status) })).Should().BeOfType<StepOutcome.Succeeded>();
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_worth_another_try_and_one_that_is_not_allowed_is_not()
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        RawServer server = RawServer.Start(_ => (200, "", ""));
        int port = server.Port;
        await server.DisposeAsync();
        Allow(room, port);
        (await StepAsync(room, new() { ["url"] = $"http://api.test:{port}/" })).Should().BeOfType<StepOutcome.Failed>().Which.Category.Should().Be(FailureCategories.SourceUnavailable);
        (await StepAsync(room, new() { ["url"] = $"http://evil.test:{port}/" })).Should().BeOfType<StepOutcome.Failed>().Which.Category.Should().Be(FailureCategories.Refused);
        await using RawServer slow = RawServer.Start((_, _, ct) => Task.Delay(Timeout.InfiniteTimeSpan, ct));
        Allow(room, slow.Port);
        (await StepAsync(room, new() { ["url"] = $"http://api.test:{slow.Port}/", ["timeout_seconds"] = 1 })).Should().BeOfType<StepOutcome.Failed>().Which.Category.Should().Be(FailureCategories.Timeout);
    }

    [Fact]
    public async Task A_large_answer_or_one_that_is_no_text_goes_to_a_file_known_by_its_hash()
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        byte[][] bodies = [new byte[] { 0xFF, 0xFE, 0 }, Encoding.UTF8.GetBytes(new string('a', HttpCallStep.InlineBytesMax + 1)), Encoding.UTF8.GetBytes(new string('\u0001', 60_000))];
        foreach (byte[] body in bodies)
        {
            await using RawServer server = RawServer.Start(async (_, stream, ct) => await stream.WriteAsync(RawServer.Answer(200, "", body), ct));
            Allow(room, server.Port);
            JsonObject output = (await StepAsync(room, new() { ["url"] = $"http://api.test:{server.Port}/" })).Should().BeOfType<StepOutcome.Succeeded>().Subject.Output;
            output["body"].Should().BeNull();
            string file = output["file"]!.GetValue<string>();
            (await File.ReadAllBytesAsync(Path.Combine(room.Room.Data.Root, file), RunRoom.Ct)).Should().Equal(body);
            output["sha256"]!.GetValue<string>().Should().Be(ContentHash.Of(body).Hex);
        }
    }

    [Theory]
    [InlineData("""{ "method": "get" }""")]
    [InlineData("""{ "method": "TRACE" }""")]
    [InlineData("""{ "method": "POST", "json": 1, "text": "1" }""")]
    [InlineData("""{ "timeout_seconds": 0 }""")]
    [InlineData("""{ "timeout_seconds": 301 }""")]
    [InlineData("""{ "redirects": 11 }""")]
    [InlineData("""{ "answer_bytes_max": 0 }""")]
    [InlineData("""{ "accept": [99] }""")]
    public async Task A_call_that_means_nothing_is_refused_unsent(string input)
    {
        await using ReachingRoom room = await ReachingRoom.OpenAsync();
        JsonObject with = JsonNode.Parse(input)!.AsObject();
        with["url"] = $"http://api.test:{room.Receiver.Port}/";
        (await StepAsync(room, with)).Should().BeOfType<StepOutcome.Failed>().Which.Problem.Code.Should().Be(CallCodes.BadCall);
        room.Receiver.Requests.Should().BeEmpty();
    }

    private static void Allow(ReachingRoom room, int port) => File.WriteAllText(
        room.Outside.Path, $"calls: [ {{ host: api.test, schemes: [http], ports: [{port}], methods: [GET, POST], networks: [127.0.0.0/8] }} ]\n");

    private static async Task<StepOutcome> StepAsync(ReachingRoom room, JsonObject input)
    {
        room.Kinds.TryGet("http.call", out var entry).Should().BeTrue();
        return await entry!.Kind.RunAsync(
            new() { Run = new("run_1"), Step = "call", Index = 0, Attempt = 1, Seed = 1, RequestedBy = "operator", AsOfUtc = DateTimeOffset.UnixEpoch }, input, RunRoom.Ct);
    }
}
