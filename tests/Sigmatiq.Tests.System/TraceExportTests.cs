using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>A collector that speaks OTLP receives the spans of the real program: the request over HTTP, the run, and its steps, as one trace.</summary>
public sealed class TraceExportTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(120);
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("sigmatiq-traces-");
    private readonly HttpListener collector = new();
    private readonly ConcurrentQueue<Span> received = new();
    private readonly ConcurrentQueue<string> addresses = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        collector.Close();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_run_asked_for_over_http_arrives_as_one_trace_without_a_secret_in_it()
    {
        int port = Listen();
        using ProgramProcess server = ProgramProcess.StartWith(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BSP_SCHEDULE_DELAY"] = "200" },
            "serve", "--data", data.FullName);
        string address = (await server.SaysAsync(@"serves \S+ at (http://127\.0\.0\.1:\d+)$", Soon, Token)).Groups[1].Value;
        string link = (await server.SaysAsync(@"http\S+/sign-in\?token=([0-9a-f]{64})", Soon, Token)).Groups[1].Value;
        using ProgramProcess key = ProgramProcess.Start("keys", "make", "traces", "--scope", "read", "run", "--reason", "traces", "--data", data.FullName);
        (await key.EndAsync(Soon, Token)).Should().Be(0, key.Error);
        using HttpClient program = new() { BaseAddress = new(address) };
        using HttpResponseMessage signedIn = await program.GetAsync($"/sign-in?token={link}", Token);
        program.DefaultRequestHeaders.Authorization = new("Bearer", key.Out.Trim());
        using HttpResponseMessage started = await program.PostAsJsonAsync("/api/workflows/lifecycle/trigger", new { parameters = new { ticker = "MKT.SYN" }, until = "bootstrap" }, Token);
        string run = JsonNode.Parse(await started.Content.ReadAsStringAsync(Token))!["id"]!.GetValue<string>();

        Span whole = await ToldAsync(s => s.Name == "run lifecycle"), step = await ToldAsync(s => s.Name == "step bootstrap"), request = await ToldAsync(s => s.Name == "request lifecycle");
        Span http = await ToldAsync(s => s.Name == "POST /workflows/{id}/trigger");
        new[] { whole, step, request }.Should().OnlyContain(s => s.Trace == http.Trace);
        (request.Parent, whole.Parent, step.Parent, http.Parent).Should().Be((http.Id, request.Id, request.Id, ""));
        whole.Text.Should().Contain(run).And.Contain("completed");
        http.Text.Should().Contain("http.response.status_code");
        addresses.Should().OnlyContain(a => a == "/v1/traces");
        received.Should().NotContain(s => s.Text.Contains(link) || s.Text.Contains("sgq_"), "a link or key is nobody's to collect");
        received.Should().Contain(s => s.Name.Contains("/sign-in"), "the door is told of too, by its route alone");
    }

    [Fact]
    public async Task A_collector_that_does_not_answer_holds_nothing_up()
    {
        int port = Listen(answers: false);
        using ProgramProcess run = ProgramProcess.StartWith(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "500" },
            "workflows", "trigger", "lifecycle", "--until", "bootstrap", "--param", "ticker=MKT.SYN", "--data", data.FullName);
        (await run.EndAsync(Soon, Token)).Should().Be(0, run.Error);
    }

    private async Task<Span> ToldAsync(Func<Span, bool> which)
    {
        long from = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(from) < Soon)
        {
            if (received.FirstOrDefault(which) is { } span)
            {
                return span;
            }

            await Task.Delay(50, Token);
        }

        throw new Xunit.Sdk.XunitException($"It was never told of; these were: {string.Join(", ", received.Select(s => s.Name))}");
    }

    private int Listen(bool answers = true)
    {
        for (int port = 18_600; ; port++)
        {
            collector.Prefixes.Clear();
            collector.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                collector.Start();
            }
            catch (HttpListenerException) when (port < 18_650)
            {
                continue;
            }

            _ = Task.Run(async () =>
            {
                while (collector.IsListening)
                {
                    HttpListenerContext context = await collector.GetContextAsync();
                    if (!answers)
                    {
                        continue;
                    }

                    using MemoryStream body = new();
                    await context.Request.InputStream.CopyToAsync(body, CancellationToken.None);
                    addresses.Enqueue(context.Request.Url!.AbsolutePath);
                    Read(body.ToArray());
                    context.Response.Close();
                }
            }, Token);
            return port;
        }
    }

    // opentelemetry/proto/trace/v1: TracesData.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2; Span.trace_id = 1, span_id = 2, parent_span_id = 4, name = 5.
    private void Read(byte[] request)
    {
        foreach (ReadOnlyMemory<byte> resource in Fields(request, 1))
        {
            foreach (ReadOnlyMemory<byte> scope in Fields(resource, 2))
            {
                foreach (ReadOnlyMemory<byte> span in Fields(scope, 2))
                {
                    received.Enqueue(new(Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Fields(span, 5).Single().Span), Encoding.UTF8.GetString(span.Span)));
                }
            }
        }
    }

    private static string Hex(ReadOnlyMemory<byte> message, int field) => string.Concat(Fields(message, field).Select(f => Convert.ToHexStringLower(f.Span)));

    // The length-delimited fields of one number in a protobuf message.
    private static List<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int number)
    {
        List<ReadOnlyMemory<byte>> found = [];
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint(message.Span, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message.Span, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    int length = (int)Varint(message.Span, ref at);
                    if ((int)(tag >> 3) == number)
                    {
                        found.Add(message.Slice(at, length));
                    }

                    at += length;
                    break;
            }
        }

        return found;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private sealed record Span(string Trace, string Id, string Parent, string Name, string Text);
}
