using System.Text.Json.Nodes;

namespace Sigmatiq.Tests.App.Commands;

public sealed class PruneCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_dry_run_shows_a_token_and_a_commit_needs_it_and_a_reason()
    {
        await CommandLineRun.MakeStoreAsync(folder["data"], TestContext.Current.CancellationToken);
        CommandLineRun shown = await RunAsync("prune", "--dry-run", "--output", "json");
        shown.ExitCode.Should().Be(0, shown.Error);
        JsonNode plan = JsonNode.Parse(shown.Out)!;
        (plan["committed"]!.GetValue<bool>(), plan["runs"]!.AsArray().Count).Should().Be((false, 0));
        string token = plan["token"]!.GetValue<string>();
        CommandLineRun silent = await RunAsync("prune", "--commit", token);
        (silent.ExitCode, silent.Error.Contains("STO-6103", StringComparison.Ordinal)).Should().Be((2, true), silent.Error);
        CommandLineRun other = await RunAsync("prune", "--commit", "000000000000", "--reason", "space");
        (other.ExitCode, other.Error.Contains("STO-6102", StringComparison.Ordinal)).Should().Be((2, true), other.Error);
        (await RunAsync("prune", "--commit", token, "--reason", "space")).ExitCode.Should().Be(0);
        CommandLineRun none = await RunAsync("prune", "--policy", folder["none.yaml"]);
        (none.ExitCode, none.Error.Contains("STO-6101", StringComparison.Ordinal)).Should().Be((2, true), none.Error);
    }

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.OfAsync([.. args, "--data", folder["data"]], TestContext.Current.CancellationToken);

    public void Dispose() => folder.Dispose();
}
