using System.Text.Json.Nodes;

namespace Sigmatiq.Tests.App.Commands;

/// <summary>Users and keys by command, and commands in somebody's name.</summary>
public sealed class UsersCommandsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Users_are_added_changed_shut_out_and_listed()
    {
        CommandLineRun added = await OkAsync("users", "add", "ada", "--name", "Ada Vale", "--role", "admin", "--reason", "leads");
        added.Out.Should().Contain("Ada Vale").And.Contain("admin").And.Contain("active");
        await OkAsync("users", "add", "eva", "--role", "viewer", "--reason", "looks");
        await OkAsync("users", "role", "eva", "researcher", "--reason", "works now");
        await OkAsync("users", "plan", "eva", "pro", "--reason", "larger sweeps");
        await OkAsync("users", "disable", "eva", "--reason", "left");
        JsonArray users = JsonNode.Parse((await OkAsync("users", "list", "-o", "json")).Out)!.AsArray();
        users.Select(u => $"{u!["id"]} {u["role"]} {u["plan"]} {u["is_active"]}").Should().Equal("ada admin free true", "eva researcher pro false", "operator operator unlimited true");
        await OkAsync("users", "enable", "eva", "--reason", "back");
        (await OkAsync("users", "sign-out", "eva", "--reason", "to be sure", "-o", "json")).Out.Should().Contain("\"ended\": 0");
        (await OkAsync("users", "sessions", "eva", "-o", "json")).Out.Trim().Should().Be("[]");
        JsonNode.Parse((await OkAsync("users", "rights", "-o", "json")).Out)!.AsArray().Should().HaveCount(9);
        (await OkAsync("audit", "export")).Out.Split('\n').Count(l => l.Contains("user:eva")).Should().Be(5);
    }

    [Theory]
    [InlineData("USR-1007", 1, "disable", "ada", "--reason", "x")]
    [InlineData("USR-1007", 1, "role", "ada", "viewer", "--reason", "x")]
    [InlineData("USR-1001", 2, "disable", "nobody", "--reason", "x")]
    [InlineData("USR-1005", 2, "role", "ada", "root", "--reason", "x")]
    [InlineData("USR-1006", 2, "plan", "ada", "gold", "--reason", "x")]
    [InlineData("USR-1003", 2, "disable", "ada", "--reason", " ")]
    [InlineData("USR-1002", 2, "add", "a/b", "--role", "viewer", "--reason", "x")]
    [InlineData("USR-1004", 1, "add", "ada2", "--name", "ADA", "--role", "viewer", "--reason", "x")]
    [InlineData("USR-1011", 2, "sign-out", "ada", "--session", "none", "--reason", "x")]
    [InlineData("APP-1001", 2, "disable", "ada")]
    public async Task What_cannot_be_is_refused_with_its_code(string code, int exit, params string[] args)
    {
        await OkAsync("users", "add", "ada", "--role", "admin", "--reason", "leads");
        CommandLineRun run = await RunAsync(null, ["users", .. args]);
        (run.ExitCode, run.Error.Contains(code, StringComparison.Ordinal)).Should().Be((exit, true), run.Error);
        run.Out.Should().BeEmpty();
    }

    [Fact]
    public async Task A_link_is_printed_alone_and_names_the_server_that_was_given()
    {
        await OkAsync("users", "add", "ana", "--role", "approver", "--reason", "votes");
        CommandLineRun link = await OkAsync("users", "link", "ana", "--url", "http://127.0.0.1:9999/", "--reason", "first");
        link.Out.Trim().Should().MatchRegex("^http://127\\.0\\.0\\.1:9999/sign-in\\?token=[0-9a-f]{64}$");
        (await OkAsync("users", "link", "ana", "--reason", "again")).Out.Should().StartWith("http://127.0.0.1:8484/sign-in?token=");
        JsonNode.Parse((await OkAsync("users", "link", "ana", "--reason", "json", "-o", "json")).Out)!["user"]!.GetValue<string>().Should().Be("ana");
    }

    [Fact]
    public async Task A_key_is_printed_alone_once_and_a_command_with_it_is_its_owners()
    {
        await OkAsync("users", "add", "rita", "--role", "researcher", "--reason", "works");
        await OkAsync("users", "add", "eva", "--role", "viewer", "--reason", "looks");
        string rita = await KeyAsync("rita", "run"), eva = await KeyAsync("eva", "run", "admin");
        (await RunAsync(rita, "workflows", "trigger", "reapproval", "--param", "sweep=sweep_none", "model=tm_none", "--detach")).ExitCode.Should().Be(0);
        JsonNode run = JsonNode.Parse((await OkAsync("runs", "list", "-o", "json")).Out)![0]!;
        run["requested_by"]!.GetValue<string>().Should().Be("rita");
        string id = run["id"]!.GetValue<string>();
        await RefusedAsync(eva, "USR-1010", "workflows", "trigger", "reapproval", "--param", "sweep=s", "model=m", "--detach");
        await RefusedAsync(eva, "USR-1010", "runs", "cancel", id, "--reason", "x");
        await RefusedAsync(eva, "USR-1010", "users", "add", "bob", "--role", "admin", "--reason", "x");
        await RefusedAsync(rita, "USR-1010", "workflows", "pause", "core_l0_01_ohlcv_backfill", "--reason", "x");
        await RefusedAsync(rita, "KEY-1006", "keys", "make", "more", "--scope", "run", "--reason", "x");
        await RefusedAsync(rita, "KEY-1006", "users", "link", "rita", "--reason", "x");
        await RefusedAsync("sgq_wrong", "KEY-1005", "runs", "cancel", id, "--reason", "x");
        (await RunAsync(rita, "runs", "cancel", id, "--reason", "a slip")).ExitCode.Should().Be(0);

        JsonArray keys = JsonNode.Parse((await OkAsync("keys", "list", "--user", "rita", "-o", "json")).Out)!.AsArray();
        keys.Should().ContainSingle().Which!["last_used_at_utc"]!.GetValue<string>().Should().NotBeEmpty();
        string key = keys[0]!["id"]!.GetValue<string>();
        await RefusedAsync(eva, "USR-1010", "keys", "list");
        await RefusedAsync(eva, "USR-1010", "keys", "revoke", key, "--reason", "x");
        (await RunAsync(rita, "keys", "list", "--user", "rita")).Out.Should().Contain(key).And.NotContain(rita[^64..]);
        (await RunAsync(rita, "keys", "revoke", key, "--reason", "done")).ExitCode.Should().Be(0);
        await RefusedAsync(rita, "KEY-1005", "runs", "cancel", id, "--reason", "x");
    }

    [Theory]
    [InlineData("bootstrap")]
    [InlineData("lifecycle", "run", "--until", "bootstrap")]
    [InlineData("models", "create", "--ticker", "MKT.SYN")]
    [InlineData("packs", "publish", "swingsigma@1.1.0")]
    [InlineData("workflows", "trigger", "reapproval", "--param", "sweep=s", "model=m")]
    [InlineData("workflows", "pause", "core_l0_01_ohlcv_backfill", "--reason", "x")]
    [InlineData("nodes", "drain", "--all")]
    [InlineData("audit", "adopt", "--reason", "x")]
    public async Task A_viewers_key_decides_nothing(params string[] args)
    {
        await OkAsync("users", "add", "eva", "--role", "viewer", "--reason", "looks");
        string eva = await KeyAsync("eva", "read", "run", "vote", "admin");
        CommandLineRun run = await RunAsync(eva, args);
        run.ExitCode.Should().Be(1, run.Error);
        run.Error.Should().Contain("USR-1010");
        JsonNode.Parse((await OkAsync("runs", "list", "-o", "json")).Out)!.AsArray().Should().BeEmpty();
        JsonNode.Parse((await OkAsync("models", "list", "-o", "json")).Out)!.AsArray().Should().BeEmpty();
        (await OkAsync("audit", "export")).Out.Should().NotMatchRegex("\"actor\": ?\"eva\"");
    }

    [Fact]
    public async Task The_scopes_of_a_key_hold_for_commands_too()
    {
        await OkAsync("users", "add", "ada", "--role", "admin", "--reason", "leads");
        string votes = await KeyAsync("ada", "vote"), decides = await KeyAsync("ada", "admin");
        await RefusedAsync(votes, "KEY-1008", "users", "add", "bob", "--role", "viewer", "--reason", "x");
        (await RunAsync(decides, "users", "add", "bob", "--role", "viewer", "--reason", "joins")).ExitCode.Should().Be(0);
        (await OkAsync("audit", "export")).Out.Split('\n').Single(l => l.Contains("user:bob")).Should().Contain("\"ada\"");
    }

    [Fact]
    public async Task The_plan_of_the_keys_owner_caps_a_sweep_and_cannot_be_lifted_by_an_option()
    {
        await OkAsync("users", "add", "rita", "--role", "researcher", "--plan", "free", "--reason", "works");
        string rita = await KeyAsync("rita", "run");
        (await RunAsync(rita, "models", "create", "--ticker", "MKT.SYN")).ExitCode.Should().Be(0);
        foreach (string[] more in (string[][])[[], ["--caps", "unlimited"]])
        {
            CommandLineRun refused = await RunAsync(rita, ["sweeps", "plan", "--vary", "rsi_period=10,14", .. more]);
            (refused.ExitCode, refused.Error.Contains("SWS-1004", StringComparison.Ordinal)).Should().Be((2, true), refused.Error);
        }
    }

    private async Task<string> KeyAsync(string user, params string[] scopes)
    {
        CommandLineRun made = await OkAsync(["keys", "make", "test", "--user", user, "--scope", .. scopes, "--reason", "a test"]);
        made.Out.TrimEnd().Should().MatchRegex("^sgq_[0-9a-f]{12}_[0-9a-f]{64}$");
        return made.Out.TrimEnd();
    }

    private async Task RefusedAsync(string key, string code, params string[] args)
    {
        CommandLineRun run = await RunAsync(key, args);
        (run.ExitCode, run.Error.Contains(code, StringComparison.Ordinal)).Should().Be((1, true), $"{string.Join(' ', args)}: {run.Error}");
    }

    private async Task<CommandLineRun> OkAsync(params string[] args)
    {
        CommandLineRun run = await RunAsync(null, args);
        run.ExitCode.Should().Be(0, run.Error);
        return run;
    }

    private Task<CommandLineRun> RunAsync(string? key, params string[] args) => CommandLineRun.OfAsync(key, [.. args, "--data", folder["data"]], Ct);
}
