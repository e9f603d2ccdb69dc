using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.App.Commands;

public sealed class OutboxCommandsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Without_settings_messages_wait_and_the_command_says_where_to_write_them()
    {
        await EnqueueAsync("k1");
        CommandLineRun list = await RunAsync("outbox", "list", "-o", "json");
        JsonNode waiting = JsonNode.Parse(list.Out)!.AsArray().Should().ContainSingle().Subject!;
        (waiting["id"]!.GetValue<string>(), waiting["status"]!.GetValue<string>()).Should().Be(("k1", "waiting"));
        list.Error.Should().Contain("outside.yaml");
        CommandLineRun deliver = await RunAsync("outbox", "deliver");
        (deliver.ExitCode, deliver.Error.Contains("OUT-1013", StringComparison.Ordinal)).Should().Be((1, true));
    }

    [Fact]
    public async Task A_message_is_delivered_by_command_and_then_listed_only_with_all()
    {
        await EnqueueAsync("k1");
        await EnqueueAsync("k2", "nobody.cares");
        File.WriteAllText(folder["elsewhere.yaml"], "channels: { log: { type: file, path: n.jsonl } }\nroutes: [ { kinds: ['alert.*'], channels: [log] } ]\n");
        CommandLineRun deliver = await RunAsync("outbox", "deliver", "--outside", folder["elsewhere.yaml"], "-o", "json");
        (JsonNode.Parse(deliver.Out)!["delivered"]!.GetValue<int>(), File.ReadAllLines(folder["n.jsonl"]).Length).Should().Be((1, 1));
        JsonNode.Parse((await RunAsync("outbox", "list", "-o", "json")).Out)!.AsArray().Should().BeEmpty();
        JsonNode.Parse((await RunAsync("outbox", "list", "--all", "-o", "json")).Out)!.AsArray().Select(m => $"{m!["id"]} {m["status"]}").Should().BeEquivalentTo("k1 delivered", "k2 unwanted");
        CommandLineRun retry = await RunAsync("outbox", "retry", "k1");
        (retry.ExitCode, retry.Error.Contains("OUT-1012", StringComparison.Ordinal)).Should().Be((2, true));
    }

    [Fact]
    public async Task What_was_given_up_is_sent_again_by_command()
    {
        await EnqueueAsync("k1");
        File.WriteAllText(folder["blocked"], "a file where the folder should be");
        File.WriteAllText(folder["outside.yaml"], "channels: { log: { type: file, path: blocked/n.jsonl } }\nroutes: [ { kinds: ['*'], channels: [log] } ]\ngive_up: { attempts: 1 }\n");
        (await RunAsync("outbox", "deliver")).ExitCode.Should().Be(0);
        (await RunAsync("outbox", "list")).Out.Should().Contain("given_up").And.Contain("cannot be written");
        File.Delete(folder["blocked"]);
        JsonNode.Parse((await RunAsync("outbox", "retry", "-o", "json")).Out)!["delivered"]!.GetValue<int>().Should().Be(1);
        File.ReadAllLines(folder["blocked/n.jsonl"]).Should().ContainSingle();
    }

    [Fact]
    public async Task Settings_that_are_wrong_are_refused_with_their_place()
    {
        await CommandLineRun.MakeStoreAsync(folder.Path, Ct);
        File.WriteAllText(folder["outside.yaml"], "channels:\n  log: { type: pigeon }\n");
        CommandLineRun run = await RunAsync("outbox", "deliver", "-o", "json");
        (run.ExitCode, JsonNode.Parse(run.Error)!["code"]!.GetValue<string>(), JsonNode.Parse(run.Error)!["where"]!.GetValue<string>()).Should()
            .Be((2, "OUT-1001", folder["outside.yaml"] + ":2:16"));
    }

    private async Task EnqueueAsync(string key, string kind = "alert.test")
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder.Path), TimeProvider.System, Ct);
        OutboxQueue outbox = new(rows, TimeProvider.System);
        await rows.InTransactionAsync(tx => outbox.EnqueueAsync(tx, key, kind, new JsonObject { ["title"] = key }, Ct), Ct);
    }

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.OfAsync([.. args, "--data", folder.Path], Ct);
}
