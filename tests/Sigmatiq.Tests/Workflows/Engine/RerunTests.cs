using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Engine;

/// <summary>Runs gone over again: on which version, with which parameters, and what is taken over.</summary>
public abstract class RerunTests
{
    private const string One = """
        workflow: chain
        version: 1.0.0
        summary: Make, use each, use all
        parameters: { count: { type: int, default: 3 }, factor: { type: number, default: 1 } }
        steps:
          make: { uses: test.make, with: { name: x, count: "{params.count}" } }
          each: { uses: test.use, for_each: { in: "{steps.make.outputs.best}", as: part, max_parallel: 2 }, with: { part: "{part}" } }
          last: { uses: test.use, with: { labels: "{steps.each.outputs.model}", factor: "{params.factor}" } }
        """;

    // A step added between, one added beside, timeouts and retries changed; make and each do what they did.
    private const string Two = """
        workflow: chain
        version: 2.0.0
        summary: With a check before the end
        parameters: { count: { type: int, default: 3 }, factor: { type: number, default: 1 }, strict: { type: bool, default: true } }
        steps:
          make: { uses: test.make, with: { name: x, count: "{params.count}" }, timeout: 5m }
          each: { uses: test.use, for_each: { in: "{steps.make.outputs.best}", as: part, max_parallel: 3 }, with: { part: "{part}" }, retry: { attempts: 2 } }
          check: { uses: test.use, needs: [each] }
          last: { uses: test.use, with: { labels: "{steps.each.outputs.model}", factor: 7 } }
          beside: { uses: test.use }
        """;

    // The fan-out is gone, so is a parameter.
    private const string Three = """
        workflow: chain
        version: 3.0.0
        summary: Without the parts
        parameters: { factor: { type: number, default: 1 } }
        steps:
          make: { uses: test.make, with: { name: y } }
          last: { uses: test.use, with: { snapshot: "{steps.make.outputs.snapshot}", factor: "{params.factor}" } }
        """;

    private readonly TestSteps steps = new();

    private static CancellationToken Ct => RunRoom.Ct;

    [Fact]
    public async Task A_run_of_the_first_version_after_the_third_gives_the_same_graph_and_outputs()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId first = await CompleteAsync(room, One);
        await CompleteAsync(room, Two);
        await CompleteAsync(room, Three);
        RunState before = await room.StateAsync(first);
        int begun = steps.Begun.Count;

        // Everything anew, from the file as it was published.
        RunState again = await RerunAsync(room, first, await FindAsync(room, "1.0.0"), from: "make");
        (again.Definition.Hash, again.Definition.Text).Should().Be((before.Definition.Hash, One));
        again.Steps.Select(s => (s.Spec.Name, string.Join(',', s.Spec.Needs), s.Instances.Length)).Should()
            .Equal(before.Steps.Select(s => (s.Spec.Name, string.Join(',', s.Spec.Needs), s.Instances.Length)));
        Outputs(again).Should().Be(Outputs(before));
        (steps.Begun.Count - begun).Should().Be(5, "make, three parts and last ran again");

        // The same with what was finished taken over.
        RunState reused = await RerunAsync(room, first, before.Definition);
        Outputs(reused).Should().Be(Outputs(before));
        reused.Steps.SelectMany(s => s.Instances).Should().OnlyContain(i => i.ReusedFrom == first && i.Attempts == 0);
        (steps.Begun.Count - begun).Should().Be(5, "nothing ran");
        reused.Request.Rerun.Should().Be(new RunRerun(first, null));
    }

    [Fact]
    public async Task A_failed_step_runs_on_the_second_version_without_its_finished_parents()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.On("last", _ => throw new ProblemException("TST-0007", "factor 1 is too small"));
        RunId first = await room.StartAsync(One);
        (await room.DriveAsync(first)).Status.Should().Be(RunStatus.Failed);
        steps.On("last", _ => null);
        steps.Begun.Clear();
        RunState on2 = await RerunAsync(room, first, steps.Workflow(Two));
        on2.Status.Should().Be(RunStatus.Completed);
        steps.Begun.Should().BeEquivalentTo("check[0]#1", "last[0]#1", "beside[0]#1");
        on2.Step("each").Instances.Should().OnlyContain(i => i.ReusedFrom == first);
        on2.Definition.Version.Should().Be("2.0.0");
        (await room.Engine.Views.AttemptsAsync(on2.Id, Ct)).Select(a => a.Step).Should().BeEquivalentTo("check", "last", "beside");
        JsonNode.Parse((await AuditChain.OfSubjectAsync(room.Rows, $"run:{on2.Id}", Ct)).Should().ContainSingle().Subject.Payload)!
            ["of"]!.GetValue<string>().Should().Be(first.Value);
    }

    [Fact]
    public async Task A_parameter_set_anew_runs_the_steps_it_reaches_and_no_others()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId first = await CompleteAsync(room, One);
        steps.Begun.Clear();
        RunState factor = await RerunAsync(room, first, steps.Workflow(One), set: """{ "factor": 2 }""");
        steps.Begun.Should().Equal("last[0]#1");
        factor.Request.Parameters["factor"]!.GetValue<int>().Should().Be(2);

        // A fourth part: the three that were made stay.
        steps.Begun.Clear();
        await RerunAsync(room, first, steps.Workflow(One), set: """{ "count": 4 }""");
        steps.Begun.Should().BeEquivalentTo("make[0]#1", "each[0]#1", "each[1]#1", "each[2]#1", "each[3]#1", "last[0]#1");
    }

    [Fact]
    public async Task A_step_that_runs_again_and_gives_the_same_leaves_what_follows_as_it_was()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId first = await CompleteAsync(room, One);
        steps.Begun.Clear();
        steps.MakeVersion = 2;
        RunState again = await RerunAsync(room, first, steps.Workflow(One));
        steps.Begun.Should().Equal(["make[0]#1"], "its kind grew a version, and it made the same parts");
        again.Step("make").Instances[0].ReusedFrom.Should().BeNull();
        again.Step("each").Instances.Should().OnlyContain(i => i.ReusedFrom == first);
    }

    [Fact]
    public async Task A_step_whose_worth_is_its_effect_runs_in_every_run()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        steps.IsUseReusable = false;
        RunId first = await CompleteAsync(room, One);
        steps.Begun.Clear();
        await RerunAsync(room, first, steps.Workflow(One));
        steps.Begun.Should().BeEquivalentTo("each[0]#1", "each[1]#1", "each[2]#1", "last[0]#1");
    }

    [Fact]
    public void Of_the_programs_kinds_only_those_that_compute_and_nothing_else_are_taken_over() =>
        Lifecycle.LifecycleFileTests.Kinds.Names.Where(n => Lifecycle.LifecycleFileTests.Kinds.TryGet(n, out StepKinds.Entry? kind) && kind.Kind.IsReusable)
            .Should().Equal("backtest.sweep", "learning.forecast", "learning.train", "market.align", "report", "sql.query");

    [Fact]
    public async Task A_rerun_from_a_step_runs_it_and_all_that_need_it()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId first = await CompleteAsync(room, Two);
        steps.Begun.Clear();
        await RerunAsync(room, first, steps.Workflow(Two), from: "each");
        steps.Begun.Should().BeEquivalentTo("each[0]#1", "each[1]#1", "each[2]#1", "check[0]#1", "last[0]#1");
    }

    [Fact]
    public async Task A_rerun_of_a_rerun_names_the_run_that_did_the_work()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId first = await CompleteAsync(room, One);
        RunState second = await RerunAsync(room, first, steps.Workflow(One), from: "last");
        RunState third = await RerunAsync(room, second.Id, steps.Workflow(One));
        third.Step("make").Instances[0].ReusedFrom.Should().Be(first);
        third.Step("last").Instances[0].ReusedFrom.Should().Be(second.Id);
    }

    [Fact]
    public async Task Killed_after_any_event_a_rerun_ends_with_the_same_outputs()
    {
        for (int events = 1; events < 12; events++)
        {
            await using RunRoom room = await RunRoom.OpenAsync(new());
            RunId first = await room.StartAsync(One);
            await room.DriveAsync(first);
            RunId second = await room.Engine.Requests.RerunAsync(new(first, room.Steps.Workflow(Two), [], null, "operator", "once more"), null, Ct);
            await room.DriveUntilDeathAsync(second, events);
            RunState state = await room.DriveAsync(second);
            state.Status.Should().Be(RunStatus.Completed);
            state.Step("each").Outputs!.ToJsonString().Should().Be((await room.StateAsync(first)).Step("each").Outputs!.ToJsonString());
            room.Steps.Begun.Count(b => b.StartsWith("make", StringComparison.Ordinal)).Should().Be(1);
        }
    }

    [Fact]
    public async Task The_same_key_gives_the_same_rerun()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId first = await CompleteAsync(room, One);
        RerunOrder order = new(first, steps.Workflow(One), [], null, "operator", "once more");
        RunId made = await room.Engine.Requests.RerunAsync(order, "k", Ct);
        (await room.Engine.Requests.RerunAsync(order, "k", Ct)).Should().Be(made);
        (await room.Engine.Requests.RerunAsync(order, null, Ct)).Should().NotBe(made);
        (await room.Engine.Views.ListAsync(null, 10, Ct)).Should().HaveCount(3);
        await Refused(() => room.Engine.Requests.RerunAsync(order with { From = "last" }, "k", Ct), WorkflowCodes.KeyTaken);
    }

    [Fact]
    public async Task Every_misuse_is_refused_with_a_code_and_a_remedy()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId open = await room.StartAsync(One);
        WorkflowDefinition one = steps.Workflow(One);
        await Refused(() => room.Engine.Requests.RerunAsync(new(open, one, [], null, "operator", "why"), null, Ct), WorkflowCodes.NotEnded);
        await Refused(() => room.Engine.Requests.RerunAsync(new(open, one, [], null, "operator", " "), null, Ct), WorkflowCodes.ReasonMissing);
        await Refused(() => room.Engine.Requests.RerunAsync(new(new("run_no"), one, [], null, "operator", "why"), null, Ct), WorkflowCodes.UnknownRun);
        await room.DriveAsync(open);
        await Refused(() => room.Engine.Requests.RerunAsync(new(open, one, [], "nostep", "operator", "why"), null, Ct), WorkflowCodes.UnknownStep);
        await Refused(() => room.Engine.Requests.RerunAsync(new(open, one, new() { ["nope"] = 1 }, null, "operator", "why"), null, Ct), WorkflowCodes.UnknownParameter);
        await Refused(() => room.Engine.Requests.RerunAsync(new(open, one, new() { ["count"] = "many" }, null, "operator", "why"), null, Ct), WorkflowCodes.BadParameter);
        (await room.Engine.Views.ListAsync(null, 10, Ct)).Should().HaveCount(1);
    }

    private static string Outputs(RunState state) => new JsonArray([.. state.Steps.Select(s => s.Outputs)]).ToJsonString();

    private static async Task<WorkflowDefinition> FindAsync(RunRoom room, string version) => (await room.Engine.Versions.FindAsync("chain", version, Ct))!;

    private async Task<RunId> CompleteAsync(RunRoom room, string yaml)
    {
        RunId run = await room.StartAsync(yaml);
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
        return run;
    }

    private static async Task<RunState> RerunAsync(RunRoom room, RunId of, WorkflowDefinition workflow, string? from = null, string set = "{}") =>
        await room.DriveAsync(await room.Engine.Requests.RerunAsync(new(of, workflow, JsonNode.Parse(set)!.AsObject(), from, "operator", "once more"), null, Ct));

    private static async Task Refused(Func<Task> act, string code)
    {
        Problem problem = (await act.Should().ThrowAsync<ProblemException>()).Which.Problem;
        problem.Code.Should().Be(code);
        problem.Remedy.Should().NotBeNullOrEmpty();
    }
}

public sealed class RerunOnSqliteTests : RerunTests;

[OnStore(StoreEngine.Postgres)]
public sealed class RerunOnPostgresTests : RerunTests;
