using System.Diagnostics;
using System.Text.RegularExpressions;
using Sigmatiq.App;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Whoever copies an example of docs/api.md gets an answer: every block of the page is run by the shell, with curl, against a server.</summary>
public sealed partial class ApiPageTests
{
    private const string MetricsToken = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_example_of_the_page_runs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/curl"), "needs curl");
        await using SweptRoom swept = await SweptRoom.StartAsync(Ct, MetricsToken);
        Platform platform = swept.Room.Platform;
        RunId run = await platform.Engine.Requests.StartAsync(new(platform.Workflows.Load("lifecycle"), new() { ["ticker"] = "MKT.SYN" }, "operator"), Ct);
        using TemporaryFolder folder = new();

        // An answer that is not what the page promises must end the block: curl itself goes on after a refusal.
        Directory.CreateDirectory(folder["bin"]);
        await File.WriteAllTextAsync(folder["bin/curl"], "#!/bin/sh\nexec /usr/bin/curl --fail-with-body --max-time 30 \"$@\"\n", Ct);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["bin/curl"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        string page = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "api.md"), Ct);
        string[] blocks = [.. Block().Matches(page).Select(m => m.Groups[1].Value)];
        blocks.Should().HaveCountGreaterThan(6).And.OnlyContain(b => b.Contains("curl "));
        string address = swept.Room.Running.Server.Address.GetLeftPart(UriPartial.Authority);
        ProcessStartInfo start = new("/bin/bash", ["-e", "-u", "-o", "pipefail", "-c", string.Join('\n', blocks)])
        {
            WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["PATH"] = folder["bin"] + ":" + Environment.GetEnvironmentVariable("PATH"), ["SIGMATIQ"] = address, ["SWEEP"] = swept.Sweep.SweepId, ["MODEL"] = "syn", ["RUN"] = run.Value,
                ["LINK"] = $"{address}/sign-in?token={await swept.Room.Running.People.NewLinkAsync(Ct)}", ["METRICS_TOKEN"] = MetricsToken,
            },
        };
        using Process shell = Process.Start(start)!;
        Task<string> said = shell.StandardOutput.ReadToEndAsync(Ct), failed = shell.StandardError.ReadToEndAsync(Ct);
        await shell.WaitForExitAsync(Ct);
        string shown = await said;
        shell.ExitCode.Should().Be(0, $"{await failed}\n{shown[^Math.Min(2000, shown.Length)..]}");
        shown.Should().Contain("\"sharpe_ratio\":[").And.Contain("sigmatiq_runs{state=").And.Contain("\"intact\":true").And.Contain("\"valid\":true");
        new FileInfo(folder["leaderboard.parquet"]).Length.Should().BePositive();
        File.ReadAllBytes(folder["leaderboard.parquet"]).AsSpan(0, 4).SequenceEqual("PAR1"u8).Should().BeTrue();
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
