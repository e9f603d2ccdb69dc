using System.Runtime.CompilerServices;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Lifecycle;

public sealed class LifecycleFileTests
{
    // A file is checked against names and records, which a kind has without the services it works with.
    internal static readonly StepKinds Kinds = new(typeof(IStepKind).Assembly.GetTypes()
        .Where(t => t.IsAssignableTo(typeof(IStepKind)) && !t.IsAbstract && t != typeof(Sigmatiq.Workflows.Steps.Plugins.PluginKind)).Select(t => (IStepKind)RuntimeHelpers.GetUninitializedObject(t)), AnnouncedKinds.All);

    private static readonly WorkflowDefinition Lifecycle = new WorkflowFolder(Path.Combine(Checkout.Root, "workflows"), Kinds).Load("lifecycle");

    [Fact]
    public void The_eight_stages_follow_each_other()
    {
        string[] stages = ["bootstrap", "align", "sweep", "train", "forecast", "evidence", "approve", "deploy", "monitor"];
        Lifecycle.Steps.Select(s => s.Name).Should().Equal(stages);
        foreach (var (stage, before) in stages.Skip(1).Zip(stages))
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

    [Fact]
    public void The_tests_in_the_file_pass()
    {
        IReadOnlyList<RehearsalResult> results = Rehearsal.Play(Lifecycle, Kinds);
        results.Should().HaveCountGreaterThanOrEqualTo(2);
        results.SelectMany(r => r.Differences).Should().BeEmpty();
    }

    [Fact]
    public void Every_file_in_the_folder_is_valid_under_the_name_it_has()
    {
        var folder = new WorkflowFolder(Path.Combine(Checkout.Root, "workflows"), Kinds);
        folder.List().Should().NotBeEmpty();
        foreach (WorkflowFile file in folder.List())
        {
            WorkflowDefinition workflow = folder.Load(file.Id, file.Version);
            workflow.Steps.Should().NotBeEmpty();
            Rehearsal.Play(workflow, Kinds).SelectMany(r => r.Differences).Should().BeEmpty(file.Id);
        }
    }
}
