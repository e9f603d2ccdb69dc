using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.Workflows.Definitions;

public sealed class WorkflowYamlTests
{
    private const string Whole = """
        workflow: sample
        version: 1.2.0
        summary: A bit of everything
        parameters:
          ticker: { type: symbol, default: SPY }
          select: { type: int, default: 2, min: 1, max: 5, help: best combos }
          extra:  { type: map, default: {} }
          from:   { type: date, default: null }
          name:   { type: text }
        schedule:
        concurrency: { group: "sample/{params.ticker}", limit: 1, when_full: queue }
        steps:
          make:
            uses: test.make
            with: { name: "{params.name}", count: "{params.select + 1}" }
            retry: { attempts: 3, backoff: exponential, first: 5s, on: [source_unavailable] }
            timeout: 10m
          each:
            uses: test.use
            for_each: { in: "{steps.make.outputs.best(params.select)}", as: combo, max_parallel: 2 }
            with: { part: "{combo}", snapshot: "{steps.make.outputs.snapshot}" }
          last:
            uses: test.use
            needs: [each]
            when: steps.make.outputs.passed and steps.make.outputs.score > 0.1
            with: { labels: "{steps.make.outputs.best.label}", factor: 2 }
            on_failure: continue
        tests:
          - name: a failed step skips the rest
            mock: { make: { passed: false } }
            expect: { last: skipped, run: completed }
        """;

    private readonly TestSteps steps = new();

    [Fact]
    public void A_whole_file_is_read()
    {
        WorkflowDefinition workflow = steps.Workflow(Whole);
        (workflow.Id, workflow.Version).Should().Be(("sample", "1.2.0"));
        workflow.Parameters.Select(p => (p.Name, p.Required)).Should().Equal(("ticker", false), ("select", false), ("extra", false), ("from", false), ("name", true));
        workflow.Step("make").Retry.Should().BeEquivalentTo(new { Attempts = 3, Exponential = true, First = TimeSpan.FromSeconds(5), On = new[] { "source_unavailable" } });
        workflow.Step("make").Timeout.Should().Be(TimeSpan.FromMinutes(10));
        workflow.Step("each").ForEach!.MaxParallel.Should().Be(2);
        workflow.Step("last").OnFailure.Should().Be(OnFailure.Continue);
        workflow.Tests.Single().Expect.Should().Contain("last", "skipped");
    }

    [Fact]
    public void A_step_needs_what_its_expressions_refer_to()
    {
        WorkflowDefinition workflow = steps.Workflow(Whole);
        workflow.Step("each").Needs.Should().Equal("make");
        workflow.Step("last").Needs.Should().BeEquivalentTo("each", "make");
        workflow.UpTo("each").Should().BeEquivalentTo("make", "each");
    }

    [Fact]
    public void The_hash_is_over_content_not_over_comments_and_layout()
    {
        WorkflowDefinition workflow = steps.Workflow(Whole);
        steps.Workflow("# a comment\n" + Whole.Replace("[each]", "[ each ]")).Hash.Should().Be(workflow.Hash);
        steps.Workflow(Whole.Replace("first: 5s", "first: 6s")).Hash.Should().NotBe(workflow.Hash);
    }

    [Theory]
    [InlineData("a: [1", WorkflowCodes.Structure, 2, 1)]
    [InlineData("workflow: a\nversion: 1.0.0\nsummary: s\ncolour: red\nsteps: { one: { uses: test.use } }", WorkflowCodes.Structure, 4, 1)]
    [InlineData("workflow: a\nversion: 1.0.0\nsummary: s\nsteps: {}", WorkflowCodes.Structure, 4, 8)]
    [InlineData("workflow: a\nversion: 1.0\nsummary: s\nsteps: { one: { uses: test.use } }", WorkflowCodes.BadValue, 2, 10)]
    public void A_broken_file_is_refused_with_its_place(string yaml, string code, int line, int column) => Refused(yaml, code, line, column);

    [Theory]
    [InlineData("uses: test.make", "uses: test.made", WorkflowCodes.UnknownKind, 14, 11)]
    [InlineData("count: \"{params.select + 1}\"", "colour: 3", WorkflowCodes.UnknownField, 15, 44)]
    [InlineData("outputs.snapshot}", "outputs.snapshots}", WorkflowCodes.UnknownField, 21, 40)]
    [InlineData("{steps.make.outputs.best.label}", "{run.colour}", WorkflowCodes.UnknownField, 26, 21)]
    [InlineData("part: \"{combo}\"", "part: \"{combo.colour}\"", WorkflowCodes.UnknownField, 21, 19)]
    [InlineData("part: \"{combo}\"", "part: \"{steps.make.outputs.score}\"", WorkflowCodes.TypeMismatch, 21, 19)]
    [InlineData("factor: 2", "factor: \"two {params.select}\"", WorkflowCodes.TypeMismatch, 26, 64)]
    [InlineData("{steps.make.outputs.best(params.select)}", "{steps.make.outputs.score}", WorkflowCodes.TypeMismatch, 20, 15)]
    [InlineData("when: steps.make.outputs.passed and", "when: steps.make.outputs.snapshot and", WorkflowCodes.TypeMismatch, 25, 11)]
    [InlineData("outputs.score > 0.1", "outputs.score > 'high'", WorkflowCodes.TypeMismatch, 25, 11)]
    [InlineData("default: 2, min: 1", "default: 9, min: 1", WorkflowCodes.TypeMismatch, 6, 33)]
    [InlineData("{params.name}", "{params.nome}", WorkflowCodes.UnknownParameter, 15, 19)]
    [InlineData("sample/{params.ticker}", "sample/{params.tocker}", WorkflowCodes.UnknownParameter, 11, 23)]
    [InlineData("{params.select + 1}", "{params.select +}", WorkflowCodes.Syntax, 15, 60)]
    [InlineData("when: steps.make.outputs.passed and", "when: steps.make.outputs.passed &&", WorkflowCodes.Syntax, 25, 37)]
    [InlineData("needs: [each]", "needs: [eech]", WorkflowCodes.UnknownStep, 24, 13)]
    [InlineData("{steps.make.outputs.snapshot}", "{steps.mike.outputs.snapshot}", WorkflowCodes.UnknownStep, 21, 40)]
    [InlineData("mock: { make:", "mock: { mike:", WorkflowCodes.UnknownStep, 30, 13)]
    [InlineData("name: \"{params.name}\", ", "", WorkflowCodes.MissingInput, 13, 3)]
    [InlineData("timeout: 10m", "timeout: 10 minutes", WorkflowCodes.BadValue, 17, 14)]
    [InlineData("max_parallel: 2", "max_parallel: 0", WorkflowCodes.BadValue, 20, 90)]
    [InlineData("[source_unavailable]", "[bad_luck]", WorkflowCodes.BadValue, 16, 64)]
    [InlineData("on_failure: continue", "on_failure: shrug", WorkflowCodes.BadValue, 27, 17)]
    [InlineData("schedule:\n", "schedule: { cron: '* * * * *' }\n", WorkflowCodes.Structure, 10, 11)]
    [InlineData("schedule:\n", "schedule: { zone: UTC, cron: '* * * * *' }\n", WorkflowCodes.BadParameter, 10, 11)]
    [InlineData("  make:\n", "  Make:\n", WorkflowCodes.BadValue, 13, 3)]
    public void Every_mistake_has_its_code_and_place(string right, string wrong, string code, int line, int column)
    {
        Whole.Should().Contain(right);
        Refused(Whole.Replace(right, wrong), code, line, column);
    }

    [Fact]
    public void A_circle_of_needs_is_named()
    {
        const string yaml = """
            workflow: circle
            version: 1.0.0
            summary: s
            steps:
              before: { uses: test.use, needs: [c] }
              a: { uses: test.use, needs: [b] }
              b: { uses: test.use, with: { snapshot: "{steps.c.outputs.model}" } }
              c: { uses: test.use, needs: [a] }
            """;
        Refused(yaml, WorkflowCodes.Cycle, 8, 3).Message.Should().Contain("c → a → b → c");
    }

    [Fact]
    public void Everything_wrong_is_said_at_once() =>
        Parse(Whole.Replace("test.make", "test.made").Replace("timeout: 10m", "timeout: soon").Replace("needs: [each]", "needs: [none]"))
            .Problems.Select(p => p.Code).Should().Contain([WorkflowCodes.UnknownKind, WorkflowCodes.BadValue, WorkflowCodes.UnknownStep]);

    [Fact]
    public void Problems_come_in_the_order_of_the_text() =>
        Parse(Whole.Replace("test.make", "test.made").Replace("type: map", "type: mop").Replace("limit: 1,", "limit: 0,").Replace("needs: [each]", "needs: [none]"))
            .Problems.Select(p => int.Parse(p.Where!.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).Should().BeInAscendingOrder().And.HaveCountGreaterThan(3);

    [Theory]
    [InlineData("schedule:\n", "schedule: { zone: UTC }\n", WorkflowCodes.Structure)]
    [InlineData("needs: [each]", "needs: each", WorkflowCodes.Structure)]
    [InlineData("name: \"{params.name}\"", "name: \"{params.name +}\"", WorkflowCodes.Syntax)]
    public void One_mistake_is_one_problem(string right, string wrong, string code) =>
        Parse(Whole.Replace("  name:   { type: text }", "  name:   { type: text, default: x }").Replace(right, wrong)).Problems.Select(p => p.Code).Should().Equal(code);

    [Theory]
    [InlineData("workflow: a\nversion: 1.0.0\nsteps: { one: { uses: test.use } }\n", "test.yaml:1:1", "The file lacks the key 'summary'.")]
    [InlineData("workflow: a\nversion: 1.0.0\nsummary: [s]\nsteps: { one: { uses: test.use } }\n", "test.yaml:3:10", "summary must be text, was a list.")]
    [InlineData("workflow: a\nversion: 1.0.0\nsummary: s\nsteps:\n\tone: { uses: test.use }\n", "test.yaml:5:1", "This is not YAML: a tab stands in the indentation.")]
    [InlineData("workflow: a\nversion: 1.0.0\nsummary: s\nsteps:\n  one:\n    uses: test.use\n  \tneeds: []\n", "test.yaml:7:3", "This is not YAML: a tab stands in the indentation.")]
    public void A_message_names_what_it_means_and_where_it_is(string yaml, string where, string message)
    {
        Problem problem = Parse(yaml).Problems.Should().ContainSingle().Subject;
        (problem.Where, problem.Message).Should().Be((where, message));
    }

    [Theory]
    [InlineData("""{ "name": "x", "colour": 1 }""", WorkflowCodes.UnknownParameter)]
    [InlineData("{}", WorkflowCodes.BadParameter)]
    [InlineData("""{ "name": "x", "select": 6 }""", WorkflowCodes.BadParameter)]
    [InlineData("""{ "name": "x", "select": 0 }""", WorkflowCodes.BadParameter)]
    [InlineData("""{ "name": "x", "select": 1.5 }""", WorkflowCodes.BadParameter)]
    [InlineData("""{ "name": "x", "from": "2024-13-01" }""", WorkflowCodes.BadParameter)]
    [InlineData("""{ "name": 7 }""", WorkflowCodes.BadParameter)]
    public void Parameters_that_do_not_fit_are_refused(string given, string code) =>
        FluentActions.Invoking(() => RunParameters.Complete(steps.Workflow(Whole), JsonNode.Parse(given)!.AsObject()))
            .Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(code);

    [Fact]
    public void Parameters_that_are_not_given_take_their_defaults() =>
        RunParameters.Complete(steps.Workflow(Whole), new JsonObject { ["name"] = "x", ["select"] = 3 }).ToJsonString()
            .Should().Be("""{"ticker":"SPY","select":3,"extra":{},"from":null,"name":"x"}""");

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("5s", 5)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7_200)]
    [InlineData("7d", 604_800)]
    public void Durations_are_read(string text, double seconds)
    {
        Duration.TryParse(text, out TimeSpan duration).Should().BeTrue();
        duration.TotalSeconds.Should().Be(seconds);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("400d")]
    public void What_is_no_duration_is_refused(string text) =>
        FluentActions.Invoking(() => Duration.Parse(text)).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(WorkflowCodes.BadValue);

    private Problem Refused(string yaml, string code, int line, int column)
    {
        ParseResult<WorkflowDefinition> parsed = Parse(yaml);
        parsed.IsOk.Should().BeFalse();
        Problem problem = parsed.Problems.First(p => p.Code == code);
        problem.Where.Should().Be($"test.yaml:{line}:{column}", problem.Message);
        problem.Remedy.Should().NotBeNullOrEmpty();
        return problem;
    }

    private ParseResult<WorkflowDefinition> Parse(string yaml) => WorkflowYaml.Parse(yaml, "test.yaml", steps.Kinds);
}
