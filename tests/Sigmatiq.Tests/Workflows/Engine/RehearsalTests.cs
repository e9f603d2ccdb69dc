using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Tests.Workflows.Engine;

public sealed class RehearsalTests
{
    private const string Lane = """
        workflow: lane
        version: 1.0.0
        summary: s
        parameters: { count: { type: int, default: 1 } }
        steps:
          make: { uses: test.make, with: { name: x, count: "{params.count}" } }
          each: { uses: test.use, for_each: { in: "{steps.make.outputs.best}", as: part }, with: { part: "{part}" } }
          approve: { uses: test.use, with: { labels: "{steps.each.outputs.model}" } }
          deploy: { uses: test.use, needs: [approve], when: steps.approve.outputs.decision == "approved" }
        tests:
          - name: a rejection deploys nothing
            mock: { approve: { decision: rejected } }
            expect: { deploy: skipped, run: completed }
          - name: an approval deploys
            mock: { approve: { decision: approved } }
            expect: { deploy: succeeded, run: completed }
          - name: this one is wrong
            mock: { approve: { decision: rejected } }
            expect: { deploy: succeeded, make: succeeded }
        """;

    [Fact]
    public void The_tests_in_a_workflow_file_are_played_without_running_a_step()
    {
        var steps = new TestSteps();
        IReadOnlyList<RehearsalResult> results = Rehearsal.Play(steps.Workflow(Lane), steps.Kinds);
        results.Select(r => r.Passed).Should().Equal(true, true, false);
        results[2].Differences.Should().Equal("deploy is skipped, expected succeeded");
        results[0].State.Step("each").Instances.Should().HaveCount(1, "a sample list has one item");
        steps.Begun.Should().BeEmpty();
    }
}
