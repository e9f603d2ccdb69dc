using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Pages;
using Sigmatiq.Store.Content;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Tests.App.Api;

/// <summary>The board shows what the steps of the run say, in words of its own.</summary>
public sealed class RunStagesTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 16, 14, 43, 0, TimeSpan.Zero);
    private static readonly string[] Names = ["bootstrap", "align", "sweep", "train", "forecast", "evidence", "approve", "deploy", "monitor"];

    [Fact]
    public void A_run_that_has_just_been_asked_for_has_eight_stages_that_have_not_started()
    {
        IReadOnlyList<StageView> stages = Stages(RunStatus.Queued, []);
        stages.Select(s => s.Name).Should().Equal("Bootstrap", "Data", "Train", "Forecast", "Backtest", "Approve", "Deploy", "Monitor");
        stages.Should().OnlyContain(s => s.State == Mark.Pending && s.Word == "Not started");
    }

    [Fact]
    public void A_sweep_under_way_shows_its_share()
    {
        IReadOnlyList<StageView> stages = Stages(RunStatus.Running,
            new() { ["bootstrap"] = StepStatus.Succeeded, ["align"] = StepStatus.Succeeded, ["sweep"] = StepStatus.Running },
            new AttemptView("sweep", 0, 1, "running", At, null, null, 28, 45, "combo 28 of 45"));
        stages[1].Should().Be(new StageView("Data", Mark.Ok, "Done", "fact of Data"));
        stages[2].Should().Be(new StageView("Train", Mark.Running, "Sweep 62%", "combo 28 of 45", 28 / 45.0));
        stages[3].State.Should().Be(Mark.Pending);
    }

    [Fact]
    public void Training_of_two_combos_counts_the_finished_one_as_whole()
    {
        IReadOnlyList<StageView> stages = Stages(RunStatus.Running,
            new() { ["sweep"] = StepStatus.Succeeded, ["train"] = StepStatus.Running }, instances: [StepStatus.Succeeded, StepStatus.Running],
            attempts: new AttemptView("train", 1, 1, "running", At, null, null, 2, 5, "model training"));
        stages[2].Share.Should().BeApproximately((1 + 0.4) / 2, 1e-12);
        stages[2].Word.Should().Be("Train 70%");
    }

    [Fact]
    public void Between_sweep_and_training_the_stage_is_still_under_way()
    {
        Stages(RunStatus.Running, new() { ["sweep"] = StepStatus.Succeeded })[2].State.Should().Be(Mark.Running);
    }

    [Fact]
    public void A_run_at_its_vote_waits_for_you_and_nothing_after_it_has_started()
    {
        Dictionary<string, StepStatus> states = Names.Take(6).ToDictionary(n => n, _ => StepStatus.Succeeded);
        states["approve"] = StepStatus.Waiting;
        IReadOnlyList<StageView> stages = Stages(RunStatus.Waiting, states, new AttemptView("approve", 0, 1, "waiting", At, null, null, 0, 0, null));
        stages[5].Should().Be(new StageView("Approve", Mark.Waiting, "Your vote", "since 16 Jan 14:43 UTC"));
        stages.Take(5).Should().OnlyContain(s => s.State == Mark.Ok);
        stages.Skip(6).Should().OnlyContain(s => s.State == Mark.Pending);
    }

    [Fact]
    public void A_failed_step_shows_its_reason_and_what_came_after_is_skipped()
    {
        IReadOnlyList<StageView> stages = Stages(RunStatus.Failed,
            new() { ["bootstrap"] = StepStatus.Succeeded, ["align"] = StepStatus.Failed, ["sweep"] = StepStatus.Skipped, ["train"] = StepStatus.Skipped });
        stages[1].Should().Be(new StageView("Data", Mark.Bad, "Failed", "reason of align"));
        stages[2].Should().Be(new StageView("Train", Mark.Skipped, "Skipped", "reason of sweep"));
    }

    [Fact]
    public void Another_try_says_so()
    {
        Stages(RunStatus.Running, new() { ["align"] = StepStatus.Retrying })[1].Word.Should().Be("Trying again");
    }

    [Theory]
    [InlineData(RunStatus.Waiting, Mark.Waiting)]
    [InlineData(RunStatus.Completed, Mark.Ok)]
    [InlineData(RunStatus.Failed, Mark.Bad)]
    [InlineData(RunStatus.Cancelled, Mark.Skipped)]
    public void The_run_as_a_whole_has_a_mark(RunStatus status, Mark mark) => RunStages.StateOf(Run(status, [], [])).Mark.Should().Be(mark);

    internal static RunView SomeRun() => Run(RunStatus.Waiting, [], []);

    private static IReadOnlyList<StageView> Stages(RunStatus status, Dictionary<string, StepStatus> states, params AttemptView[] attempts) =>
        Stages(status, states, null, attempts);

    private static IReadOnlyList<StageView> Stages(
        RunStatus status, Dictionary<string, StepStatus> states, StepStatus[]? instances, params AttemptView[] attempts) =>
        RunStages.Of(Run(status, states, attempts, instances), stage => $"fact of {stage}");

    private static RunView Run(RunStatus status, Dictionary<string, StepStatus> states, AttemptView[] attempts, StepStatus[]? instances = null)
    {
        var specs = Names.Select(n => new StepSpec(n, $"test.{n}", [], new Dictionary<string, Template>(), null, null, null, RetrySpec.None, null, OnFailure.Fail)).ToList();
        WorkflowDefinition workflow = new("lifecycle", "1.0.0", "", [], null, specs, [], ContentHash.Of("w"), "");
        RunRequest request = new("lifecycle", "1.0.0", workflow.Hash, [], At, 42, null, [], "operator", "test");
        ImmutableArray<StepRun> steps =
        [
            .. specs.Select(s =>
            {
                StepStatus state = states.GetValueOrDefault(s.Name, StepStatus.Pending);
                StepStatus[] own = state == StepStatus.Pending ? [] : s.Name == "train" && instances is not null ? instances : [state];
                return new StepRun(s, state, [.. own.Select((i, k) => new StepInstance(k, new JsonObject(), i))], $"reason of {s.Name}");
            }),
        ];
        RunState run = new(new("run_1"), workflow, request, status, steps, null) { RequestedUtc = At };
        return new(new("run_1", "lifecycle", "1.0.0", status.ToString().ToLowerInvariant(), null, "operator", At, At, null, "{}", 1), run, 1, attempts);
    }
}
