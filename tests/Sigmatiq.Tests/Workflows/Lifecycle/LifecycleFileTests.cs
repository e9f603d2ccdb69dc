using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.Workflows.Lifecycle;

public sealed class LifecycleFileTests
{
    private static readonly WorkflowDefinition Lifecycle =
        WorkflowYaml.ParsePublished(File.ReadAllText(Path.Combine(Checkout.Root, "workflows", "lifecycle.1.0.0.yaml")), "lifecycle.1.0.0.yaml").Value;

    [Fact]
    public void The_eight_stages_follow_each_other()
    {
        string[] stages = ["bootstrap", "align", "sweep", "train", "forecast", "evidence", "approve", "deploy", "monitor"];
        Lifecycle.Steps.Select(s => s.Name).Should().Equal(stages);
        Lifecycle.UpTo("monitor").Should().BeEquivalentTo(stages, "each stage needs those before it");
        foreach (var (stage, before) in stages.Skip(1).Zip(stages).Where(p => p.First != "evidence"))
        {
            Lifecycle.UpTo(stage).Should().Contain(before);
        }
    }

    [Fact]
    public void Nothing_is_deployed_without_an_approval()
    {
        StepSpec deploy = Lifecycle.Step("deploy");
        deploy.Needs.Should().Contain("approve");
        deploy.WhenText.Should().Be("steps.approve.outputs.decision == \"approved\"");
    }

    [Fact]
    public void The_best_combos_are_trained_side_by_side() =>
        Lifecycle.Step("train").ForEach.Should().BeEquivalentTo(new { As = "combo", MaxParallel = 2 });
}
