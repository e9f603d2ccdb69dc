using System.Globalization;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Tests.Workflows.Lifecycle;

/// <summary>Every workflow file has cases beside it, and all of them pass.</summary>
public sealed class WorkflowCasesTests
{
    private static readonly WorkflowFolder Folder = new(Path.Combine(Checkout.Root, "workflows"), LifecycleFileTests.Kinds);

    public static TheoryData<string> Files => [.. Folder.List().Select(f => Path.GetFileName(f.Path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_cases_beside_a_workflow_pass(string file)
    {
        string path = Path.Combine(Checkout.Root, "workflows", file);
        WorkflowDefinition workflow = Folder.Parse(path).Value;
        IReadOnlyList<WorkflowTest> cases = WorkflowFolder.TestsBeside(path, workflow, LifecycleFileTests.Kinds);
        cases.Should().NotBeEmpty("every workflow carries a case of value");
        cases.Select(c => c.Name).Should().OnlyHaveUniqueItems();
        foreach (WorkflowTest test in cases.Concat(workflow.Tests))
        {
            Rehearsal.Play(workflow, LifecycleFileTests.Kinds, test).Differences.Should().BeEmpty($"{file}: {test.Name}");
        }
    }

    [Fact]
    public void Every_file_of_cases_lies_beside_its_workflow() =>
        Directory.GetFiles(Path.Combine(Checkout.Root, "workflows", WorkflowTestYaml.Folder)).Select(Path.GetFileName).Should().BeEquivalentTo(Files.Select(f => f.Data));

    [Fact]
    public void Every_workflow_has_a_case_in_which_something_goes_wrong_or_somebody_acts()
    {
        int failing = 0;
        foreach (WorkflowFile file in Folder.List())
        {
            WorkflowDefinition workflow = Folder.Parse(file.Path).Value;
            failing += WorkflowFolder.TestsBeside(file.Path, workflow, LifecycleFileTests.Kinds).Any(t => t.Play.Values.Any(tries => tries.Any(r => r.Fails is not null)) || t.Then.Count > 0) ? 1 : 0;
        }

        failing.Should().Be(Folder.List().Count);
    }

    [Fact]
    public void The_whole_lifecycle_with_fourteen_days_on_paper_is_played_in_less_than_ten_seconds()
    {
        WorkflowDefinition lifecycle = Folder.Load("lifecycle");
        WorkflowTest whole = WorkflowFolder.TestsBeside(Folder.List().First(f => f.Id == "lifecycle").Path, lifecycle, LifecycleFileTests.Kinds).First(t => t.Name.Contains("fourteen days", StringComparison.Ordinal));
        long begun = TimeProvider.System.GetTimestamp();
        RehearsalResult played = Rehearsal.Play(lifecycle, LifecycleFileTests.Kinds, whole);
        TimeSpan took = TimeProvider.System.GetElapsedTime(begun);
        played.Differences.Should().BeEmpty();
        played.Took.Should().BeGreaterThan(TimeSpan.FromDays(16));
        took.Should().BeLessThan(TimeSpan.FromSeconds(10));
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{played.Took.TotalDays:0.0} days in {took.TotalMilliseconds:0} ms"));
    }
}
