using Sigmatiq.App.Api;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Workflows;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Steps of several versions as rows under their stages.</summary>
public sealed class StepStagesTests(ProductKinds kinds) : IClassFixture<ProductKinds>
{
    private static readonly TestSteps Tests = new();

    [Fact]
    public void A_lifecycle_stands_under_its_eight_stages_of_which_training_has_two_steps()
    {
        WorkflowDefinition lifecycle = Parse(File.ReadAllText(Path.Combine(Checkout.Root, "workflows", "lifecycle.1.0.0.yaml")));
        StepStages.Of([lifecycle]).Select(r => $"{r.Stage} {r.Name}").Should().Equal(
            "Bootstrap bootstrap", "Data align", "Train sweep", "Train train", "Forecast forecast", "Backtest evidence", "Approve approve", "Deploy deploy", "Monitor monitor");
    }

    [Fact]
    public void A_step_of_general_use_belongs_to_what_it_follows_and_at_the_beginning_to_what_follows_it()
    {
        WorkflowDefinition workflow = Parse("""
            workflow: mixed
            version: 1.0.0
            summary: General steps between
            steps:
              tell: { uses: report, with: { title: a, text: b }, needs: [align] }
              first: { uses: report, with: { title: a, text: b } }
              align: { uses: market.align, needs: [first], with: { ticker: MKT.SYN, pack: swingsigma@1.1.0, until: last_completed_session } }
              alone: { uses: report, with: { title: a, text: b } }
            """);
        StepStages.Of([workflow]).Select(r => $"{r.Stage} {r.Name}").Should().Equal("Data first", "Data align", "Data tell", "Other alone");
    }

    [Fact]
    public void What_only_an_older_version_has_stands_where_it_stood()
    {
        WorkflowDefinition Version(string version, string steps) => Tests.Workflow($"workflow: w\nversion: {version}\nsummary: S\nsteps:\n{steps}");
        WorkflowDefinition old = Version("1.0.0", "  a: { uses: test.use }\n  clean: { uses: test.use, needs: [a] }\n  b: { uses: test.use, needs: [clean] }\n  c: { uses: test.use, needs: [b] }\n");
        WorkflowDefinition now = Version("2.0.0", "  c: { uses: test.use, needs: [a] }\n  a: { uses: test.use }\n  b: { uses: test.use, needs: [c] }\n");
        StepStages.Of([now, old]).Select(r => r.Name).Should().Equal(["a", "c", "clean", "b"], "b and c have changed places; clean came between a and b");
        StepStages.Of([]).Should().BeEmpty();
    }

    [Fact]
    public void Every_step_of_every_version_has_one_row_after_all_that_the_newest_version_says_it_needs()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            Rng rng = Rng.From(seed);
            WorkflowDefinition[] versions = [.. Enumerable.Range(1, 1 + rng.NextInt(4)).Reverse().Select(v => AtRandom(rng, v))];
            List<string> rows = [.. StepStages.Of(versions).Select(r => r.Name)];
            rows.Should().OnlyHaveUniqueItems($"seed {seed}").And.BeEquivalentTo(versions.SelectMany(v => v.Steps.Select(s => s.Name)).Distinct(), $"seed {seed}");
            foreach (string name in rows)
            {
                StepSpec newest = versions.SelectMany(v => v.Steps).First(s => s.Name == name);
                newest.Needs.Where(n => rows.IndexOf(n) > rows.IndexOf(name)).Should().BeEmpty($"seed {seed}, {name}");
            }
        }
    }

    // Steps in any order, each of which may need any that comes before it in another order.
    private static WorkflowDefinition AtRandom(Rng rng, int version)
    {
        string[] names = [.. "abcdefgh".Select(c => c.ToString()).Where(_ => rng.NextInt(4) > 0).DefaultIfEmpty("a").OrderBy(_ => rng.NextInt(1_000_000))];
        string[] lines = [.. names.Select((name, i) => $"  {name}: {{ uses: test.use, needs: [{string.Join(", ", names.Take(i).Where(_ => rng.NextInt(3) == 0))}] }}").OrderBy(_ => rng.NextInt(1_000_000))];
        return Tests.Workflow($"workflow: w\nversion: {version}.0.0\nsummary: S\nsteps:\n{string.Join('\n', lines)}\n");
    }

    private WorkflowDefinition Parse(string yaml) => WorkflowYaml.Parse(yaml, "w.yaml", kinds.Kinds).Value;
}
