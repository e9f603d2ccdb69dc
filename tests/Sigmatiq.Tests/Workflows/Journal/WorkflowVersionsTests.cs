using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Tests.Workflows.Journal;

public sealed class WorkflowVersionsTests
{
    private const string One = "workflow: one\nversion: 1.0.0\nsummary: s\nsteps:\n  a: { uses: test.use }\n";

    [Fact]
    public async Task A_published_version_never_changes()
    {
        await using RunRoom room = await RunRoom.OpenAsync();
        await room.StartAsync(One);
        await room.StartAsync("# only a comment\n" + One);
        (await FluentActions.Awaiting(() => room.StartAsync(One.Replace("a:", "b:"))).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Code.Should().Be(WorkflowCodes.Immutable);
        await room.StartAsync(One.Replace("a:", "b:").Replace("1.0.0", "1.0.1"));
    }

    [Fact]
    public async Task A_run_is_read_with_the_file_it_began_with()
    {
        var steps = new TestSteps();
        string folder;
        RunId run;
        var room = await RunRoom.OpenAsync(steps);
        folder = room.Data.Root;
        run = await room.StartAsync(One);
        RunRoom later = await RunRoom.OpenAsync(steps, folder: folder);
        (await later.StateAsync(run)).Definition.Hash.Should().Be(steps.Workflow(One).Hash);
        await room.DisposeAsync();
    }

    [Fact]
    public async Task An_unknown_hash_and_an_unknown_run_are_refused()
    {
        await using RunRoom room = await RunRoom.OpenAsync();
        (await FluentActions.Awaiting(() => room.Engine.Versions.LoadAsync(ContentHash.Of("x"), RunRoom.Ct)).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Code.Should().Be(WorkflowCodes.UnknownWorkflow);
        (await FluentActions.Awaiting(() => room.StateAsync(new("run_none"))).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Code.Should().Be(WorkflowCodes.UnknownRun);
        (await FluentActions.Awaiting(() => room.Engine.Views.MeantAsync(null, null, RunRoom.Ct)).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Code.Should().Be(WorkflowCodes.UnknownRun);
    }

    [Fact]
    public async Task A_step_to_end_with_must_be_there()
    {
        await using RunRoom room = await RunRoom.OpenAsync();
        (await FluentActions.Awaiting(() => room.StartAsync(One, until: "z")).Should().ThrowAsync<ProblemException>())
            .Which.Problem.Code.Should().Be(WorkflowCodes.UnknownStep);
    }

    [Theory]
    [InlineData("run_admitted", 2, "{}")]
    [InlineData("run_promoted", 1, "{}")]
    [InlineData("run_admitted", 1, "{\"at_utc\":\"yesterday\"}")]
    public void An_event_of_another_program_is_refused(string kind, int schema, string body) =>
        FluentActions.Invoking(() => RunEventJson.Read(kind, schema, body, "run_1 event 2")).Should().Throw<ProblemException>()
            .Which.Problem.Code.Should().Be(WorkflowCodes.BrokenJournal);

    [Fact]
    public void Every_event_survives_the_journal()
    {
        DateTimeOffset at = new(2026, 3, 2, 12, 0, 0, 123, TimeSpan.Zero);
        RunEvent[] events =
        [
            new RunRequested(at, new("w", "1.0.0", ContentHash.Of("w"), new() { ["a"] = 1.5 }, at, 42, "step", new() { ["pack_hash"] = "x" }, "me", "0.1")),
            new RunAdmitted(at), new CancelRequested(at, "me", "why"), new AttemptStarted(at, "s", 1, 2),
            new AttemptSucceeded(at, "s", 1, 2, new() { ["x"] = null }, ContentHash.Of("o")),
            new AttemptFailed(at, "s", 1, 2, new("TST-1", "no", "here", "do", ExitCode.DataRefused), "refused"),
            new AttemptWaiting(at, "s", 1, 2, "vote", "key", null), new AttemptLost(at, "s", 1, 2), new AttemptStopped(at, "s", 1, 2),
            new StepWoken(at, "s", 1, "key"), new RetryDue(at, "s", 1), new PauseRequested(at, "me", "why"), new ResumeRequested(at, "me", "why"),
            new RetryRequested(at, "me", "why", null), new AttemptCrashed(at, "s", 1, 2, 17),
            new StepReused(at, "s", 1, new("run_0"), ContentHash.Of("i"), new() { ["x"] = 1 }, ContentHash.Of("o")),
        ];
        events.Select(e => e.GetType()).Should().BeEquivalentTo(
            typeof(RunEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RunEvent)) && !t.IsAbstract));
        foreach (RunEvent happened in events)
        {
            string body = RunEventJson.Write(happened);
            RunEventJson.Write(RunEventJson.Read(RunEventJson.KindOf(happened), RunEventJson.SchemaVersion, body, "here")).Should().Be(body);
        }
    }
}
