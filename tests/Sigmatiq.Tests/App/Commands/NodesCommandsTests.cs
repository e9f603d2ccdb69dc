namespace Sigmatiq.Tests.App.Commands;

public sealed class NodesCommandsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("CLU-1006", "nodes", "drain")]
    [InlineData("CLU-1006", "nodes", "drain", "w1", "--all")]
    [InlineData("CLU-1003", "nodes", "drain", "w1")]
    [InlineData("CLU-1004", "serve", "--roles", "worker,boss")]
    [InlineData("CLU-1007", "serve", "--roles", "worker")]
    [InlineData("CLU-1007", "serve", "--node", "w1")]
    public async Task What_makes_no_sense_is_refused(string code, params string[] args)
    {
        await CommandLineRun.MakeStoreAsync(folder["data"], TestContext.Current.CancellationToken);
        CommandLineRun run = await CommandLineRun.OfAsync([.. args, "--data", folder["data"]], TestContext.Current.CancellationToken);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain(code);
    }

    [Fact]
    public async Task A_local_store_has_no_nodes()
    {
        await CommandLineRun.MakeStoreAsync(folder["data"], TestContext.Current.CancellationToken);
        CommandLineRun run = await CommandLineRun.OfAsync(["nodes", "list", "--output", "json", "--data", folder["data"]], TestContext.Current.CancellationToken);
        (run.ExitCode, run.Out.Trim()).Should().Be((0, "[]"));
    }
}
