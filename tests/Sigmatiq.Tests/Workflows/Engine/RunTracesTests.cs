using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.Workflows.Engine;

/// <summary>Whoever collects traces sees a fire, the run that it began, and each attempt, as one tree; also over the death of a process. One after the
/// other: who listens hears the whole process.</summary>
[Collection("traces")]
public abstract class RunTracesTests
{
    private static readonly DateTimeOffset Friday = new(2026, 1, 9, 12, 0, 0, TimeSpan.Zero);
    private readonly ConcurrentQueue<Activity> ended = new();

    [Fact]
    public async Task A_fire_its_run_and_every_attempt_are_one_trace_timed_by_the_given_clock()
    {
        using TemporaryFolder folder = new();
        TestSteps steps = new();
        await using RunRoom room = await RunRoom.OpenAsync(steps, new ManualClock(Friday));
        await File.WriteAllTextAsync(folder["traced.1.0.0.yaml"], """
            workflow: traced
            version: 1.0.0
            summary: s
            schedule: { zone: UTC, cron: 0 * * * * }
            steps:
              first: { uses: test.make, with: { name: a } }
              second: { uses: test.use, needs: [first], with: { snapshot: "{steps.first.outputs.snapshot}" }, retry: { attempts: 2, first: 1s, on: [source_unavailable] } }
            """, RunRoom.Ct);
        int tries = 0;
        steps.On("second", _ => ++tries == 1 ? TestSteps.Unavailable() : null);
        ScheduleDesk desk = new(new(folder.Path, steps.Kinds), room.Engine.Versions, new(room.Rows, new(room.Clock), room.Clock), room.Engine.Requests, room.Clock, NullLogger.Instance);
        await desk.DecideAllAsync(RunRoom.Ct);
        using ActivityListener listener = Listen();
        ((ManualClock)room.Clock).Advance(TimeSpan.FromHours(1));
        await desk.DecideAllAsync(RunRoom.Ct);
        RunId run = new((await room.Engine.Views.ListAsync(null, 10, RunRoom.Ct)).Should().ContainSingle().Subject.Id);

        Task<RunState> drive = room.DriveAsync(run);
        while (!drive.IsCompleted)
        {
            // The pause before the second try is over when the clock says so.
            ((ManualClock)room.Clock).Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, RunRoom.Ct);
        }

        (await drive).Status.Should().Be(RunStatus.Completed);
        Activity fire = Told("fire traced", null), request = Told("request traced", null), whole = Told("run traced", null), first = Told("step first", run), failed = Told("step second", run, 1), second = Told("step second", run, 2);
        Activity[] all = [fire, request, whole, first, failed, second];
        all.Select(a => a.TraceId).Distinct().Should().ContainSingle("one trace");
        fire.ParentSpanId.Should().Be(default(ActivitySpanId), "nothing asked for the fire");
        request.ParentSpanId.Should().Be(fire.SpanId);
        all.Skip(2).Select(a => a.ParentSpanId).Should().OnlyContain(p => p == request.SpanId);
        (failed.Status, failed.GetTagItem("sigmatiq.code"), failed.GetTagItem("sigmatiq.attempt")).Should().Be((ActivityStatusCode.Error, "TST-0001", 1));
        (second.Status, second.GetTagItem("sigmatiq.uses"), whole.Status, whole.GetTagItem("sigmatiq.status")).Should().Be((ActivityStatusCode.Ok, "test.use", ActivityStatusCode.Ok, "completed"));
        fire.GetTagItem("sigmatiq.fire").Should().Be("2026-01-09T13:00:00Z");
        all.Should().OnlyContain(a => a.StartTimeUtc.Year == 2026 && a.StartTimeUtc.Month == 1, "the clock of the tests, not the machine's");
        (whole.StartTimeUtc + whole.Duration).Should().Be((await room.StateAsync(run)).EndedUtc!.Value.UtcDateTime);
    }

    [Fact]
    public async Task After_the_death_of_its_process_a_run_is_told_of_in_the_trace_that_began_it()
    {
        TestSteps steps = new();
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        using ActivityListener listener = Listen();
        RunId run = await room.StartAsync("""
            workflow: dies
            version: 1.0.0
            summary: s
            steps:
              first: { uses: test.make, with: { name: a } }
              second: { uses: test.use, needs: [first], with: { snapshot: "{steps.first.outputs.snapshot}" } }
            """);
        (await room.DriveUntilDeathAsync(run, 4)).Should().BeTrue();
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
        Activity request = Told("request dies", null);
        Activity[] steps2 = [.. ended.Where(a => a.DisplayName.StartsWith("step ", StringComparison.Ordinal) && Equals(a.GetTagItem("sigmatiq.run"), run.Value))];
        steps2.Select(a => a.GetTagItem("sigmatiq.step")).Should().Contain(["first", "second"]);
        steps2.Append(Told("run dies", null)).Should().OnlyContain(a => a.TraceId == request.TraceId && a.ParentSpanId == request.SpanId);
    }

    [Fact]
    public async Task Where_nobody_collects_nothing_is_kept_and_a_run_is_the_same()
    {
        TestSteps steps = new();
        await using RunRoom room = await RunRoom.OpenAsync(steps);
        RunId run = await room.StartAsync("{ workflow: quiet, version: 1.0.0, summary: s, steps: { first: { uses: test.make, with: { name: a } } } }");
        (await room.DriveAsync(run)).Status.Should().Be(RunStatus.Completed);
        (await room.Engine.Journal.TraceParentAsync(run, RunRoom.Ct)).Should().BeNull();
    }

    private ActivityListener Listen()
    {
        // Other tests of this process run at the same time: what is theirs is heard too, and told apart by name and run.
        ActivityListener listener = new()
        {
            ShouldListenTo = s => s.Name == RunTraces.SourceName, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private Activity Told(string name, RunId? run, int? attempt = null) => ended.Should().ContainSingle(a => a.DisplayName == name
        && (run == null || Equals(a.GetTagItem("sigmatiq.run"), run.Value.Value)) && (attempt == null || Equals(a.GetTagItem("sigmatiq.attempt"), attempt))).Subject;
}

public sealed class RunTracesOnSqliteTests : RunTracesTests;

[OnStore(StoreEngine.Postgres)]
public sealed class RunTracesOnPostgresTests : RunTracesTests;
