using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;

namespace Sigmatiq.Tests.App.Commands;

public sealed class ServeCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://0.0.0.0:8484", 2, "APP-1004")]
    [InlineData("http://192.168.1.4:8484", 2, "APP-1004")]
    [InlineData("https://127.0.0.1:8484", 2, "APP-1003")]
    [InlineData("8484", 2, "APP-1003")]
    public async Task Only_a_loopback_address_is_served(string url, int exit, string code)
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = await CommandLineRun.OfAsync(["serve", "--data", folder.Path, "--urls", url], Token);
        run.ExitCode.Should().Be(exit);
        run.Error.Should().StartWith(code);
        run.Out.Should().BeEmpty();
    }

    [Fact]
    public async Task A_port_that_was_asked_for_and_is_taken_is_refused()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        using var folder = new TemporaryFolder();
        CommandLineRun run = await CommandLineRun.OfAsync(["serve", "--data", folder.Path, "--urls", $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}"], Token);
        run.ExitCode.Should().Be(1);
        run.Error.Should().StartWith("APP-1005");
    }

    [Fact]
    public async Task Without_a_wish_the_next_free_port_is_taken()
    {
        await using RunningServer any = await RunningServer.StartAsync(Token);
        await using WebServer first = await StartAsync(any), second = await StartAsync(any);
        first.Address.Port.Should().BeGreaterThanOrEqualTo(8484);
        second.Address.Port.Should().BeGreaterThan(first.Address.Port);
        second.Address.Host.Should().Be("127.0.0.1");

        static Task<WebServer> StartAsync(RunningServer any) => WebServer.StartAsync(null, any.People, (_, _) => Task.FromResult(any.View),
            (_, _, _, _, _, _) => Task.CompletedTask, [], any.Rows, TimeProvider.System, NullLoggerFactory.Instance, Token);
    }

    [Fact]
    public async Task A_file_of_what_may_be_reached_outside_that_is_named_must_be_there_and_the_doctor_reads_it()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun missing = await CommandLineRun.OfAsync(["serve", "--data", folder["data"], "--outside", folder["none.yaml"]], Token);
        (missing.ExitCode, missing.Error.StartsWith($"APP-1149 at {folder["none.yaml"]}", StringComparison.Ordinal)).Should().Be((2, true), missing.Error);
        (await DoctorAsync("--outside", folder["none.yaml"])).Should().Contain("APP-1149");
        File.WriteAllText(folder["outside.yaml"], "channels:\n  log: { type: pigeon }\n");
        (await DoctorAsync()).Should().Contain("OUT-1001").And.Contain("outside.yaml:2:16");
        File.WriteAllText(folder["outside.yaml"], "channels: { log: { type: file, path: n.jsonl } }\n");
        (await DoctorAsync()).Should().NotContain("OUT-");

        async Task<string> DoctorAsync(params string[] args) => (await CommandLineRun.OfAsync(["doctor", "--data", folder.Path, "-o", "json", .. args], Token)).Out;
    }

    [Fact]
    public async Task A_store_that_the_program_cannot_open_is_refused()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = await CommandLineRun.OfAsync(["serve", "--data", folder.Path, "--store", "oracle:somewhere"], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith("APP-1002 at --store");
    }
}
