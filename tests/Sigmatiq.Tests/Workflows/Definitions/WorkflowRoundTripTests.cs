using System.Text.Json.Nodes;
using Sigmatiq.Fuzz.Workflows;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Definitions;

/// <summary>1,000 valid definitions by chance, in every layout: YAML → model → YAML keeps hash and comments.</summary>
public sealed class WorkflowRoundTripTests(ProductKinds product, ITestOutputHelper output) : IClassFixture<ProductKinds>
{
    private const int Count = 1_000;
    private const long Seed = 20260302;

    private readonly StepKinds kinds = product.Kinds;

    [Fact]
    public void A_thousand_random_definitions_survive_yaml_model_yaml_with_their_hash_and_comments()
    {
        HashSet<string> used = [];
        JsonSchemaCheck schema = new(JsonNode.Parse(WorkflowSchema.Text(kinds))!.AsObject());
        for (int i = 0; i < Count; i++)
        {
            Rng rng = Rng.From(Seed).Fork("round", i);
            JsonObject content = RandomWorkflow.Make(kinds, rng, used);
            (string text, IReadOnlyList<string> comments) = RandomLayout.Write(content, rng, used);
            string where = $"seed {Seed}, definition {i}\n{text}";
            ParseResult<WorkflowDefinition> parsed = WorkflowYaml.Parse(text, "random.yaml", kinds);
            parsed.Problems.Should().BeEmpty(where);
            WorkflowDefinition workflow = parsed.Value;
            schema.Check(workflow.Content).Should().BeEmpty(where);

            // By the model with its text: nothing has changed, so nothing is rewritten.
            WorkflowDocument document = WorkflowDocument.Parse(text, "random.yaml").Value;
            document.With(workflow.Content).Text.Should().Be(text);

            // By the model alone: another text of the same content.
            WorkflowDocument written = WorkflowDocument.Of(workflow.Content, "random.yaml");
            written.Read(kinds).Value.Hash.Should().Be(workflow.Hash, where);
            WorkflowDocument.Of(written.Content, "random.yaml").Text.Should().Be(written.Text, "one content has one canonical text");

            // By an edit of one place and back: every comment is still there.
            JsonObject edited = workflow.Content.DeepClone().AsObject();
            edited["summary"] = "edited";
            edited["steps"]!.AsObject()["s0"]!.AsObject()["timeout"] = "3s";
            WorkflowDocument there = document.With(edited);
            there.Read(kinds).Value.Hash.Should().NotBe(workflow.Hash);
            comments.Where(c => !there.Text.Contains(c, StringComparison.Ordinal)).Should().BeEmpty(where + "\n--- there\n" + there.Text);
            WorkflowDocument back = there.With(workflow.Content);
            back.Read(kinds).Value.Hash.Should().Be(workflow.Hash, where);
            comments.Where(c => !back.Text.Contains(c, StringComparison.Ordinal)).Should().BeEmpty(where + "\n--- there\n" + there.Text);
        }

        IEnumerable<string> never = RandomWorkflow.Features(kinds).Concat(RandomLayout.Features).Except(used);
        never.Should().BeEmpty("what is never made is never tried");
        output.WriteLine($"{Count} definitions used all of {used.Count} parts of the language and its layouts");
    }

    [Fact]
    public void Any_document_becomes_any_other_by_edits_and_keeps_the_lines_that_say_the_same()
    {
        HashSet<string> used = [];
        int kept = 0;
        for (int i = 0; i < 150; i++)
        {
            Rng rng = Rng.From(Seed).Fork("edit", i);
            JsonObject a = RandomWorkflow.Make(kinds, rng, used), b = RandomWorkflow.Make(kinds, rng, used);

            // Half of it the same: a designer changes some of a file and never all.
            foreach (string key in a.Select(p => p.Key).Where(_ => rng.NextInt(2) == 0).ToList())
            {
                b.Remove(key);
                b[key] = a[key]?.DeepClone();
            }

            (string text, IReadOnlyList<string> comments) = RandomLayout.Write(a, rng, used);
            WorkflowDocument document = WorkflowDocument.Parse(text, "a.yaml").Value;
            WorkflowDocument other = document.With(b);
            other.Content.ToJsonString().Should().Be(b.ToJsonString(), $"seed {Seed}, pair {i}\n{text}");
            kept += comments.Count(c => other.Text.Contains(c, StringComparison.Ordinal));
            other.With(a).Content.ToJsonString().Should().Be(a.ToJsonString(), $"seed {Seed}, pair {i}, back\n{text}\n--- other\n{other.Text}");
        }

        kept.Should().BeGreaterThan(150);
    }

    [Fact]
    public void Random_edits_one_by_one_say_what_was_asked_for_and_leave_the_other_lines()
    {
        HashSet<string> used = [];
        for (int i = 0; i < 150; i++)
        {
            Rng rng = Rng.From(Seed).Fork("single", i);
            (string text, _) = RandomLayout.Write(RandomWorkflow.Make(kinds, rng, used), rng, used);
            WorkflowDocument document = WorkflowDocument.Parse(text, "a.yaml").Value;
            for (int e = 0; e < 5; e++)
            {
                string[] steps = [.. document.Steps];
                string step = steps[rng.NextInt(steps.Length)];
                WorkflowDocument edited = rng.NextInt(5) switch
                {
                    0 => document.AddStep($"new{e}", new JsonObject { ["uses"] = "store.bootstrap", ["needs"] = new JsonArray(step) }, rng.NextInt(2) == 0 ? step : null),
                    1 when steps.Length > 1 => document.RemoveStep(step),
                    2 => document.RenameStep(step, $"{step}_{e}"),
                    3 => document.MoveStep(step, rng.NextInt(steps.Length)),
                    _ => document.Set(["steps", step, "timeout"], $"{1 + rng.NextInt(50)}m"),
                };
                string because = $"seed {Seed}, document {i}, edit {e}\n{document.Text}\n--- edited\n{edited.Text}";
                edited.Steps.Should().OnlyHaveUniqueItems(because);
                int untouched = document.Text.Split('\n').Intersect(edited.Text.Split('\n')).Count();
                untouched.Should().BeGreaterThanOrEqualTo(document.Text.Split('\n').Distinct().Count(l => !l.Contains(step)) / 3, because);
                document = edited;
            }
        }
    }
}
