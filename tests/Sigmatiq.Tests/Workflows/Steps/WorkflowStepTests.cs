using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

/// <summary>Runs that work for a step of another run.</summary>
public class WorkflowStepTests
{
    private const string Child = """
        workflow: child
        version: 1.0.0
        summary: Makes and uses
        parameters: { name: { type: text }, count: { type: int, default: 2, min: 1, max: 5 } }
        steps:
          make: { uses: test.make, with: { name: "{params.name}", count: "{params.count}" } }
          use: { uses: test.use, with: { snapshot: "{steps.make.outputs.snapshot}" } }
        outputs: { model: "{steps.use.outputs.model}", first: "{steps.make.outputs.best[0]}" }
        """;

    private const string Parent = """
        workflow: parent
        version: 1.0.0
        summary: Runs children
        parameters: { child: { type: text, default: child } }
        steps:
          each:
            uses: workflow
            for_each: { in: [a, b], as: name, max_parallel: 2 }
            with: { workflow: "{params.child}", parameters: { name: "{name}" } }
          last: { uses: test.use, with: { labels: "{steps.each.outputs.outputs.model}" } }
        """;

    [Fact]
    public async Task A_parent_waits_without_a_job_for_its_children_and_has_their_outputs()
    {
        await using Family family = await Family.OpenAsync(Child);
        RunId parent = await family.Room.StartAsync(Parent);
        await family.Room.SettleAsync();
        RunState state = await family.Room.StateAsync(parent);
        state.Status.Should().Be(RunStatus.Completed, state.Reason);
        JsonArray outputs = state.Step("each").Outputs!.AsArray();
        outputs.Select(o => o!["version"]!.GetValue<string>()).Should().Equal("1.0.0", "1.0.0");
        outputs.Select(o => o!["outputs"]!["first"]!["label"]!.GetValue<string>()).Should().Equal("part 1", "part 1");
        outputs.Select(o => o!["outputs"]!["model"]!.GetValue<string>()).Should().OnlyHaveUniqueItems("each child has a seed of its own");
        state.Step("last").Instances[0].Input["labels"]!.AsArray().Should().HaveCount(2);

        RunView view = await family.Room.Engine.Views.ShowAsync(parent, KindRoom.Ct);
        view.Children.Select(c => (c.Step, c.Item, c.Workflow, c.Status)).Should().Equal(("each", 0, "child", "completed"), ("each", 1, "child", "completed"));
        view.ToJson()["children"]!.AsArray().Should().HaveCount(2);
        RunView child = await family.Room.Engine.Views.ShowAsync(new(view.Children[1].Id), KindRoom.Ct);
        child.Parent.Should().Be(new RunParent(parent, "each", 1, 1));
        child.State.Request.AsOfUtc.Should().Be(state.Request.AsOfUtc);
        child.State.Request.RequestedBy.Should().Be("operator");
    }

    [Fact]
    public async Task Nothing_holds_a_job_while_a_child_waits_for_something_outside()
    {
        await using Family family = await Family.OpenAsync(Child);
        family.Room.Steps.On("use", context => context.Attempt == 1 ? new StepOutcome.Waiting("waits for a word", $"word:{context.Run}", null) : null);
        RunId parent = await family.Room.StartAsync(Parent);
        await family.Room.SettleAsync();
        (await family.Room.Engine.Views.ListAsync(null, 5, KindRoom.Ct)).Select(r => r.Status).Should().OnlyContain(s => s == "waiting").And.HaveCount(3);
        foreach (ChildRun child in (await family.Room.Engine.Views.ShowAsync(parent, KindRoom.Ct)).Children)
        {
            await family.Room.Engine.Requests.WakeAsync($"word:{child.Id}", "operator", KindRoom.Ct);
            await family.Room.SettleAsync();
        }

        (await family.Room.StateAsync(parent)).Status.Should().Be(RunStatus.Completed);
    }

    [Fact]
    public async Task A_parent_that_is_killed_after_any_journal_write_finds_its_children_again_and_makes_no_second_ones()
    {
        string? undisturbed = null;
        for (int writes = 1; writes < 80; writes++)
        {
            await using Family family = await Family.OpenAsync(Child);
            RunId parent = await family.Room.StartAsync(Parent);
            bool died = await family.DieAfterAsync(writes);
            await family.Room.SettleAsync();
            RunState state = await family.Room.StateAsync(parent);
            state.Status.Should().Be(RunStatus.Completed, $"killed after write {writes}: {state.Reason}");
            (await family.Room.Engine.Views.ListAsync("child", 9, KindRoom.Ct)).Should().HaveCount(2, $"killed after write {writes}");
            string outputs = string.Join(' ', state.Step("each").Outputs!.AsArray().Select(o => o!["outputs"]!.ToJsonString()));
            outputs.Should().Be(undisturbed ??= outputs);
            if (!died)
            {
                writes.Should().BeGreaterThan(20);
                return;
            }
        }

        Assert.Fail("The runs never came to their end undisturbed.");
    }

    [Fact]
    public async Task The_newest_version_is_pinned_when_the_step_begins()
    {
        await using Family family = await Family.OpenAsync(Child, Child.Replace("1.0.0", "1.2.0"), Child.Replace("1.0.0", "1.10.0"));
        RunState state = await family.Room.RunAsync(Parent);
        state.Step("each").Outputs![0]!["version"]!.GetValue<string>().Should().Be("1.10.0");
        RunState named = await family.Room.RunAsync(Parent, """{ "child": "child@1.2.0" }""");
        named.Step("each").Outputs![0]!["version"]!.GetValue<string>().Should().Be("1.2.0");
        (await family.Room.RunAsync(Parent, """{ "child": "child@9.9.9" }""")).Step("each").Instances[0].Problem!.Code.Should().Be(WorkflowCodes.UnknownWorkflow);
    }

    [Fact]
    public async Task Cancel_pause_and_resume_of_the_parent_reach_the_children()
    {
        await using Family family = await Family.OpenAsync(Child);
        family.Room.Steps.On("use", context => context.Attempt == 1 ? new StepOutcome.Waiting("waits for a word", $"word:{context.Run}", null) : null);
        RunId parent = await family.Room.StartAsync(Parent);
        await family.Room.SettleAsync();
        RunRequests requests = family.Room.Engine.Requests;
        await requests.PauseAsync(parent, "ana", "lunch", null, KindRoom.Ct);
        await family.Room.SettleAsync();
        (await family.StatusesAsync(parent)).Should().OnlyContain(s => s == RunStatus.Paused);
        await requests.ResumeAsync(parent, "ana", "back", null, KindRoom.Ct);
        await family.Room.SettleAsync();
        (await family.StatusesAsync(parent)).Should().OnlyContain(s => s == RunStatus.Waiting);
        await requests.CancelAsync(parent, "ana", "enough", KindRoom.Ct);
        await family.Room.SettleAsync();
        (await family.StatusesAsync(parent)).Should().OnlyContain(s => s == RunStatus.Cancelled);
        (await family.Room.Engine.Views.ListAsync("child", 1, KindRoom.Ct)).Single().Reason.Should().Contain("ana").And.Contain("enough");
    }

    [Fact]
    public async Task A_child_that_fails_fails_its_step_and_a_retry_tries_again_what_failed_in_it()
    {
        await using Family family = await Family.OpenAsync(Child);
        bool isBroken = true;
        family.Room.Steps.On("use", context => isBroken && context.Run.Value.Length > 0 && context.Step == "use" ? new StepOutcome.Failed(new("TST-0005", "Broken."), FailureCategories.Internal) : null);
        RunId parent = await family.Room.StartAsync(Parent);
        await family.Room.SettleAsync();
        RunState state = await family.Room.StateAsync(parent);
        state.Status.Should().Be(RunStatus.Failed);
        state.Step("each").Instances.Where(i => i.Status == StepStatus.Failed).Should().OnlyContain(i => i.Problem!.Code == WorkflowCodes.ChildFailed && i.Problem.Message.Contains("TST-0005"));

        isBroken = false;
        int made = family.Room.Steps.Begun.Count(b => b.StartsWith("make", StringComparison.Ordinal));
        await family.Room.Engine.Requests.RetryAsync(parent, null, "ana", "mended", null, KindRoom.Ct);
        await family.Room.SettleAsync();
        (await family.Room.StateAsync(parent)).Status.Should().Be(RunStatus.Completed);
        IReadOnlyList<RunSummary> children = await family.Room.Engine.Views.ListAsync("child", 9, KindRoom.Ct);
        children.Where(c => c.Status == "completed").Should().HaveCount(2);
        family.Room.Steps.Begun.Count(b => b.StartsWith("make", StringComparison.Ordinal)).Should().BeLessThanOrEqualTo(made + 1, "what succeeded in a child is kept");
    }

    [Fact]
    public async Task A_cancelled_child_fails_its_step_and_is_made_anew_on_a_retry()
    {
        await using Family family = await Family.OpenAsync(Child);
        family.Room.Steps.On("use", context => context.Attempt == 1 ? new StepOutcome.Waiting("waits for a word", $"word:{context.Run}", null) : null);
        RunId parent = await family.Room.StartAsync(Parent.Replace("in: [a, b]", "in: [a]"));
        await family.Room.SettleAsync();
        RunId child = new((await family.Room.Engine.Views.ListAsync("child", 1, KindRoom.Ct)).Single().Id);
        await family.Room.Engine.Requests.CancelAsync(child, "ana", "wrong", KindRoom.Ct);
        await family.Room.SettleAsync();
        (await family.Room.StateAsync(parent)).Step("each").Instances[0].Problem!.Code.Should().Be(WorkflowCodes.ChildFailed);
        family.Room.Steps.On("use", _ => null);
        await family.Room.Engine.Requests.RetryAsync(parent, "each", "ana", "again", null, KindRoom.Ct);
        await family.Room.SettleAsync();
        (await family.Room.StateAsync(parent)).Status.Should().Be(RunStatus.Completed);
        (await family.Room.Engine.Views.ListAsync("child", 9, KindRoom.Ct)).Select(c => c.Status).Should().BeEquivalentTo("completed", "cancelled");
    }

    [Fact]
    public async Task A_child_that_ended_since_its_parent_failed_is_made_anew_by_the_first_retry()
    {
        await using Family family = await Family.OpenAsync(Child);
        bool isBroken = true;
        family.Room.Steps.On("use", context => isBroken ? new StepOutcome.Waiting("waits for a word", $"word:{context.Run}", null) : null);
        family.Room.Steps.On("call", _ => isBroken ? new StepOutcome.Failed(new("TST-0006", "Nobody answers."), FailureCategories.Internal) : null);
        RunId parent = await family.Room.StartAsync("""
            workflow: both
            version: 1.0.0
            summary: A child beside a call
            steps:
              kid: { uses: workflow, with: { workflow: child, parameters: { name: a } } }
              call: { uses: test.use }
            """);
        await family.Room.SettleAsync();
        (await family.Room.StateAsync(parent)).Status.Should().Be(RunStatus.Failed);
        RunSummary first = (await family.Room.Engine.Views.ListAsync("child", 9, KindRoom.Ct)).Single();
        (first.Status, first.Reason!.Contains("its parent ends", StringComparison.Ordinal)).Should().Be(("cancelled", true), first.Reason);

        isBroken = false;
        await family.Room.Engine.Requests.RetryAsync(parent, null, "ana", "mended", null, KindRoom.Ct);
        await family.Room.SettleAsync();
        RunState state = await family.Room.StateAsync(parent);
        state.Status.Should().Be(RunStatus.Completed, state.Reason);
        (await family.Room.Engine.Views.ListAsync("child", 9, KindRoom.Ct)).Select(c => c.Status).Should().BeEquivalentTo("completed", "cancelled");
    }

    [Fact]
    public async Task A_child_that_a_person_cancelled_while_its_parent_stood_is_made_anew_by_the_first_retry()
    {
        await using Family family = await Family.OpenAsync(Child);
        bool isBroken = true;
        RunId parent = default, child = default;
        family.Room.Steps.On("use", context => isBroken ? new StepOutcome.Waiting("waits for a word", $"word:{context.Run}", null) : null);
        family.Room.Steps.On("call", context => !isBroken ? null : context.Attempt == 1 ? new StepOutcome.Waiting("waits for an answer", "answer", null)
            : new StepOutcome.Failed(new("TST-0006", "Nobody answers."), FailureCategories.Internal));
        parent = await family.Room.StartAsync("""
            workflow: both
            version: 1.0.0
            summary: A child beside a call
            steps:
              kid: { uses: workflow, with: { workflow: child, parameters: { name: a } } }
              call: { uses: test.use }
            """);
        await family.Room.SettleAsync();
        child = new((await family.Room.Engine.Views.ListAsync("child", 9, KindRoom.Ct)).Single().Id);
        // Asked before the parent ends, so its end asks for nothing more.
        await family.Room.Engine.Requests.CancelAsync(child, "ana", "wrong", KindRoom.Ct);
        await family.Room.Engine.Requests.WakeAsync("answer", "ana", KindRoom.Ct);
        await family.Room.SettleAsync();
        (await family.Room.StateAsync(parent)).Status.Should().Be(RunStatus.Failed);

        isBroken = false;
        await family.Room.Engine.Requests.RetryAsync(parent, null, "ana", "mended", null, KindRoom.Ct);
        await family.Room.SettleAsync();
        RunState state = await family.Room.StateAsync(parent);
        state.Status.Should().Be(RunStatus.Completed, state.Reason);
    }

    [Fact]
    public async Task A_command_brings_a_run_to_rest_with_its_children_where_no_engine_is()
    {
        await using Family family = await Family.OpenAsync(Child);
        RunId parent = await family.Room.StartAsync(Parent);
        RunView view = await family.InACommand().BringToRestAsync(parent, "test/9", 0, _ => { }, KindRoom.Ct);
        view.State.Status.Should().Be(RunStatus.Completed, view.State.Reason);
        (await family.StatusesAsync(parent)).Should().Equal(RunStatus.Completed, RunStatus.Completed, RunStatus.Completed);
    }

    [Fact]
    public async Task A_command_rests_when_the_last_child_waits_and_ends_a_cancelled_run_with_its_children()
    {
        await using Family family = await Family.OpenAsync(Child);
        family.Room.Steps.On("use", context => new StepOutcome.Waiting("waits for a word", $"word:{context.Run}", null));
        RunId parent = await family.Room.StartAsync(Parent);
        RunView view = await family.InACommand().BringToRestAsync(parent, "test/9", 0, _ => { }, KindRoom.Ct);
        (await family.StatusesAsync(parent)).Should().Equal(RunStatus.Waiting, RunStatus.Waiting, RunStatus.Waiting);
        await family.Room.Engine.Requests.CancelAsync(parent, "ana", "enough", KindRoom.Ct);
        await family.InACommand().BringToRestAsync(parent, "test/9", view.Seq, _ => { }, KindRoom.Ct);
        (await family.StatusesAsync(parent)).Should().Equal(RunStatus.Cancelled, RunStatus.Cancelled, RunStatus.Cancelled);
    }

    [Fact]
    public async Task Without_declared_outputs_the_last_steps_speak()
    {
        await using Family family = await Family.OpenAsync(Child[..Child.IndexOf("outputs: {", StringComparison.Ordinal)]);
        RunState state = await family.Room.RunAsync(Parent.Replace("outputs.outputs.model", "outputs.outputs.use.model"));
        state.Status.Should().Be(RunStatus.Completed, state.Reason);
        state.Step("each").Outputs![0]!["outputs"]!.AsObject().Select(o => o.Key).Should().Equal("use");
    }

    [Fact]
    public async Task A_workflow_that_runs_itself_is_refused_on_loading_or_by_its_depth()
    {
        const string itself = """
            workflow: itself
            version: 1.0.0
            summary: Runs itself
            parameters: { which: { type: text, default: itself } }
            steps: { again: { uses: workflow, with: { workflow: "{params.which}" } } }
            """;
        await using Family family = await Family.OpenAsync(itself);
        RunState state = await family.Room.RunAsync(itself);
        state.Status.Should().Be(RunStatus.Failed);
        IReadOnlyList<RunSummary> runs = await family.Room.Engine.Views.ListAsync("itself", 50, KindRoom.Ct);
        runs.Should().HaveCount(RunParent.DepthMax + 1);
        runs[0].Reason.Should().Contain(WorkflowCodes.Recursion);
        family.Parse(itself.Replace("{params.which}", "itself@1.0.0")).Problems.Single().Should().Match<Problem>(p => p.Code == WorkflowCodes.Recursion && p.Where == "test.yaml:5:53");
    }

    [Theory]
    [InlineData("workflow: child, parameters: { name: a }", "outputs.model", null)]
    [InlineData("workflow: child@1.0.0, parameters: { name: a, count: 3 }", "outputs.model", null)]
    [InlineData("workflow: unknown, parameters: { name: a }", "outputs.anything", null)]
    [InlineData("workflow: child, parameters: { name: a, colour: red }", "outputs.model", WorkflowCodes.UnknownParameter)]
    [InlineData("workflow: child", "outputs.model", WorkflowCodes.MissingInput)]
    [InlineData("workflow: child, parameters: { name: a, count: 9 }", "outputs.model", WorkflowCodes.TypeMismatch)]
    [InlineData("workflow: child, parameters: { name: a }", "outputs.moodel", WorkflowCodes.UnknownField)]
    [InlineData("workflow: Child", "outputs.model", WorkflowCodes.BadValue)]
    [InlineData("workflow: child@one", "outputs.model", WorkflowCodes.BadValue)]
    public async Task What_is_known_of_the_other_workflow_is_checked_on_loading(string with, string output, string? code)
    {
        await using Family family = await Family.OpenAsync(Child);
        ParsedCodes(family, $$"""
            workflow: outer
            version: 1.0.0
            summary: Outer
            steps:
              one: { uses: workflow, with: { {{with}} } }
              two: { uses: test.use, with: { snapshot: "{steps.one.outputs.{{output}}}" } }
            """).Should().Equal(code is null ? [] : [code]);
    }

    [Fact]
    public void Files_that_run_each_other_in_a_circle_are_refused_with_the_way_round()
    {
        using TemporaryFolder folder = new();
        foreach (var (id, next) in (IEnumerable<(string, string)>)[("one", "two"), ("two", "three"), ("three", "one")])
        {
            File.WriteAllText(Path.Combine(folder.Path, $"{id}.1.0.0.yaml"), $"workflow: {id}\nversion: 1.0.0\nsummary: s\nsteps: {{ go: {{ uses: workflow, with: {{ workflow: {next} }} }} }}\n");
        }

        StepKinds kinds = new([new WorkflowStep(null!, null!, null!, null!)]);
        Problem problem = new WorkflowFolder(folder.Path, kinds).Parse(Path.Combine(folder.Path, "one.1.0.0.yaml")).Problems.Single();
        problem.Code.Should().Be(WorkflowCodes.Recursion);
        problem.Message.Should().Contain("one → two → three → one");
        problem.Where.Should().EndWith(":4:50");
    }

    private static IEnumerable<string> ParsedCodes(Family family, string yaml) => family.Parse(yaml).Problems.Select(p => p.Code);

    /// <summary>A room whose workflows are texts.</summary>
    private sealed class Family(KindRoom room, Dictionary<(string Id, string Version), WorkflowDefinition> known) : IAsyncDisposable
    {
        public KindRoom Room => room;

        public static async Task<Family> OpenAsync(params string[] files)
        {
            Dictionary<(string Id, string Version), WorkflowDefinition> known = [];
            KindRoom room = await KindRoom.OpenAsync(r => [Step(r.Rows, () => r.Engine, known)]);
            foreach (WorkflowDefinition workflow in files.Select(room.Workflow))
            {
                known[(workflow.Id, workflow.Version)] = workflow;
            }

            return new(room, known);
        }

        public Sigmatiq.Packs.Yaml.ParseResult<WorkflowDefinition> Parse(string yaml) => WorkflowYaml.Parse(yaml, "test.yaml", room.Kinds, (id, version) => Find(known, id, version));

        public async Task<IReadOnlyList<RunStatus>> StatusesAsync(RunId parent)
        {
            List<RunStatus> statuses = [(await room.StateAsync(parent)).Status];
            foreach (ChildRun child in (await room.Engine.Views.ShowAsync(parent, KindRoom.Ct)).Children)
            {
                statuses.Add((await room.StateAsync(new(child.Id))).Status);
            }

            return statuses;
        }

        /// <summary>The engine as a command has it, on the machine's clock.</summary>
        public Sigmatiq.Workflows.Scheduling.WorkflowEngine InACommand() =>
            new(room.Data, room.Rows, room.Kinds, Sigmatiq.Store.Seeds.IdSource.FromSeed(TimeProvider.System, 3), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);

        /// <summary>Drives everything in a process whose store dies after so many writing transactions.</summary>
        public async Task<bool> DieAfterAsync(int writes) => await room.DieAfterAsync(writes, (rows, engine) => Step(rows, engine, known));

        public ValueTask DisposeAsync() => room.DisposeAsync();

        private static WorkflowStep Step(Sigmatiq.Store.Rows.IRowStore rows, Func<Sigmatiq.Workflows.Scheduling.WorkflowEngine> engine, Dictionary<(string Id, string Version), WorkflowDefinition> known) =>
            new(rows, (id, version, _) => Task.FromResult(Find(known, id, version) ?? throw new ProblemException(WorkflowCodes.UnknownWorkflow, $"There is no workflow '{id}'.")),
                () => engine().Requests, () => engine().Journal);

        private static WorkflowDefinition? Find(IReadOnlyDictionary<(string Id, string Version), WorkflowDefinition> known, string id, string? version) =>
            known.Where(k => k.Key.Id == id && (version is null || k.Key.Version == version)).OrderByDescending(k => Version.Parse(k.Key.Version)).Select(k => k.Value).FirstOrDefault();
    }
}

/// <summary>The same on PostgreSQL.</summary>
[OnStore(StoreEngine.Postgres)]
public sealed class WorkflowStepOnPostgresTests : WorkflowStepTests;
