using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Engine;

/// <summary>Fan-out over lists and grids with its bound, which failures are tried again, and full groups.</summary>
public abstract class FanOutTests
{
    private const string Grid = """
        workflow: grid
        version: 1.0.0
        summary: Every combination once
        parameters:
          slow: { type: list, items: int, default: [50, 100] }
        steps:
          each:
            uses: test.use
            for_each: { grid: { side: [long, short], slow: "{params.slow}", exit: [a, b, c] }, as: point, max_parallel: 4, max: 12 }
            with: { snapshot: "{point.side} {point.slow} {point.exit}" }
        """;

    private readonly TestSteps steps = new();

    [Fact]
    public async Task A_grid_gives_every_combination_in_the_order_of_the_file_the_last_axis_first()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunState state = await room.DriveAsync(await room.StartAsync(Grid));
        state.Status.Should().Be(RunStatus.Completed);
        state.Step("each").Instances.Select(i => i.Input["snapshot"]!.GetValue<string>()).Should().Equal(
            "long 50 a", "long 50 b", "long 50 c", "long 100 a", "long 100 b", "long 100 c",
            "short 50 a", "short 50 b", "short 50 c", "short 100 a", "short 100 b", "short 100 c");
    }

    [Fact]
    public async Task A_fan_out_that_is_known_only_in_the_run_is_refused_as_a_whole_where_it_is_too_large()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunState state = await room.DriveAsync(await room.StartAsync(Grid, """{ "slow": [1, 2, 3] }"""));
        state.Status.Should().Be(RunStatus.Failed);
        state.Step("each").Reason.Should().Contain(WorkflowCodes.TooManyItems).And.Contain("18 items, 12 are allowed");
        steps.Begun.Should().BeEmpty();
    }

    [Theory]
    [InlineData("max: 12", "max: 5", true)]
    [InlineData("slow: \"{params.slow}\"", "slow: [1, 2, 3]", true)]
    [InlineData("slow: \"{params.slow}\"", "slow: [1, 2]", false)]
    public void A_fan_out_that_stands_in_the_file_is_counted_when_it_is_loaded(string right, string wrong, bool refused)
    {
        ParseResult<WorkflowDefinition> parsed = Parse(Grid.Replace(right, wrong).Replace("slow: \"{params.slow}\"", "slow: [50, 100]"));
        parsed.IsOk.Should().Be(!refused);
        parsed.Problems.Select(p => (p.Code, p.Where)).Should().Equal(refused ? [(WorkflowCodes.TooManyItems, "grid.yaml:9:15")] : []);
    }

    [Theory]
    [InlineData("grid: { side: [long, short], slow: \"{params.slow}\", exit: [a, b, c] }", "grid: {}", WorkflowCodes.BadValue)]
    [InlineData("grid: { side: [long, short]", "in: [1], grid: { side: [long, short]", WorkflowCodes.BadValue)]
    [InlineData("exit: [a, b, c]", "exit: a", WorkflowCodes.TypeMismatch)]
    [InlineData("{point.exit}", "{point.entry}", WorkflowCodes.UnknownField)]
    [InlineData("max: 12", "max: 10001", WorkflowCodes.BadValue)]
    [InlineData("snapshot: \"{point.side} {point.slow} {point.exit}\"", "snapshot: \"{point.slow}\"", WorkflowCodes.TypeMismatch)]
    public void A_grid_is_checked_when_it_is_loaded(string right, string wrong, string code)
    {
        Grid.Should().Contain(right);
        Parse(Grid.Replace(right, wrong)).Problems.Select(p => p.Code).Should().Contain(code);
    }

    [Fact]
    public void The_order_of_axes_is_content_since_it_says_which_combination_is_which_item() =>
        steps.Workflow(Grid.Replace("side: [long, short], ", "").Replace("exit: [a, b, c]", "exit: [a, b, c], side: [long, short]")).Hash
            .Should().NotBe(steps.Workflow(Grid).Hash);

    [Fact]
    public void A_grid_that_would_fill_any_memory_is_counted_and_not_made()
    {
        var axes = Enumerable.Range(0, 12).Select(i => KeyValuePair.Create($"a{i}", (Template)new Template.Constant(new JsonArray([.. Enumerable.Range(0, 1000).Select(v => JsonValue.Create(v))]))));
        FluentActions.Invoking(() => new ForEachSpec(new Template.Grid([.. axes]), "x", 1).Items(_ => null))
            .Should().Throw<ExpressionException>().Which.Code.Should().Be(WorkflowCodes.TooManyItems);
    }

    [Theory]
    [InlineData("[source_unavailable]", "TST-0007", RunStatus.Completed)]
    [InlineData("[TST-0007]", "TST-0007", RunStatus.Completed)]
    [InlineData("[TST-0008, timeout]", "TST-0007", RunStatus.Failed)]
    public async Task What_is_tried_again_is_said_by_category_or_by_code(string on, string code, RunStatus end)
    {
        steps.On("one", context => context.Attempt == 1 ? TestSteps.Unavailable(code) : null);
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId run = await room.StartAsync($$"""
            workflow: again
            version: 1.0.0
            summary: Tries again
            steps:
              one: { uses: test.use, retry: { attempts: 2, backoff: fixed, first: 1s, on: {{on}} } }
            """);
        (await room.WhileTimePassesAsync(room.DriveAsync(run), TimeSpan.FromSeconds(1))).Status.Should().Be(end);
    }

    [Fact]
    public async Task A_full_group_that_refuses_gives_no_run_until_one_has_ended()
    {
        const string yaml = """
            workflow: one_at_a_time
            version: 1.0.0
            summary: One at a time
            parameters: { name: { type: text, default: a } }
            concurrency: { group: "only/{params.name}", limit: 1, when_full: refuse }
            steps: { one: { uses: test.use } }
            """;
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId first = await room.StartAsync(yaml);
        (await FluentActions.Awaiting(() => room.StartAsync(yaml)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be(WorkflowCodes.GroupFull);
        (await room.StartAsync(yaml, """{ "name": "b" }""")).Should().NotBe(first);
        await room.DriveAsync(first);
        (await room.StartAsync(yaml)).Should().NotBe(first);
        (await room.Engine.Views.ListAsync(null, 10, RunRoom.Ct)).Should().HaveCount(3);
    }

    [Theory]
    [InlineData("labels: [a, 1]", WorkflowCodes.TypeMismatch)]
    [InlineData("part: { combo_id: one, label: x }", WorkflowCodes.TypeMismatch)]
    [InlineData("part: { combo_id: 1, label: x, more: 2 }", WorkflowCodes.UnknownField)]
    [InlineData("part: { combo_id: 1 }", WorkflowCodes.MissingInput)]
    [InlineData("part: { combo_id: 1, label: x }", null)]
    [InlineData("labels: [a, \"{run.id}\"]", null)]
    public void An_input_that_stands_in_the_file_is_checked_part_by_part(string with, string? code) =>
        Parse($"workflow: w\nversion: 1.0.0\nsummary: s\nsteps: {{ one: {{ uses: test.use, with: {{ {with} }} }} }}\n").Problems.Select(p => p.Code)
            .Should().Equal(code is null ? [] : [code]);

    [Fact]
    public void A_required_input_of_nothing_is_a_missing_one() =>
        Parse("workflow: w\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: test.make, with: { name: null } } }\n").Problems[0].Code.Should().Be(WorkflowCodes.MissingInput);

    [Fact]
    public void Declared_outputs_are_checked_like_inputs()
    {
        const string yaml = "workflow: w\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: test.use } }\noutputs: { model: \"{steps.one.outputs.model}\" }\n";
        steps.Workflow(yaml).Outputs.Single().Name.Should().Be("model");
        Parse(yaml.Replace("outputs.model", "outputs.moodel")).Problems[0].Where.Should().Be("grid.yaml:5:19");
    }

    [Fact]
    public void Steps_and_fires_above_their_bound_are_refused_and_not_dropped()
    {
        string many = string.Join('\n', Enumerable.Range(0, WorkflowYaml.StepsMax + 1).Select(i => $"  s{i}: {{ uses: test.use }}"));
        Parse($"workflow: w\nversion: 1.0.0\nsummary: s\nsteps:\n{many}\n").Problems.Single().Where.Should().Be($"grid.yaml:{5 + WorkflowYaml.StepsMax}:3");
        string fires = string.Join('\n', Enumerable.Range(0, 21).Select(i => $"    - cron: \"{i} 1 * * *\""));
        Parse($"workflow: w\nversion: 1.0.0\nsummary: s\nschedule:\n  zone: UTC\n  fires:\n{fires}\nsteps: {{ one: {{ uses: test.use }} }}\n").Problems.Single().Where.Should().Be("grid.yaml:27:7");
    }

    private ParseResult<WorkflowDefinition> Parse(string yaml) => WorkflowYaml.Parse(yaml, "grid.yaml", steps.Kinds);
}

public sealed class FanOutOnSqliteTests : FanOutTests;

[OnStore(StoreEngine.Postgres)]
public sealed class FanOutOnPostgresTests : FanOutTests;
