using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.Workflows.Scheduling;

public abstract class ScheduleDeskTests : IDisposable
{
    // Friday; Monday 12 January 2026 is a holiday in Colombia.
    private static readonly DateTimeOffset Friday = new(2026, 1, 9, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-schedules-");
    private readonly TestSteps steps = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Each_fire_starts_one_run_whose_now_is_the_instant_of_the_fire()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        Write("hourly", "zone: UTC, cron: 0 * * * *");
        ScheduleDesk desk = DeskOf(room);
        (await desk.DecideAllAsync(RunRoom.Ct)).Should().Contain("hourly", Friday.AddHours(1));
        (await RunsAsync(room)).Should().BeEmpty("what came before the first look is not caught up, and what is due now was decided with it");
        Move(room, TimeSpan.FromHours(1) + TimeSpan.FromSeconds(20));
        (await desk.DecideAsync("hourly", RunRoom.Ct)).Should().Be(Friday.AddHours(2));
        await desk.DecideAllAsync(RunRoom.Ct);
        RunSummary run = (await RunsAsync(room)).Should().ContainSingle().Subject;
        (run.RequestedBy, (await room.StateAsync(new(run.Id))).Request.AsOfUtc).Should().Be(("schedule", Friday.AddHours(1)));
        (await room.StateAsync(new(run.Id))).Request.Pins["scheduled_for"]!.GetValue<string>().Should().StartWith("2026-01-09T13:00:00");
        (await BookOf(room).FiresAsync("hourly", 10, RunRoom.Ct)).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { FireUtc = Friday.AddHours(1), Outcome = "started", RunId = run.Id, Reason = (string?)null });
    }

    [Theory]
    [InlineData("skip", "skipped skipped skipped")]
    [InlineData("latest", "skipped skipped started")]
    [InlineData("all", "started started started")]
    [InlineData("window(2)", "skipped started started")]
    public async Task After_an_outage_the_policy_decides_and_every_fire_is_noted(string policy, string outcomes)
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        Write("hourly", $"zone: UTC, cron: 0 * * * *, catch_up: {policy}");
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        Move(room, TimeSpan.FromHours(3.5));
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        (await BookOf(room).FiresAsync("hourly", 10, RunRoom.Ct)).Reverse().Select(f => f.Outcome).Should().Equal(outcomes.Split(' '));
        (await RunsAsync(room)).Should().HaveCount(outcomes.Split(' ').Count(o => o == "started"));
    }

    [Fact]
    public async Task What_a_convention_drops_is_noted_and_what_it_moves_fires()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        Write("daily", "zone: America/Bogota, calendar: COLOMBIA, holiday: following, cron: 0 9 * * 1-5, catch_up: all");
        Write("monday", "zone: America/Bogota, calendar: COLOMBIA, holiday: following, cron: 0 9 * * 1, catch_up: all");
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        Move(room, TimeSpan.FromDays(4.5));
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        DateTimeOffset monday = new(2026, 1, 12, 14, 0, 0, TimeSpan.Zero);
        (await BookOf(room).FiresAsync("daily", 10, RunRoom.Ct)).Select(f => (f.FireUtc, f.Outcome)).Should()
            .Equal((monday.AddDays(1), "started"), (monday, "dropped"), (monday.AddDays(-3), "started"));
        (await BookOf(room).FiresAsync("monday", 10, RunRoom.Ct)).Select(f => (f.FireUtc, f.Outcome)).Should().Equal((monday.AddDays(1), "started"));
    }

    [Fact]
    public async Task A_pause_starts_nothing_is_audited_and_is_not_made_up_for()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        WorkflowDefinition hourly = Write("hourly", "zone: UTC, cron: 0 * * * *, catch_up: all");
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        await BookOf(room).PauseAsync(hourly, "ana", "the desk is closed", RunRoom.Ct);
        (await CodeAsync(() => BookOf(room).PauseAsync(hourly, "ana", "again", RunRoom.Ct))).Should().Be(WorkflowCodes.SchedulePause);
        Move(room, TimeSpan.FromHours(1));
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        (await BookOf(room).FiresAsync("hourly", 10, RunRoom.Ct)).Select(f => (f.Outcome, f.Reason)).Should().Equal(("paused", "the desk is closed"));
        Move(room, TimeSpan.FromHours(1.5));
        await BookOf(room).UnpauseAsync(hourly, "ana", "open again", RunRoom.Ct);
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        (await RunsAsync(room)).Should().BeEmpty();
        Move(room, TimeSpan.FromHours(0.5));
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        (await RunsAsync(room)).Should().ContainSingle();
        (await AuditChain.OfSubjectAsync(room.Rows, "hourly", RunRoom.Ct)).Select(r => (r.Actor, r.Action, r.Reason)).Should()
            .Equal(("ana", "schedule.paused", "the desk is closed"), ("ana", "schedule.unpaused", "open again"));
    }

    [Fact]
    public async Task A_store_that_is_locked_for_a_moment_refuses_no_fire()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        Write("hourly", "zone: UTC, cron: 0 * * * *");
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        Move(room, TimeSpan.FromHours(1));
        var locked = new LockedRows(room.Rows, everyNth: 1);
        var engine = new WorkflowEngine(room.Data, locked, steps.Kinds, Sigmatiq.Store.Seeds.IdSource.FromSeed(room.Clock, 3), room.Clock, NullLoggerFactory.Instance);
        ScheduleDesk desk = new(new(folder.FullName, steps.Kinds), engine.Versions, new(locked, new(room.Clock), room.Clock), engine.Requests, room.Clock, NullLogger.Instance);
        (await CodeAsync(() => desk.DecideAllAsync(RunRoom.Ct))).Should().Be("STO-1005");
        Move(room, TimeSpan.FromSeconds(15));
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        (await BookOf(room).FiresAsync("hourly", 10, RunRoom.Ct)).Should().ContainSingle().Which.Outcome.Should().Be("started");
    }

    [Fact]
    public async Task What_came_due_in_a_pause_is_noted_without_an_engine()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        WorkflowDefinition hourly = Write("hourly", "zone: UTC, cron: 0 * * * *, catch_up: all");
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        await BookOf(room).PauseAsync(hourly, "ana", "the desk is closed", RunRoom.Ct);
        Move(room, TimeSpan.FromHours(2.5));
        await BookOf(room).UnpauseAsync(hourly, "ana", "open again", RunRoom.Ct);
        (await BookOf(room).FiresAsync("hourly", 10, RunRoom.Ct)).Select(f => (f.FireUtc, f.Outcome, f.Reason)).Should()
            .Equal((Friday.AddHours(2), "paused", "the desk is closed"), (Friday.AddHours(1), "paused", "the desk is closed"));
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        (await RunsAsync(room)).Should().BeEmpty();
    }

    // Friday 1 May 2026 is a holiday: Friday's and Saturday's fires fall on Thursday's own.
    [Fact]
    public async Task What_a_convention_drops_is_noted_though_each_look_sees_a_day_only()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(new(2026, 4, 29, 12, 0, 0, TimeSpan.Zero)));
        Write("daily", "zone: America/Bogota, calendar: COLOMBIA, holiday: preceding, cron: 0 9 * * 1-6");
        for (int day = 0; day < 5; day++)
        {
            await DeskOf(room).DecideAllAsync(RunRoom.Ct);
            Move(room, TimeSpan.FromDays(1));
        }

        (await BookOf(room).FiresAsync("daily", 20, RunRoom.Ct)).Where(f => f.Outcome == "dropped").Select(f => f.FireUtc.UtcDateTime).Should()
            .Equal(new DateTime(2026, 5, 2, 14, 0, 0), new DateTime(2026, 5, 1, 14, 0, 0));
    }

    [Fact]
    public async Task A_pause_that_makes_no_sense_is_refused()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        WorkflowDefinition manual = Write("manual", ""), kept = Write("kept", "zone: UTC, cron: 0 * * * *, paused: true, reason: not yet"), free = Write("free", "zone: UTC, cron: 0 * * * *");
        ScheduleBook book = BookOf(room);
        (await CodeAsync(() => book.PauseAsync(manual, "ana", "x", RunRoom.Ct))).Should().Be(WorkflowCodes.SchedulePause);
        (await CodeAsync(() => book.UnpauseAsync(kept, "ana", "x", RunRoom.Ct))).Should().Be(WorkflowCodes.SchedulePause);
        (await CodeAsync(() => book.UnpauseAsync(free, "ana", "x", RunRoom.Ct))).Should().Be(WorkflowCodes.SchedulePause);
        (await CodeAsync(() => book.PauseAsync(free, "ana", " ", RunRoom.Ct))).Should().Be(WorkflowCodes.ReasonMissing);
        (await book.PausesAsync(RunRoom.Ct)).Should().BeEmpty();
        (await AuditChain.HeadAsync(room.Rows, RunRoom.Ct)).Seq.Should().Be(0);
    }

    [Fact]
    public async Task A_fire_whose_run_is_refused_is_noted_and_the_next_one_fires()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        Write("hourly", "zone: UTC, cron: 0 * * * *");
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        Move(room, TimeSpan.FromHours(1));
        var refusing = new WorkflowEngine(room.Data, room.Rows, steps.Kinds, Sigmatiq.Store.Seeds.IdSource.FromSeed(room.Clock, 3), room.Clock, NullLoggerFactory.Instance,
            (_, _, _) => throw new ProblemException(WorkflowCodes.BadParameter, "There is no such ticker."));
        ScheduleDesk desk = new(new(folder.FullName, steps.Kinds), refusing.Versions, BookOf(room), refusing.Requests, room.Clock, NullLogger.Instance);
        await desk.DecideAllAsync(RunRoom.Ct);
        (await BookOf(room).FiresAsync("hourly", 10, RunRoom.Ct)).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Outcome = "refused", Reason = $"{WorkflowCodes.BadParameter}: There is no such ticker." });
        Move(room, TimeSpan.FromHours(1));
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        (await RunsAsync(room)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_file_that_changed_under_its_version_is_held_and_told_of_before_it_fires_and_once_it_is_mended_the_policy_decides()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday.AddMinutes(30)));
        await room.Engine.Versions.PublishAsync(Write("hourly", "zone: UTC, cron: 0 * * * *, catch_up: latest"), RunRoom.Ct);
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        Write("hourly", "zone: UTC, cron: 0 * * * *, catch_up: latest", summary: "edited in place");
        ScheduleDesk desk = DeskOf(room);
        (await desk.DecideAllAsync(RunRoom.Ct)).Should().BeEmpty();
        (await AlertsAsync(room)).Should().BeEmpty("an editor may be in the midst of saving");
        await desk.DecideAllAsync(RunRoom.Ct);
        JsonNode alert = (await AlertsAsync(room)).Should().ContainSingle().Subject;
        (alert["workflow"]!.GetValue<string>(), alert["version"]!.GetValue<string>(), alert["code"]!.GetValue<string>()).Should().Be(("hourly", "1.0.0", WorkflowCodes.Immutable));
        alert["remedy"]!.GetValue<string>().Should().Contain("a new version");

        Move(room, TimeSpan.FromHours(3));
        ScheduleDesk another = DeskOf(room);
        await another.DecideAllAsync(RunRoom.Ct);
        await another.DecideAllAsync(RunRoom.Ct);
        await desk.DecideAsync("hourly", RunRoom.Ct);
        (await RunsAsync(room)).Should().BeEmpty();
        (await AlertsAsync(room)).Should().ContainSingle("however many desks see it, it is told once a day");
        Move(room, TimeSpan.FromHours(24));
        await desk.DecideAllAsync(RunRoom.Ct);
        (await AlertsAsync(room)).Should().HaveCount(2, "it is told again each day until it is mended");

        Write("hourly", "zone: UTC, cron: 0 * * * *, catch_up: latest", version: "1.1.0");
        await desk.DecideAllAsync(RunRoom.Ct);
        (await RunsAsync(room)).Should().ContainSingle("what came due meanwhile was missed, as in an outage").Which.Version.Should().Be("1.1.0", "the newest version fires");
        (await BookOf(room).FiresAsync("hourly", 100, RunRoom.Ct)).Select(f => f.Outcome).Should().Equal(["started", .. Enumerable.Repeat("skipped", 26)]);
    }

    [Fact]
    public async Task What_breaks_again_on_the_same_day_is_told_again_and_what_is_paused_or_started_by_hand_is_not_told()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        WorkflowDefinition paused = Write("paused", "zone: UTC, cron: 0 * * * *");
        Write("manual", "");
        ScheduleDesk desk = DeskOf(room);
        await desk.DecideAllAsync(RunRoom.Ct);
        await BookOf(room).PauseAsync(paused, "ana", "not now", RunRoom.Ct);
        for (int breaks = 1; breaks <= 2; breaks++)
        {
            foreach (string id in new[] { "hourly", "paused", "manual" })
            {
                string schedule = id == "manual" ? "schedule:   # none\nconcurrency: [" : "schedule: { zone: Nowhere }";
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{id}.1.0.0.yaml"), $"workflow: {id}\n{schedule}\n", RunRoom.Ct);
            }

            await desk.DecideAllAsync(RunRoom.Ct);
            await desk.DecideAllAsync(RunRoom.Ct);
            (await AlertsAsync(room)).Select(a => a["workflow"]!.GetValue<string>()).Should().Equal(Enumerable.Repeat("hourly", breaks));
            Write("hourly", "zone: UTC, cron: 0 * * * *");
            Move(room, TimeSpan.FromMinutes(1));
            await desk.DecideAllAsync(RunRoom.Ct);
        }
    }

    [Theory]
    [InlineData("workflow: [\nschedule: { zone: UTC }")]
    [InlineData(null)]
    public async Task A_newest_file_that_is_broken_or_cannot_be_read_holds_its_workflow_tells_of_it_and_holds_up_nobody(string? text)
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        Write("hourly", "zone: UTC, cron: 0 * * * *");
        Write("other", "zone: UTC, cron: 0 * * * *");
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        string newest = Path.Combine(folder.FullName, "hourly.1.1.0.yaml");
        if (text is null)
        {
            File.CreateSymbolicLink(newest, Path.Combine(folder.FullName, "nowhere"));
        }
        else
        {
            await File.WriteAllTextAsync(newest, text, RunRoom.Ct);
        }

        ScheduleDesk desk = DeskOf(room);
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        await desk.DecideAllAsync(RunRoom.Ct);
        (await desk.DecideAllAsync(RunRoom.Ct)).Keys.Should().Equal("other");
        (await AlertsAsync(room)).Should().ContainSingle().Which["title"]!.GetValue<string>().Should().StartWith("hourly 1.1.0 does not fire: ");
        File.Delete(newest);
        (await desk.DecideAllAsync(RunRoom.Ct)).Keys.Should().Equal("hourly", "other");
    }

    [Fact]
    public async Task Broken_manual_and_awaiting_files_fire_nothing_and_hold_up_nobody()
    {
        await using RunRoom room = await RunRoom.OpenAsync(new TestSteps(), new ManualClock(Friday));
        Write("hourly", "zone: UTC, cron: 0 * * * *");
        Write("manual", "");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "broken.1.0.0.yaml"), "workflow: [", RunRoom.Ct);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "awaits.1.0.0.yaml"),
            "workflow: awaits\nversion: 1.0.0\nsummary: s\nschedule: { zone: UTC, cron: 0 * * * * }\nsteps: { one: { uses: test.later } }\n", RunRoom.Ct);
        var kinds = new Sigmatiq.Workflows.Steps.StepKinds([], [new("test.later", "Comes later.")]);
        new WorkflowFolder(folder.FullName, kinds).Load("awaits").Awaits.Should().Be("test.later arrives with a later release");
        (await DeskOf(room).DecideAllAsync(RunRoom.Ct)).Keys.Should().Equal("hourly");
    }

    [Fact]
    public async Task However_many_schedulers_race_each_fire_starts_once()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        Write("often", "zone: UTC, cron: '* * * * *', catch_up: all");
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        Move(room, TimeSpan.FromMinutes(30));

        // All six have read that nothing is decided yet before the first one writes.
        using var start = new Barrier(6);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            ScheduleDesk desk = DeskOf(room);
            start.SignalAndWait(RunRoom.Ct);
            await desk.DecideAllAsync(RunRoom.Ct);
        })));
        IReadOnlyList<RunSummary> runs = await RunsAsync(room);
        runs.Select(r => r.Id).Should().HaveCount(30);
        DateTimeOffset[] asOf = await Task.WhenAll(runs.Select(async r => (await room.StateAsync(new(r.Id))).Request.AsOfUtc));
        asOf.Order().Should().Equal(Enumerable.Range(1, 30).Select(m => Friday.AddMinutes(m)));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_starts_nothing_twice()
    {
        var clock = new SettableClock(Friday);
        await using RunRoom room = await RunRoom.OpenAsync(steps, clock);
        Write("hourly", "zone: UTC, cron: 0 * * * *");
        await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        foreach (double hours in new[] { 1, 0.5, 1, 1.001, 0.9, 1 })
        {
            clock.Advance(Friday.AddHours(hours) - clock.GetUtcNow());
            await DeskOf(room).DecideAllAsync(RunRoom.Ct);
        }

        (await RunsAsync(room)).Should().ContainSingle();
    }

    [Fact]
    public async Task Quartz_fires_what_the_one_function_says()
    {
        await using RunRoom room = await RunRoom.OpenAsync(steps, TimeProvider.System);
        WorkflowDefinition workflow = Write("seconds", "zone: UTC, cron: '* * * * * ?'");
        DateTimeOffset from = DateTimeOffset.UtcNow;
        await using (FireTriggers triggers = await FireTriggers.StartAsync(DeskOf(room), new(room.Rows, room.Engine.Requests, room.Engine.Versions, new(room.Clock), room.Clock), Guid.NewGuid().ToString("N"), TimeProvider.System, NullLoggerFactory.Instance, RunRoom.Ct))
        {
            for (int i = 0; i < 200 && (await RunsAsync(room)).Count < 4; i++)
            {
                await Task.Delay(50, RunRoom.Ct);
            }
        }

        IReadOnlyList<DecidedFire> fired = [.. (await BookOf(room).FiresAsync("seconds", 100, RunRoom.Ct)).Reverse()];
        fired.Should().HaveCountGreaterThanOrEqualTo(4).And.OnlyContain(f => f.Outcome == "started");
        fired.Select(f => f.FireUtc).Should().Equal(FireTimes.Between(workflow.Schedule!, fired[0].FireUtc, fired[^1].FireUtc.AddTicks(1)).Select(f => f.AtUtc));
        fired[0].FireUtc.Should().BeAfter(from);
        fired.Should().OnlyContain(f => f.DecidedAtUtc - f.FireUtc < FireTriggers.SetAnewEvery, "the trigger fires, not the look every quarter of a minute");
    }

    private ScheduleDesk DeskOf(RunRoom room) => new(new(folder.FullName, steps.Kinds), room.Engine.Versions, BookOf(room), room.Engine.Requests, room.Clock, NullLogger.Instance);

    private static ScheduleBook BookOf(RunRoom room) => new(room.Rows, new(room.Clock), room.Clock);

    private static Task<IReadOnlyList<RunSummary>> RunsAsync(RunRoom room) => room.Engine.Views.ListAsync(null, 1_000, RunRoom.Ct);

    private static async Task<IReadOnlyList<JsonNode>> AlertsAsync(RunRoom room) =>
        [.. (await room.Rows.QueryAsync<string>("select payload from outbox where kind = @Alert order by seq", new { ScheduleBook.Alert }, RunRoom.Ct)).Select(p => JsonNode.Parse(p)!)];

    private static void Move(RunRoom room, TimeSpan by) => ((ManualClock)room.Clock).Advance(by);

    private static async Task<string> CodeAsync(Func<Task> act) => (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;

    private WorkflowDefinition Write(string id, string schedule, string version = "1.0.0", string summary = "s")
    {
        string yaml = $"workflow: {id}\nversion: {version}\nsummary: {summary}\n{(schedule.Length == 0 ? "" : $"schedule: {{ {schedule} }}\n")}steps: {{ one: {{ uses: test.use }} }}\n";
        File.WriteAllText(Path.Combine(folder.FullName, $"{id}.{version}.yaml"), yaml);
        return steps.Workflow(yaml);
    }
}

public sealed class ScheduleDeskOnSqliteTests : ScheduleDeskTests;

[OnStore(StoreEngine.Postgres)]
public sealed class ScheduleDeskOnPostgresTests : ScheduleDeskTests;
