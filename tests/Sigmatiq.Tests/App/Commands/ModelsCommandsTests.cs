using System.Text.Json.Nodes;
using Sigmatiq.Store;

namespace Sigmatiq.Tests.App.Commands;

/// <summary>What a model may become by command, as over HTTP.</summary>
public sealed class ModelsCommandsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_is_changed_by_a_file_retired_with_a_reason_and_restored()
    {
        using TemporaryFolder folder = new();
        string file = folder["model.json"];
        JsonObject request = new()
        {
            ["model_id"] = "m", ["pack_id"] = "swingsigma", ["pack_version"] = "1.1.0", ["user_id"] = "operator", ["name"] = "M", ["ticker"] = "MKT.SYN", ["selected_indicators"] = new JsonArray("rsi"),
            ["parameter_overrides"] = new JsonObject { ["stop_loss_pct"] = 6 },
        };
        async Task<CommandLineRun> RunAsync(params string[] args) => await CommandLineRun.OfAsync([.. args, "--data", folder.Path, "-o", "json"], Token);
        await File.WriteAllTextAsync(file, request.ToJsonString(), Token);
        CommandLineRun made = await RunAsync("models", "create", "--request", file);
        made.ExitCode.Should().Be(0, made.Error);
        request["parameter_overrides"]!["stop_loss_pct"] = 5;
        await File.WriteAllTextAsync(file, request.ToJsonString(), Token);
        CommandLineRun changed = await RunAsync("models", "change", file);
        changed.ExitCode.Should().Be(0, changed.Error);
        JsonNode.Parse(changed.Out)!["config_version"]!.GetValue<int>().Should().Be(2);
        (await File.ReadAllTextAsync(folder["models", "operator", "m", "config.v1.yaml"], Token)).Should().Contain("stop_loss_pct: 6");
        (await File.ReadAllTextAsync(folder["models", "operator", "m", "config.yaml"], Token)).Should().Contain("stop_loss_pct: 5");

        CommandLineRun retired = await RunAsync("models", "retire", "m", "--reason", "superseded");
        JsonNode.Parse(retired.Out)!["model"]!["status"]!.GetValue<string>().Should().Be("retired", retired.Error);
        (await RunAsync("models", "change", file)).Error.Should().Contain("MDL-1014");
        (await RunAsync("sweeps", "run", "--model", "m")).Error.Should().Contain("MDL-1014");
        CommandLineRun restored = await RunAsync("models", "restore", "m");
        JsonNode.Parse(restored.Out)!["model"]!["next_step"]!.GetValue<string>().Should().Be("configure_sweep", restored.Error);
        (await RunAsync("models", "retire", "nosuch")).Error.Should().Contain("MDL-1009");
    }
}
