using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App.Streams;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Workflows;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.App.Streams;

public sealed class RunStreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_line_comes_once_however_often_the_connection_is_lost()
    {
        TestSteps steps = new();
        WorkflowEngine? engine = null;
        await using RunningServer running = await RunningServer.StartAsync(Ct, running =>
        {
            engine = new(running.Data, running.Rows, steps.Kinds, IdSource.FromSeed(TimeProvider.System, 1), TimeProvider.System, NullLoggerFactory.Instance);
            return new RunStream(engine, TimeProvider.System).Map;
        });
        using HttpClient browser = await running.SignedInAsync(Ct);
        steps.On("make", async (context, ct) =>
        {
            for (int i = 0; i < 60; i++)
            {
                context.Log($"line {i}");
                context.Report(i, 60, $"part {i}");
                await Task.Delay(50, ct);
            }

            return null;
        });
        RunId run = await engine!.Requests.StartAsync(new(steps.Workflow("workflow: two\nversion: 1.0.0\nsummary: s\nsteps: { make: { uses: test.make, with: { name: x } } }\n"), [], "operator"), Ct);
        Task drive = Task.Run(async () =>
        {
            await using EngineLease lease = (await EngineLease.TryTakeAsync(running.Data, running.Rows, TimeProvider.System, "test/1", Ct)).Lease!;
            await engine.DriveAloneAsync(lease, run, Ct);
        }, Ct);

        List<string> lines = [];
        HashSet<string> kinds = [];
        string? last = null;
        for (int lost = 0; !kinds.Contains("end"); lost++)
        {
            lost.Should().BeLessThan(500);
            using HttpRequestMessage request = new(HttpMethod.Get, $"/runs/{run}/events");
            if (last is not null)
            {
                request.Headers.Add("Last-Event-ID", last);
            }

            using HttpResponseMessage answer = await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            using StreamReader reader = new(await answer.Content.ReadAsStreamAsync(Ct));
            string name = "";
            for (int read = 0; read < 7 && await reader.ReadLineAsync(Ct) is { } line;)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    last = line["id: ".Length..];
                }
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                {
                    kinds.Add(name = line["event: ".Length..]);
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    read++;
                    if (name == "log")
                    {
                        lines.Add(JsonNode.Parse(line["data: ".Length..])!["line"]!.GetValue<string>());
                    }
                }
            }
        }

        await drive;
        lines.Should().Equal(Enumerable.Range(0, 60).Select(i => $"line {i}"));
        kinds.Should().BeEquivalentTo(["status", "progress", "log", "end"]);
    }

    [Theory]
    [InlineData("7.3", 7, 3)]
    [InlineData(null, 0, 0)]
    [InlineData("", 0, 0)]
    [InlineData("7", 0, 0)]
    [InlineData("-1.2", 0, 0)]
    [InlineData("x.y", 0, 0)]
    [InlineData("99999999999999999999.1", 0, 0)]
    public void A_place_that_means_nothing_is_the_start(string? id, long line, long seq) => RunStream.Place(id).Should().Be((line, seq));
}
