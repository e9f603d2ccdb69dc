using System.Text.Json.Nodes;

namespace Sigmatiq.Tests.App.Commands;

public sealed class BackupCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_is_backed_up_and_restored_by_command_and_opens()
    {
        await CommandLineRun.MakeStoreAsync(folder["data"], Ct);
        CommandLineRun made = await RunAsync("data", "backup", folder["copy.tar.gz"], "--output", "json");
        made.ExitCode.Should().Be(0, made.Error);
        made.Error.Should().Contain("audit.key", "what is not in the backup is said");
        CommandLineRun restored = await RunAsync("new", "restore", folder["copy.tar.gz"], "--output", "json");
        restored.ExitCode.Should().Be(0, restored.Error);
        JsonNode was = JsonNode.Parse(made.Out)!, now = JsonNode.Parse(restored.Out)!;
        now["id"]!.GetValue<string>().Should().Be(was["id"]!.GetValue<string>());
        (now["rows"]!.GetValue<long>(), now["open_runs"]!.GetValue<int>(), now["audit_intact"]!.GetValue<bool>()).Should().Be((was["rows"]!.GetValue<long>(), 0, true));
        (await RunAsync("new", "models", "list")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task What_is_decided_in_a_restored_copy_and_in_the_original_is_no_alarm_in_the_other()
    {
        using TemporaryFolder settings = new();
        async Task<CommandLineRun> DoAsync(string data, params string[] args)
        {
            CommandLineRun run = await RunAsync(data, [.. args, "--audit-key", settings["audit.key"]]);
            run.ExitCode.Should().Be(0, run.Error);
            return run;
        }

        string[] decide = ["workflows", "pause", "forecast_h1_l6_paper_monitor", "--reason", "a rehearsal"];
        await DoAsync("data", decide);
        await DoAsync("data", "backup", folder["copy.tar.gz"]);
        await DoAsync("copy", "restore", folder["copy.tar.gz"]);
        await DoAsync("copy", "workflows", "unpause", "forecast_h1_l6_paper_monitor", "--reason", "tried");
        await DoAsync("copy", decide);
        await DoAsync("data", "workflows", "unpause", "forecast_h1_l6_paper_monitor", "--reason", "production goes on");
        await DoAsync("copy", "audit", "verify");
        await DoAsync("data", "audit", "verify");
        (await DoAsync("copy", "audit", "export")).Out.Should().Contain("audit.restored").And.Contain("restored from backup");
    }

    [Fact]
    public async Task A_store_moves_to_a_server_and_back_by_command()
    {
        await using PrivateDatabase database = await (await PrivatePostgres.RunningAsync()).NewDatabaseAsync(empty: true);
        await CommandLineRun.MakeStoreAsync(folder["data"], Ct);
        (await RunAsync("data", "backup", folder["local.tar.gz"])).ExitCode.Should().Be(0);
        CommandLineRun moved = await RunAsync("shared", "restore", folder["local.tar.gz"], "--store", database.Url, "--output", "json");
        moved.ExitCode.Should().Be(0, moved.Error);
        (JsonNode.Parse(moved.Out)!["audit_intact"]!.GetValue<bool>(), File.Exists(folder["shared", "sigmatiq.db"])).Should().Be((true, false));
        (await RunAsync("shared", "models", "list", "--store", database.Url)).ExitCode.Should().Be(0);
        CommandLineRun back = await RunAsync("shared", "backup", folder["server.tar.gz"], "--store", database.Url, "--output", "json");
        back.ExitCode.Should().Be(0, back.Error);
        CommandLineRun local = await RunAsync("local", "restore", folder["server.tar.gz"], "--output", "json");
        (local.ExitCode, JsonNode.Parse(local.Out)!["rows"]!.GetValue<long>()).Should().Be((0, JsonNode.Parse(back.Out)!["rows"]!.GetValue<long>()), local.Error);
    }

    [Fact]
    public async Task What_cannot_be_backed_up_or_restored_is_refused()
    {
        CommandLineRun none = await RunAsync("data", "backup", folder["copy.tar.gz"]);
        (none.ExitCode, none.Error.Contains("APP-1150", StringComparison.Ordinal)).Should().Be((2, true), none.Error);
        Directory.Exists(folder["data"]).Should().BeFalse("nothing is made for what is not there");
        await CommandLineRun.MakeStoreAsync(folder["data"], Ct);
        CommandLineRun nowhere = await RunAsync("data", "backup", folder["no", "copy.tar.gz"]);
        (nowhere.ExitCode, nowhere.Error.Contains("APP-1006", StringComparison.Ordinal)).Should().Be((2, true), nowhere.Error);
        File.WriteAllText(folder["other.tar.gz"], "other");
        CommandLineRun other = await RunAsync("new", "restore", folder["other.tar.gz"]);
        (other.ExitCode, other.Error.Contains("STO-6002", StringComparison.Ordinal)).Should().Be((4, true), other.Error);
        Directory.Exists(folder["new"]).Should().BeFalse();
    }

    private Task<CommandLineRun> RunAsync(string data, params string[] args) => CommandLineRun.OfAsync([.. args, "--data", folder[data]], Ct);

    public void Dispose() => folder.Dispose();
}
