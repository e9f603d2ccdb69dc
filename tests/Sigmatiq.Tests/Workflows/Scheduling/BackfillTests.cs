using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Scheduling;

public abstract class BackfillTests
{
    private const string Hourly = """
        workflow: hourly
        version: 1.0.0
        summary: s
        schedule: { zone: UTC, cron: "0 * * * *" }
        steps: { one: { uses: test.use } }
        """;

    private static readonly DateTimeOffset Noon = new(2026, 1, 9, 12, 0, 0, TimeSpan.Zero);

    // Fires at 01:00 to 04:00.
    private static readonly Stretch Night = new(Noon.AddHours(-11), Noon.AddHours(-7));

    private readonly TestSteps steps = new();

    [Fact]
    public async Task A_preview_writes_nothing_and_its_token_is_bound_to_what_it_shows()
    {
        await using RunRoom room = await OpenAsync();
        WorkflowDefinition workflow = steps.Workflow(Hourly);
        BackfillPreview preview = await Of(room).PreviewAsync(workflow, Night, true, RunRoom.Ct);
        preview.Fires.Select(f => f.AtUtc.Hour).Should().Equal(1, 2, 3, 4);
        (await Of(room).PreviewAsync(workflow, Night, true, RunRoom.Ct)).Token.Should().Be(preview.Token);
        string[] others =
        [
            (await Of(room).PreviewAsync(workflow, Night, false, RunRoom.Ct)).Token,
            (await Of(room).PreviewAsync(workflow, Night with { ToUtc = Noon.AddHours(-8) }, true, RunRoom.Ct)).Token,
            (await Of(room).PreviewAsync(steps.Workflow(Hourly.Replace("summary: s", "summary: t")), Night, true, RunRoom.Ct)).Token,
        ];
        others.Append(preview.Token).Should().OnlyHaveUniqueItems();
        (await Of(room).ListAsync("hourly", RunRoom.Ct)).Should().BeEmpty();
        (await RunsAsync(room)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_store_that_is_locked_for_a_moment_fails_no_fire()
    {
        await using RunRoom room = await OpenAsync();
        await CommitAsync(room, steps.Workflow(Hourly), stop: true);
        LockedRows locked = new(room.Rows, everyNth: 1);
        WorkflowEngine engine = new(room.Data, locked, steps.Kinds, Sigmatiq.Store.Seeds.IdSource.FromSeed(room.Clock, 3), room.Clock, NullLoggerFactory.Instance);
        Backfill meeting = new(locked, engine.Requests, engine.Versions, new(room.Clock), room.Clock);
        await FluentActions.Awaiting(() => meeting.AdvanceAsync(RunRoom.Ct)).Should().ThrowAsync<ProblemException>().Where(e => e.Problem.Code == "STO-1005");
        (await RunsAsync(room)).Should().BeEmpty();
        await Of(room).AdvanceAsync(RunRoom.Ct);
        (await RunsAsync(room)).Should().ContainSingle("the fire is as due as it was");
    }

    [Fact]
    public async Task A_commit_runs_exactly_the_previewed_fires_oldest_first_one_at_a_time()
    {
        await using RunRoom room = await OpenAsync();
        WorkflowDefinition workflow = steps.Workflow(Hourly);
        string token = await CommitAsync(room, workflow, stop: true);
        await Of(room).CommitAsync(workflow, Night, true, token, "ana", "again", RunRoom.Ct);
        List<int> hours = [];
        while ((await Of(room).ListAsync("hourly", RunRoom.Ct)).Single() is { State: "active" })
        {
            await Of(room).AdvanceAsync(RunRoom.Ct);
            await Of(room).AdvanceAsync(RunRoom.Ct);
            if ((await RunsAsync(room)).SingleOrDefault(r => r.EndedAtUtc is null) is { } run)
            {
                RunState state = await room.DriveAsync(new(run.Id));
                hours.Add(state.Request.AsOfUtc.Hour);
                state.Request.Pins["backfill"]!.GetValue<string>().Should().Be(token);
            }
        }

        hours.Should().Equal(1, 2, 3, 4);
        (await Of(room).ListAsync("hourly", RunRoom.Ct)).Single().Should().BeEquivalentTo(new { Token = token, State = "done", Fires = 4, Ended = 4, RequestedBy = "ana" });
        (await CodeAsync(() => Of(room).PreviewAsync(workflow, Night, true, RunRoom.Ct))).Should().Be(WorkflowCodes.BadBackfill, "all of it has run");
        (await AuditChain.OfSubjectAsync(room.Rows, "hourly", RunRoom.Ct)).Select(r => (r.Actor, r.Action)).Should().Equal(("ana", "backfill.committed"));
    }

    [Theory]
    [InlineData(true, "stopped", 2)]
    [InlineData(false, "done", 4)]
    public async Task A_failed_run_stops_the_backfill_unless_it_keeps_going(bool stop, string state, int runs)
    {
        await using RunRoom room = await OpenAsync();
        steps.On("one", context => context.AsOfUtc.Hour == 2 ? new StepOutcome.Failed(new("TST-0003", "No."), FailureCategories.Refused) : null);
        WorkflowDefinition workflow = steps.Workflow(Hourly);
        await CommitAsync(room, workflow, stop);
        await DriveAllAsync(room);
        (await Of(room).ListAsync("hourly", RunRoom.Ct)).Single().State.Should().Be(state);
        (await RunsAsync(room)).Should().HaveCount(runs);
        (await Of(room).PreviewAsync(workflow, Night, true, RunRoom.Ct)).Fires.Select(f => f.AtUtc.Hour).Should()
            .Equal(stop ? [2, 3, 4] : [2], "what failed or never began can be asked for again");
    }

    [Fact]
    public async Task Fresh_runs_go_first_and_the_schedule_stays_paused()
    {
        await using RunRoom room = await OpenAsync();
        WorkflowDefinition workflow = steps.Workflow(Hourly);
        var book = new ScheduleBook(room.Rows, new(room.Clock), room.Clock);
        await book.PauseAsync(workflow, "ana", "closed", RunRoom.Ct);
        RunId fresh = await room.StartAsync(workflow);
        await CommitAsync(room, workflow, stop: true);
        await Of(room).AdvanceAsync(RunRoom.Ct);
        (await RunsAsync(room)).Should().ContainSingle("the fresh run has not ended");
        await room.DriveAsync(fresh);
        await Of(room).AdvanceAsync(RunRoom.Ct);
        (await RunsAsync(room)).Should().HaveCount(2);
        (await book.PausesAsync(RunRoom.Ct)).Should().ContainKey("hourly");
    }

    [Fact]
    public async Task All_or_nothing_is_created()
    {
        await using RunRoom room = await OpenAsync();
        WorkflowDefinition workflow = steps.Workflow(Hourly);
        BackfillPreview whole = await Of(room).PreviewAsync(workflow, Night, true, RunRoom.Ct);
        Stretch half = Night with { FromUtc = Noon.AddHours(-9) };
        BackfillPreview part = await Of(room).PreviewAsync(workflow, half, true, RunRoom.Ct);
        await Of(room).CommitAsync(workflow, half, true, part.Token, "ana", "first", RunRoom.Ct);
        (await CodeAsync(() => Of(room).CommitAsync(workflow, Night, true, whole.Token, "ana", "second", RunRoom.Ct))).Should().Be(WorkflowCodes.BackfillChanged);
        (await CodeAsync(() => Of(room).CommitAsync(workflow, Night, true, "bf_none", "ana", "third", RunRoom.Ct))).Should().Be(WorkflowCodes.BackfillChanged);
        (await CodeAsync(() => Of(room).CommitAsync(workflow, Night, true, whole.Token, "ana", " ", RunRoom.Ct))).Should().Be(WorkflowCodes.ReasonMissing);
        (await room.Rows.QueryAsync<string>("select distinct token from backfill_fires", null, RunRoom.Ct)).Should().Equal(part.Token);
    }

    [Fact]
    public async Task Two_commits_of_one_fire_at_once_create_one_of_the_two()
    {
        await using RunRoom room = await OpenAsync();
        WorkflowDefinition workflow = steps.Workflow(Hourly);
        bool[] stops = [true, false];
        string[] tokens = await Task.WhenAll(stops.Select(async stop => (await Of(room).PreviewAsync(workflow, Night, stop, RunRoom.Ct)).Token));
        bool[] created = await Task.WhenAll(stops.Zip(tokens, (stop, token) => Task.Run(async () =>
        {
            try
            {
                await Of(room).CommitAsync(workflow, Night, stop, token, "ana", "race", RunRoom.Ct);
                return true;
            }
            catch (ProblemException e) when (e.Problem.Code is WorkflowCodes.BackfillChanged or WorkflowCodes.BadBackfill)
            {
                return false;
            }
        })));
        created.Count(c => c).Should().Be(1);
        (await room.Rows.FirstAsync<int>("select count(*) from backfill_fires", null, RunRoom.Ct)).Should().Be(4);
    }

    [Fact]
    public async Task However_many_processes_advance_each_fire_has_one_run()
    {
        await using RunRoom room = await OpenAsync();
        await CommitAsync(room, steps.Workflow(Hourly), stop: true);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Of(room).AdvanceAsync(RunRoom.Ct))));
        (await RunsAsync(room)).Should().ContainSingle();
    }

    [Fact]
    public async Task What_cannot_be_made_up_for_is_refused()
    {
        await using RunRoom room = await OpenAsync();
        WorkflowDefinition workflow = steps.Workflow(Hourly), manual = steps.Workflow(Hourly.Replace("schedule: {", "x_schedule: {"));
        (await CodeAsync(() => Of(room).PreviewAsync(manual, Night, true, RunRoom.Ct))).Should().Be(WorkflowCodes.BadBackfill);
        (await CodeAsync(() => Of(room).PreviewAsync(workflow, Night with { ToUtc = null }, true, RunRoom.Ct))).Should().Be(WorkflowCodes.BadBackfill);
        (await CodeAsync(() => Of(room).PreviewAsync(workflow, Night with { ToUtc = Noon.AddHours(1) }, true, RunRoom.Ct))).Should().Be(WorkflowCodes.BadBackfill);
        (await CodeAsync(() => Of(room).PreviewAsync(workflow, new(Noon.AddYears(-3), Noon), true, RunRoom.Ct))).Should().Be(WorkflowCodes.BadBackfill);
        var later = new StepKinds([], [new("test.use", "Comes later.")]);
        (await CodeAsync(() => Of(room).PreviewAsync(WorkflowYaml.Parse(Hourly, "x.yaml", later).Value, Night, true, RunRoom.Ct))).Should().Be(WorkflowCodes.NotBuilt);
    }

    private Task<RunRoom> OpenAsync() => RunRoom.OpenAsync(steps, new ManualClock(Noon));

    private static Backfill Of(RunRoom room) => new(room.Rows, room.Engine.Requests, room.Engine.Versions, new(room.Clock), room.Clock);

    private static async Task<string> CommitAsync(RunRoom room, WorkflowDefinition workflow, bool stop)
    {
        string token = (await Of(room).PreviewAsync(workflow, Night, stop, RunRoom.Ct)).Token;
        await Of(room).CommitAsync(workflow, Night, stop, token, "ana", "the night was lost", RunRoom.Ct);
        return token;
    }

    private static async Task DriveAllAsync(RunRoom room)
    {
        for (int i = 0; i < 20 && (await Of(room).ListAsync("hourly", RunRoom.Ct)).Single().State == "active"; i++)
        {
            await Of(room).AdvanceAsync(RunRoom.Ct);
            foreach (RunSummary run in (await RunsAsync(room)).Where(r => r.EndedAtUtc is null))
            {
                await room.DriveAsync(new(run.Id));
            }
        }
    }

    private static Task<IReadOnlyList<RunSummary>> RunsAsync(RunRoom room) => room.Engine.Views.ListAsync(null, 100, RunRoom.Ct);

    private static async Task<string> CodeAsync(Func<Task> act) => (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;
}

public sealed class BackfillOnSqliteTests : BackfillTests;

[OnStore(StoreEngine.Postgres)]
public sealed class BackfillOnPostgresTests : BackfillTests;
