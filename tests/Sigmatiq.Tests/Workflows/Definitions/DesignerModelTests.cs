using System.Diagnostics;
using System.Text.Json.Nodes;
using Sigmatiq.Fuzz.Workflows;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Definitions;

/// <summary>The designer's model runs in the browser. Here it reads and edits 1,000 valid definitions in every layout, and the parser of the server says what came out.</summary>
public sealed class DesignerModelTests(ProductKinds product, ITestOutputHelper output) : IClassFixture<ProductKinds>
{
    private const int Count = 1_000;
    private const long Seed = 20261121;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly StepKinds kinds = product.Kinds;

    [Fact]
    public async Task A_thousand_random_definitions_keep_text_hash_and_comments_through_the_designers_model_and_its_edits_say_what_the_server_reads()
    {
        HashSet<string> used = [];
        (string Text, IReadOnlyList<string> Comments)[] made =
            [.. Enumerable.Range(0, Count).Select(i => Rng.From(Seed).Fork("designer", i)).Select(rng => RandomLayout.Write(RandomWorkflow.Make(kinds, rng, used), rng, used))];
        RandomWorkflow.Features(kinds).Concat(RandomLayout.Features).Except(used).Should().BeEmpty("what is never made is never tried");

        JsonNode answer = await ModelledAsync([.. made.Select(m => m.Text)]);
        JsonArray read = answer["out"]!.AsArray();
        read.Should().HaveCount(Count);
        answer["used"]!.AsObject().Select(u => u.Key).Should().BeEquivalentTo("add", "remove", "rename", "connect", "disconnect", "set timeout", "set deep", "insert on edge", "duplicate");
        int edits = 0, valid = 0;
        for (int i = 0; i < Count; i++)
        {
            (string text, IReadOnlyList<string> comments) = made[i];
            JsonNode model = read[i]!;
            string where = $"seed {Seed}, definition {i}\n{text}";
            model["problems"]!.ToJsonString().Should().Be("[]", where);

            // What the model read has the hash of what the server reads.
            WorkflowDefinition workflow = WorkflowYaml.Parse(text, "random.yaml", kinds).Value;
            WorkflowDocument.Of(model["content"]!.DeepClone().AsObject(), "random.yaml").Read(kinds).Value.Hash.Should().Be(workflow.Hash, where);
            EdgesOf(model).Should().BeEquivalentTo(EdgesOf(workflow), where);

            // One value set and set back: the same bytes, but for the quotes of a text that was written in another way.
            string back = model["back"]!.GetValue<string>();
            WorkflowYaml.Parse(back, "random.yaml", kinds).Value.Hash.Should().Be(workflow.Hash, where);
            comments.Where(c => !model["there"]!.GetValue<string>().Contains(c, StringComparison.Ordinal) || !back.Contains(c, StringComparison.Ordinal)).Should().BeEmpty(where);

            // After a chain of edits the server reads what the model says.
            string edited = model["edited"]!["text"]!.GetValue<string>();
            string then = $"{where}\n--- after {model["deeds"]!.ToJsonString()}\n{edited}";
            ParseResult<YamlNode> tree = YamlText.Parse(edited, "edited.yaml", WorkflowCodes.Structure);
            tree.Problems.Should().BeEmpty(then);
            CanonicalJson.Text(tree.Value.ToJson()).Should().Be(CanonicalJson.Text(model["edited"]!["content"]), then);
            model["lost"]!.ToJsonString().Should().Be("[]", then);
            edits += model["deeds"]!.AsArray().Count;
            ParseResult<WorkflowDefinition> judged = WorkflowYaml.Parse(edited, "edited.yaml", kinds);
            string[] mine = [.. model["edited"]!["problems"]!.AsArray().Select(p => p!.GetValue<string>()).Distinct().Order()];
            if (judged.IsOk)
            {
                valid++;
                mine.Should().BeEmpty(then);
                EdgesOf(model["edited"]!).Should().BeEquivalentTo(EdgesOf(judged.Value), then);
            }
            else
            {
                // Whatever the model cannot judge (workflows that other steps run) is not among these edits.
                judged.Problems.Select(p => p.Code).Distinct().Order().Should().Equal(mine, then);
            }
        }

        (edits, valid).Should().Match<(int Edits, int Valid)>(t => t.Edits > 3 * Count && t.Valid > Count / 3);
        output.WriteLine($"{Count} definitions, {edits} edits, {valid} of them valid at the end");
    }

    private static IEnumerable<string> EdgesOf(JsonNode model) => model["edges"]!.AsArray().Select(e => $"{e![0]}>{e[1]}");

    private static IEnumerable<string> EdgesOf(WorkflowDefinition workflow) => workflow.Steps.SelectMany(s => s.Needs.Select(n => $"{n}>{s.Name}"));

    private async Task<JsonNode> ModelledAsync(IReadOnlyList<string> texts)
    {
        using TemporaryFolder folder = new();
        string asked = Path.Combine(folder.Path, "asked.json"), said = Path.Combine(folder.Path, "said.json");
        await File.WriteAllTextAsync(asked, new JsonObject { ["kinds"] = new JsonArray([.. kinds.Described.Select(k => Listed(k.Name, k.Summary))]), ["texts"] = new JsonArray([.. texts.Select(t => (JsonNode)t)]) }.ToJsonString(), TestContext.Current.CancellationToken);
        string studio = Path.Combine(Checkout.Root, "src", "studio");
        using Process node = Process.Start(new ProcessStartInfo("node", [Path.Combine(studio, "scripts", "definitions.mjs"), asked, said]) { WorkingDirectory = studio, RedirectStandardError = true })!;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Patience);
        string error = await node.StandardError.ReadToEndAsync(late.Token);
        await node.WaitForExitAsync(late.Token);
        node.ExitCode.Should().Be(0, error);
        return JsonNode.Parse(await File.ReadAllTextAsync(said, late.Token))!;
    }

    // As GET /step-kinds lists them.
    private JsonObject Listed(string name, string summary)
    {
        JsonObject? schema = kinds.TryGet(name, out _) ? WorkflowSchema.Of(kinds, name) : null;
        return new() { ["id"] = name, ["summary"] = summary, ["state"] = schema is null ? "announced" : "built", ["is_reusable"] = true, ["with"] = schema?["with"]?.DeepClone(), ["outputs"] = schema?["outputs"]?.DeepClone() };
    }
}
