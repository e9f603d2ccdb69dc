using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
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
          make: { uses: test.make, with: { name: x, count: "{params.count}" }, timeout: 10m, retry: { attempts: 3, backoff: fixed, first: 5s } }
          each: { uses: test.use, for_each: { in: "{steps.make.outputs.best}", as: part, max_parallel: 2 }, with: { part: "{part}" } }
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
        results[2].Differences.Should().Equal("test.yaml:19:15: deploy is skipped (when steps.approve.outputs.decision == \"approved\" does not hold), expected succeeded");
        results[0].State.Step("each").Instances.Should().HaveCount(1, "a sample list has one item");
        steps.Begun.Should().BeEmpty();
    }

    [Fact]
    public void Tries_deeds_and_waits_are_played_by_the_clock_of_the_case()
    {
        RehearsalResult played = Play("""
            - name: it all happens
              start: 2026-03-02T15:00:00Z
              play:
                make: [ { fails: source_unavailable, takes: 10s }, { takes: 1m, gives: { best: [ { combo_id: 1, label: a }, { combo_id: 2, label: b } ] } } ]
                each: { takes: 1h }
                "each[1]": { takes: 2h }
                approve: { waits: 7d, says: a vote }
              then:
                - { at: 1h, pause: a look, by: ben }
                - { at: 2h, resume: fine, by: ben }
                - { at: 3d, vote: approve, by: ana, decision: rejected, says: too few }
              expect: { run: completed, "each[1]": succeeded, deploy: skipped }
              attempts: { make: 2, each: 2, "each[1]": 1, approve: 2 }
              outputs: { approve.decision: rejected, make.best.1.label: b, "each[0].model": sample }
              order: [make, each, approve]
              times: { make: 1m 15s, each: 3h 0m, approve: 3d, run: 3d }
              reasons: { deploy: does not hold }
            """);
        played.Differences.Should().Equal("case.yaml:17:26: each ended after 2h 1m 15s, expected 3h");
        played.Took.Should().Be(TimeSpan.FromDays(3));
        played.Events.OfType<StepWoken>().Should().ContainSingle().Which.AtUtc.Should().Be(new(2026, 3, 5, 15, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Everything_that_comes_out_otherwise_is_named_with_its_line()
    {
        RehearsalResult played = Play("""
            - name: all wrong
              play: { make: { fails: refused, says: no such thing } }
              then:
                - { at: 1h, vote: approve }
                - { at: 1h, pause: late }
              expect: { run: completed, "make[0]": succeeded, "each[3]": failed }
              attempts: { make: 2 }
              outputs: { approve.decision: approved }
              order: [each, make]
              times: { make: 1h, each: 1h }
              reasons: { run: another reason }
            """);
        string[] expected =
        [
            "case.yaml:5:7: vote of approve after 1h is refused: approve is skipped and waits for nothing", "case.yaml:6:7: pause after 1h is refused: the run has ended",
            "case.yaml:7:13: run is failed (make failed: MOCKED at make: no such thing), expected completed", "case.yaml:7:29: make[0] is failed (MOCKED at make: no such thing), expected succeeded",
            "case.yaml:7:51: each[3] is no such item, expected failed", "case.yaml:8:15: make had 1 attempts, expected 2", "case.yaml:9:14: approve.decision is null, expected \"approved\"",
            "case.yaml:11:12: make ended after 0s, expected 1h", "case.yaml:11:22: each ended after 0s, expected 1h",
            "case.yaml:12:14: the reason of run is 'make failed: MOCKED at make: no such thing.', which does not hold 'another reason'",
            "case.yaml:10:10: the steps ended in the order make, each, expected each, make",
        ];
        played.Differences.Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void A_step_that_takes_longer_than_its_timeout_fails_by_it_and_a_wait_that_nobody_ends_is_a_rejection()
    {
        Play("""
            - name: too long, then silence
              play: { make: [ { takes: 11m }, { takes: 1m } ], approve: { waits: 7d } }
              expect: { run: completed, approve: succeeded, deploy: skipped }
              attempts: { make: 2 }
              outputs: { approve.decision: rejected }
              times: { make: 11m 5s, run: 7d 11m 5s }
            """).Differences.Should().BeEmpty();
        Play("""
            - name: nothing ends the wait
              play: { approve: { waits: true } }
              expect: { run: waiting, approve: waiting, deploy: pending }
            """).Differences.Should().BeEmpty();
    }

    [Fact]
    public void A_case_can_be_made_in_code()
    {
        var steps = new TestSteps();
        RehearsalResult played = Rehearsal.Play(steps.Workflow(Lane), steps.Kinds, new("in code", [], new Dictionary<string, System.Text.Json.Nodes.JsonObject>(), new Dictionary<string, string> { ["run"] = "completed" })
        {
            Play = new Dictionary<string, IReadOnlyList<RehearsedTry>> { ["approve"] = [new() { Waits = true }] },
            Then = [new(TimeSpan.FromDays(14), RehearsedAct.Vote, "approve") { By = "ana" }],
            Times = new Dictionary<string, TimeSpan> { ["run"] = TimeSpan.FromDays(14) },
        });
        played.Differences.Should().BeEmpty();
        (played.Passed, played.State.Step("deploy").Status).Should().Be((true, StepStatus.Succeeded));
    }

    [Theory]
    [InlineData("- name: a\n  expect: { nothing: failed }", "WFL-1008", 3)]
    [InlineData("- name: a\n  play: { make: { fails: badly } }", "WFL-1011", 3)]
    [InlineData("- name: a\n  play: { make: { takes: long } }", "WFL-1011", 3)]
    [InlineData("- name: a\n  then: [ { at: 1h } ]", "WFL-1011", 3)]
    [InlineData("- name: a\n  then: [ { at: 1h, pause: x, cancel: x } ]", "WFL-1011", 3)]
    [InlineData("- name: a\n  then: [ { at: 1h, vote: approve, decision: perhaps } ]", "WFL-1011", 3)]
    [InlineData("- name: a\n  start: tomorrow", "WFL-1011", 3)]
    [InlineData("- name: a\n  attempts: { make: some }", "WFL-1011", 3)]
    [InlineData("- name: a\n  expects: { run: failed }", "WFL-1001", 3)]
    [InlineData("- name: a\n  mock:\n    make: { shapshot: x }\n  expect: { run: completed }", "WFL-1003", 4)]
    [InlineData("- name: a\n  mock:\n    make: { score: high }\n  expect: { run: completed }", "WFL-1005", 4)]
    [InlineData("- name: a\n  mock:\n    make: { best: [ { combo_id: one } ] }\n  expect: { run: completed }", "WFL-1005", 4)]
    [InlineData("- name: a\n  mock: { make: 7 }\n  expect: { run: completed }", "WFL-1011", 3)]
    [InlineData("- name: a\n  play:\n    make:\n    - gives: { passed: 1 }\n  expect: { run: completed }", "WFL-1005", 5)]
    [InlineData("- name: a\n  play:\n    make: { gives: { pased: true } }\n  expect: { run: completed }", "WFL-1003", 4)]
    [InlineData("- name: a\n  play: { \"make[3]\": { fails: refused } }\n  expect: { run: completed }", "WFL-1011", 3)]
    [InlineData("- name: a\n  play: { \"each[x]\": { fails: refused } }\n  expect: { run: completed }", "WFL-1011", 3)]
    [InlineData("- name: a\n  expect: {}", "WFL-1011", 3)]
    [InlineData("- name: a\n  play: { make: { takes: 1m } }", "WFL-1011", 2)]
    [InlineData("- name: a\n  expect: { run: done }", "WFL-1011", 3)]
    [InlineData("- name: a\n  expect: { make: completed }", "WFL-1011", 3)]
    [InlineData("- name: a\n  then: [ { at: 1h, vote: make } ]\n  expect: { run: completed }", "WFL-1011", 3)]
    [InlineData("- name: a\n  outputs: { make.scoer: null }", "WFL-1003", 3)]
    public void A_case_that_cannot_be_read_is_refused_with_its_place(string cases, string code, int line)
    {
        var steps = new TestSteps();
        WorkflowTestYaml.Parse("tests:\n" + cases, "case.yaml", steps.Workflow(Lane), steps.Kinds).Problems
            .Should().Contain(p => p.Code == code && p.Where!.StartsWith($"case.yaml:{line}:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_case_in_the_workflow_file_that_proves_nothing_is_refused_there_and_still_read_in_a_published_one()
    {
        var steps = new TestSteps();
        string yaml = Lane.Replace("mock: { approve: { decision: approved } }", "mock: { approve: { decisoin: approved }, make: 7 }");
        WorkflowYaml.Parse(yaml, "test.yaml", steps.Kinds).Problems.Select(p => $"{p.Code} {p.Where}").Should().Equal("WFL-1003 test.yaml:15:24", "WFL-1011 test.yaml:15:52");
        WorkflowYaml.ParsePublished(yaml, "test.yaml").IsOk.Should().BeTrue();
    }

    [Fact]
    public void Parameters_of_a_case_that_do_not_fit_are_refused_with_their_line()
    {
        Problem problem = FluentActions.Invoking(() => Play("- name: a\n  parameters: { zz: 1 }\n  expect: { run: completed }")).Should().Throw<ProblemException>().Which.Problem;
        (problem.Code, problem.Where, problem.Remedy).Should().Be((WorkflowCodes.UnknownParameter, "case.yaml:3:17", "Use some of: count."));
        var steps = new TestSteps();
        WorkflowDefinition bare = steps.Workflow("workflow: bare\nversion: 1.0.0\nsummary: s\nsteps: { one: { uses: test.use } }\n");
        FluentActions.Invoking(() => RunParameters.Complete(bare, new() { ["zz"] = 1 })).Should().Throw<ProblemException>().Which.Problem.Remedy.Should().Be("It has no parameters.");
    }

    private static RehearsalResult Play(string cases)
    {
        var steps = new TestSteps();
        WorkflowDefinition workflow = steps.Workflow(Lane);
        return Rehearsal.Play(workflow, steps.Kinds, WorkflowTestYaml.Parse("tests:\n" + cases, "case.yaml", workflow, steps.Kinds).Value.Single());
    }
}
