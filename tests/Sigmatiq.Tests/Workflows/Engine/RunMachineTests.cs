using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Engine;

public sealed class RunMachineTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TestSteps Steps = new();

    [Fact]
    public void A_step_starts_when_all_it_needs_has_succeeded()
    {
        var run = new Play("a: { uses: test.use }\n  b: { uses: test.use }\n  c: { uses: test.use, needs: [a, b] }");
        run.Status("a").Should().Be(StepStatus.Ready);
        run.Succeed("a");
        run.Status("c").Should().Be(StepStatus.Pending);
        run.Succeed("b");
        run.Status("c").Should().Be(StepStatus.Ready);
        run.Succeed("c");
        run.State.Status.Should().Be(RunStatus.Completed);
        run.State.EndedUtc.Should().NotBeNull();
    }

    [Fact]
    public void A_condition_that_does_not_hold_skips_the_step_and_what_needs_it()
    {
        var run = new Play("""
            approve: { uses: test.use }
              deploy: { uses: test.use, when: steps.approve.outputs.decision == "approved" }
              monitor: { uses: test.use, needs: [deploy] }
            """);
        run.Succeed("approve", """{ "model": "m", "decision": "rejected" }""");
        run.Status("deploy").Should().Be(StepStatus.Skipped);
        run.State.Step("deploy").Reason.Should().Contain("does not hold");
        run.State.Step("monitor").Reason.Should().Be("needs deploy, which was skipped");
        run.State.Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public void Items_run_at_most_so_many_at_a_time_and_their_outputs_form_a_list()
    {
        var run = new Play("""
            make: { uses: test.make, with: { name: x, count: 5 } }
              each: { uses: test.use, for_each: { in: "{steps.make.outputs.best(4)}", as: part, max_parallel: 2 }, with: { part: "{part}" } }
              last: { uses: test.use, with: { labels: "{steps.each.outputs.model}" } }
            """);
        run.Succeed("make", """{ "snapshot": "s", "best": [{ "combo_id": 1, "label": "a" }, { "combo_id": 2, "label": "b" }, { "combo_id": 3, "label": "c" }, { "combo_id": 4, "label": "d" }, { "combo_id": 5, "label": "e" }], "passed": true, "score": 1 }""");
        run.State.Step("each").Instances.Select(i => i.Status).Should().Equal(StepStatus.Ready, StepStatus.Ready, StepStatus.Pending, StepStatus.Pending);
        run.State.Step("each").Instances[3].Input["part"]!["combo_id"]!.GetValue<int>().Should().Be(4);
        foreach (int index in new[] { 1, 0, 2, 3 })
        {
            run.Succeed("each", $$"""{ "model": "m{{index}}", "decision": "d" }""", index);
            run.State.Step("each").Instances.Count(i => i.Status == StepStatus.Ready).Should().BeLessThanOrEqualTo(2);
        }

        run.State.Step("last").Instances[0].Input["labels"]!.ToJsonString().Should().Be("""["m0","m1","m2","m3"]""");
    }

    [Fact]
    public void An_empty_list_is_done_at_once()
    {
        var run = new Play("""
            make: { uses: test.make, with: { name: x } }
              each: { uses: test.use, for_each: { in: "{steps.make.outputs.best}", as: part } }
              last: { uses: test.use, with: { labels: "{steps.each.outputs.model}" } }
            """);
        run.Succeed("make", """{ "snapshot": "s", "best": [], "passed": true, "score": 1 }""");
        run.Status("each").Should().Be(StepStatus.Succeeded);
        run.State.Step("last").Instances[0].Input.ToJsonString().Should().Be("""{"labels":[]}""");
    }

    [Fact]
    public void A_failure_worth_retrying_pauses_longer_each_time_and_then_fails_the_run()
    {
        var run = new Play("a: { uses: test.use, retry: { attempts: 3, backoff: exponential, first: 5s } }\n  b: { uses: test.use, needs: [a] }");
        run.Fail("a", FailureCategories.SourceUnavailable).Should().Equal(new RunCommand.RetryAt("a", 0, run.NowUtc.AddSeconds(5)));
        run.State.Status.Should().Be(RunStatus.Running);
        run.Send(new RetryDue(run.NowUtc, "a", 0));
        run.Fail("a", FailureCategories.SourceUnavailable).Should().Equal(new RunCommand.RetryAt("a", 0, run.NowUtc.AddSeconds(10)));
        run.Send(new RetryDue(run.NowUtc, "a", 0));
        run.Fail("a", FailureCategories.SourceUnavailable).Should().BeEmpty();
        run.State.Status.Should().Be(RunStatus.Failed);
        run.State.Stop!.Reason.Should().StartWith("a failed: TST-1");
        run.Status("b").Should().Be(StepStatus.Skipped);
        run.State.Step("a").Instances[0].Attempts.Should().Be(3);
    }

    [Fact]
    public void A_refusal_is_not_retried()
    {
        var run = new Play("a: { uses: test.use, retry: { attempts: 3 } }");
        run.Fail("a", FailureCategories.Refused);
        run.State.Status.Should().Be(RunStatus.Failed);
    }

    [Fact]
    public void A_failure_that_the_workflow_tolerates_skips_only_what_needs_it()
    {
        var run = new Play("a: { uses: test.use, on_failure: continue }\n  b: { uses: test.use, needs: [a] }\n  c: { uses: test.use }");
        run.Fail("a", FailureCategories.Refused);
        run.State.Step("b").Reason.Should().Be("needs a, which failed");
        run.Succeed("c");
        run.State.Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public void A_failing_run_lets_what_is_under_way_end_and_starts_nothing_more()
    {
        var run = new Play("a: { uses: test.use }\n  b: { uses: test.use }\n  c: { uses: test.use, needs: [b] }");
        run.Start("b");
        run.Fail("a", FailureCategories.Refused);
        run.State.Status.Should().Be(RunStatus.Running);
        run.Send(new AttemptSucceeded(run.NowUtc, "b", 0, 1, new() { ["model"] = "m" }, ContentHash.Of("x")));
        (run.State.Status, run.Status("b"), run.Status("c")).Should().Be((RunStatus.Failed, StepStatus.Succeeded, StepStatus.Skipped));
    }

    [Fact]
    public void A_wait_holds_the_run_until_it_is_woken_and_is_no_failure()
    {
        var run = new Play("a: { uses: test.use }");
        run.Start("a");
        DateTimeOffset expires = run.NowUtc.AddDays(7);
        run.Send(new AttemptWaiting(run.NowUtc, "a", 0, 1, "a vote", "approval:7", expires))
            .Should().Equal(new RunCommand.AwaitWake("a", 0, "approval:7", expires));
        run.State.Status.Should().Be(RunStatus.Waiting);
        run.State.Step("a").Reason.Should().Be("a vote");
        run.Send(new StepWoken(run.NowUtc, "a", 0, "approval:7"));
        run.State.Status.Should().Be(RunStatus.Running);
        run.Succeed("a");
        run.State.Step("a").Instances[0].Should().BeEquivalentTo(new { Attempts = 2, Failures = 0 });
    }

    [Fact]
    public void A_lost_attempt_is_begun_again_however_often_it_is_lost()
    {
        var run = new Play("a: { uses: test.use }");
        for (int attempt = 1; attempt <= 20; attempt++)
        {
            run.Start("a");
            run.Send(new AttemptLost(run.NowUtc, "a", 0, attempt)).Should().ContainSingle().Which.Should().BeOfType<RunCommand.StartAttempt>()
                .Which.Attempt.Should().Be(attempt + 1);
        }

        run.Succeed("a");
        run.State.Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public void A_cancelled_run_stops_what_is_under_way_and_closes_the_rest()
    {
        var run = new Play("a: { uses: test.use }\n  b: { uses: test.use }\n  c: { uses: test.use, needs: [b] }");
        run.Start("a");
        run.Send(new CancelRequested(run.NowUtc, "operator", "changed my mind")).Should().Equal(new RunCommand.StopAttempt("a", 0, 1));
        run.State.Status.Should().Be(RunStatus.Running);
        (run.Status("b"), run.Status("c")).Should().Be((StepStatus.Cancelled, StepStatus.Cancelled));
        run.Send(new AttemptStopped(run.NowUtc, "a", 0, 1));
        run.State.Status.Should().Be(RunStatus.Cancelled);
        run.State.Step("c").Reason.Should().Be("cancelled by operator: changed my mind");
    }

    [Fact]
    public void A_queued_run_can_be_cancelled_before_it_begins()
    {
        var run = new Play("a: { uses: test.use }", admit: false);
        run.Send(new CancelRequested(run.NowUtc, "operator", "no"));
        run.State.Status.Should().Be(RunStatus.Cancelled);
    }

    [Fact]
    public void A_run_asked_to_end_early_skips_what_the_end_does_not_need()
    {
        var run = new Play("a: { uses: test.use }\n  b: { uses: test.use, needs: [a] }\n  c: { uses: test.use, needs: [b] }\n  d: { uses: test.use }", until: "b");
        run.Status("c").Should().Be(StepStatus.Skipped);
        run.State.Step("d").Reason.Should().Be("the run was asked to end with b");
        run.Succeed("a");
        run.Succeed("b");
        run.State.Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public void An_input_that_cannot_be_evaluated_fails_the_step_with_its_code()
    {
        var run = new Play("""
            make: { uses: test.make, with: { name: x } }
              use: { uses: test.use, with: { part: "{steps.make.outputs.best[4]}" } }
            """);
        run.Succeed("make", """{ "snapshot": "s", "best": [], "passed": true, "score": 1 }""");
        run.State.Status.Should().Be(RunStatus.Failed);
        run.State.Step("use").Reason.Should().StartWith(WorkflowCodes.CannotEvaluate).And.Contain("item 4 of a list of 0");
    }

    [Fact]
    public void Late_and_repeated_events_are_refused()
    {
        var run = new Play("a: { uses: test.use }\n  b: { uses: test.use, needs: [a] }");
        RunMachine.Refusal(run.State, new AttemptStarted(run.NowUtc, "b", 0, 1)).Should().NotBeNull();
        RunMachine.Refusal(run.State, new AttemptStarted(run.NowUtc, "a", 0, 2)).Should().NotBeNull();
        run.Start("a");
        RunMachine.Refusal(run.State, new AttemptStarted(run.NowUtc, "a", 0, 1)).Should().NotBeNull();
        RunMachine.Refusal(run.State, new StepWoken(run.NowUtc, "a", 0, "x")).Should().NotBeNull();
        FluentActions.Invoking(() => RunMachine.Apply(run.State, new RetryDue(run.NowUtc, "a", 0))).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_the_rules_of_a_run_hold()
    {
        HashSet<RunStatus> ends = [];
        for (int seed = 0; seed < 1_500; seed++)
        {
            Rng rng = Rng.From(seed);
            var run = new Play(RandomSteps(rng.Fork("definition")));
            int events = 0;
            int retries = rng.NextInt(3);
            while (true)
            {
                if (run.State.Status.IsFinal())
                {
                    RunEvent retry = new RetryRequested(run.NowUtc, "somebody", "chance", null);
                    if (retries-- <= 0 || RunMachine.Refusal(run.State, retry) is not null)
                    {
                        break;
                    }

                    string[] kept = [.. run.State.Steps.Where(s => s.Status == StepStatus.Succeeded).Select(s => s.Spec.Name)];
                    RunState ended = run.State;
                    IReadOnlyList<RunCommand> again = run.Send(retry);
                    Check(ended, run.State, retry, again, seed);
                    kept.All(k => run.State.Step(k).Status == StepStatus.Succeeded).Should().BeTrue($"seed {seed}: a retry keeps what succeeded");
                    continue;
                }

                (++events).Should().BeLessThan(2_000, $"seed {seed}: a run comes to an end");
                RunState before = run.State;
                RunEvent[] possible = [.. Possible(before, run.NowUtc, rng).Where(e => RunMachine.Refusal(before, e) is null)];
                possible.Should().NotBeEmpty($"seed {seed}: a run that has not ended can go on");
                RunEvent happened = possible[rng.NextInt(possible.Length)];
                IReadOnlyList<RunCommand> commands = run.Send(happened);
                Check(before, run.State, happened, commands, seed);
            }

            ends.Add(run.State.Status);
            RunMachine.Outstanding(run.State).Should().BeEmpty($"seed {seed}: an ended run wants nothing");
            CanonicalJson.Text(RunMachine.Fold(run.State.Id, run.State.Definition, run.Journal).ToJson())
                .Should().Be(CanonicalJson.Text(run.State.ToJson()), $"seed {seed}: the journal gives the same state");
        }

        ends.Should().BeEquivalentTo([RunStatus.Completed, RunStatus.Failed, RunStatus.Cancelled]);
    }

    private static void Check(RunState before, RunState after, RunEvent happened, IReadOnlyList<RunCommand> commands, int seed)
    {
        foreach (StepRun step in after.Steps)
        {
            StepRun was = before.Step(step.Spec.Name);
            if (was.Status.IsFinal() && happened is not RetryRequested)
            {
                step.Status.Should().Be(was.Status, $"seed {seed}: a final state is final");
            }

            if (step.Instances.Any(i => i.Status != StepStatus.Pending))
            {
                step.Spec.Needs.All(n => after.Step(n).Status == StepStatus.Succeeded).Should().BeTrue($"seed {seed}: {step.Spec.Name} began before its needs");
            }

            step.Instances.Count(i => i.Status.IsActive()).Should().BeLessThanOrEqualTo(
                Math.Max(step.Spec.ForEach?.MaxParallel ?? 1, was.Instances.Count(i => i.Status.IsActive()) + 1), $"seed {seed}: the bound on parallel items");
            if (step.Status is StepStatus.Skipped or StepStatus.Cancelled)
            {
                step.Reason.Should().NotBeNullOrEmpty($"seed {seed}: {step.Spec.Name} says why");
            }
        }

        // Whoever follows the commands knows all that a newcomer would find outstanding.
        commands.Should().Equal(RunMachine.Outstanding(after).Except(RunMachine.Outstanding(before)), $"seed {seed} after {happened}");
        RunMachine.Outstanding(after).Count.Should().BeLessThanOrEqualTo(RunMachine.Outstanding(before).Count + commands.Count, $"seed {seed} after {happened}");
        if (after.Hold is not null && !after.Status.IsFinal())
        {
            commands.OfType<RunCommand.StartAttempt>().Should().BeEmpty($"seed {seed}: a held run starts nothing");
            after.Status.Should().BeOneOf(after.Hold.Status, RunStatus.Running);
        }

        if (after.Stop is not null)
        {
            commands.OfType<RunCommand.StartAttempt>().Should().BeEmpty($"seed {seed}: a stopping run starts nothing");
        }
    }

    private static IEnumerable<RunEvent> Possible(RunState state, DateTimeOffset at, Rng rng)
    {
        if (rng.NextInt(60) == 0)
        {
            yield return new CancelRequested(at, "somebody", "chance");
        }

        if (rng.NextInt(20) == 0)
        {
            yield return new PauseRequested(at, "somebody", "chance");
        }

        if (state.Hold is not null)
        {
            yield return new ResumeRequested(at, "somebody", "chance");
        }

        foreach (StepRun step in state.Steps)
        {
            foreach (StepInstance i in step.Instances)
            {
                string name = step.Spec.Name;
                yield return new AttemptStarted(at, name, i.Index, i.Attempts + 1);
                yield return new AttemptSucceeded(at, name, i.Index, i.Attempts, Output(step.Spec.Uses, rng), ContentHash.Of("o"));
                yield return new AttemptSucceeded(at, name, i.Index, i.Attempts, Output(step.Spec.Uses, rng), ContentHash.Of("o"));
                yield return new AttemptFailed(at, name, i.Index, i.Attempts, new("TST-1", "no"), FailureCategories.All[rng.NextInt(4)]);
                yield return new AttemptWaiting(at, name, i.Index, i.Attempts, "a sign", "key", null);
                yield return new AttemptLost(at, name, i.Index, i.Attempts);
                yield return new AttemptCrashed(at, name, i.Index, i.Attempts, rng.NextInt(3));
                yield return new AttemptStopped(at, name, i.Index, i.Attempts);
                yield return new StepWoken(at, name, i.Index, "key");
                yield return new RetryDue(at, name, i.Index);
            }
        }
    }

    private static JsonObject Output(string uses, Rng rng) => uses == "test.use"
        ? new() { ["model"] = "m", ["decision"] = rng.NextInt(2) == 0 ? "approved" : "rejected" }
        : new()
        {
            ["snapshot"] = "s",
            ["best"] = new JsonArray([.. Enumerable.Range(0, rng.NextInt(4)).Select(n => (JsonNode)new JsonObject { ["combo_id"] = n, ["label"] = "l" })]),
            ["passed"] = rng.NextInt(2) == 0,
            ["score"] = 1,
        };

    private static string RandomSteps(Rng rng)
    {
        var yaml = new StringBuilder();
        List<(string Name, bool Makes)> made = [];
        int count = 1 + rng.NextInt(6);
        for (int s = 0; s < count; s++)
        {
            string name = $"s{s}";
            bool makes = rng.NextInt(2) == 0;
            string needs = string.Join(", ", made.Where(_ => rng.NextInt(3) == 0).Select(m => m.Name));
            string[] makers = [.. made.Where(m => m.Makes).Select(m => m.Name)], users = [.. made.Where(m => !m.Makes).Select(m => m.Name)];
            yaml.Append(s == 0 ? "" : "\n  ").Append($"{name}:\n    uses: {(makes ? "test.make" : "test.use")}\n    needs: [{needs}]\n");
            bool fans = !makes && makers.Length > 0 && rng.NextInt(2) == 0;
            if (fans)
            {
                yaml.Append($"    for_each: {{ in: \"{{steps.{makers[rng.NextInt(makers.Length)]}.outputs.best}}\", as: part, max_parallel: {1 + rng.NextInt(3)} }}\n    with: {{ part: \"{{part}}\" }}\n");
            }
            else if (makes)
            {
                yaml.Append("    with: { name: x }\n");
            }

            if (users.Length > 0 && rng.NextInt(4) == 0)
            {
                yaml.Append($"    when: steps.{users[rng.NextInt(users.Length)]}.outputs.decision == \"approved\"\n");
            }

            if (rng.NextInt(2) == 0)
            {
                yaml.Append($"    retry: {{ attempts: {1 + rng.NextInt(3)}, first: 1s }}\n");
            }

            if (rng.NextInt(4) == 0)
            {
                yaml.Append("    on_failure: continue\n");
            }

            // What fans out gives a list: nobody refers to it in a condition.
            if (!fans)
            {
                made.Add((name, makes));
            }
        }

        return yaml.ToString();
    }

    /// <summary>A run played by hand.</summary>
    private sealed class Play
    {
        public Play(string steps, bool admit = true, string? until = null)
        {
            WorkflowDefinition workflow = Steps.Workflow($"workflow: play\nversion: 1.0.0\nsummary: s\nsteps:\n  {steps}");
            var requested = new RunRequested(Noon, new("play", "1.0.0", workflow.Hash, [], Noon, 42, until, [], "operator", "test"));
            Journal.Add(requested);
            State = RunMachine.Begin(new("run_1"), workflow, requested);
            if (admit)
            {
                Send(new RunAdmitted(Noon));
            }
        }

        public RunState State { get; private set; }

        public List<RunEvent> Journal { get; } = [];

        public DateTimeOffset NowUtc => Noon.AddSeconds(Journal.Count);

        public StepStatus Status(string step) => State.Step(step).Status;

        public IReadOnlyList<RunCommand> Send(RunEvent happened)
        {
            Journal.Add(happened);
            (State, IReadOnlyList<RunCommand> commands) = RunMachine.Apply(State, happened);
            return commands;
        }

        public void Start(string step, int index = 0) =>
            Send(new AttemptStarted(NowUtc, step, index, State.Step(step).Instances[index].Attempts + 1));

        public void Succeed(string step, string output = """{ "model": "m", "decision": "approved" }""", int index = 0)
        {
            Start(step, index);
            JsonObject json = JsonNode.Parse(output)!.AsObject();
            Send(new AttemptSucceeded(NowUtc, step, index, State.Step(step).Instances[index].Attempts, json, ContentHash.OfJson(json)));
        }

        public IReadOnlyList<RunCommand> Fail(string step, string category)
        {
            Start(step);
            // Dated so that NowUtc is its instant once it is sent.
            return Send(new AttemptFailed(NowUtc.AddSeconds(1), step, 0, State.Step(step).Instances[0].Attempts, new("TST-1", "no"), category));
        }
    }
}
