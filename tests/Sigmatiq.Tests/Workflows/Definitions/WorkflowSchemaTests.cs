using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Definitions;

/// <summary>The published schema, held against the files and against files that are wrong by a check that shares nothing with the program.</summary>
public sealed class WorkflowSchemaTests(ProductKinds product) : IClassFixture<ProductKinds>
{
    private readonly StepKinds kinds = product.Kinds;
    private readonly JsonSchemaCheck check = new(JsonNode.Parse(File.ReadAllText(CommittedPath))!.AsObject());

    private static string CommittedPath => Path.Combine(Checkout.Root, "workflows", "schema", "workflow.schema.json");

    [Fact]
    public void The_committed_schema_is_the_one_that_the_step_kinds_give() =>
        File.ReadAllText(CommittedPath).Should().Be(WorkflowSchema.Text(kinds), "write it anew: ./sigmatiq workflows schema > workflows/schema/workflow.schema.json");

    [Fact]
    public void The_page_of_the_step_kinds_is_the_one_that_their_records_give() =>
        File.ReadAllText(Path.Combine(Checkout.Root, "docs", "step-kinds.md")).Should().Be(KindReference.Text(kinds), "write it anew: ./sigmatiq workflows kinds --reference > docs/step-kinds.md");

    [Fact]
    public void Every_example_of_the_language_in_the_documents_is_a_valid_workflow()
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "workflows.md"));
        string[] examples = [.. page.Split("```yaml\n").Skip(1).Select(p => p[..p.IndexOf("```", StringComparison.Ordinal)]).Where(e => e.Contains("workflow:", StringComparison.Ordinal) && e.Contains("version:", StringComparison.Ordinal))];
        examples.Should().HaveCountGreaterThanOrEqualTo(2);
        foreach (string example in examples)
        {
            WorkflowYaml.Parse(example, "docs/workflows.md", kinds).Problems.Should().BeEmpty();
            check.Check(Json(example)).Should().BeEmpty();
        }
    }

    [Fact]
    public void Every_workflow_file_is_valid_and_names_its_schema()
    {
        string[] files = Directory.GetFiles(Path.Combine(Checkout.Root, "workflows"), "*.yaml");
        files.Should().HaveCountGreaterThan(15);
        foreach (string file in files)
        {
            string text = File.ReadAllText(file);
            text.Should().StartWith("# yaml-language-server: $schema=schema/workflow.schema.json\n", Path.GetFileName(file));
            check.Check(Json(text)).Should().BeEmpty(Path.GetFileName(file));
        }
    }

    [Theory]
    [InlineData("summary: s", "colour: red", "required summary")]
    [InlineData("summary: s", "summary: s\ncolour: red", "/colour: not allowed")]
    [InlineData("summary: s", "summary: s\nx_colour: red", null)]
    [InlineData("1.0.0", "1.0.0-rc1", "/version: pattern")]
    [InlineData("1.0.0", "1.0", "/version: type")]
    [InlineData("workflow: w", "workflow: W", "/workflow: pattern")]
    [InlineData("uses: market.align", "uses: market.alein", "/steps/align/uses: anyOf")]
    [InlineData("ticker: SPY, ", "", "/steps/align/with: required ticker")]
    [InlineData("ticker: SPY, ", "ticker: 5, ", "/steps/align/with/ticker: type")]
    [InlineData("ticker: SPY, ", "ticker: SPY, colour: red, ", "/steps/align/with/colour: not allowed")]
    [InlineData(", with: { ticker: SPY, pack: p }", "", "/steps/align: required with")]
    [InlineData("select: 2", "select: two", "/steps/sweep/with/select: anyOf")]
    [InlineData("select: 2", "select: 2.5", "/steps/sweep/with/select: anyOf")]
    [InlineData("select: 2", "select: \"{params.select}\"", null)]
    [InlineData("select: 2", "select: 2, confidence: luck", "/steps/sweep/with/confidence: anyOf")]
    [InlineData("select: 2", "select: 2, confidence: rule", null)]
    [InlineData("attempts: 3", "attempts: 0", "/steps/align/retry: anyOf")]
    [InlineData("attempts: 3", "attempts: 3, on: [bad_luck]", "/steps/align/retry: anyOf")]
    [InlineData("attempts: 3", "attempts: 3, on: [timeout, STO-1005]", null)]
    [InlineData("timeout: 10m", "timeout: ten minutes", "/steps/align/timeout: anyOf")]
    [InlineData("timeout: 10m", "on_failure: shrug", "/steps/align/on_failure: enum")]
    [InlineData("in: [1], ", "", "/steps/each/for_each: anyOf")]
    [InlineData("in: [1], ", "grid: { a: [1], b: \"{params.list}\" }, max: 5, ", null)]
    [InlineData("in: [1], ", "grid: { a: 1 }, ", "/steps/each/for_each: anyOf")]
    [InlineData("max_parallel: 2", "max_parallel: 65", "/steps/each/for_each: anyOf")]
    [InlineData("limit: 1", "limit: 1, when_full: burst", "/concurrency: anyOf")]
    [InlineData("type: int", "type: integer", "/parameters/select/type: enum")]
    [InlineData("zone: UTC", "cron: \"0 1 * * *\"", "/schedule: anyOf")]
    [InlineData("steps:", "steps: {}\nx_steps:", "/steps: minProperties")]
    public void The_schema_refuses_what_is_wrong_and_takes_what_is_right(string right, string other, string? finding)
    {
        const string whole = """
            workflow: w
            version: 1.0.0
            summary: s
            parameters: { select: { type: int, default: 2 } }
            schedule: { zone: UTC }
            concurrency: { group: g, limit: 1 }
            steps:
              align: { uses: market.align, with: { ticker: SPY, pack: p }, retry: { attempts: 3 }, timeout: 10m }
              sweep: { uses: backtest.sweep, with: { pack: p, snapshot: s, last_session: 2024-01-02, kind: simple, set: {}, select: 2 } }
              each: { uses: store.bootstrap, for_each: { in: [1], as: item, max_parallel: 2 } }
            """;
        check.Check(Json(whole)).Should().BeEmpty();
        whole.Should().Contain(right);
        string[] found = [.. check.Check(Json(whole.Replace(right, other)))];
        if (finding is null)
        {
            found.Should().BeEmpty();
        }
        else
        {
            found.Should().Contain(f => f.EndsWith(finding, StringComparison.Ordinal), string.Join("; ", found));
        }
    }

    [Fact]
    public void Every_field_of_every_kind_says_what_it_is()
    {
        JsonObject schema = JsonNode.Parse(WorkflowSchema.Text(kinds))!.AsObject();
        foreach (string name in kinds.Names)
        {
            foreach (var (field, rule) in schema["definitions"]![$"with.{name}"]!["properties"]!.AsObject())
            {
                rule!["description"]?.GetValue<string>().Should().NotBeNullOrWhiteSpace($"{name} has {field}");
            }
        }
    }

    [Fact]
    public void One_kind_is_shown_with_its_outputs_and_an_unknown_one_is_refused()
    {
        JsonObject one = JsonNode.Parse(WorkflowSchema.TextOf(kinds, "market.align"))!.AsObject();
        one["with"]!["required"]!.AsArray().Select(f => f!.GetValue<string>()).Should().Equal("ticker", "pack");
        one["outputs"]!["properties"]!["snapshot"]!["type"]!.GetValue<string>().Should().Be("string");
        FluentActions.Invoking(() => WorkflowSchema.TextOf(kinds, "market.alein")).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(WorkflowCodes.UnknownKind);
    }

    [Fact]
    public void Words_of_an_input_are_checked_on_loading_too() =>
        WorkflowYaml.Parse(
            "workflow: w\nversion: 1.0.0\nsummary: s\nsteps: { up: { uses: workflows.upstream, with: { workflow: other, since: yesterday } } }\n", "w.yaml", kinds)
            .Problems.Single().Should().Match<Problem>(p => p.Code == WorkflowCodes.BadValue && p.Where == "w.yaml:4:74" && p.Remedy == "Use one of: today, this_week.");

    private static JsonNode? Json(string yaml) => YamlText.Parse(yaml, "w.yaml", "TST-0001").Value.ToJson();
}
