using Sigmatiq.App.Commands;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.App.Commands;

public sealed class PipelineCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("backtest", 2, 3, 4)]
    [InlineData("production", 6)]
    [InlineData("both", 2, 3, 4, 6)]
    [Trait("Row", "S2-23")]
    public void Each_phase_has_its_stages(string phase, params int[] stages) => PipelineCommand.StagesOf(phase).Should().Equal(stages);

    [Theory]
    [InlineData("smart_simple_v11", "APP-1142")]
    [InlineData("forecast_vt_trailing", "APP-1142")]
    [InlineData("pack:nothing", "APP-1143")]
    [InlineData("nothing", "APP-1143")]
    public async Task A_strategy_that_is_none_or_comes_later_is_refused(string strategy, string code)
    {
        await CommandLineRun.MakeStoreAsync(folder.Path, Ct);
        CommandLineRun refused = await RunAsync(strategy, "--phase", "backtest");
        (refused.ExitCode, refused.Error.Contains(code)).Should().Be((2, true), refused.Error);
    }

    [Fact]
    public async Task A_strategys_own_pipeline_is_another_way_to_say_the_same()
    {
        await CommandLineRun.MakeStoreAsync(folder.Path, Ct);
        CommandLineRun said = await RunAsync("pack:nothing", "--phase", "backtest");
        CommandLineRun alias = await CommandLineRun.OfAsync(["pack:nothing_pipeline", "--phase", "backtest", "--data", folder.Path], Ct);
        (alias.ExitCode, alias.Error).Should().Be((said.ExitCode, said.Error));
        (await CommandLineRun.OfAsync(["_pipeline"], Ct)).ExitCode.Should().Be(2);
    }

    [Fact]
    public void A_wish_changes_the_parameters_that_it_names_and_refuses_what_means_nothing()
    {
        Sigmatiq.Workflows.Definitions.WorkflowDefinition workflow = Sigmatiq.Workflows.Definitions.WorkflowYaml.Parse(
            "workflow: w\nversion: 1.0.0\nsummary: s\nparameters: { to: { type: date, default: null }, select: { type: int, default: 2 } }\nsteps: { one: { uses: test.use } }\n", "w.yaml",
            new Sigmatiq.Tests.Workflows.TestSteps().Kinds).Value;
        File.WriteAllText(folder["config.yaml"], "select: 3\n");
        PipelineWish wish = new("backtest", false, false, 2023, folder["config.yaml"], null);
        wish.Parameters(workflow, new() { ["select"] = 2, ["to"] = "2024-06-28" }).ToJsonString().Should().Be("""{"select":3,"to":"2023-12-31"}""");
        File.WriteAllText(folder["list.yaml"], "- 3\n");
        foreach (PipelineWish bad in new[] { wish with { Year = 1066 }, wish with { ConfigFile = folder["none.yaml"] }, wish with { ConfigFile = folder["list.yaml"] } })
        {
            FluentActions.Invoking(() => bad.Parameters(workflow, [])).Should().Throw<Sigmatiq.Store.Errors.ProblemException>().Which.Problem.Code.Should().Be("APP-1146");
        }
    }

    [Fact]
    [Trait("Row", "S2-18")]
    public async Task Production_is_refused_with_exit_3_until_it_is_approved()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder.Path), TimeProvider.System, Ct);
        await File.WriteAllTextAsync(folder["evidence.json"], "{}", Ct);
        AuditChain audit = new(TimeProvider.System, new(Environment.GetEnvironmentVariable(AuditSeal.KeyVariable)!, folder.Path));
        ApprovalService approvals = new(rows, new(folder.Path), audit, TimeProvider.System, Some.FindAsync, (_, _, _) => Task.CompletedTask);
        Approval asked = await approvals.AskAsync(Some.Approval(TimeProvider.System.GetUtcNow(), [new("evidence.json", ContentHash.OfFile(folder["evidence.json"]).Hex)]), Ct);
        string strategy = "pack:" + asked.Subject.StrategyId;
        CommandLineRun shown = await CommandLineRun.OfAsync(["approvals", "show", "--data", folder.Path], Ct), list = await CommandLineRun.OfAsync(["approvals", "list", "--data", folder.Path], Ct);
        (shown.Out.Contains(strategy, StringComparison.Ordinal), list.Out.Contains(strategy, StringComparison.Ordinal)).Should().Be((true, true), shown.Out + list.Out);
        CommandLineRun both = await RunAsync(strategy, "--reset-approval", "--reason", "new data", "--phase", "backtest", "--seed", "3");
        (both.ExitCode, both.Error.Contains("APP-1148", StringComparison.Ordinal)).Should().Be((2, true), both.Error);
        both.Error.Should().Contain("--phase and --seed");
        CommandLineRun refused = await RunAsync(strategy, "--phase", "production");
        (refused.ExitCode, refused.Error.Contains("APP-1144")).Should().Be((3, true), refused.Error);

        // Its run was not one that made evidence: nothing to evaluate gates from.
        CommandLineRun reset = await RunAsync(strategy, "--reset-approval", "--reason", "new data");
        reset.ExitCode.Should().NotBe(0);
        (await approvals.GetAsync(asked.Id, Ct)).Status.Should().Be(ApprovalStatus.PendingApproval);
    }

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.OfAsync(["pipeline", .. args, "--data", folder.Path], Ct);
}
