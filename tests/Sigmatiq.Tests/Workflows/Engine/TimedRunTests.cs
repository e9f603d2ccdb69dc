using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Tests.Workflows.Engine;

/// <summary>How long runs and steps were at it, worked out by hand from seconds after the request.</summary>
public sealed class TimedRunTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TestSteps Steps = new();
    private TimedRun run = null!;

    [Fact]
    public void A_pause_between_attempts_is_left_out_and_a_wait_counts()
    {
        Begin("a: { uses: test.use, retry: { attempts: 2, first: 60s } }\n  ask: { uses: test.use, needs: [a] }");
        run.StartedUtc.Should().BeNull();
        Happen(new RunAdmitted(At(5)), new AttemptStarted(At(10), "a", 0, 1), new AttemptFailed(At(14), "a", 0, 1, new("TST-0001", "Not there."), "source_unavailable"));
        Took("a", At(60)).Should().Be(4, "nothing is under way before the next try");
        Happen(new RetryDue(At(74), "a", 0), new AttemptStarted(At(74), "a", 0, 2), new AttemptSucceeded(At(80), "a", 0, 2, Output(), Hash));
        Took("a", At(500)).Should().Be(10);
        Happen(new AttemptStarted(At(80), "ask", 0, 1), new AttemptWaiting(At(82), "ask", 0, 1, "a vote", "vote:1", null));
        (Took("ask", At(100)), Worked(At(100))).Should().Be((20, 77), "at work from 5 to 82, the pause before the second try included");
        Happen(new StepWoken(At(182), "ask", 0, "vote:1"), new AttemptStarted(At(183), "ask", 0, 2), new AttemptSucceeded(At(184), "ask", 0, 2, Output(), Hash));
        (Took("ask", At(900)), Worked(At(900))).Should().Be((104, 79));
        (run.Steps["a"].TakenUpBy(0), run.Steps["ask"].TakenUpBy(0), run.State.Step("ask").Instances[0].Attempts).Should().Be((0, 1, 2), "a second try is one, an answer that is taken up is none");
        (run.State.Status, run.StartedUtc, run.Seq).Should().Be((RunStatus.Completed, At(5), 12L));
    }

    [Fact]
    public void Items_beside_each_other_count_once()
    {
        Begin("""
            make: { uses: test.make, with: { name: x, count: 2 } }
              each: { uses: test.use, for_each: { in: "{steps.make.outputs.best}", as: part, max_parallel: 2 }, with: { part: "{part}" } }
            """);
        Happen(new RunAdmitted(At(0)), new AttemptStarted(At(1), "make", 0, 1), new AttemptSucceeded(At(3), "make", 0, 1, Parts(), Hash),
            new AttemptStarted(At(10), "each", 0, 1), new AttemptStarted(At(15), "each", 1, 1), new AttemptSucceeded(At(20), "each", 0, 1, Output(), Hash));
        Took("each", At(25)).Should().Be(15, "the second is still under way");
        Happen(new AttemptSucceeded(At(30), "each", 1, 1, Output(), Hash));
        (Took("make", At(99)), Took("each", At(99))).Should().Be((2, 20));
    }

    [Fact]
    public void A_wait_ends_with_its_run_and_a_lost_attempt_with_its_loss()
    {
        Begin("ask: { uses: test.use }\n  late: { uses: test.use, needs: [ask] }");
        Happen(new RunAdmitted(At(0)), new AttemptStarted(At(10), "ask", 0, 1), new AttemptLost(At(40), "ask", 0, 1));
        Took("ask", At(50)).Should().Be(30);
        Happen(new AttemptStarted(At(60), "ask", 0, 2), new AttemptWaiting(At(61), "ask", 0, 2, "a vote", "vote:1", null), new CancelRequested(At(100), "ana", "enough"));
        (run.State.Status, Took("ask", At(900)), run.Steps.ContainsKey("late")).Should().Be((RunStatus.Cancelled, 70, false));
    }

    private static DateTimeOffset At(double second) => Noon.AddSeconds(second);

    private static Sigmatiq.Store.Content.ContentHash Hash => Sigmatiq.Store.Content.ContentHash.Of([1]);

    private static JsonObject Output() => new() { ["model"] = "m", ["decision"] = "d" };

    private static JsonObject Parts() => JsonNode.Parse("""{ "snapshot": "s", "best": [{ "combo_id": 1, "label": "a" }, { "combo_id": 2, "label": "b" }], "passed": true, "score": 1 }""")!.AsObject();

    private void Begin(string steps)
    {
        WorkflowDefinition workflow = Steps.Workflow($"workflow: timed\nversion: 1.0.0\nsummary: Timed\nsteps:\n  {steps}\n");
        run = TimedRun.Begin(new("run_1"), workflow, new(Noon, new("timed", "1.0.0", workflow.Hash, [], Noon, 1, null, [], "operator", "test")));
    }

    private void Happen(params RunEvent[] events)
    {
        foreach (RunEvent happened in events)
        {
            run = run.After(happened);
        }
    }

    private double Took(string step, DateTimeOffset now) => run.Steps[step].Took.By(now).TotalSeconds;

    private double Worked(DateTimeOffset now) => run.Worked.By(now).TotalSeconds;
}
