using System.Text.Json.Nodes;
using Sigmatiq.App.Commands;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Workflows;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.App.Commands;

public sealed class WorkflowsCommandsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-workflows-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("workflow: a\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: no.such } }\n", "WFL-1002", ":4:23")]
    [InlineData("workflow: [", "WFL-1001", ":2:1")]
    public async Task A_broken_file_is_refused_with_code_place_and_remedy(string yaml, string code, string place)
    {
        string file = Path.Combine(folder.FullName, "broken.yaml");
        await File.WriteAllTextAsync(file, yaml, TestContext.Current.CancellationToken);
        CommandLineRun run = await RunAsync("workflows", "validate", file, "--output", "json");
        run.ExitCode.Should().Be(2);
        JsonNode error = JsonNode.Parse(run.Error)!;
        error["code"]!.GetValue<string>().Should().Be(code);
        error["where"]!.GetValue<string>().Should().Be(file + place);
        error["remedy"]!.GetValue<string>().Should().NotBeEmpty();
    }

    [Fact]
    public async Task The_lifecycle_is_listed_shown_valid_and_passes_its_own_tests()
    {
        JsonNode.Parse((await RunAsync("workflows", "list", "-o", "json")).Out)!.AsArray()
            .Single(w => w!["id"]!.GetValue<string>() == "lifecycle")!["problems"]!.AsArray().Should().BeEmpty();
        JsonNode.Parse((await RunAsync("workflows", "show", "lifecycle", "-o", "json")).Out)!["steps"]!.AsArray().Should().HaveCount(9);
        (await RunAsync("workflows", "validate", "lifecycle@1.0.0")).ExitCode.Should().Be(0);
        CommandLineRun tested = await RunAsync("dags", "test", "lifecycle");
        tested.ExitCode.Should().Be(0, tested.Error);
        tested.Out.Should().Contain("a rejection deploys nothing").And.NotContain("failed");
    }

    [Theory]
    [InlineData("show")]
    [InlineData("trigger")]
    [InlineData("test")]
    [InlineData("validate")]
    public async Task A_workflow_that_is_not_there_is_refused(string verb)
    {
        CommandLineRun run = await RunAsync("dags", verb, "no_such_workflow");
        (run.ExitCode, run.Error.Contains("WFL-1012", StringComparison.Ordinal)).Should().Be((2, true));
    }

    [Fact]
    public void Parameters_are_read_by_the_types_of_the_workflow()
    {
        WorkflowDefinition workflow = new TestSteps().Workflow("""
            workflow: a
            version: 1.0.0
            summary: s
            parameters: { n: { type: int, default: 1 }, t: { type: text, default: x }, m: { type: map, default: {} }, b: { type: bool, default: true } }
            steps: { one: { uses: test.use } }
            """);
        WorkflowsCommands.Parameters(workflow, ["n=3", "t=3", "m={\"a\":1}", "b=false"]).ToJsonString().Should().Be("""{"n":3,"t":"3","m":{"a":1},"b":false}""");
        Code(["n=three"]).Should().Be(WorkflowCodes.BadParameter);
        Code(["n"]).Should().Be(WorkflowCodes.BadParameter);
        Code(["z=1"]).Should().Be(WorkflowCodes.UnknownParameter);

        string Code(string[] pairs) => FluentActions.Invoking(() => WorkflowsCommands.Parameters(workflow, pairs)).Should().Throw<ProblemException>().Which.Problem.Code;
    }

    private Task<CommandLineRun> RunAsync(params string[] args) =>
        CommandLineRun.OfAsync([.. args, "--data", Path.Combine(folder.FullName, "data")], TestContext.Current.CancellationToken);
}
