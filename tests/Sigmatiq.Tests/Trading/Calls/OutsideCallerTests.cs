using System.IO.Compression;
using System.Net;
using System.Text;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Calls;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Tests.Trading.Calls;

/// <summary>Calls against real servers that mean harm. The allowed one is on 127.0.0.1, the one that must never be reached on 127.0.0.2.</summary>
public sealed class OutsideCallerTests : IDisposable
{
    private const string Token = "tok-hunter2";
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, Queue<IPAddress[]>> names = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_call_carries_its_body_its_headers_and_its_key_and_brings_the_answer()
    {
        await using RawServer server = RawServer.Start(r => (201, "ETag: \"7\"\r\nSet-Cookie: a=b\r\n", $"got {r.Body}"));
        CallAnswer answer = await CallAsync(server, "/v1/orders?x=1", c => c with
        {
            Method = "POST", Body = "{\"a\":1}"u8.ToArray(), IdempotencyKey = "run_1%2Fsend%2F0", Headers = new Dictionary<string, string> { ["X-Desk"] = "two words" },
        });
        (answer.Status, Encoding.UTF8.GetString(answer.Body), answer.Headers["etag"]).Should().Be((201, "got {\"a\":1}", "\"7\""));
        answer.Headers.Keys.Should().NotContain(k => k.StartsWith("set-cookie", StringComparison.Ordinal));
        RawRequest request = server.Requests.Should().ContainSingle().Subject;
        (request.Method, request.Target, request.Headers["Idempotency-Key"], request.Headers["X-Desk"]).Should().Be(("POST", "/v1/orders?x=1", "run_1%2Fsend%2F0", "two words"));
        request.Headers["Host"].Should().Be($"allowed.test:{server.Port}");
    }

    [Theory]
    [InlineData("http://127.0.0.2:{forbidden}/", CallCodes.NotAllowed)]
    [InlineData("http://forbidden.test:{forbidden}/", CallCodes.NotAllowed)]
    [InlineData("http://inside.test:{port}/", CallCodes.ForbiddenAddress)]
    [InlineData("http://mixed.test:{port}/", CallCodes.ForbiddenAddress)]
    [InlineData("http://mapped.test:{port}/", CallCodes.ForbiddenAddress)]
    [InlineData("http://metadata.test:{port}/latest/meta-data/", CallCodes.ForbiddenAddress)]
    [InlineData("http://allowed.test:{forbidden}/", CallCodes.NotAllowed)]
    [InlineData("http://allowed.test:{port}@127.0.0.2:{forbidden}/", CallCodes.BadAddress)]
    [InlineData("//127.0.0.2:{forbidden}/", CallCodes.NotAllowed)]
    [InlineData("http://2130706434:{forbidden}/", CallCodes.BadAddress)]
    [InlineData("http://0x7f.0.0.2:{forbidden}/", CallCodes.BadAddress)]
    [InlineData("http://[::ffff:127.0.0.2]:{forbidden}/", CallCodes.NotAllowed)]
    [InlineData("file:///etc/passwd", CallCodes.BadAddress)]
    [InlineData("ftp://allowed.test:{port}/", CallCodes.BadAddress)]
    [InlineData("javascript:alert(1)", CallCodes.BadAddress)]
    [InlineData("http:\\\\127.0.0.2:{forbidden}\\", CallCodes.BadRedirect)]
    [InlineData("", CallCodes.BadRedirect)]
    public async Task A_redirect_is_checked_like_the_first_address(string location, string code)
    {
        await using RawServer forbidden = RawServer.Start(_ => (200, "", "the crown jewels"), "127.0.0.2");
        await using RawServer server = RawServer.Start(r => (302, $"Location: {location.Replace("{port}", PortOf(r), StringComparison.Ordinal).Replace("{forbidden}", $"{forbidden.Port}", StringComparison.Ordinal)}\r\n", ""));
        names["inside.test"] = new([[IPAddress.Parse("127.0.0.2")]]);
        names["mixed.test"] = new([[IPAddress.Loopback, IPAddress.Parse("127.0.0.2")]]);
        names["mapped.test"] = new([[IPAddress.Parse("::ffff:127.0.0.2")]]);
        names["metadata.test"] = new([[IPAddress.Parse("169.254.169.254")]]);
        (await RefusedAsync(server)).Should().Be(code);
        server.Requests.Should().ContainSingle();
        forbidden.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_name_that_changes_its_answer_gains_nothing()
    {
        await using RawServer server = RawServer.Start(_ => (200, "", "fine"));
        await using RawServer forbidden = RawServer.Start(_ => (200, "", "the crown jewels"), "127.0.0.2", server.Port);

        // The first look is allowed; a client that looked again to connect would land inside.
        names["rebind.test"] = new([[IPAddress.Loopback], [IPAddress.Parse("127.0.0.2")]]);
        CallAnswer answer = await CallAsync(server, "/", c => c with { Url = $"http://rebind.test:{server.Port}/" });
        Encoding.UTF8.GetString(answer.Body).Should().Be("fine");
        names["rebind.test"].Should().ContainSingle("the name was resolved once");
        (await RefusedAsync(server, c => c with { Url = $"http://rebind.test:{server.Port}/" })).Should().Be(CallCodes.ForbiddenAddress);
        forbidden.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_name_that_changes_between_a_redirect_and_the_next_call_gains_nothing()
    {
        await using RawServer server = RawServer.Start(r => (302, $"Location: http://rebind.test:{PortOf(r)}/again\r\n", ""));
        await using RawServer forbidden = RawServer.Start(_ => (200, "", "the crown jewels"), "127.0.0.2", server.Port);
        names["rebind.test"] = new([[IPAddress.Loopback], [IPAddress.Parse("127.0.0.2")]]);
        (await RefusedAsync(server, c => c with { Url = $"http://rebind.test:{server.Port}/" })).Should().Be(CallCodes.ForbiddenAddress);
        forbidden.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Redirects_without_end_come_to_one()
    {
        await using RawServer server = RawServer.Start(r => (307, $"Location: {r.Target}x\r\n", ""));
        (await RefusedAsync(server, c => c with { RedirectsMax = 3 })).Should().Be(CallCodes.BadRedirect);
        server.Requests.Should().HaveCount(4);
        (await CallAsync(server, "/", c => c with { RedirectsMax = 0 })).Status.Should().Be(307);
    }

    [Theory]
    [InlineData(301, "POST", "GET", "")]
    [InlineData(302, "POST", "GET", "")]
    [InlineData(303, "PUT", "GET", "")]
    [InlineData(307, "POST", "POST", "body")]
    [InlineData(308, "PUT", "PUT", "body")]
    public async Task A_redirect_changes_the_method_as_the_standard_says(int status, string method, string then, string body)
    {
        await using RawServer server = RawServer.Start(r => r.Target == "/" ? (status, "Location: /there\r\n", "") : (200, "", ""));
        await CallAsync(server, "/", c => c with { Method = method, Body = "body"u8.ToArray(), IdempotencyKey = "k" });
        RawRequest last = server.Requests.Last();
        (last.Method, last.Body, last.Headers.ContainsKey("Idempotency-Key")).Should().Be((then, body, body.Length > 0));
    }

    [Fact]
    public async Task A_secret_goes_only_where_it_is_meant_to_and_stays_behind_on_a_redirect_elsewhere()
    {
        await using RawServer other = RawServer.Start(_ => (200, "", "other"));
        await using RawServer server = RawServer.Start(r => (302, $"Location: http://other.test:{other.Port}/\r\n", ""));
        names["other.test"] = new([[IPAddress.Loopback]]);
        Dictionary<string, string> secret = new() { ["Authorization"] = "Bearer $api" };
        CallAnswer answer = await CallAsync(server, "/", c => c with { SecretHeaders = secret, Headers = new Dictionary<string, string> { ["X-Desk"] = "1", ["Accept"] = "text/csv" } }, other.Port);
        answer.Url.Host.Should().Be("other.test");
        server.Requests.Single().Headers["Authorization"].Should().Be($"Bearer {Token}");
        other.Requests.Single().Headers.Should().NotContainKey("Authorization").And.NotContainKey("X-Desk").And.ContainKey("Accept");
        (await RefusedAsync(server, c => c with { Url = $"http://other.test:{other.Port}/", SecretHeaders = secret }, other.Port)).Should().Be(CallCodes.SecretNotAllowed);
    }

    [Fact]
    public async Task A_host_that_echoes_a_secret_gets_it_into_no_answer()
    {
        await using RawServer server = RawServer.Start(r => (200, $"X-Echo: {r.Headers["X-Key"]}\r\n", $"you sent {r.Headers["X-Key"]} twice {r.Headers["X-Key"]}"));
        CallAnswer answer = await CallAsync(server, "/", c => c with { SecretHeaders = new Dictionary<string, string> { ["X-Key"] = "$api" } });
        (Encoding.UTF8.GetString(answer.Body), answer.Headers["x-echo"]).Should().Be(("you sent *** twice ***", "***"));
    }

    [Theory]
    [InlineData("X-A", "1\r\nX-Evil: 2")]
    [InlineData("X-A", "1\nX-Evil: 2")]
    [InlineData("X-A\r\nX-Evil", "1")]
    [InlineData("X-A: 1", "2")]
    [InlineData("", "1")]
    [InlineData("X-A", "naïve")]
    [InlineData("Host", "evil.org")]
    [InlineData("Content-Length", "0")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Connection", "close")]
    [InlineData("Proxy-Authorization", "x")]
    [InlineData("Idempotency-Key", "mine")]
    [InlineData("Authorization", "Bearer open")]
    [InlineData("cookie", "a=b")]
    public async Task A_header_that_smuggles_or_is_not_the_callers_is_refused(string name, string value)
    {
        await using RawServer server = RawServer.Start(_ => (200, "", ""));
        (await RefusedAsync(server, c => c with { Headers = new Dictionary<string, string> { [name] = value } })).Should().Be(CallCodes.BadHeader);
        server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_content_type_or_a_secret_with_line_ends_is_refused()
    {
        await using RawServer server = RawServer.Start(_ => (200, "", ""));
        (await RefusedAsync(server, c => c with { Method = "POST", Body = [1], ContentType = "text/plain\r\nX-Evil: 1" })).Should().Be(CallCodes.BadHeader);
        (await RefusedAsync(server, c => c with { SecretHeaders = new Dictionary<string, string> { ["X-Key"] = "no reference" } })).Should().Be(CallCodes.BadHeader);
        File.WriteAllText(folder["api"], "two\nlines");
        (await RefusedAsync(server, c => c with { SecretHeaders = new Dictionary<string, string> { ["X-Key"] = "$api" } }, keepSecret: true)).Should().Be(CallCodes.BadHeader);
        server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_not_read_to_its_end()
    {
        long sent = 0;
        await using RawServer declared = RawServer.Start(async (_, stream, ct) => await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"u8.ToArray(), ct));
        (await RefusedAsync(declared, c => c with { AnswerBytesMax = 1000 })).Should().Be(CallCodes.TooLarge);
        await using RawServer endless = RawServer.Start(async (_, stream, ct) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), ct);
            byte[] block = new byte[65_536];
            while (true)
            {
                await stream.WriteAsync(block, ct);
                sent += block.Length;
            }
        });
        (await RefusedAsync(endless, c => c with { AnswerBytesMax = 100_000 })).Should().Be(CallCodes.TooLarge);
        sent.Should().BeLessThan(50_000_000);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_bomb_is_unpacked_to_the_limit_and_no_further(string encoding)
    {
        byte[] bomb = Packed(encoding, new byte[50_000_000]);
        bomb.Length.Should().BeLessThan(100_000);
        await using RawServer server = RawServer.Start(async (_, stream, ct) => await stream.WriteAsync(RawServer.Answer(200, $"Content-Encoding: {encoding}\r\n", bomb), ct));
        (await RefusedAsync(server)).Should().Be(CallCodes.TooLarge);
        await using RawServer small = RawServer.Start(async (_, stream, ct) => await stream.WriteAsync(RawServer.Answer(200, $"Content-Encoding: {encoding}\r\n", Packed(encoding, "fine"u8.ToArray())), ct));
        Encoding.UTF8.GetString((await CallAsync(small, "/")).Body).Should().Be("fine");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")]
    public async Task An_answer_that_never_comes_or_never_ends_costs_its_time_and_no_more(string says)
    {
        await using RawServer server = RawServer.Start(async (_, stream, ct) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(says), ct);
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        });
        (await RefusedAsync(server, c => c with { Timeout = TimeSpan.FromMilliseconds(300) })).Should().Be(CallCodes.TooSlow);
    }

    [Fact]
    public async Task An_answer_that_drips_does_not_stretch_the_time()
    {
        await using RawServer server = RawServer.Start(async (_, stream, ct) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"u8.ToArray(), ct);
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), ct);
                await Task.Delay(20, ct);
            }
        });
        (await RefusedAsync(server, c => c with { Timeout = TimeSpan.FromMilliseconds(400) })).Should().Be(CallCodes.TooSlow);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/1.1 two hundred\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nshort")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: evil\r\nConnection: upgrade\r\n\r\n")]
    public async Task What_is_no_answer_is_none(string says)
    {
        await using RawServer server = RawServer.Start(async (_, stream, ct) => await stream.WriteAsync(Encoding.ASCII.GetBytes(says), ct));
        string? code = says.Contains(" 101 ", StringComparison.Ordinal)
            ? (await CallAsync(server, "/")).Status == 101 ? CallCodes.NoAnswer : null : await RefusedAsync(server, c => c with { Timeout = TimeSpan.FromSeconds(5) });
        code.Should().Be(CallCodes.NoAnswer);
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        await using RawServer server = RawServer.Start(_ => (200, string.Concat(Enumerable.Range(0, 2_000).Select(i => $"X-{i}: {new string('a', 50)}\r\n")), ""));
        (await RefusedAsync(server)).Should().Be(CallCodes.NoAnswer);
    }

    [Fact]
    public async Task Nobody_there_is_no_answer_and_the_environment_offers_no_way_round()
    {
        await using RawServer proxy = RawServer.Start(_ => (200, "", "from the proxy"));
        await using RawServer server = RawServer.Start(_ => (200, "", "direct"));
        string? before = Environment.GetEnvironmentVariable("http_proxy");
        Environment.SetEnvironmentVariable("http_proxy", $"http://127.0.0.1:{proxy.Port}");
        try
        {
            Encoding.UTF8.GetString((await CallAsync(server, "/")).Body).Should().Be("direct");
            int port = server.Port;
            await server.DisposeAsync();
            (await FluentActions.Awaiting(() => Caller.CallAsync(new("GET", $"http://allowed.test:{port}/"), Settings(port), Ct)).Should().ThrowAsync<ProblemException>())
                .Which.Problem.Code.Should().Be(CallCodes.NoAnswer);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", before);
        }

        proxy.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_body_where_none_belongs_or_too_much_of_it_is_refused()
    {
        await using RawServer server = RawServer.Start(_ => (200, "", ""));
        (await RefusedAsync(server, c => c with { Body = [1] })).Should().Be(CallCodes.BadCall);
        (await RefusedAsync(server, c => c with { Method = "POST", Body = new byte[OutsideCaller.RequestBytesMax + 1] })).Should().Be(CallCodes.TooLarge);
        server.Requests.Should().BeEmpty();
    }

    private static string PortOf(RawRequest request) => request.Headers["Host"].Split(':')[1];

    private static byte[] Packed(string encoding, byte[] bytes)
    {
        using MemoryStream packed = new();
        using (Stream packer = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            _ => new ZLibStream(packed, CompressionLevel.Optimal),
        })
        {
            packer.Write(bytes);
        }

        return packed.ToArray();
    }

    private OutsideCaller Caller => new((host, _) => names.TryGetValue(host, out Queue<IPAddress[]>? answers)
        ? Task.FromResult(answers.Count > 1 ? answers.Dequeue() : answers.Peek())
        : Task.FromResult<IPAddress[]>(host == "allowed.test" ? [IPAddress.Loopback] : []), TimeProvider.System);

    private OutsideSettings Settings(params int[] ports)
    {
        IReadOnlyList<IPNetwork> loopback = [IPNetwork.Parse("127.0.0.1/32")];
        IReadOnlyList<string> methods = ["GET", "POST", "PUT"];
        CallRule Rule(string host, IReadOnlyList<string> secrets) => new(host, ["http"], ports, methods, secrets, loopback);
        return OutsideSettings.Nothing with
        {
            Calls =
            [
                Rule("allowed.test", ["api"]), Rule("rebind.test", []), Rule("inside.test", []), Rule("mixed.test", []), Rule("mapped.test", []), Rule("metadata.test", []),
                Rule("other.test", []),
            ],
            Secrets = new Dictionary<string, SecretSource> { ["api"] = new("api", folder["api"], null) },
        };
    }

    private Task<CallAnswer> CallAsync(RawServer server, string path, Func<CallRequest, CallRequest>? change = null, int furtherPort = 0, bool keepSecret = false)
    {
        if (!keepSecret)
        {
            File.WriteAllText(folder["api"], Token + "\n");
        }

        CallRequest request = new("GET", $"http://allowed.test:{server.Port}{path}") { Timeout = TimeSpan.FromSeconds(20) };
        return Caller.CallAsync(change?.Invoke(request) ?? request, furtherPort == 0 ? Settings(server.Port) : Settings(server.Port, furtherPort), Ct);
    }

    private async Task<string> RefusedAsync(RawServer server, Func<CallRequest, CallRequest>? change = null, int furtherPort = 0, bool keepSecret = false)
    {
        Problem problem = (await FluentActions.Awaiting(() => CallAsync(server, "/", change, furtherPort, keepSecret)).Should().ThrowAsync<ProblemException>()).Which.Problem;
        problem.ToString().Should().NotContain("hunter2").And.NotContain("crown jewels");
        return problem.Code;
    }
}
