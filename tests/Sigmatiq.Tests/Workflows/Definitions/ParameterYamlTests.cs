using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.Workflows.Definitions;

public sealed class ParameterYamlTests
{
    private readonly TestSteps steps = new();

    [Theory]
    [InlineData("type: int, default: 3, min: 1, max: 5", "5", "6")]
    [InlineData("type: number, default: 0.5, min: 0, max: 1", "0.25", "1.5")]
    [InlineData("type: text, one_of: [simple, wide]", "\"wide\"", "\"narrow\"")]
    [InlineData("type: int, default: 5, one_of: [5, 10]", "10", "7")]
    [InlineData("type: date, min: 2018-01-02, max: 2030-01-01", "\"2018-01-02\"", "\"2018-01-01\"")]
    [InlineData("type: date, max: 2030-01-01", "\"2030-01-01\"", "\"2030-01-02\"")]
    [InlineData("type: duration, default: 7d", "\"10m\"", "\"ten minutes\"")]
    [InlineData("type: instant", "\"2026-03-02T09:30:00-05:00\"", "\"2026-03-02T09:30:00\"")]
    [InlineData("type: list, items: symbol, default: [SPY], min: 1, max: 2", "[\"SPY\",\"QQQ\"]", "[\"SPY\",\"QQQ\",\"IWM\"]")]
    [InlineData("type: list, items: int", "[1,2]", "[1,2.5]")]
    [InlineData("type: list, items: int, one_of: []", "[1,2]", null)]
    [InlineData("type: bool, default: true", "false", "\"false\"")]
    [InlineData("type: map, default: {}", "{\"a\":1}", "[1]")]
    public void A_value_of_its_type_and_range_is_taken_and_another_refused(string spec, string good, string? bad)
    {
        ParseResult<WorkflowDefinition> parsed = Parse(spec);
        if (bad is null)
        {
            parsed.Problems[0].Code.Should().Be(WorkflowCodes.BadValue);
            return;
        }

        RunParameters.Complete(parsed.Value, Given(good))["p"]!.ToJsonString().Should().Be(good);
        FluentActions.Invoking(() => RunParameters.Complete(parsed.Value, Given(bad))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(WorkflowCodes.BadParameter);
    }

    [Theory]
    [InlineData("type: int, min: 5, max: 1", WorkflowCodes.BadValue, "5, max")]
    [InlineData("type: date, min: 2030-01-01, max: 2018-01-01", WorkflowCodes.BadValue, "2030")]
    [InlineData("type: date, min: soon", WorkflowCodes.TypeMismatch, "soon")]
    [InlineData("type: text, min: 1", WorkflowCodes.BadValue, "1 }")]
    [InlineData("type: text, items: int", WorkflowCodes.BadValue, "int")]
    [InlineData("type: list, items: map", WorkflowCodes.BadValue, "map")]
    [InlineData("type: int, one_of: [1, two]", WorkflowCodes.TypeMismatch, "[1")]
    [InlineData("type: bool, one_of: [true]", WorkflowCodes.BadValue, "[true")]
    [InlineData("type: int, default: 4, one_of: [1, 2]", WorkflowCodes.TypeMismatch, "4")]
    [InlineData("type: list, default: [1, 2, 3], items: int, max: 2", WorkflowCodes.TypeMismatch, "[1")]
    public void A_parameter_that_contradicts_itself_is_refused_with_its_place(string spec, string code, string at)
    {
        Problem problem = Parse(spec).Problems[0];
        (problem.Code, problem.Where).Should().Be((code, $"p.yaml:5:{$"  p: {{ {spec} }}".IndexOf(at, StringComparison.Ordinal) + 1}"), problem.Message);
        problem.Remedy.Should().NotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("type: list, items: int", "1, 2", "[1,2]")]
    [InlineData("type: list, items: symbol", "SPY,QQQ", "[\"SPY\",\"QQQ\"]")]
    [InlineData("type: list", "[\"a,b\"]", "[\"a,b\"]")]
    [InlineData("type: duration", "7d", "\"7d\"")]
    public void A_value_of_the_command_line_is_read_by_its_type(string spec, string text, string json) =>
        RunParameters.FromText(Parse(spec).Value.Parameters[0], text)!.ToJsonString().Should().Be(json);

    private static JsonObject Given(string json) => new() { ["p"] = JsonNode.Parse(json) };

    private ParseResult<WorkflowDefinition> Parse(string spec) => WorkflowYaml.Parse(
        $"workflow: w\nversion: 1.0.0\nsummary: s\nparameters:\n  p: {{ {spec} }}\nsteps: {{ one: {{ uses: test.use }} }}\n", "p.yaml", steps.Kinds);
}
