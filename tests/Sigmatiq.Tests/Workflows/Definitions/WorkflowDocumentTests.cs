using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.Workflows.Definitions;

/// <summary>What a designer does to a file, and what its lines look like after.</summary>
public sealed class WorkflowDocumentTests
{
    private const string Text = """
        # a chain of three
        workflow: chain
        version: 1.0.0
        summary: A chain        # for a test
        steps:
          # makes parts
          make: { uses: test.make, with: { name: x } }   # quick

          # uses each of them
          each:
            uses: test.use      # once per part
            for_each: { in: "{steps.make.outputs.best}", as: part }
            with:
              part: "{part}"
              snapshot: "of {steps.make.outputs.snapshot}, {{steps.make.outputs}}"
          last: { uses: test.use, needs: [each, make], when: steps.make.outputs.passed and steps.make.outputs.score > 0 }
        # end of the steps
        tests:
          - name: all
            mock: { make: { passed: true } }
            expect: { make: succeeded, run: completed }
        """;

    private readonly WorkflowDocument document = WorkflowDocument.Parse(Text, "chain.yaml").Value;

    [Fact]
    public void A_step_is_added_behind_another_with_the_lines_around_it_as_they_were() =>
        document.AddStep("mid", new JsonObject { ["uses"] = "test.use", ["needs"] = new JsonArray("each") }, after: "each").Text
            .Should().Be(Text.Replace("  last: {", "  mid: { uses: test.use, needs: [each] }\n  last: {"));

    [Fact]
    public void A_removed_step_takes_its_comments_and_its_name_along() =>
        document.RemoveStep("each").Text.Should().Be(Cut(Text, "  # uses each", "  last:").Replace("needs: [each, make]", "needs: [make]"));

    [Fact]
    public void A_renamed_step_has_its_new_name_in_needs_expressions_and_tests_and_nowhere_else() =>
        document.RenameStep("make", "build").Text.Should().Be(Text
            .Replace("  make: { uses", "  build: { uses").Replace("{steps.make.outputs.best}", "{steps.build.outputs.best}")
            .Replace("of {steps.make.outputs.snapshot}", "of {steps.build.outputs.snapshot}").Replace("needs: [each, make]", "needs: [each, build]")
            .Replace("when: steps.make.outputs.passed and steps.make.outputs.score > 0", "when: \"steps.build.outputs.passed and steps.build.outputs.score > 0\"")
            .Replace("mock: { make:", "mock: { build:").Replace("expect: { make:", "expect: { build:"));

    [Fact]
    public void Cases_name_a_renamed_step_by_its_new_name_wherever_they_can()
    {
        const string cases = "steps:\n  a: { uses: test.use }\ntests:\n  - name: a\n    play: { \"a[1]\": { fails: timeout } }\n    outputs: { a.model: x }\n    order: [b, a]\n    then: [{ at: 1d, vote: a }, { at: 2d, cancel: a }]\n";
        WorkflowDocument named = WorkflowDocument.Parse(cases, "c.yaml").Value;
        named.RenameStep("a", "z").Text.Should().Be("steps:\n  z: { uses: test.use }\ntests:\n  - name: a\n    play: { \"z[1]\": { fails: timeout } }\n    outputs: { z.model: x }\n    order: [b, z]\n    then: [{ at: 1d, vote: z }, { at: 2d, cancel: a }]\n");
        named.AddStep("b", new JsonObject { ["uses"] = "test.use" }).RemoveStep("a").Content["tests"]![0]!.ToJsonString().Should().Be("""{"name":"a","play":{},"outputs":{},"order":["b"],"then":[{"at":"2d","cancel":"a"}]}""");
    }

    [Fact]
    public void A_moved_step_takes_its_comments_along() =>
        document.MoveStep("each", 0).Text.Should().Match("*steps:\n  # uses each of them\n  each:*{{steps.make.outputs}}\"\n\n  # makes parts\n  make: { uses*last:*");

    [Theory]
    [InlineData("summary", "\"New words\"", "summary: A chain        # for a test", "summary: New words        # for a test")]
    [InlineData("steps.each.with.snapshot", "\"plain\"", "snapshot: \"of {steps.make.outputs.snapshot}, {{steps.make.outputs}}\"", "snapshot: plain")]
    [InlineData("steps.make.with.count", "5", "with: { name: x }", "with: { name: x, count: 5 }")]
    [InlineData("steps.each.timeout", "\"10m\"", "{{steps.make.outputs}}\"\n", "{{steps.make.outputs}}\"\n    timeout: 10m\n")]
    [InlineData("steps.each.with", "{\"part\":null}", "with:\n      part: \"{part}\"\n      snapshot: \"of {steps.make.outputs.snapshot}, {{steps.make.outputs}}\"\n", "with: { part: null }\n")]
    [InlineData("steps.last.needs", "[\"each\"]", "needs: [each, make]", "needs: [each]")]
    [InlineData("tests.0.name", "\"every\"", "- name: all", "- name: every")]
    [InlineData("tests.1", "{\"name\":\"two\"}", "run: completed }", "run: completed }\n  - { name: two }")]
    public void A_value_is_set_where_it_stands(string path, string json, string before, string after)
    {
        Text.Should().Contain(before);
        document.Set(path.Split('.'), JsonNode.Parse(json)).Text.Should().Be(Text.Replace(before, after));
    }

    [Fact]
    public void A_value_that_is_taken_away_takes_its_line_or_its_comma_along()
    {
        document.Remove(["steps", "each", "for_each"]).Text.Should().Be(Cut(Text, "    for_each", "    with:"));
        document.Remove(["steps", "last", "needs"]).Text.Should().Be(Text.Replace("needs: [each, make], ", ""));
        document.Remove(["steps", "last", "when"]).Text.Should().Be(Text.Replace(", when: steps.make.outputs.passed and steps.make.outputs.score > 0", ""));
        document.Remove(["tests", "0"]).Text.Should().EndWith("tests: []");
    }

    [Fact]
    public void A_definition_without_a_text_is_written_in_the_usual_order() =>
        WorkflowDocument.Of(JsonNode.Parse("""
            { "steps": { "one": { "uses": "test.use", "retry": { "attempts": 3 } } }, "summary": "Small: and quoted", "version": "1.0.0", "workflow": "small", "schedule": null }
            """)!.AsObject(), "small.yaml").Text.Should().Be("""
            workflow: small
            version: 1.0.0
            summary: "Small: and quoted"
            schedule: null
            steps:
              one: { uses: test.use, retry: { attempts: 3 } }

            """);

    [Fact]
    public void What_is_not_there_cannot_be_edited()
    {
        foreach (Action edit in (Action[])
            [() => document.RemoveStep("none"), () => document.RenameStep("none", "x"), () => document.RenameStep("make", "each"), () => document.AddStep("make", []), () => document.Remove(["colour"]),
                () => document.Set(["steps", "none", "uses"], "x"), () => document.MoveStep("none", 0), () => document.Set([], 1), () => document.AddStep("x", [], after: "none")])
        {
            edit.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be(WorkflowCodes.Structure);
        }
    }

    [Theory]
    [InlineData("- a\n- b", "1:1")]
    [InlineData("a: [", "1:5")]
    public void What_is_no_map_is_no_document(string text, string place) =>
        WorkflowDocument.Parse(text, "x.yaml").Problems.Single().Where.Should().StartWith("x.yaml:", place);

    private static string Cut(string text, string from, string to) =>
        text[..text.IndexOf(from, StringComparison.Ordinal)] + text[text.IndexOf(to, StringComparison.Ordinal)..];
}
